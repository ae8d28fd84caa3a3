"""Files that come in pieces, teams of an assignment, and who handed in; removed work leaves the clock's indexes."""

import sqlalchemy as sa
from alembic import op

from faraday_app.core import row_security

revision = "0041"
down_revision = "0041b"

TABLES = ("assignment_teams", "assignment_team_members", "uploads", "upload_parts")
CLOCK = (("publish_at", "scheduled"), ("available_until", "published"))


def upgrade() -> None:
    op.create_table(
        "assignment_teams",
        *_row("assignment_teams"),
        _reference("assignment_id", "assignments", "assignment_teams"),
        sa.Column("name", sa.String(length=80), nullable=False),
    )
    op.create_index(
        "uq_assignment_teams_name", "assignment_teams", ["assignment_id", sa.text("lower(name)")], unique=True
    )
    op.create_table(
        "assignment_team_members",
        *_row("assignment_team_members"),
        _reference("assignment_id", "assignments", "assignment_team_members"),
        _reference("team_id", "assignment_teams", "assignment_team_members"),
        _reference("student_id", "users", "assignment_team_members"),
        sa.UniqueConstraint("assignment_id", "student_id", name="uq_assignment_team_members_assignment_id_student_id"),
    )
    for column in ("team_id", "student_id"):
        op.create_index(f"ix_assignment_team_members_{column}", "assignment_team_members", [column])
    _submissions()
    op.create_table(
        "uploads",
        *_row("uploads"),
        _reference("submission_id", "submissions", "uploads"),
        _reference("user_id", "users", "uploads"),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("received >= 0 and received <= size", name=op.f("ck_uploads_received")),
    )
    op.create_index("ix_uploads_submission_id", "uploads", ["submission_id"])
    op.create_index("ix_uploads_user_id", "uploads", ["user_id"])
    op.create_index("ix_uploads_touched_at", "uploads", ["touched_at"], postgresql_where=sa.text("finished_at is null"))
    op.create_table(
        "upload_parts",
        *_row("upload_parts"),
        _reference("upload_id", "uploads", "upload_parts"),
        sa.Column("begins", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sealed_key", sa.String(), nullable=False),
        sa.UniqueConstraint("upload_id", "begins", name="uq_upload_parts_upload_id_begins"),
    )
    for table in TABLES:
        op.create_index(f"ix_{table}_organization_id", table, ["organization_id"])
        for statement in row_security.protect(table):
            op.execute(statement)
    _clock(" and deleted_at is null")


def downgrade() -> None:
    _clock("")
    for index in ("uq_submissions_team_attempt", "uq_submissions_request_key", "ix_submissions_submitted_by"):
        op.drop_index(index, "submissions")
    op.drop_constraint("fk_submissions_team_id", "submissions")
    for column in ("submitted_by", "request_key"):
        op.drop_column("submissions", column)
    for column in ("content_type", "problem"):
        op.drop_column("submission_files", column)
    for table in reversed(TABLES):
        op.drop_table(table)


def _submissions() -> None:
    op.add_column("submissions", _reference("submitted_by", "users", "submissions", nullable=True))
    op.add_column("submissions", sa.Column("request_key", sa.String(length=100), nullable=True))
    op.create_foreign_key("fk_submissions_team_id", "submissions", "assignment_teams", ["team_id"], ["id"])
    op.create_index("ix_submissions_submitted_by", "submissions", ["submitted_by"])
    op.create_index(
        "uq_submissions_team_attempt",
        "submissions",
        ["team_id", "attempt"],
        unique=True,
        postgresql_where=sa.text("team_id is not null"),
    )
    op.create_index(
        "uq_submissions_request_key",
        "submissions",
        ["submitted_by", "request_key"],
        unique=True,
        postgresql_where=sa.text("request_key is not null"),
    )
    unknown = sa.Column(
        "content_type", sa.String(length=120), nullable=False, server_default="application/octet-stream"
    )
    op.add_column("submission_files", unknown)
    op.add_column("submission_files", sa.Column("problem", sa.String(length=400), nullable=False, server_default=""))
    for column in ("content_type", "problem"):
        op.alter_column("submission_files", column, server_default=None)


def _clock(more: str) -> None:
    for column, status in CLOCK:
        op.drop_index(f"ix_assignments_{column}", "assignments")
        where = sa.text(f"status = '{status}'{more}")
        op.create_index(f"ix_assignments_{column}", "assignments", [column], postgresql_where=where)


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
