from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Numeric, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from faraday_app.core.clock import now
from faraday_app.core.database import TenantRow, moment


class Posting(StrEnum):
    """When a grade is posted: as soon as it is entered, or when the teacher says so."""

    automatic = "automatic"
    manual = "manual"


class Audience(StrEnum):
    student = "student"
    parent = "parent"


class GradebookPolicy(TenantRow, table=True):
    """The rules by which a class is counted; groups have theirs of their own. A class without a row has the defaults.

    ``letters`` are ``[name, at least, points]`` from the highest, numbers as text; empty: the default scheme.
    ``late`` is empty, ``{"per": "day"|"hour", "percent", "floor"}``, or ``{"tiers": [[seconds, percent]], "floor"}``.
    ``missing_percent`` is what missing work loses; None: it stays ungraded.
    """

    __tablename__ = "gradebook_policies"
    __table_args__ = (UniqueConstraint("class_id"),)

    class_id: UUID = Field(foreign_key="classes.id")
    scheme: str = Field(default="points", max_length=16)
    weighted_periods: bool = False
    letters: list[Any] = Field(default_factory=list, sa_type=JSONB)
    cap: Decimal | None = Field(default=None, sa_type=Numeric(9, 4))
    late: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    missing_percent: Decimal | None = Field(default=None, sa_type=Numeric(9, 4))
    posting: str = Field(default=Posting.automatic, max_length=16)
    version: int = 1


class GradebookStructure(TenantRow, table=True):
    """All that decided how a class was counted from ``created_at`` on: policy, groups, work, due dates, periods.

    Append-only, written whenever ``digest`` is another: with the ledger it gives each total of each past moment.
    """

    __tablename__ = "gradebook_structures"

    class_id: UUID = Field(foreign_key="classes.id", index=True)
    digest: str = Field(max_length=64)
    content: dict[str, Any] = Field(sa_type=JSONB)


class AssignmentPosting(TenantRow, table=True):
    """One piece of work that is posted in another way than its class. No row: as the class does."""

    __tablename__ = "assignment_postings"
    __table_args__ = (
        UniqueConstraint("assignment_id"),
        CheckConstraint("posting in ('automatic', 'manual')", name="posting"),
    )

    assignment_id: UUID = Field(foreign_key="assignments.id")
    posting: str = Field(max_length=16)


class GradeRelease(TenantRow, table=True):
    """From when on an audience sees the posted grades of an assignment. No row: as soon as they are posted."""

    __tablename__ = "grade_releases"
    __table_args__ = (
        UniqueConstraint("assignment_id", "audience"),
        CheckConstraint("audience in ('student', 'parent')", name="audience"),
    )

    assignment_id: UUID = Field(foreign_key="assignments.id")
    audience: str = Field(max_length=16)
    visible_from: datetime | None = moment(default_factory=now, nullable=True)  # None: hidden until further notice
    version: int = 1
