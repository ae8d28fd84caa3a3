"""Which dates a piece of work has for whom: a student's own go before a section's, and both before the class's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import Enrolment
from faraday_app.coursework.models import Assignment, AssignmentOverride


@dataclass(frozen=True, slots=True)
class Dates:
    """When work is due, and when it can be handed in at all. None: no such date."""

    due_at: datetime | None = None
    available_from: datetime | None = None
    available_until: datetime | None = None


NO_DATES = Dates()


def effective(
    base: Dates, *, for_everyone: bool = True, section: Dates | None = None, student: Dates | None = None
) -> Dates | None:
    """The dates of one student, all three from one place. None: the work is not for them, and they never see it."""
    return student or section or (base if for_everyone else None)


def base_of(work: Assignment) -> Dates:
    return Dates(work.due_at, work.available_from, work.available_until)


@dataclass(slots=True)
class Work:
    """The dates of a piece of work: the class's, and those of each student who has others."""

    base: Dates
    for_everyone: bool
    by_section: dict[UUID, Dates] = field(default_factory=dict)  # by student
    by_student: dict[UUID, Dates] = field(default_factory=dict)

    def of(self, student_id: UUID) -> Dates | None:
        return effective(
            self.base,
            for_everyone=self.for_everyone,
            section=self.by_section.get(student_id),
            student=self.by_student.get(student_id),
        )


@dataclass(frozen=True, slots=True)
class WorkDates:
    """The dates of much work at once, for everybody."""

    work: Mapping[UUID, Work]

    def of(self, assignment_id: UUID, student_id: UUID) -> Dates | None:
        """None: not for this student."""
        found = self.work.get(assignment_id)
        return found.of(student_id) if found else None


async def of_class(session: AsyncSession, class_id: UUID) -> WorkDates:
    """Of all work of a class that was not removed, in one query."""
    return await of(session, col(Assignment.class_id) == class_id)


async def of(session: AsyncSession, *which: ColumnElement[bool]) -> WorkDates:
    """Of the work that these conditions on assignments choose, in one query: a row for each, and one for each
    student with other dates."""
    own = col(AssignmentOverride.student_id).is_not(None)
    in_section = and_(
        col(Enrolment.section_id) == col(AssignmentOverride.section_id),
        col(Enrolment.class_id) == col(Assignment.class_id),
    )
    query = (
        select(
            col(Assignment.id),
            col(Assignment.for_everyone),
            col(Assignment.due_at),
            col(Assignment.available_from),
            col(Assignment.available_until),
            func.coalesce(col(AssignmentOverride.student_id), col(Enrolment.student_id)),
            own,
            col(AssignmentOverride.due_at),
            col(AssignmentOverride.available_from),
            col(AssignmentOverride.available_until),
        )
        .outerjoin(AssignmentOverride, col(AssignmentOverride.assignment_id) == col(Assignment.id))
        .outerjoin(Enrolment, in_section)
        .where(col(Assignment.deleted_at).is_(None), *which)
    )
    found: dict[UUID, Work] = {}
    for id, everyone, due, begins, until, student_id, is_own, *other in await session.execute(query):
        work = found.setdefault(id, Work(Dates(due, begins, until), everyone))
        if student_id:
            (work.by_student if is_own else work.by_section)[student_id] = Dates(*other)
    return WorkDates(found)


async def of_one(session: AsyncSession, work: Assignment) -> Work:
    return (await of(session, col(Assignment.id) == work.id)).work.get(work.id) or Work(base_of(work), False)
