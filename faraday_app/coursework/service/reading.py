"""Work as somebody may see it: its class's staff all of it, students and parents what is published and theirs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.service.access import Standing, standing
from faraday_app.core.clock import now
from faraday_app.core.errors import NotFound
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.models import Assignment, AssignmentGroup, AssignmentStatus
from faraday_app.coursework.service import dates, groups
from faraday_app.coursework.service.dates import Dates, Work, WorkDates

SHOWN = (AssignmentStatus.published, AssignmentStatus.closed)


@dataclass(frozen=True, slots=True)
class Seen:
    """A piece of work as the actor stands to it. ``dates`` are of those whose records they see as a student or
    guardian and whom the work is for."""

    work: Assignment
    standing: Standing
    dates: Mapping[UUID, Dates]

    @property
    def is_open(self) -> bool:
        """Whether all of it is shown: to students and parents only once it can be handed in."""
        return self.standing.is_staff or is_open(self.dates.values(), now())

    @property
    def description(self) -> str:
        """Empty for students and parents until it can be handed in."""
        return self.work.description if self.is_open else ""

    @property
    def external_url(self) -> str:
        """Where the other tool is: empty as long as the description is."""
        return self.work.external_url if self.is_open else ""


@dataclass(frozen=True, slots=True)
class ClassWork:
    """All work of a class that the actor may see, in its groups, in their order."""

    standing: Standing
    groups: Sequence[AssignmentGroup]
    work: Sequence[Assignment]
    dates: WorkDates

    def of_student(self, student_id: UUID) -> list[tuple[Assignment, Dates]]:
        """What is for one student, whose records are the actor's to see."""
        found = [(each, self.dates.of(each.id, student_id)) for each in self.work if each.status in SHOWN]
        return [(work, of_it) for work, of_it in found if of_it is not None]


def is_open(of_them: Iterable[Dates], at: datetime) -> bool:
    """Whether for one of them the day has come from which it can be handed in."""
    return any(each.available_from is None or each.available_from <= at for each in of_them)


async def get(
    session: AsyncSession, actor: Actor, assignment_id: UUID, permission: Permission = Permission.coursework_read
) -> Seen:
    """NotFound for whoever is nothing to it: also for students and parents whom it is not for, or not yet."""
    actor.must_at_all(permission)
    work = await session.get(Assignment, assignment_id)
    if work is None or work.deleted_at is not None or work.organization_id != actor.organization:
        raise NotFound("This assignment does not exist, or you cannot see it.")
    found = await standing(session, actor, work.class_id, permission)
    of_it = await dates.of_one(session, work)
    return _seen(work, found, of_it)


async def of_class(session: AsyncSession, actor: Actor, class_id: UUID) -> ClassWork:
    found = await standing(session, actor, class_id, Permission.coursework_read)
    query = (
        select(Assignment)
        .join(AssignmentGroup, col(AssignmentGroup.id) == col(Assignment.group_id))
        .where(col(Assignment.class_id) == class_id, col(Assignment.deleted_at).is_(None))
        .order_by(col(AssignmentGroup.position), col(Assignment.position), col(Assignment.id))
    )
    if not found.is_staff:
        query = query.where(col(Assignment.status).in_(SHOWN))
    work = (await session.scalars(query)).all()
    of_it = await dates.of_class(session, class_id)
    if not found.is_staff:
        work = [each for each in work if any(of_it.of(each.id, student) for student in found.enrolled)]
    return ClassWork(found, await groups.of_class(session, class_id), work, of_it)


def each(found: ClassWork) -> Iterable[Seen]:
    """The same, one by one."""
    for work in found.work:
        theirs = {who: given for who in found.standing.enrolled if (given := found.dates.of(work.id, who)) is not None}
        yield Seen(work, found.standing, theirs)


def _seen(work: Assignment, found: Standing, of_it: Work) -> Seen:
    theirs = {student: given for student in found.enrolled if (given := of_it.of(student)) is not None}
    if not found.is_staff and (work.status not in SHOWN or not theirs):
        raise NotFound("This assignment does not exist, or you cannot see it.")
    return Seen(work, found, theirs)
