"""Rubrics with versions that never change, assessments, comments on work, and drafts of feedback."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from faraday_app.core import row_security

revision = "0039"
down_revision = "0038"

TABLES = (
    "rubrics",
    "rubric_versions",
    "rubric_criteria",
    "marking_plans",
    "bank_comments",
    "assessments",
    "submission_comments",
    "feedback_drafts",
)


def upgrade() -> None:
    _rubrics()
    _marking()
    _assessments()
    _comments()
    _drafts()
    for table in TABLES:
        op.create_index(f"ix_{table}_organization_id", table, ["organization_id"])
        for statement in row_security.protect(table):
            op.execute(statement)
    for table in ("rubric_versions", "rubric_criteria"):
        op.execute(row_security.append_only(table))


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _rubrics() -> None:
    op.create_table(
        "rubrics",
        *_row("rubrics"),
        _reference("owner_id", "users", "rubrics"),
        _reference("department_id", "departments", "rubrics", nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        _moment("archived_at", nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    _index("rubrics", "owner_id", "department_id")
    op.create_table(
        "rubric_versions",
        *_row("rubric_versions"),
        _reference("rubric_id", "rubrics", "rubric_versions"),
        sa.Column("number", sa.Integer(), nullable=False),
        _reference("made_by", "users", "rubric_versions", nullable=True),
        sa.UniqueConstraint("rubric_id", "number", name="uq_rubric_versions_rubric_id_number"),
    )
    op.create_table(
        "rubric_criteria",
        *_row("rubric_criteria"),
        _reference("version_id", "rubric_versions", "rubric_criteria"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("details", sa.String(length=2000), nullable=False),
        sa.Column("points", sa.Numeric(12, 4), nullable=False),
        sa.Column("scored", sa.Boolean(), nullable=False),
        sa.Column("ranged", sa.Boolean(), nullable=False),
        sa.Column("ratings", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint("points >= 0", name=op.f("ck_rubric_criteria_points")),
        sa.UniqueConstraint("version_id", "position", name="uq_rubric_criteria_version_id_position"),
    )


def _marking() -> None:
    op.create_table(
        "marking_plans",
        *_row("marking_plans"),
        _reference("assignment_id", "assignments", "marking_plans"),
        _reference("version_id", "rubric_versions", "marking_plans", nullable=True),
        sa.Column("fills_grade", sa.Boolean(), nullable=False),
        sa.Column("moderated", sa.Boolean(), nullable=False),
        _reference("moderator_id", "users", "marking_plans", nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("assignment_id", name="uq_marking_plans_assignment_id"),
    )
    _index("marking_plans", "version_id", "moderator_id")
    op.create_table(
        "bank_comments",
        *_row("bank_comments"),
        _reference("owner_id", "users", "bank_comments"),
        sa.Column("sealed_text", sa.String(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        _moment("used_at"),
    )
    op.create_index("ix_bank_comments_owner_id_used_at", "bank_comments", ["owner_id", "used_at"])


def _assessments() -> None:
    op.create_table(
        "assessments",
        *_row("assessments"),
        *_work("assessments"),
        sa.Column("attempt", sa.Integer(), nullable=False),
        _reference("marker_id", "users", "assessments"),
        _reference("version_id", "rubric_versions", "assessments", nullable=True),
        sa.Column("marks", postgresql.JSONB(), nullable=False),
        sa.Column("sealed_remarks", sa.String(), nullable=True),
        sa.Column("score", sa.Numeric(14, 4), nullable=True),
        sa.Column("sealed_draft", sa.String(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        _moment("changed_at"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("attempt >= 0", name=op.f("ck_assessments_attempt")),
        sa.CheckConstraint("status in ('draft', 'given', 'chosen')", name=op.f("ck_assessments_status")),
        sa.UniqueConstraint(
            "assignment_id",
            "student_id",
            "attempt",
            "marker_id",
            name="uq_assessments_assignment_id_student_id_attempt_marker_id",
        ),
    )
    _index("assessments", "student_id", "submission_id", "marker_id", "version_id")
    op.create_index(
        "uq_assessments_chosen",
        "assessments",
        ["assignment_id", "student_id"],
        unique=True,
        postgresql_where=sa.text("status = 'chosen'"),
    )


def _comments() -> None:
    op.create_table(
        "submission_comments",
        *_row("submission_comments"),
        *_work("submission_comments"),
        sa.Column("attempt", sa.Integer(), nullable=False),
        _reference("author_id", "users", "submission_comments"),
        sa.Column("sealed_text", sa.String(), nullable=True),
        sa.Column("begins", sa.Integer(), nullable=True),
        sa.Column("ends", sa.Integer(), nullable=True),
        sa.Column("sealed_quote", sa.String(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("sealed_key", sa.String(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        _moment("removed_at", nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(begins is null) = (ends is null) and begins >= 0 and begins < ends",
            name=op.f("ck_submission_comments_span"),
        ),
    )
    _index("submission_comments", "student_id", "submission_id", "author_id")
    op.create_index(
        "ix_submission_comments_assignment_id_student_id", "submission_comments", ["assignment_id", "student_id"]
    )


def _drafts() -> None:
    op.create_table(
        "feedback_drafts",
        *_row("feedback_drafts"),
        *_work("feedback_drafts", handed_in=True),
        _reference("version_id", "rubric_versions", "feedback_drafts"),
        _reference("asked_by", "users", "feedback_drafts"),
        sa.Column("model", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("sealed_proposals", sa.String(), nullable=True),
        sa.Column("taken", postgresql.JSONB(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "status in ('waiting', 'ready', 'refused', 'failed')", name=op.f("ck_feedback_drafts_status")
        ),
    )
    _index("feedback_drafts", "student_id", "submission_id", "version_id", "asked_by")
    op.create_index("ix_feedback_drafts_assignment_id_student_id", "feedback_drafts", ["assignment_id", "student_id"])


def _row(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=f"fk_{table}_organization_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]


def _work(table: str, *, handed_in: bool = False) -> list[sa.Column]:
    """Whose work for what it is about."""
    return [
        _reference("assignment_id", "assignments", table),
        _reference("student_id", "users", table),
        _reference("submission_id", "submissions", table, nullable=not handed_in),
    ]


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _reference(column: str, to: str, table: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(column, sa.Uuid(), sa.ForeignKey(f"{to}.id", name=f"fk_{table}_{column}"), nullable=nullable)


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(f"ix_{table}_{column}", table, [column])
