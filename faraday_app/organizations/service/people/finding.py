"""Finding members, and what each asker may see of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.core.authorization import Resource
from faraday_app.core.errors import NotFound
from faraday_app.core.permissions import Actor, Permission, Role
from faraday_app.organizations.models import Department, Membership

PAGE = 25


@dataclass(frozen=True, slots=True)
class Person:
    user_id: UUID
    name: str
    email: str
    role: Role
    department_id: UUID | None
    department: str
    last_seen_at: datetime | None
    active: bool
    version: int


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """Empty fields do not narrow. ``after`` and ``before`` are the (name, id) at the edge of the page shown."""

    text: str = ""
    role: str = ""
    department_id: UUID | None = None
    active: bool | None = True
    after: tuple[str, UUID] | None = None
    before: tuple[str, UUID] | None = None


async def search(session: AsyncSession, actor: Actor, wanted: PeopleFilter, limit: int = PAGE) -> list[Person]:
    """Members by name, one page. Needs ``people:read``."""
    query = _narrowed(_within_reach(actor, Permission.people_read, _people(actor)), wanted)
    place = func.row(User.name, User.id)
    if wanted.before:
        query = query.where(place < func.row(*wanted.before)).order_by(col(User.name).desc(), col(User.id).desc())
        return [_person(row) for row in reversed((await session.execute(query.limit(limit))).all())]
    if wanted.after:
        query = query.where(place > func.row(*wanted.after))
    rows = await session.execute(query.order_by(col(User.name), col(User.id)).limit(limit))
    return [_person(row) for row in rows.all()]


async def count(session: AsyncSession, actor: Actor, wanted: PeopleFilter) -> int:
    narrowed = _narrowed(_within_reach(actor, Permission.people_read, _people(actor)), wanted).subquery()
    return int(await session.scalar(select(func.count()).select_from(narrowed)) or 0)


async def colleagues(session: AsyncSession, actor: Actor, text: str, limit: int = 8) -> list[Person]:
    """Active members to share something with, by name or e-mail; never the actor."""
    query = _within_reach(actor, Permission.colleagues_read, _people(actor))
    query = _narrowed(query, PeopleFilter(text=text)).where(col(User.id) != actor.user)
    rows = await session.execute(query.order_by(col(User.name), col(User.id)).limit(limit))
    return [_person(row) for row in rows.all()]


async def candidates(session: AsyncSession, actor: Actor, text: str, limit: int = 6) -> list[Person]:
    """Active members by name or e-mail, for those who look into roles."""
    actor.must(Permission.roles_read)
    query = _narrowed(_people(actor), PeopleFilter(text=text))
    rows = await session.execute(query.order_by(col(User.name), col(User.id)).limit(limit))
    return [_person(row) for row in rows.all()]


async def named(session: AsyncSession, actor: Actor, user_ids: Collection[UUID], limit: int = 12) -> list[Person]:
    """The active members among these ids, by name."""
    active = col(Membership.deactivated_at).is_(None)
    query = _within_reach(actor, Permission.presence_read, _people(actor)).where(col(User.id).in_(user_ids), active)
    rows = await session.execute(query.order_by(col(User.name), col(User.id)).limit(limit))
    return [_person(row) for row in rows.all()]


async def get_person(session: AsyncSession, actor: Actor, user_id: UUID) -> Person:
    """A member of the actor's organisation; anybody else is not found."""
    row = (await session.execute(_people(actor).where(col(User.id) == user_id))).one_or_none()
    if row is None:
        raise NotFound("This person is not a member here.")
    return _person(row)


async def read_person(session: AsyncSession, actor: Actor, user_id: UUID) -> Person:
    """A member whom the actor may look at; anybody else is not found. Needs ``people:read``."""
    actor.must_at_all(Permission.people_read)
    person = await get_person(session, actor, user_id)
    if not actor.may(Permission.people_read, thing(actor, person)):
        raise NotFound("This person is not a member here.")
    return person


def thing(actor: Actor, person: Person) -> Resource:
    """A member as rules with conditions see them."""
    return as_thing(actor.organization, person.user_id, person.role, person.department_id)


def as_thing(organization_id: UUID, user_id: UUID, role: Role, department_id: UUID | None) -> Resource:
    """The same from what is known of them."""
    student = frozenset({user_id} if role is Role.student else ())
    return Resource("person", user_id, organization_id, user_id, department_id, student_ids=student)


def _within_reach(actor: Actor, permission: Permission, query: Select[Any]) -> Select[Any]:
    """The people about whom the actor has the permission: all, those of their department, or the others."""
    actor.must_at_all(permission)
    near = Resource("person", organization_id=actor.organization, department_id=actor.department_id)
    own = actor.department_id is not None and actor.may(permission, near)
    others = actor.may(permission, Resource("person", organization_id=actor.organization))
    if not own and not others:
        actor.must(permission)
    department = col(Membership.department_id)
    if own and not others:
        return query.where(department == actor.department_id)
    return (
        query if own or actor.department_id is None else query.where(department.is_distinct_from(actor.department_id))
    )


def _people(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(
            col(User.id),
            col(User.name),
            col(User.email),
            col(Membership.role),
            col(Membership.department_id),
            col(Department.name),
            col(User.last_seen_at),
            col(Membership.deactivated_at),
            col(Membership.version),
        )
        .join(Membership, and_(col(Membership.user_id) == col(User.id)))
        .outerjoin(Department, col(Department.id) == col(Membership.department_id))
        .where(col(Membership.organization_id) == actor.organization)
    )


def _narrowed(query: Select[*tuple[Any, ...]], wanted: PeopleFilter) -> Select[Any]:
    if wanted.text.strip():
        sought = wanted.text.strip()
        query = query.where(
            or_(col(User.name).icontains(sought, autoescape=True), col(User.email).icontains(sought, autoescape=True))
        )
    if wanted.role:
        query = query.where(col(Membership.role) == wanted.role)
    if wanted.department_id:
        query = query.where(col(Membership.department_id) == wanted.department_id)
    if wanted.active is not None:
        is_active = col(Membership.deactivated_at).is_(None)
        query = query.where(is_active if wanted.active else ~is_active)
    return query


def _person(row: Sequence[Any]) -> Person:
    user_id, name, email, role, department_id, department, seen, deactivated_at, version = row
    return Person(
        user_id, name, email, Role(role), department_id, department or "", seen, deactivated_at is None, version
    )
