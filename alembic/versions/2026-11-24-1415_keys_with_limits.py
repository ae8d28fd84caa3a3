"""API keys with restrictions, budgets and rotation. Keys made before have no checksum and are revoked."""

import sqlalchemy as sa
from alembic import op

from faraday_app.core import row_security

revision = "0015"
down_revision = "0013"


def columns() -> list[sa.Column]:
    return [
        sa.Column("addresses", sa.ARRAY(sa.String(length=50)), nullable=False, server_default="{}"),
        sa.Column("models", sa.ARRAY(sa.String(length=120)), nullable=False, server_default="{}"),
        sa.Column("budget", sa.BigInteger(), nullable=True),
        sa.Column("budget_period", sa.String(length=8), nullable=False, server_default=""),
        sa.Column("limit_per_minute", sa.Integer(), nullable=True),
        sa.Column("burst", sa.Integer(), nullable=True),
        sa.Column("made_with", sa.Uuid(), nullable=True),
        sa.Column("old_key_hash", sa.String(length=64), nullable=True),
        sa.Column("old_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rotated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_address", sa.String(length=45), nullable=False, server_default=""),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
    ]


def upgrade() -> None:
    for column in columns():
        op.add_column("api_keys", column)
    op.create_check_constraint(op.f("ck_api_keys_budget"), "api_keys", "(budget is null) = (budget_period = '')")
    op.create_check_constraint(op.f("ck_api_keys_old"), "api_keys", "(old_key_hash is null) = (old_until is null)")
    op.create_unique_constraint(op.f("uq_api_keys_old_key_hash"), "api_keys", ["old_key_hash"])
    op.create_foreign_key(op.f("fk_api_keys_made_with"), "api_keys", "api_keys", ["made_with"], ["id"])
    op.create_index(op.f("ix_api_keys_made_with"), "api_keys", ["made_with"], unique=False)
    op.create_table(
        "api_key_spending",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("api_key_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spent", sa.BigInteger(), nullable=False),
        sa.Column("most", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("spent >= 0", name=op.f("ck_api_key_spending_spent")),
        sa.ForeignKeyConstraint(["api_key_id"], ["api_keys.id"], name=op.f("fk_api_key_spending_api_key_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_api_key_spending_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key_spending")),
        sa.UniqueConstraint("api_key_id", "since", name=op.f("uq_api_key_spending_api_key_id_since")),
    )
    op.create_index(op.f("ix_api_key_spending_organization_id"), "api_key_spending", ["organization_id"], unique=False)
    op.add_column("credit_holds", sa.Column("spending_ids", sa.ARRAY(sa.Uuid()), nullable=False, server_default="{}"))
    for statement in row_security.protect("api_key_spending"):
        op.execute(statement)
    op.execute("select set_config('app.system', 'on', true)")
    op.execute("update api_keys set revoked_at = now() where revoked_at is null")


def downgrade() -> None:
    """The keys made since do not fit what was before: they are revoked."""
    op.execute("select set_config('app.system', 'on', true)")
    op.execute("update api_keys set revoked_at = now() where revoked_at is null")
    op.drop_column("credit_holds", "spending_ids")
    op.drop_table("api_key_spending")
    op.drop_constraint(op.f("ck_api_keys_budget"), "api_keys")
    op.drop_constraint(op.f("ck_api_keys_old"), "api_keys")
    for column in reversed(columns()):
        op.drop_column("api_keys", column.name)
