"""Grades, the ledger they come from, the rules they are counted by, and who sees them when."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from faraday_app.core import row_security

revision = "0036"
down_revision = "0035"

TABLES = ("gradebook_policies", "gradebook_structures", "grade_releases", "grades", "grade_entries", "grade_totals")


def upgrade() -> None:
    op.create_table(
        "gradebook_policies",
        *_row("gradebook_policies"),
        _reference("class_id", "classes", "gradebook_policies"),
        sa.Column("scheme", sa.String(length=16), nullable=False),
        sa.Column("weighted_periods", sa.Boolean(), nullable=False),
        sa.Column("letters", postgresql.JSONB(), nullable=False),
        sa.Column("cap", sa.Numeric(9, 4), nullable=True),
        sa.Column("late", postgresql.JSONB(), nullable=False),
        sa.Column("missing_percent", sa.Numeric(9, 4), nullable=True),
        sa.Column("posting", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("class_id", name="uq_gradebook_policies_class_id"),
    )
    op.create_table(
        "gradebook_structures",
        *_row("gradebook_structures"),
        _reference("class_id", "classes", "gradebook_structures"),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
    )
    op.create_index("ix_gradebook_structures_class_id", "gradebook_structures", ["class_id"])
    op.create_table(
        "grade_releases",
        *_row("grade_releases"),
        _reference("assignment_id", "assignments", "grade_releases"),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("visible_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("audience in ('student', 'parent')", name=op.f("ck_grade_releases_audience")),
        sa.UniqueConstraint("assignment_id", "audience", name="uq_grade_releases_assignment_id_audience"),
    )
    op.create_table(
        "grades",
        *_row("grades"),
        _reference("class_id", "classes", "grades"),
        _reference("assignment_id", "assignments", "grades"),
        _reference("student_id", "users", "grades"),
        sa.Column("raw", sa.Numeric(14, 4), nullable=True),
        sa.Column("deducted", sa.Numeric(14, 4), nullable=False),
        sa.Column("score", sa.Numeric(14, 4), nullable=True),
        sa.Column("entered", sa.String(length=40), nullable=False),
        sa.Column("excused", sa.Boolean(), nullable=False),
        sa.Column("pending_review", sa.Boolean(), nullable=False),
        sa.Column("lateness", sa.String(length=16), nullable=False),
        sa.Column("late_seconds", sa.Integer(), nullable=True),
        sa.Column("by_policy", sa.Boolean(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("graded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("deducted >= 0", name=op.f("ck_grades_deducted")),
        sa.UniqueConstraint("assignment_id", "student_id", name="uq_grades_assignment_id_student_id"),
    )
    op.create_index("ix_grades_class_id_student_id", "grades", ["class_id", "student_id"])
    op.create_index("ix_grades_student_id", "grades", ["student_id"])
    op.create_table(
        "grade_entries",
        *_row("grade_entries"),
        _reference("class_id", "classes", "grade_entries"),
        _reference("assignment_id", "assignments", "grade_entries"),
        _reference("student_id", "users", "grade_entries"),
        _reference("made_by", "users", "grade_entries", nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=True),
        sa.Column("after", postgresql.JSONB(), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("undoes", sa.Uuid(), nullable=True),
    )
    op.create_index(
        "ix_grade_entries_assignment_id_student_id_id", "grade_entries", ["assignment_id", "student_id", "id"]
    )
    op.create_index("ix_grade_entries_batch_id", "grade_entries", ["batch_id"])
    op.create_index("ix_grade_entries_class_id_id", "grade_entries", ["class_id", "id"])
    op.create_index("ix_grade_entries_student_id", "grade_entries", ["student_id"])
    op.create_table(
        "grade_totals",
        *_row("grade_totals"),
        _reference("class_id", "classes", "grade_totals"),
        _reference("student_id", "users", "grade_totals"),
        sa.Column("current_percent", sa.Numeric(14, 2), nullable=True),
        sa.Column("current_letter", sa.String(length=40), nullable=True),
        sa.Column("final_percent", sa.Numeric(14, 2), nullable=True),
        sa.Column("final_letter", sa.String(length=40), nullable=True),
        sa.Column("seen_current_percent", sa.Numeric(14, 2), nullable=True),
        sa.Column("seen_current_letter", sa.String(length=40), nullable=True),
        sa.Column("seen_final_percent", sa.Numeric(14, 2), nullable=True),
        sa.Column("seen_final_letter", sa.String(length=40), nullable=True),
        sa.Column("figured_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("class_id", "student_id", name="uq_grade_totals_class_id_student_id"),
    )
    op.create_index("ix_grade_totals_student_id", "grade_totals", ["student_id"])
    for table in TABLES:
        op.create_index(f"ix_{table}_organization_id", table, ["organization_id"])
        for statement in row_security.protect(table):
            op.execute(statement)
    op.execute(row_security.append_only("gradebook_structures"))
    op.execute(row_security.append_only("grade_entries"))


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
