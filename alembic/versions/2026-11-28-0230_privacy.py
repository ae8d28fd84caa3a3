"""How long records are kept, and who is to be erased."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from faraday_app.core import row_security

revision = "0040"
down_revision = "0037"

TABLES = ("retention_policies", "erasures")


def upgrade() -> None:
    op.create_table(
        "retention_policies",
        *_row("retention_policies"),
        sa.Column("years", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("years > 0", name=op.f("ck_retention_policies_years")),
        sa.UniqueConstraint("organization_id", name="uq_retention_policies_organization_id"),
    )
    op.create_table(
        "erasures",
        *_row("erasures"),
        _reference("subject_id", "users", "erasures"),
        _reference("asked_by", "users", "erasures", nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased", postgresql.JSONB(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index(
        "ix_erasures_due_at", "erasures", ["due_at"], postgresql_where=sa.text("state in ('waiting', 'records')")
    )
    op.create_index("ix_erasures_subject_id", "erasures", ["subject_id"])
    op.create_index(
        "uq_erasures_open",
        "erasures",
        ["organization_id", "subject_id"],
        unique=True,
        postgresql_where=sa.text("state in ('waiting', 'records')"),
    )
    for table in TABLES:
        op.create_index(f"ix_{table}_organization_id", table, ["organization_id"])
        for statement in row_security.protect(table):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _row(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=f"fk_{table}_organization_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]


def _reference(column: str, to: str, table: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(column, sa.Uuid(), sa.ForeignKey(f"{to}.id", name=f"fk_{table}_{column}"), nullable=nullable)
