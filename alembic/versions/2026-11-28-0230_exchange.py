"""What other systems call the categories, line items and results of the gradebook; of whom a roster speaks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from faraday_app.core import row_security

revision = "0038b"
down_revision = "0041"

TABLE = "exchange_items"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _reference("organization_id", "organizations", nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("sourced_id", sa.String(length=255), nullable=False),
        _reference("class_id", "classes"),
        sa.Column("record_id", sa.Uuid(), nullable=True),
        _reference("student_id", "users"),
        sa.Column("fields", postgresql.JSONB(), nullable=False),
        sa.Column("sealed_comment", sa.String(), nullable=False),
        sa.Column("modified_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('category', 'group', 'line_item', 'result')", name=op.f("ck_exchange_items_kind")),
        sa.UniqueConstraint(
            "organization_id",
            "kind",
            "sourced_id",
            "class_id",
            name="uq_exchange_items_organization_id_kind_sourced_id_class_id",
            postgresql_nulls_not_distinct=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_exchange_items"),
    )
    for column in ("organization_id", "class_id", "student_id"):
        op.create_index(f"ix_{TABLE}_{column}", TABLE, [column])
    op.create_index("ix_exchange_items_record_id_student_id", TABLE, ["record_id", "student_id"])
    for statement in row_security.protect(TABLE):
        op.execute(statement)
    op.add_column(
        "roster_records",
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("users.id", name="fk_roster_records_person_id"), nullable=True),
    )
    op.create_index("ix_roster_records_person_id", "roster_records", ["person_id"])
    op.execute("update roster_records set person_id = record_id where file = 'users'")
    op.execute("delete from roster_exports")
    op.add_column("roster_exports", sa.Column("digest", sa.String(length=64), nullable=False))


def downgrade() -> None:
    op.drop_column("roster_exports", "digest")
    op.drop_column("roster_records", "person_id")
    op.drop_table(TABLE)


def _reference(column: str, to: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(column, sa.Uuid(), sa.ForeignKey(f"{to}.id", name=f"fk_{TABLE}_{column}"), nullable=nullable)
