"""Assignments of a class, in groups, with due dates of their own for some, and what students hand in."""

import sqlalchemy as sa
from alembic import op

from faraday_app.core import row_security

revision = "0035"
down_revision = "0034"

TABLES = ("assignment_groups", "assignments", "assignment_overrides", "submissions", "submission_files")


def upgrade() -> None:
    op.create_table(
        "assignment_groups",
        *_row("assignment_groups"),
        _reference("class_id", "classes", "assignment_groups"),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Numeric(9, 4), nullable=True),
        sa.Column("drop_lowest", sa.Integer(), nullable=False),
        sa.Column("drop_highest", sa.Integer(), nullable=False),
        sa.Column("never_drop", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("drop_by", sa.String(length=16), nullable=False),
        sa.Column("aggregate", sa.String(length=20), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("drop_lowest >= 0 and drop_highest >= 0", name=op.f("ck_assignment_groups_drops")),
        sa.CheckConstraint("weight >= 0", name=op.f("ck_assignment_groups_weight")),
    )
    op.create_index("ix_assignment_groups_class_id", "assignment_groups", ["class_id"])
    op.create_index(
        "uq_assignment_groups_name",
        "assignment_groups",
        ["class_id", sa.text("lower(name)")],
        unique=True,
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.create_table(
        "assignments",
        *_row("assignments"),
        _reference("class_id", "classes", "assignments"),
        _reference("group_id", "assignment_groups", "assignments"),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("points", sa.Numeric(12, 4), nullable=True),
        sa.Column("grading_type", sa.String(length=16), nullable=False),
        sa.Column("submission_types", sa.ARRAY(sa.String(length=16)), nullable=False),
        sa.Column("file_kinds", sa.ARRAY(sa.String(length=16)), nullable=False),
        sa.Column("external_url", sa.String(length=2000), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("for_everyone", sa.Boolean(), nullable=False),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("available_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("available_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=True),
        sa.Column("group_work", sa.Boolean(), nullable=False),
        sa.Column("peer_reviews", sa.Integer(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("omitted", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        _reference("created_by", "users", "assignments", nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("attempts > 0", name=op.f("ck_assignments_attempts")),
        sa.CheckConstraint("points >= 0", name=op.f("ck_assignments_points")),
        sa.CheckConstraint(
            "status in ('draft', 'scheduled', 'published', 'closed')", name=op.f("ck_assignments_status")
        ),
    )
    op.create_index(
        "ix_assignments_available_until",
        "assignments",
        ["available_until"],
        postgresql_where=sa.text("status = 'published'"),
    )
    op.create_index("ix_assignments_class_id_position", "assignments", ["class_id", "position"])
    op.create_index("ix_assignments_group_id", "assignments", ["group_id"])
    op.create_index(
        "ix_assignments_publish_at", "assignments", ["publish_at"], postgresql_where=sa.text("status = 'scheduled'")
    )
    op.create_table(
        "assignment_overrides",
        *_row("assignment_overrides"),
        _reference("assignment_id", "assignments", "assignment_overrides"),
        _reference("section_id", "sections", "assignment_overrides", nullable=True),
        _reference("student_id", "users", "assignment_overrides", nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("available_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("available_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(section_id is null) <> (student_id is null)", name=op.f("ck_assignment_overrides_one_target")
        ),
    )
    op.create_index("ix_assignment_overrides_section_id", "assignment_overrides", ["section_id"])
    op.create_index("ix_assignment_overrides_student_id", "assignment_overrides", ["student_id"])
    op.create_index(
        "uq_assignment_overrides_section",
        "assignment_overrides",
        ["assignment_id", "section_id"],
        unique=True,
        postgresql_where=sa.text("section_id is not null"),
    )
    op.create_index(
        "uq_assignment_overrides_student",
        "assignment_overrides",
        ["assignment_id", "student_id"],
        unique=True,
        postgresql_where=sa.text("student_id is not null"),
    )
    op.create_table(
        "submissions",
        *_row("submissions"),
        _reference("assignment_id", "assignments", "submissions"),
        _reference("student_id", "users", "submissions"),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("sealed_text", sa.String(), nullable=True),
        sa.Column("link", sa.String(length=2000), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("attempt > 0", name=op.f("ck_submissions_attempt")),
        sa.UniqueConstraint(
            "assignment_id", "student_id", "attempt", name="uq_submissions_assignment_id_student_id_attempt"
        ),
    )
    op.create_index("ix_submissions_student_id", "submissions", ["student_id"])
    op.create_index("ix_submissions_team_id", "submissions", ["team_id"])
    op.create_index(
        "uq_submissions_draft",
        "submissions",
        ["assignment_id", "student_id"],
        unique=True,
        postgresql_where=sa.text("submitted_at is null"),
    )
    op.create_table(
        "submission_files",
        *_row("submission_files"),
        _reference("submission_id", "submissions", "submission_files"),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sealed_key", sa.String(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_submission_files_submission_id", "submission_files", ["submission_id"])
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
