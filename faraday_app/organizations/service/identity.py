"""From a cookie or an API key to the actor with the rights of this moment."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts import service as accounts
from faraday_app.accounts.models import User
from faraday_app.core.database import transaction
from faraday_app.core.permissions import ROLE_PERMISSIONS, Actor, Role
from faraday_app.organizations.models import Department, Membership, Organization
from faraday_app.security.service import api_keys, sessions


async def actor_of_session(
    token: str, *, by_person: bool = True, open_page: bool = False, address: str = ""
) -> Actor | None:
    """Who holds this session token, or nobody: unknown, expired, revoked and deactivated are the same."""
    async with transaction(Actor.system()) as session:
        row = await sessions.find_session(session, token, by_person=by_person, open_page=open_page, address=address)
        if row is None:
            return None
        actor = await member(session, row.user_id, row.organization_id)
        if actor and by_person:
            await accounts.note_seen(session, row.user_id)
        return actor and replace(
            actor,
            session_id=row.id,
            address=row.address,
            lapses_at=sessions.lapses_at(row, token, open_page=open_page),
            token_replaced=sessions.is_replaced(row, token),
            token_due=row.rotation_due,
        )


async def renewed_token(actor: Actor) -> str:
    """The new token of a session whose person's rights have changed; empty when another request was first."""
    if actor.session_id is None:
        return ""
    async with transaction(Actor.system()) as session:
        return await sessions.rotate_if_due(session, actor.session_id)


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
