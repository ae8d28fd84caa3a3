"""What is remembered for people, conversations and departments, and what may do so."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from faraday_app.core import row_security

revision = "0027"
down_revision = "0024"

# A person's own memory is nobody else's, even where a service forgot to ask.
OWN = "organization_id = app_organization() and (scope <> 'person' or owner_id = app_user()) or app_system()"


def upgrade() -> None:
    op.create_table(
        "memories",
        *_row("memories"),
        sa.Column("scope", sa.String(length=16), nullable=False),
        _reference("owner_id", "users", "memories"),
        _reference("context_id", "contexts", "memories", nullable=True),
        _reference("department_id", "departments", "memories", nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("sealed_text", sa.Text(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        _reference("gpt_id", "gpts", "memories", nullable=True),
        _reference("message_id", "messages", "memories", nullable=True),
        *[_moment(name) for name in ("decided_at", "last_used_at", "forgotten_at")],
        sa.Column("version", sa.Integer(), nullable=False),
    )
    for column in ("owner_id", "context_id", "department_id"):
        op.execute(f"create index ix_memories_{column}_id on memories ({column}, id desc)")
    op.create_table(
        "memory_looks",
        *_row("memory_looks"),
        _reference("context_id", "contexts", "memory_looks"),
        _reference("message_id", "messages", "memory_looks"),
        _reference("answer_id", "messages", "memory_looks"),
        _reference("user_id", "users", "memory_looks"),
        _reference("gpt_id", "gpts", "memory_looks", nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        _moment("lease_until"),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("receipt_id", sa.Uuid(), nullable=True),
        sa.Column("error", sa.String(length=300), nullable=False),
        sa.UniqueConstraint("message_id", name="uq_memory_looks_message_id"),
    )
    op.execute("create index ix_memory_looks_context_id_id on memory_looks (context_id, id desc)")
    op.create_index("ix_memory_looks_status", "memory_looks", ["status"])
    _shares()
    for table in ("memories", "memory_looks", "gpt_shares"):
        op.create_index(f"ix_{table}_organization_id", table, ["organization_id"])
        for statement in row_security.protect(table, OWN if table == "memories" else row_security.TENANT):
            op.execute(statement)
    op.add_column("gpts", sa.Column("memory_rights", sa.String(16), nullable=False, server_default="propose"))
    op.add_column("contexts", sa.Column("proposes_memories", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column("gpts", "memory_rights", server_default=None)
    op.alter_column("contexts", "proposes_memories", server_default=None)


def downgrade() -> None:
    op.drop_column("contexts", "proposes_memories")
    op.drop_column("gpts", "memory_rights")
    op.drop_table("gpt_shares")
    op.drop_table("memory_looks")
    op.drop_table("memories")


def _shares() -> None:
    op.create_table(
        "gpt_shares",
        *_row("gpt_shares"),
        _reference("source_id", "gpts", "gpt_shares"),
        _reference("target_id", "gpts", "gpt_shares"),
        _reference("offered_by", "users", "gpt_shares"),
        _reference("decided_by", "users", "gpt_shares", nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("parts", postgresql.ARRAY(sa.String(16)), nullable=False),
        sa.Column("memory_kinds", postgresql.ARRAY(sa.String(16)), nullable=False),
        _moment("until"),
        sa.Column("sealed_payload", sa.Text(), nullable=True),
        sa.Column("packed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("packed_from", sa.String(length=64), nullable=False),
        _moment("decided_at"),
        _moment("ended_at"),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    for column in ("source_id", "target_id"):
        op.create_index(f"ix_gpt_shares_{column}", "gpt_shares", [column])
    op.create_index(
        "uq_gpt_shares_live",
        "gpt_shares",
        ["source_id", "target_id"],
        unique=True,
        postgresql_where=sa.text("status in ('offered', 'active')"),
    )


def _row(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=f"fk_{table}_organization_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]


def _moment(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def _reference(column: str, to: str, table: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(column, sa.Uuid(), sa.ForeignKey(f"{to}.id", name=f"fk_{table}_{column}"), nullable=nullable)
