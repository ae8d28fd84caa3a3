from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from faraday_app.core.database import TenantRow, moment
from faraday_app.core.vault import registry


class Rubric(TenantRow, table=True):
    """What work is judged by, kept for use again: its owner's, or with ``department_id`` everybody's who teaches there.

    What it says is in its versions; ``number`` is the newest, which new uses get.
    """

    __tablename__ = "rubrics"

    owner_id: UUID = Field(foreign_key="users.id", index=True)
    department_id: UUID | None = Field(default=None, foreign_key="departments.id", index=True)
    title: str = Field(max_length=120)
    number: int = 1
    archived_at: datetime | None = moment(default=None, nullable=True)
    version: int = 1


class RubricVersion(TenantRow, table=True):
    """A rubric as it was at one time. Neither it nor its criteria ever change: an edit makes another version."""

    __tablename__ = "rubric_versions"
    __table_args__ = (UniqueConstraint("rubric_id", "number"),)

    rubric_id: UUID = Field(foreign_key="rubrics.id")
    number: int
    made_by: UUID | None = Field(default=None, foreign_key="users.id")


class RubricCriterion(TenantRow, table=True):
    """A line of a rubric. ``ratings`` are ``{"title", "text", "points"}`` from the best, points as text.

    ``ranged``: a rating covers what lies between its points and those of the next lower one. Without ratings anything
    from 0 to ``points`` can be given. What is not ``scored`` is judged and not counted.
    """

    __tablename__ = "rubric_criteria"
    __table_args__ = (
        UniqueConstraint("version_id", "position"),
        CheckConstraint("points >= 0", name="points"),
    )

    version_id: UUID = Field(foreign_key="rubric_versions.id")
    position: int
    title: str = Field(max_length=200)
    details: str = Field(default="", max_length=2_000)
    points: Decimal = Field(sa_type=Numeric(12, 4))
    scored: bool = True
    ranged: bool = False
    ratings: list[Any] = Field(default_factory=list, sa_type=JSONB)


class MarkingPlan(TenantRow, table=True):
    """How the work for an assignment is marked. ``version_id`` is the rubric, as it was when it was chosen; None: none.

    ``fills_grade``: the total of the rubric is the grade, unless somebody types another. ``moderated``: several mark by
    themselves, without seeing each other's, and the moderator chooses what stands.
    """

    __tablename__ = "marking_plans"
    __table_args__ = (UniqueConstraint("assignment_id"),)

    assignment_id: UUID = Field(foreign_key="assignments.id")
    version_id: UUID | None = Field(default=None, foreign_key="rubric_versions.id", index=True)
    fills_grade: bool = True
    moderated: bool = False
    moderator_id: UUID | None = Field(default=None, foreign_key="users.id", index=True)
    version: int = 1


class BankComment(TenantRow, table=True):
    """A remark that a teacher wants to write again. Nobody else sees it."""

    __tablename__ = "bank_comments"
    __table_args__ = (Index("ix_bank_comments_owner_id_used_at", "owner_id", "used_at"),)

    owner_id: UUID = Field(foreign_key="users.id")
    sealed_text: str
    uses: int = 0
    used_at: datetime = moment()


registry.sealed("bank_comments", "sealed_text", "bank comment {id}")
