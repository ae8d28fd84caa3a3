"""Changing what members are: each change is locked, refused beyond one's own rights, and told."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid, NotFound
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import ROLE_PERMISSIONS, Actor, Permission, Role
from faraday_app.organizations.models import Department, Membership
from faraday_app.organizations.service.giving import (
    allowed_by,
    holds_always,
    lock_rights,
    refuse_beyond,
    refuse_lockout,
)
from faraday_app.organizations.service.people.finding import as_thing
from faraday_app.organizations.service.subjects import Member, members
from faraday_app.security.service import api_keys, record, sessions


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
    actor.must(
        Permission.people_manage,
        as_thing(actor.organization, user_id, Role(membership.role), membership.department_id),
    )
    return membership


async def _refuse_for_last_administrator(session: AsyncSession, actor: Actor, user_id: UUID) -> None:
    """Whatever their power comes from: somebody who has all of it must be left."""
    found = await members(session, actor.organization)
    if _administers(found[user_id]) and not any(_administers(each) for id, each in found.items() if id != user_id):
        raise Invalid("This is the last administrator. Make somebody else administrator first.")


def _administers(member: Member) -> bool:
    """By their membership, or because roles and rules give them the same for good."""
    return member.active and (
        member.role is Role.administrator or holds_always(member, ROLE_PERMISSIONS[Role.administrator])
    )


async def _refuse_foreign_department(session: AsyncSession, actor: Actor, department_id: UUID) -> None:
    department = await session.get(Department, department_id)
    if department is None or department.organization_id != actor.organization:
        raise NotFound("This department does not exist.")
