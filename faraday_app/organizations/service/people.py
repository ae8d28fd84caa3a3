"""The members of an organisation: find them, change what they are, let them go."""

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
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid, NotFound
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import ROLE_PERMISSIONS, Actor, Permission, Role
from faraday_app.organizations.models import Department, Membership
from faraday_app.organizations.service.giving import allowed_by, lock_rights, refuse_beyond, refuse_lockout
from faraday_app.organizations.service.subjects import members
from faraday_app.security.service import api_keys, record, sessions

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


async def add_member(
    session: AsyncSession, actor: Actor, user_id: UUID, role: Role, department_id: UUID | None = None
) -> Membership:
    actor.must(Permission.people_manage)
    refuse_beyond(actor, ROLE_PERMISSIONS[role])
    membership = Membership(organization_id=actor.organization, user_id=user_id, role=role, department_id=department_id)
    session.add(membership)
    await session.flush()
    after = await _standing(session, membership)
    named = await _name(session, user_id)
    record(session, actor, "membership.created", membership, name=named, user_id=str(user_id), after=after)
    publish_on_commit(session, topic("people", actor.organization))
    return membership


async def change_member(
    session: AsyncSession, actor: Actor, user_id: UUID, version: int, role: Role, department_id: UUID | None
) -> None:
    """Give a member another role or department; holds from their next click. Conflict when the version is old."""
    membership = await _locked(session, actor, user_id)
    if membership.version != version:
        raise Conflict("Somebody else changed this person meanwhile. Look again and repeat your change.")
    if membership.role == Role.administrator and role is not Role.administrator:
        await _refuse_for_last_administrator(session, actor, user_id)
    if membership.role != role:
        refuse_beyond(actor, ROLE_PERMISSIONS[role])
    if department_id:
        await _refuse_foreign_department(session, actor, department_id)
    if membership.role != role:
        await sessions.rotate_at_next_load(session, user_id, actor.organization)
    before = await _standing(session, membership)
    membership.role, membership.department_id = role, department_id
    after = await _standing(session, membership)
    await _changed(session, actor, membership, "membership.changed", before=before, after=after)


async def deactivate(session: AsyncSession, actor: Actor, user_id: UUID) -> None:
    """End a member's rights, sessions and API keys at once; their data stays."""
    actor.must_at_all(Permission.people_manage)
    if user_id == actor.user_id:
        raise Invalid("You cannot deactivate yourself. Ask another administrator.")
    membership = await _locked(session, actor, user_id)
    if membership.deactivated_at:
        return
    await _refuse_for_last_administrator(session, actor, user_id)
    membership.deactivated_at = now()
    await sessions.revoke_sessions_of(session, user_id, actor.organization)
    await api_keys.revoke_keys_of(session, actor, user_id)
    await _changed(session, actor, membership, "membership.deactivated")


async def sign_out_everywhere(session: AsyncSession, actor: Actor, user_id: UUID) -> int:
    """End a member's sessions on every device; how many there were. They can sign in again."""
    actor.must(Permission.people_manage)
    membership = await _locked(session, actor, user_id)
    ended = await sessions.revoke_sessions_of(session, user_id, actor.organization)
    record(session, actor, "membership.signed_out", membership, name=await _name(session, user_id), devices=ended)
    return ended


async def reactivate(session: AsyncSession, actor: Actor, user_id: UUID) -> None:
    membership = await _locked(session, actor, user_id)
    if membership.deactivated_at is None:
        return
    held = (await members(session, actor.organization, [user_id]))[user_id].subject
    refuse_beyond(actor, {each for holding in held.holdings for each in allowed_by(holding.role)})
    membership.deactivated_at = None
    await _changed(session, actor, membership, "membership.reactivated")


async def _changed(session: AsyncSession, actor: Actor, membership: Membership, action: str, **details: object) -> None:
    membership.version += 1
    await refuse_lockout(session, actor)
    named, user_id = await _name(session, membership.user_id), str(membership.user_id)
    record(session, actor, action, membership, name=named, user_id=user_id, **details)
    publish_on_commit(session, topic("rights", membership.user_id))
    publish_on_commit(session, topic("people", membership.organization_id))


async def _standing(session: AsyncSession, membership: Membership) -> dict[str, str]:
    department = await session.get(Department, membership.department_id) if membership.department_id else None
    return {"role": str(membership.role), "department": department.name if department else ""}


async def _name(session: AsyncSession, user_id: UUID) -> str:
    return str(await session.scalar(select(col(User.name)).where(col(User.id) == user_id)) or "")


async def _locked(session: AsyncSession, actor: Actor, user_id: UUID) -> Membership:
    """The membership of somebody whom the actor may manage, while nobody else changes any rights."""
    actor.must_at_all(Permission.people_manage)
    await lock_rights(session, actor)
    membership = await session.scalar(
        select(Membership)
        .where(col(Membership.user_id) == user_id, col(Membership.organization_id) == actor.organization)
        .with_for_update()
    )
    if membership is None:
        raise NotFound("This person is not a member here.")
    student = frozenset({user_id} if membership.role == Role.student else ())
    department_id = membership.department_id
    actor.must(
        Permission.people_manage,
        Resource("person", user_id, actor.organization, user_id, department_id, student_ids=student),
    )
    return membership


async def _refuse_for_last_administrator(session: AsyncSession, actor: Actor, user_id: UUID) -> None:
    others = await session.scalar(
        select(func.count()).where(
            col(Membership.organization_id) == actor.organization,
            col(Membership.role) == Role.administrator,
            col(Membership.deactivated_at).is_(None),
            col(Membership.user_id) != user_id,
        )
    )
    if not others:
        raise Invalid("This is the last administrator. Make somebody else administrator first.")


async def _refuse_foreign_department(session: AsyncSession, actor: Actor, department_id: UUID) -> None:
    department = await session.get(Department, department_id)
    if department is None or department.organization_id != actor.organization:
        raise NotFound("This department does not exist.")


def thing(actor: Actor, person: Person) -> Resource:
    """A member as rules with conditions see them."""
    student = frozenset({person.user_id} if person.role is Role.student else ())
    id = person.user_id
    return Resource("person", id, actor.organization, id, person.department_id, student_ids=student)


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
