from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, Numeric, String, Uuid, text
from sqlmodel import Field

from faraday_app.core.database import TenantRow, moment


class AssignmentStatus(StrEnum):
    """Scheduled work is published at ``publish_at``; published work is closed at ``available_until``."""

    draft = "draft"
    scheduled = "scheduled"
    published = "published"
    closed = "closed"


class SubmissionType(StrEnum):
    text = "text"
    file = "file"
    link = "link"
    paper = "paper"
    external = "external"


class AssignmentGroup(TenantRow, table=True):
    """Work that is counted together: rule 1 of the gradebook. ``weight`` is in percent; None weighs nothing."""

    __tablename__ = "assignment_groups"
    __table_args__ = (
        CheckConstraint("drop_lowest >= 0 and drop_highest >= 0", name="drops"),
        CheckConstraint("weight >= 0", name="weight"),
        Index(
            "uq_assignment_groups_name",
            "class_id",
            text("lower(name)"),
            unique=True,
            postgresql_where=text("deleted_at is null"),
        ),
    )

    class_id: UUID = Field(foreign_key="classes.id", index=True)
    name: str = Field(max_length=80)
    position: int = 0
    weight: Decimal | None = Field(default=None, sa_type=Numeric(9, 4))
    drop_lowest: int = 0
    drop_highest: int = 0
    never_drop: list[UUID] = Field(default_factory=list, sa_type=ARRAY(Uuid))
    drop_by: str = Field(default="best_total", max_length=16)
    aggregate: str = Field(default="sum", max_length=20)
    deleted_at: datetime | None = moment(default=None, nullable=True)
    version: int = 1


class Assignment(TenantRow, table=True):
    """A piece of work for a class. ``for_everyone`` false: only for those whom an override names.

    ``points`` is what it is worth; None: nothing can be said in percent. ``attempts`` None: as often as they like.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        CheckConstraint("status in ('draft', 'scheduled', 'published', 'closed')", name="status"),
        CheckConstraint("points >= 0", name="points"),
        CheckConstraint("attempts > 0", name="attempts"),
        Index("ix_assignments_class_id_position", "class_id", "position"),
        Index(
            "ix_assignments_publish_at",
            "publish_at",
            postgresql_where=text("status = 'scheduled' and deleted_at is null"),
        ),
        Index(
            "ix_assignments_available_until",
            "available_until",
            postgresql_where=text("status = 'published' and deleted_at is null"),
        ),
    )

    class_id: UUID = Field(foreign_key="classes.id")
    group_id: UUID = Field(foreign_key="assignment_groups.id", index=True)
    title: str = Field(max_length=200)
    description: str = ""  # Markdown
    points: Decimal | None = Field(default=None, sa_type=Numeric(12, 4))
    grading_type: str = Field(default="points", max_length=16)
    submission_types: list[str] = Field(default_factory=list, sa_type=ARRAY(String(16)))
    file_kinds: list[str] = Field(default_factory=list, sa_type=ARRAY(String(16)))
    external_url: str = Field(default="", max_length=2_000)
    status: str = Field(default=AssignmentStatus.draft, max_length=16)
    for_everyone: bool = True
    publish_at: datetime | None = moment(default=None, nullable=True)
    due_at: datetime | None = moment(default=None, nullable=True)
    available_from: datetime | None = moment(default=None, nullable=True)
    available_until: datetime | None = moment(default=None, nullable=True)
    attempts: int | None = None
    group_work: bool = False
    peer_reviews: int = 0
    anonymous: bool = False
    omitted: bool = False  # from the final grade
    position: int = 0
    created_by: UUID | None = Field(default=None, foreign_key="users.id")
    deleted_at: datetime | None = moment(default=None, nullable=True)
    version: int = 1


class AssignmentOverride(TenantRow, table=True):
    """Other dates for a section or for one student. A student's goes before a section's, and both before the class's.

    Each row says all three dates; None is "none", not "as for the class".
    """

    __tablename__ = "assignment_overrides"
    __table_args__ = (
        CheckConstraint("(section_id is null) <> (student_id is null)", name="one_target"),
        Index(
            "uq_assignment_overrides_section",
            "assignment_id",
            "section_id",
            unique=True,
            postgresql_where=text("section_id is not null"),
        ),
        Index(
            "uq_assignment_overrides_student",
            "assignment_id",
            "student_id",
            unique=True,
            postgresql_where=text("student_id is not null"),
        ),
    )

    assignment_id: UUID = Field(foreign_key="assignments.id")
    section_id: UUID | None = Field(default=None, foreign_key="sections.id", index=True)
    student_id: UUID | None = Field(default=None, foreign_key="users.id", index=True)
    due_at: datetime | None = moment(default=None, nullable=True)
    available_from: datetime | None = moment(default=None, nullable=True)
    available_until: datetime | None = moment(default=None, nullable=True)
