from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Numeric, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col

from faraday_app.core import named_files
from faraday_app.core.clock import now
from faraday_app.core.database import TenantRow, moment
from faraday_app.core.vault import registry


class AssessmentStatus(StrEnum):
    """Of a draft nothing is given yet; of those that are given, the ``chosen`` one is the grade's."""

    draft = "draft"
    given = "given"
    chosen = "chosen"


class Assessment(TenantRow, table=True):
    """What one marker thinks of one attempt of a student; ``attempt`` 0 is work that was never handed in here.

    What was given: ``marks`` are ``{criterion: {"rating": place or null, "points": text or null}}`` by the criteria of
    ``version_id``, the remarks on them JSON, ``score`` what the marker typed; None: what the rubric comes to. What they
    go on with is apart, as JSON of all three, until they give it.
    """

    __tablename__ = "assessments"
    __table_args__ = (
        UniqueConstraint("assignment_id", "student_id", "attempt", "marker_id"),
        CheckConstraint("status in ('draft', 'given', 'chosen')", name="status"),
        CheckConstraint("attempt >= 0", name="attempt"),
        Index(
            "uq_assessments_chosen",
            "assignment_id",
            "student_id",
            unique=True,
            postgresql_where=text("status = 'chosen'"),
        ),
    )

    assignment_id: UUID = Field(foreign_key="assignments.id")
    student_id: UUID = Field(foreign_key="users.id", index=True)
    submission_id: UUID | None = Field(default=None, foreign_key="submissions.id", index=True)
    attempt: int
    marker_id: UUID = Field(foreign_key="users.id", index=True)
    version_id: UUID | None = Field(default=None, foreign_key="rubric_versions.id", index=True)
    marks: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    sealed_remarks: str | None = None
    score: Decimal | None = Field(default=None, sa_type=Numeric(14, 4))
    sealed_draft: str | None = None
    status: str = Field(default=AssessmentStatus.draft, max_length=16)
    changed_at: datetime = moment(default_factory=now)
    version: int = 1


class SubmissionComment(TenantRow, table=True):
    """A remark on a student's work, read by them with the posted grade.

    With ``begins`` and ``ends`` it is about those characters of the text that was handed in; the words are kept too.
    A spoken one is a file: ``kind`` is what its content is.
    """

    __tablename__ = "submission_comments"
    __table_args__ = (
        CheckConstraint("(begins is null) = (ends is null) and begins >= 0 and begins < ends", name="span"),
        Index("ix_submission_comments_assignment_id_student_id", "assignment_id", "student_id"),
    )

    assignment_id: UUID = Field(foreign_key="assignments.id")
    student_id: UUID = Field(foreign_key="users.id", index=True)
    submission_id: UUID | None = Field(default=None, foreign_key="submissions.id", index=True)
    attempt: int
    author_id: UUID = Field(foreign_key="users.id", index=True)
    sealed_text: str | None = None
    begins: int | None = None
    ends: int | None = None
    sealed_quote: str | None = None
    file_id: UUID | None = None
    sealed_key: str | None = None
    kind: str = Field(default="", max_length=40)
    size: int = 0
    removed_at: datetime | None = moment(default=None, nullable=True)
    version: int = 1


class DraftStatus(StrEnum):
    waiting = "waiting"
    ready = "ready"
    refused = "refused"
    failed = "failed"


class FeedbackDraft(TenantRow, table=True):
    """What a model proposes for an attempt, for the teacher who asked. It is nobody's mark until they take it over.

    The proposals are JSON, sealed; ``taken`` says what became of each, by criterion: accepted, edited or dismissed.
    """

    __tablename__ = "feedback_drafts"
    __table_args__ = (
        CheckConstraint("status in ('waiting', 'ready', 'refused', 'failed')", name="status"),
        Index("ix_feedback_drafts_assignment_id_student_id", "assignment_id", "student_id"),
    )

    assignment_id: UUID = Field(foreign_key="assignments.id")
    student_id: UUID = Field(foreign_key="users.id", index=True)
    submission_id: UUID = Field(foreign_key="submissions.id", index=True)
    version_id: UUID = Field(foreign_key="rubric_versions.id", index=True)
    asked_by: UUID = Field(foreign_key="users.id", index=True)
    model: str = Field(max_length=80)
    status: str = Field(default=DraftStatus.waiting, max_length=16)
    sealed_proposals: str | None = None
    taken: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    tries: int = 0
    cost: int = Field(default=0, sa_type=BigInteger)  # micro-credits
    error: str = Field(default="", max_length=300)


registry.sealed("assessments", "sealed_remarks", "remarks {id}")
registry.sealed("assessments", "sealed_draft", "marks on the way {id}")
registry.sealed("submission_comments", "sealed_text", "comment {id}")
registry.sealed("submission_comments", "sealed_quote", "quote {id}")
registry.sealed("submission_comments", "sealed_key", "comment file {id}")
registry.sealed("feedback_drafts", "sealed_proposals", "feedback draft {id}")
named_files.named_by(
    col(SubmissionComment.organization_id),
    col(SubmissionComment.file_id),
    col(SubmissionComment.file_id).is_not(None),
)
