from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from faraday_app.core.database import TenantRow, moment


class StaffRole(StrEnum):
    """An aide reads and comments; grades are the teachers'."""

    teacher = "teacher"
    aide = "aide"


class Enrolled(StrEnum):
    active = "active"
    withdrawn = "withdrawn"
    completed = "completed"


class SchoolClass(TenantRow, table=True):
    """A group of students who are taught a subject in a term. Archived, it can be read and no longer be changed."""

    __tablename__ = "classes"

    term_id: UUID = Field(foreign_key="terms.id", index=True)
    department_id: UUID | None = Field(default=None, foreign_key="departments.id", index=True)
    name: str = Field(max_length=120)
    subject: str = Field(default="", max_length=80)
    code: str = Field(default="", max_length=40)
    room: str = Field(default="", max_length=40)
    archived_at: datetime | None = moment(default=None, nullable=True)
    version: int = 1


class Section(TenantRow, table=True):
    """A part of a class that may have due dates of its own."""

    __tablename__ = "sections"
    __table_args__ = (
        Index(
            "uq_sections_name",
            "class_id",
            text("lower(name)"),
            unique=True,
            postgresql_where=text("deleted_at is null"),
        ),
    )

    class_id: UUID = Field(foreign_key="classes.id", index=True)
    name: str = Field(max_length=80)
    deleted_at: datetime | None = moment(default=None, nullable=True)


class ClassStaff(TenantRow, table=True):
    """Who teaches a class or helps in it. Kept when it has ended."""

    __tablename__ = "class_staff"
    __table_args__ = (
        CheckConstraint("role in ('teacher', 'aide')", name="role"),
        Index("uq_class_staff_current", "class_id", "user_id", unique=True, postgresql_where=text("ended_at is null")),
    )

    class_id: UUID = Field(foreign_key="classes.id", index=True)
    user_id: UUID = Field(foreign_key="users.id", index=True)
    role: str = Field(max_length=16)
    ended_at: datetime | None = moment(default=None, nullable=True)


class Enrolment(TenantRow, table=True):
    """A student in a class: one row for each pair, whatever became of it."""

    __tablename__ = "enrolments"
    __table_args__ = (
        UniqueConstraint("class_id", "student_id"),
        CheckConstraint("status in ('active', 'withdrawn', 'completed')", name="status"),
    )

    class_id: UUID = Field(foreign_key="classes.id")
    student_id: UUID = Field(foreign_key="users.id", index=True)
    section_id: UUID | None = Field(default=None, foreign_key="sections.id", index=True)
    status: str = Field(default=Enrolled.active, max_length=16)
    ended_at: datetime | None = moment(default=None, nullable=True)
    version: int = 1


class Guardianship(TenantRow, table=True):
    """Whose child somebody is. A guardian reads what was released about the child, for as long as it has not ended."""

    __tablename__ = "guardianships"
    __table_args__ = (
        CheckConstraint("guardian_id <> student_id", name="two_people"),
        Index(
            "uq_guardianships_current",
            "guardian_id",
            "student_id",
            unique=True,
            postgresql_where=text("ended_at is null"),
        ),
    )

    guardian_id: UUID = Field(foreign_key="users.id", index=True)
    student_id: UUID = Field(foreign_key="users.id", index=True)
    relationship: str = Field(default="", max_length=40)
    made_by: UUID | None = Field(default=None, foreign_key="users.id")
    ended_at: datetime | None = moment(default=None, nullable=True)
