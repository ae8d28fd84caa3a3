from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, col

from faraday_app.core import named_files
from faraday_app.core.database import TenantRow, moment
from faraday_app.core.vault import registry


class Submission(TenantRow, table=True):
    """An attempt. Until ``submitted_at`` it is the student's own draft; after it, nothing of it changes any more.

    ``due_at`` is what applied to the student when it was handed in; ``receipt`` is the SHA-256 of what was handed in.
    With ``team_id`` it counts for everybody who is in the team; ``student_id`` is who began it.
    """

    __tablename__ = "submissions"
    __table_args__ = (
        UniqueConstraint("assignment_id", "student_id", "attempt"),
        CheckConstraint("attempt > 0", name="attempt"),
        Index(
            "uq_submissions_draft",
            "assignment_id",
            "student_id",
            unique=True,
            postgresql_where=text("submitted_at is null"),
        ),
        Index(
            "uq_submissions_team_attempt",
            "team_id",
            "attempt",
            unique=True,
            postgresql_where=text("team_id is not null"),
        ),
        Index(
            "uq_submissions_request_key",
            "submitted_by",
            "request_key",
            unique=True,
            postgresql_where=text("request_key is not null"),
        ),
    )

    assignment_id: UUID = Field(foreign_key="assignments.id")
    student_id: UUID = Field(foreign_key="users.id", index=True)
    team_id: UUID | None = Field(default=None, foreign_key="assignment_teams.id", index=True)
    attempt: int = 1
    sealed_text: str | None = None
    link: str = Field(default="", max_length=2_000)
    submitted_at: datetime | None = moment(default=None, nullable=True)
    due_at: datetime | None = moment(default=None, nullable=True)
    submitted_by: UUID | None = Field(default=None, foreign_key="users.id", index=True)
    receipt: str = Field(default="", max_length=64)
    request_key: str | None = Field(default=None, max_length=100)
    version: int = 1


class SubmissionFile(TenantRow, table=True):
    """A file of an attempt, in object storage under its own id. ``kind`` is what its content is, whatever its name.

    ``problem`` says why it is in quarantine: nobody is given it, and it cannot be handed in.
    """

    __tablename__ = "submission_files"

    submission_id: UUID = Field(foreign_key="submissions.id", index=True)
    name: str = Field(max_length=200)
    kind: str = Field(max_length=80)
    content_type: str = Field(default="application/octet-stream", max_length=120)
    problem: str = Field(default="", max_length=400)
    size: int
    digest: str = Field(max_length=64)
    sealed_key: str
    removed_at: datetime | None = moment(default=None, nullable=True)


registry.sealed("submissions", "sealed_text", "submission {id}")
registry.sealed("submission_files", "sealed_key", "submission file {id}")
named_files.named_by(col(SubmissionFile.organization_id), col(SubmissionFile.id))
