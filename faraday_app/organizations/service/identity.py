"""From a cookie or an API key to the actor with the rights of this moment."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts import service as accounts
from faraday_app.accounts.models import User
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.permissions import ROLE_PERMISSIONS, Actor, Permission, Role
from faraday_app.organizations.models import Department, Membership, Organization
from faraday_app.organizations.service.sign_in_policy import enrolment_due
from faraday_app.security.models import Session
from faraday_app.security.service import api_keys, sessions


async def actor_of_session(token: str) -> Actor | None:
    """Who holds this session token, or nobody: unknown, expired, revoked and deactivated are the same."""
    async with transaction(Actor.system()) as session:
        return await _actor_of(session, await sessions.find_session(session, token))


async def actor_of_session_id(session_id: UUID) -> Actor | None:
    """Who holds a session that was recognised before, by an open page that goes on after its token was changed."""
    async with transaction(Actor.system()) as session:
        return await _actor_of(session, await sessions.find_session_by_id(session, session_id))


async def _actor_of(session: AsyncSession, row: Session | None) -> Actor | None:
    """Whoever lacks a factor that has been due for a while may do nothing but see to their account."""
    actor = row and await member(session, row.user_id, row.organization_id)
    if not row or not actor:
        return None
    await accounts.note_seen(session, row.user_id)
    actor = replace(actor, session_id=row.id, address=row.address, confirmed_at=row.confirmed_at)
    due = await enrolment_due(session, actor)
    if due and due <= now():
        return replace(actor, permissions=actor.permissions & {Permission.account_manage}, must_enrol=True)
    return actor


async def actor_of_key(secret: str) -> Actor | None:
    """Who an API key acts for: that person's rights of this moment, narrowed to the key's scopes."""
    async with transaction(Actor.system()) as session:
        row = await api_keys.find_api_key(session, secret)
        if row is None:
            return None
        actor = await member(session, row.user_id, row.organization_id)
        scopes = set(row.scopes)
        return actor and replace(
            actor, permissions=frozenset(each for each in actor.permissions if each in scopes), api_key_id=row.id
        )


async def member(session: AsyncSession, user_id: UUID, organization_id: UUID) -> Actor | None:
    """A person as a member of an organisation, if they are an active one."""
    found = (
        await session.execute(
            select(Membership, col(User.name), col(User.email), col(Department.name), col(Organization.name))
            .join(User, col(User.id) == col(Membership.user_id))
            .join(Organization, col(Organization.id) == col(Membership.organization_id))
            .outerjoin(Department, col(Department.id) == col(Membership.department_id))
            .where(
                col(Membership.user_id) == user_id,
                col(Membership.organization_id) == organization_id,
                col(Membership.deactivated_at).is_(None),
            )
        )
    ).one_or_none()
    if found is None:
        return None
    membership, name, email, department, organization = found
    role = Role(membership.role)
    return Actor(
        user_id,
        organization_id,
        role,
        ROLE_PERMISSIONS[role],
        membership.department_id,
        name,
        email,
        department or "",
        organization,
    )
