"""Limits of an organisation's own, and rules about addresses."""

import sqlalchemy as sa
from alembic import op

from faraday_app.core import row_security

revision = "0014"
down_revision = "0015"

_NOBODY = "coalesce(organization_id, '00000000-0000-0000-0000-000000000000'::uuid)"


def upgrade() -> None:
    op.create_table(
        "rate_limit_overrides",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("endpoint", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=16), nullable=False),
        sa.Column("value", sa.String(length=45), nullable=False),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.Column("burst", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_rate_limit_overrides_organization_id")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_rate_limit_overrides_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate_limit_overrides")),
    )
    op.create_index(op.f("ix_rate_limit_overrides_organization_id"), "rate_limit_overrides", ["organization_id"])
    op.create_index(
        "uq_rate_limit_overrides_what",
        "rate_limit_overrides",
        ["organization_id", "endpoint", "subject", "value"],
        unique=True,
    )
    op.create_table(
        "address_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("what", sa.String(length=50), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("shadow", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("last_hit_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_address_rules_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_rules")),
    )
    op.create_index(op.f("ix_address_rules_organization_id"), "address_rules", ["organization_id"])
    op.create_index("uq_address_rules_what", "address_rules", [sa.text(_NOBODY), "kind", "what"], unique=True)
    op.create_table(
        "address_policies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("only_staff", sa.Boolean(), nullable=False),
        sa.Column("only_api", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_address_policies_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_policies")),
    )
    op.create_index(op.f("ix_address_policies_organization_id"), "address_policies", ["organization_id"])
    op.create_index("uq_address_policies_organization_id", "address_policies", ["organization_id"], unique=True)
    # Rules for all belong to no organisation: only Faraday itself sees and writes them.
    for table in ("rate_limit_overrides", "address_rules", "address_policies"):
        for statement in row_security.protect(table):
            op.execute(statement)


def downgrade() -> None:
    for table in ("address_policies", "address_rules", "rate_limit_overrides"):
        op.drop_table(table)
