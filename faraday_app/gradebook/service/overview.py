"""The classes of somebody with what they come to: of the whole class for its staff, of each child for its family."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.classes.models import Enrolment, SchoolClass, Term
from faraday_app.classes.service.access import learned, standing, visible
from faraday_app.core.errors import NotFound
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gradebook.models import GradeTotal
from faraday_app.gradebook.service import records
from faraday_app.gradebook.service.records import Record

MOST = 100


@dataclass(frozen=True, slots=True)
class Taught:
    """A class for its staff: how many have a total, and the mean of these."""

    class_id: UUID
    name: str
    term: str
    students: int
    mean: Decimal | None


@dataclass(frozen=True, slots=True)
class Learnt:
    """A class for a student or a guardian: one child in it, as far as it may be seen."""

    class_id: UUID
    name: str
    term: str
    student: str
    record: Record


async def of_actor(session: AsyncSession, actor: Actor) -> tuple[list[Taught], list[Learnt]]:
    """Those that are not archived, by name; at most ``MOST``."""
    actor.must_at_all(Permission.gradebook_read)
    query = (
        select(col(SchoolClass.id), col(SchoolClass.name), col(Term.name))
        .join(Term, col(Term.id) == col(SchoolClass.term_id))
        .where(
            col(SchoolClass.organization_id) == actor.organization,
            col(SchoolClass.archived_at).is_(None),
            visible(actor),
        )
        .order_by(col(SchoolClass.name), col(SchoolClass.id))
        .limit(MOST)
    )
    taught, learnt = [], []
    figures = None
    for class_id, name, term in (await session.execute(query)).all():
        found = await standing(session, actor, class_id, Permission.gradebook_read)
        if found.is_staff:
            figures = figures or await _figures(session, actor)
            count, mean = figures.get(class_id, (0, None))
            taught.append(Taught(class_id, name, term, count, mean))
        else:
            learnt += [
                Learnt(class_id, name, term, student, record)
                for student, record in await children(session, actor, class_id)
            ]
    return taught, learnt


async def of_child(session: AsyncSession, actor: Actor, student_id: UUID) -> list[Learnt]:
    """The classes of one whose record is the actor's to see as a student or guardian, by name; at most ``MOST``."""
    actor.must_at_all(Permission.gradebook_read)
    query = (
        select(col(SchoolClass.id), col(SchoolClass.name), col(Term.name), col(User.name))
        .join(Term, col(Term.id) == col(SchoolClass.term_id))
        .join(Enrolment, col(Enrolment.class_id) == col(SchoolClass.id))
        .join(User, col(User.id) == col(Enrolment.student_id))
        .where(
            col(SchoolClass.organization_id) == actor.organization,
            col(SchoolClass.archived_at).is_(None),
            col(Enrolment.student_id) == student_id,
            learned(actor.user_id),
        )
        .order_by(col(SchoolClass.name), col(SchoolClass.id))
        .limit(MOST)
    )
    return [
        Learnt(id, name, term, student, await records.of_student(session, actor, id, student_id))
        for id, name, term, student in (await session.execute(query)).all()
    ]


async def children(session: AsyncSession, actor: Actor, class_id: UUID) -> list[tuple[str, Record]]:
    """The actor's own record in a class, or those of their children in it, by name."""
    found = await standing(session, actor, class_id, Permission.gradebook_read)
    query = select(col(User.id), col(User.name)).where(col(User.id).in_(found.enrolled)).order_by(col(User.name))
    people = (await session.execute(query)).all()
    if not people:
        raise NotFound
    return [(name, await records.of_student(session, actor, class_id, id)) for id, name in people]


async def _figures(session: AsyncSession, actor: Actor) -> dict[UUID, tuple[int, Decimal | None]]:
    query = (
        select(
            col(GradeTotal.class_id),
            func.count(col(GradeTotal.current_percent)),
            func.round(func.avg(col(GradeTotal.current_percent)), 2),
        )
        .where(col(GradeTotal.organization_id) == actor.organization)
        .group_by(col(GradeTotal.class_id))
    )
    return {class_id: (count, mean) for class_id, count, mean in await session.execute(query)}
