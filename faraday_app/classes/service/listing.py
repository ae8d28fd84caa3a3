"""The classes that somebody is something to."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.classes.models import ClassStaff, Enrolled, Enrolment, SchoolClass, StaffRole, Term
from faraday_app.classes.service.access import Standing, children_of, resource_of, standing, visible
from faraday_app.classes.service.heading import spoken
from faraday_app.core.permissions import Actor, Permission

PAGE = 25


@dataclass(frozen=True, slots=True)
class ClassFilter:
    """Empty fields do not narrow. ``after`` is the last class of the page before."""

    text: str = ""
    term_id: UUID | None = None
    archived: bool = False
    after: UUID | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A class as the actor sees it: ``students`` counts the active ones and is for its staff, None for others.

    ``children`` are the actor's own in it.
    """

    id: UUID
    school_class: SchoolClass
    term: str
    starts_on: date
    ends_on: date
    teachers: tuple[str, ...]
    students: int | None
    standing: str
    children: tuple[str, ...]


async def listed(session: AsyncSession, actor: Actor, wanted: ClassFilter, limit: int = PAGE) -> list[Listed]:
    """The newest terms first, then by name. Withdrawn students and their parents do not find the class any more."""
    actor.must_at_all(Permission.classes_read)
    found: list[Listed] = []
    after = await _key(session, actor, wanted.after)
    while len(found) < limit:
        rows = (await session.execute(_page(actor, wanted, after, limit))).all()
        found += [each for each in await _seen(session, actor, rows) if _may(actor, each)]
        if len(rows) < limit:
            break
        after = rows[-1][2], rows[-1][0].name, rows[-1][0].id
    return found[:limit]


async def one(session: AsyncSession, actor: Actor, class_id: UUID) -> Listed:
    """A class as the list shows it. NotFound for whoever is nothing to it."""
    found = (await standing(session, actor, class_id, Permission.classes_read)).school_class
    term = await session.get_one(Term, found.term_id)
    return (await _seen(session, actor, [(found, term.name, term.starts_on, term.ends_on)]))[0]


async def _key(session: AsyncSession, actor: Actor, after: UUID | None) -> tuple[date, str, UUID] | None:
    """Where a class stands in the list; a class that they cannot see stands nowhere."""
    if after is None:
        return None
    query = select(col(Term.starts_on), col(SchoolClass.name), col(SchoolClass.id))
    query = query.join(Term, col(Term.id) == col(SchoolClass.term_id)).where(
        col(SchoolClass.id) == after, col(SchoolClass.organization_id) == actor.organization, visible(actor)
    )
    row = (await session.execute(query)).one_or_none()
    return (row[0], row[1], row[2]) if row else None


def _page(
    actor: Actor, wanted: ClassFilter, after: tuple[date, str, UUID] | None, limit: int
) -> Select[SchoolClass, str, date, date]:
    query = (
        select(SchoolClass, col(Term.name), col(Term.starts_on), col(Term.ends_on))
        .join(Term, col(Term.id) == col(SchoolClass.term_id))
        .where(col(SchoolClass.organization_id) == actor.organization, visible(actor))
    )
    is_open = col(SchoolClass.archived_at).is_(None)
    query = query.where(~is_open if wanted.archived else is_open)
    if wanted.term_id:
        query = query.where(col(SchoolClass.term_id) == wanted.term_id)
    if sought := wanted.text.strip():
        fields = (SchoolClass.name, SchoolClass.subject, SchoolClass.code)
        query = query.where(or_(*(col(field).icontains(sought, autoescape=True) for field in fields)))
    starts_on, name, id = col(Term.starts_on), col(SchoolClass.name), col(SchoolClass.id)
    if after:
        later = or_(name > after[1], and_(name == after[1], id > after[2]))
        query = query.where(or_(starts_on < after[0], and_(starts_on == after[0], later)))
    return query.order_by(starts_on.desc(), name, id).limit(limit)


async def _seen(session: AsyncSession, actor: Actor, rows: Sequence[Any]) -> list[Listed]:
    ids = [row[0].id for row in rows]
    staff, learning = await _staff(session, ids), await _learning(session, actor, ids)
    counts = await _counts(session, ids)
    found = []
    for school_class, term, starts_on, ends_on in rows:
        mine = _standing(actor, school_class, staff[school_class.id], learning[school_class.id])
        found.append(
            Listed(
                school_class.id,
                school_class,
                term,
                starts_on,
                ends_on,
                tuple(name for _, name, role in staff[school_class.id] if role == StaffRole.teacher),
                counts.get(school_class.id, 0) if mine.is_staff else None,
                spoken(mine),
                tuple(name for id, name in learning[school_class.id].items() if id != actor.user_id),
            )
        )
    return found


def _standing(
    actor: Actor, school_class: SchoolClass, staff: list[tuple[UUID, str, str]], learning: dict[UUID, str]
) -> Standing:
    roles = [role for id, _, role in staff if id == actor.user_id]
    return Standing(
        school_class,
        teaches=StaffRole.teacher in roles,
        helps=StaffRole.aide in roles,
        oversees=actor.is_system or actor.may(Permission.classes_oversee, resource_of(school_class)),
        learns=actor.user_id in learning,
        enrolled=frozenset(learning),
    )


def _may(actor: Actor, each: Listed) -> bool:
    """What rules say about single classes, where there are any."""
    if actor.is_system or Permission.classes_read not in actor.depending:
        return True
    return actor.may(Permission.classes_read, resource_of(each.school_class))


async def _staff(session: AsyncSession, ids: list[UUID]) -> dict[UUID, list[tuple[UUID, str, str]]]:
    query = (
        select(col(ClassStaff.class_id), col(User.id), col(User.name), col(ClassStaff.role))
        .join(User, col(User.id) == col(ClassStaff.user_id))
        .where(col(ClassStaff.class_id).in_(ids), col(ClassStaff.ended_at).is_(None))
        .order_by(col(ClassStaff.id))
    )
    found: dict[UUID, list[tuple[UUID, str, str]]] = defaultdict(list)
    for class_id, user_id, name, role in await session.execute(query):
        found[class_id].append((user_id, name, role))
    return found


async def _learning(session: AsyncSession, actor: Actor, ids: list[UUID]) -> dict[UUID, dict[UUID, str]]:
    """Of each class the actor and their children, where they learn in it."""
    found: dict[UUID, dict[UUID, str]] = defaultdict(dict)
    if actor.user_id is None:
        return found
    query = (
        select(col(Enrolment.class_id), col(User.id), col(User.name))
        .join(User, col(User.id) == col(Enrolment.student_id))
        .where(
            col(Enrolment.class_id).in_(ids),
            col(Enrolment.status) != Enrolled.withdrawn,
            or_(col(User.id) == actor.user_id, col(User.id).in_(children_of(actor.user_id))),
        )
        .order_by(col(User.name), col(User.id))
    )
    for class_id, user_id, name in await session.execute(query):
        found[class_id][user_id] = name
    return found


async def _counts(session: AsyncSession, ids: list[UUID]) -> dict[UUID, int]:
    query = (
        select(col(Enrolment.class_id), func.count())
        .where(col(Enrolment.class_id).in_(ids), col(Enrolment.status) == Enrolled.active)
        .group_by(col(Enrolment.class_id))
    )
    return {row[0]: row[1] for row in await session.execute(query)}
