"""Who is in a class, as each may see it: its staff all of them, others themselves or their children."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.classes.models import Enrolled, Enrolment, Section
from faraday_app.classes.service import guardians
from faraday_app.classes.service.access import Standing, standing
from faraday_app.classes.service.guardians import Guarded
from faraday_app.core.permissions import Actor, Permission

PAGE = 50


@dataclass(frozen=True, slots=True)
class RosterFilter:
    """Empty fields do not narrow. ``after`` is the last student of the page before."""

    text: str = ""
    status: str = ""
    section_id: UUID | None = None
    after: UUID | None = None


@dataclass(frozen=True, slots=True)
class Learner:
    """A student of a class. The e-mail address and the guardians are for its staff; others get none."""

    id: UUID  # of the enrolment
    student_id: UUID
    name: str
    email: str
    section_id: UUID | None
    section: str
    status: Enrolled
    version: int
    guardians: Sequence[Guarded] = ()


async def listed(
    session: AsyncSession, actor: Actor, class_id: UUID, wanted: RosterFilter, limit: int = PAGE
) -> list[Learner]:
    """By name. A parent gets all of their children who are in the class."""
    found = await standing(session, actor, class_id, Permission.classes_read)
    rows = (await session.execute(_page(found, wanted, await _key(session, class_id, wanted.after), limit))).all()
    ids = [row[1] for row in rows]
    known = await guardians.of_students(session, ids) if found.is_staff else {}
    return [
        Learner(
            id,
            student_id,
            name,
            email if found.is_staff else "",
            section_id,
            section or "",
            Enrolled(status),
            version,
            tuple(known.get(student_id, ())),
        )
        for id, student_id, name, email, section_id, section, status, version in rows
    ]


async def counts(session: AsyncSession, actor: Actor, class_id: UUID) -> dict[Enrolled, int]:
    """How many there are of each status. For the staff of the class; nothing for others."""
    found = await standing(session, actor, class_id, Permission.classes_read)
    if not found.is_staff:
        return {}
    query = select(col(Enrolment.status), func.count()).where(col(Enrolment.class_id) == class_id)
    rows = {Enrolled(status): count for status, count in await session.execute(query.group_by(col(Enrolment.status)))}
    return {status: rows.get(status, 0) for status in Enrolled}


async def _key(session: AsyncSession, class_id: UUID, after: UUID | None) -> tuple[str, UUID] | None:
    if after is None:
        return None
    query = select(col(User.name)).join(Enrolment, col(Enrolment.student_id) == col(User.id))
    name = await session.scalar(query.where(col(Enrolment.class_id) == class_id, col(User.id) == after))
    return None if name is None else (name, after)


def _page(
    found: Standing, wanted: RosterFilter, after: tuple[str, UUID] | None, limit: int
) -> Select[UUID, UUID, str, str, UUID | None, str, str, int]:
    query = (
        select(
            col(Enrolment.id),
            col(Enrolment.student_id),
            col(User.name),
            col(User.email),
            col(Enrolment.section_id),
            col(Section.name),
            col(Enrolment.status),
            col(Enrolment.version),
        )
        .join(User, col(User.id) == col(Enrolment.student_id))
        .outerjoin(Section, col(Section.id) == col(Enrolment.section_id))
        .where(col(Enrolment.class_id) == found.school_class.id)
    )
    if not found.is_staff:
        query = query.where(col(Enrolment.student_id).in_(found.enrolled))
    if sought := wanted.text.strip():
        by_name = col(User.name).icontains(sought, autoescape=True)
        by_email = col(User.email).icontains(sought, autoescape=True)
        query = query.where(or_(by_name, by_email) if found.is_staff else by_name)
    if wanted.status:
        query = query.where(col(Enrolment.status) == wanted.status)
    if wanted.section_id:
        query = query.where(col(Enrolment.section_id) == wanted.section_id)
    if after:
        query = query.where(or_(col(User.name) > after[0], and_(col(User.name) == after[0], col(User.id) > after[1])))
    return query.order_by(col(User.name), col(User.id)).limit(limit)
