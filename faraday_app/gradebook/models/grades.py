from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from faraday_app.core.clock import now
from faraday_app.core.database import TenantRow, moment


class Lateness(StrEnum):
    """What a teacher says of a piece of work in place of what its times say."""

    by_time = ""
    on_time = "on_time"
    late = "late"
    missing = "missing"


class EntryKind(StrEnum):
    """Why a line stands in the ledger."""

    graded = "graded"
    imported = "imported"
    excused = "excused"
    lateness = "lateness"
    policy = "policy"
    posted = "posted"
    hidden = "hidden"
    undone = "undone"
    repaired = "repaired"


class Grade(TenantRow, table=True):
    """What a student has for a piece of work now: what the newest line of the ledger about it says.

    ``raw`` is what was earned, ``deducted`` what lateness cost, ``score`` what is shown; points, exact to four places.
    ``entered`` is what was typed where that was no number, such as a letter. ``attempt`` is the one that was graded.
    """

    __tablename__ = "grades"
    __table_args__ = (
        UniqueConstraint("assignment_id", "student_id"),
        CheckConstraint("deducted >= 0", name="deducted"),
        Index("ix_grades_class_id_student_id", "class_id", "student_id"),
    )

    class_id: UUID = Field(foreign_key="classes.id")
    assignment_id: UUID = Field(foreign_key="assignments.id")
    student_id: UUID = Field(foreign_key="users.id", index=True)
    raw: Decimal | None = Field(default=None, sa_type=Numeric(14, 4))
    deducted: Decimal = Field(default=Decimal(0), sa_type=Numeric(14, 4))
    score: Decimal | None = Field(default=None, sa_type=Numeric(14, 4))
    entered: str = Field(default="", max_length=40)
    excused: bool = False
    pending_review: bool = False
    lateness: str = Field(default=Lateness.by_time, max_length=16)
    late_seconds: int | None = None  # where a teacher said how late
    by_policy: bool = False  # the missing policy wrote it
    attempt: int | None = None
    posted_at: datetime | None = moment(default=None, nullable=True)
    graded_at: datetime | None = moment(default=None, nullable=True)
    version: int = 1


class GradeEntry(TenantRow, table=True):
    """A line of the grade ledger: append-only. ``before`` and ``after`` are the whole grade as JSON, null: none.

    ``batch_id`` holds together what one act changed; ``undoes`` is the batch that this one takes back.
    """

    __tablename__ = "grade_entries"
    __table_args__ = (
        Index("ix_grade_entries_class_id_id", "class_id", "id"),
        Index("ix_grade_entries_assignment_id_student_id_id", "assignment_id", "student_id", "id"),
        Index("ix_grade_entries_student_id", "student_id"),
        Index("ix_grade_entries_batch_id", "batch_id"),
    )

    class_id: UUID = Field(foreign_key="classes.id")
    assignment_id: UUID = Field(foreign_key="assignments.id")
    student_id: UUID = Field(foreign_key="users.id")
    made_by: UUID | None = Field(default=None, foreign_key="users.id")
    kind: str = Field(max_length=16)
    before: dict[str, Any] | None = Field(default=None, sa_type=JSONB)
    after: dict[str, Any] | None = Field(default=None, sa_type=JSONB)
    reason: str = Field(default="", max_length=400)
    batch_id: UUID
    undoes: UUID | None = None


class GradeTotal(TenantRow, table=True):
    """The totals of a student in a class as they were last figured out, for lists that do not calculate.

    Those ``seen`` are what a student sees: without what is not posted or not yet visible to them.
    """

    __tablename__ = "grade_totals"
    __table_args__ = (UniqueConstraint("class_id", "student_id"),)

    class_id: UUID = Field(foreign_key="classes.id")
    student_id: UUID = Field(foreign_key="users.id", index=True)
    current_percent: Decimal | None = Field(default=None, sa_type=Numeric(14, 2))
    current_letter: str | None = Field(default=None, max_length=40)
    final_percent: Decimal | None = Field(default=None, sa_type=Numeric(14, 2))
    final_letter: str | None = Field(default=None, max_length=40)
    seen_current_percent: Decimal | None = Field(default=None, sa_type=Numeric(14, 2))
    seen_current_letter: str | None = Field(default=None, max_length=40)
    seen_final_percent: Decimal | None = Field(default=None, sa_type=Numeric(14, 2))
    seen_final_letter: str | None = Field(default=None, max_length=40)
    figured_at: datetime = moment(default_factory=now)
