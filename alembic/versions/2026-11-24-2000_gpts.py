"""GPTs, and questions that several of them answer."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from faraday_app.core import row_security

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "gpts",
        *_row("gpts"),
        _reference("owner_id", "users", "gpts"),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("instructions", sa.String(length=8_000), nullable=False),
        sa.Column("model", sa.String(length=120), nullable=False),
        sa.Column("temperature", sa.Float(), nullable=False),
        sa.Column("longest_answer", sa.Integer(), nullable=False),
        sa.Column("icon", sa.String(length=32), nullable=False),
        sa.Column("tone", sa.String(length=16), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_index("ix_gpts_owner_id", "gpts", ["owner_id"])
    op.create_index("ix_gpts_organization_id", "gpts", ["organization_id"])
    op.execute("create index ix_gpts_organization_id_id on gpts (organization_id, id desc)")
    op.create_table(
        "orchestrations",
        *_row("orchestrations"),
        _reference("context_id", "contexts", "orchestrations"),
        sa.Column("asked_id", sa.Uuid(), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("gpt_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("budget", sa.BigInteger(), nullable=True),
        sa.Column("step_limit", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("error", sa.String(length=300), nullable=False),
        _reference("started_by", "users", "orchestrations"),
        sa.Column("shown_id", sa.Uuid(), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
    )
    for column in ("organization_id", "context_id", "asked_id"):
        op.create_index(f"ix_orchestrations_{column}", "orchestrations", [column])
    op.create_index(
        "ix_orchestrations_open", "orchestrations", ["lease_until"], postgresql_where=sa.text("finished_at is null")
    )
    for table in ("gpts", "orchestrations"):
        for statement in row_security.protect(table):
            op.execute(statement)
    _widen()


def downgrade() -> None:
    op.drop_column("runs", "prompt")
    for column in ("part", "step", "lane", "orchestration_id", "gpt_id"):
        op.drop_column("messages", column)
    for column in ("step_limit", "budget", "mode", "gpt_ids"):
        op.drop_column("contexts", column)
    op.drop_table("orchestrations")
    op.drop_table("gpts")


def _widen() -> None:
    """What there is already was answered by the plain assistant."""
    op.add_column("contexts", sa.Column("gpt_ids", postgresql.ARRAY(sa.Uuid()), nullable=False, server_default="{}"))
    op.add_column("contexts", sa.Column("mode", sa.String(length=16), nullable=False, server_default="single"))
    op.add_column("contexts", sa.Column("budget", sa.BigInteger(), nullable=True))
    op.add_column("contexts", sa.Column("step_limit", sa.Integer(), nullable=False, server_default="6"))
    for column, to in (("gpt_id", "gpts"), ("orchestration_id", "orchestrations")):
        name = f"fk_messages_{column}"
        op.add_column("messages", sa.Column(column, sa.Uuid(), sa.ForeignKey(f"{to}.id", name=name), nullable=True))
    op.create_index("ix_messages_orchestration_id", "messages", ["orchestration_id"])
    op.add_column("messages", sa.Column("lane", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("messages", sa.Column("step", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("messages", sa.Column("part", sa.String(length=16), nullable=False, server_default="answer"))
    op.add_column("runs", sa.Column("prompt", postgresql.JSONB(), nullable=True))


def _row(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=f"fk_{table}_organization_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]


def _reference(column: str, to: str, table: str) -> sa.Column:
    return sa.Column(column, sa.Uuid(), sa.ForeignKey(f"{to}.id", name=f"fk_{table}_{column}"), nullable=False)
