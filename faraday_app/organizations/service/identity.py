"""From a cookie or an API key to the actor with the rights of this moment."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from faraday_app.accounts import service as accounts
from faraday_app.accounts.models import User
from faraday_app.core.crypto import is_key
from faraday_app.core.database import transaction
from faraday_app.core.errors import NotPermitted
from faraday_app.core.permissions import ROLE_PERMISSIONS, Actor, Budget, Period, Role
from faraday_app.organizations.models import Department, Membership, Organization
from faraday_app.security.models import ApiKey
from faraday_app.security.service import api_keys, sessions
from faraday_app.security.service.key_restrictions import works_from


async def actor_of_session(token: str) -> Actor | None:
    """Who holds this session token, or nobody: unknown, expired, revoked and deactivated are the same."""
    async with transaction(Actor.system()) as session:
        row = await sessions.find_session(session, token)
        if row is None:
            return None
        actor = await member(session, row.user_id, row.organization_id)
        if actor:
            await accounts.note_seen(session, row.user_id)
        return actor and replace(actor, session_id=row.id, address=row.address)


async def actor_of_key(secret: str, address: str = "") -> Actor | None:
    """Who an API key acts for: that person's rights of this moment, narrowed to the key's scopes.

    Found with one query, and with none for what cannot be a key. NotPermitted from an address that the key is not for.
    """
    if not is_key(secret):
        return None
    maker = aliased(ApiKey)
    query = _members(ApiKey, maker).join(
        ApiKey,
        (col(ApiKey.user_id) == col(Membership.user_id))
        & (col(ApiKey.organization_id) == col(Membership.organization_id)),
    )
    query = query.outerjoin(maker, col(maker.id) == col(ApiKey.made_with)).where(api_keys.opened_by(secret))
    async with transaction(Actor.system()) as session:
        found = (await session.execute(query)).one_or_none()
        if found is None:
            return None
        key, made_with = found[-2:]
        if not works_from(key.addresses, address):
            raise NotPermitted(f"This key does not work from your address{f', {address}' if address else ''}.")
        await api_keys.note_use(session, key, address)
        return _with_key(_actor(found), key, made_with)


async def member(session: AsyncSession, user_id: UUID, organization_id: UUID) -> Actor | None:
    """A person as a member of an organisation, if they are an active one."""
    found = await session.execute(
        _members().where(col(Membership.user_id) == user_id, col(Membership.organization_id) == organization_id)
    )
    row = found.one_or_none()
    return _actor(row) if row else None


def _members(*more: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(Membership, col(User.name), col(User.email), col(Department.name), col(Organization.name), *more)
        .select_from(Membership)
        .join(User, col(User.id) == col(Membership.user_id))
        .join(Organization, col(Organization.id) == col(Membership.organization_id))
        .outerjoin(Department, col(Department.id) == col(Membership.department_id))
        .where(col(Membership.deactivated_at).is_(None))
    )


def _actor(found: Row[*tuple[Any, ...]]) -> Actor:
    membership, name, email, department, organization = found[:5]
    role = Role(membership.role)
    return Actor(
        membership.user_id,
        membership.organization_id,
        role,
        ROLE_PERMISSIONS[role],
        membership.department_id,
        name,
        email,
        department or "",
        organization,
    )


def _with_key(person: Actor, key: ApiKey, maker: ApiKey | None) -> Actor:
    return replace(
        person,
        permissions=person.permissions & set(key.scopes),
        api_key_id=key.id,
        models=frozenset(key.models),
        budgets=tuple(
            Budget(each.id, each.budget, Period(each.budget_period)) for each in (key, maker) if each and each.budget
        ),
        limit_per_minute=key.limit_per_minute,
        burst=key.burst,
    )
