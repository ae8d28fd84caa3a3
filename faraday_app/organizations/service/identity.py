"""From a cookie or an API key to the actor with the rights of this moment."""

from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, Row, Select, and_, bindparam, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from faraday_app.accounts import service as accounts
from faraday_app.accounts.models import User
from faraday_app.core.budgets import Budget, Period
from faraday_app.core.clock import now
from faraday_app.core.crypto import is_key, token_hash
from faraday_app.core.database import transaction
from faraday_app.core.errors import NotPermitted
from faraday_app.core.permissions import Actor, Permission, Role
from faraday_app.organizations.models import Department, Membership, Organization
from faraday_app.organizations.service.sign_in_policy import enrolment_due
from faraday_app.organizations.service.subjects import members
from faraday_app.security.models import ApiKey
from faraday_app.security.service import api_keys, sessions
from faraday_app.security.service.key_restrictions import works_from


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
        if actor is None:
            return None
        replaced = sessions.is_replaced(row, token)
        actor = replace(
            actor,
            session_id=row.id,
            # The page that asked goes on with the socket it has; a copy of the old token over HTTP gains nothing.
            confirmed_at=None if replaced and not open_page else row.confirmed_at,
            lapses_at=sessions.lapses_at(row, token, open_page=open_page),
            token_replaced=replaced,
            token_due=row.rotation_due,
        ).at(row.address)
        return await _enrolled(session, actor)


async def _enrolled(session: AsyncSession, actor: Actor) -> Actor:
    """Whoever lacks a factor that has been due for a while may do nothing but see to their account."""
    due = await enrolment_due(session, actor)
    if due is None or due > now():
        return actor
    return replace(actor, scopes=frozenset({Permission.account_manage}), must_enrol=True).resolved()


async def renewed_token(actor: Actor) -> str:
    """The new token of a session whose person's rights have changed; empty when another request was first."""
    if actor.session_id is None:
        return ""
    async with transaction(Actor.system()) as session:
        return await sessions.rotate_if_due(session, actor.session_id)


async def actor_of_key(secret: str, address: str = "") -> Actor | None:
    """Who an API key acts for: that person's rights of this moment, narrowed to the key's scopes.

    Found with one query and three for the rights, and with none for what cannot be a key. NotPermitted from an
    address that the key is not for.
    """
    if not is_key(secret):
        return None
    async with transaction(Actor.system()) as session:
        found = (await session.execute(_key_query(), {"hashed": token_hash(secret), "at": now()})).one_or_none()
        if found is None:
            return None
        if not works_from(found.addresses, address):
            raise NotPermitted(f"This key does not work from your address{f', {address}' if address else ''}.")
        await api_keys.note_use(session, found.key_id, found.last_used_at, address)
        return _with_key(await _actor(session, found), found, address)


async def member(session: AsyncSession, user_id: UUID, organization_id: UUID) -> Actor | None:
    """A person as a member of an organisation, if they are an active one."""
    found = await session.execute(
        _members().where(col(Membership.user_id) == user_id, col(Membership.organization_id) == organization_id)
    )
    row = found.one_or_none()
    return await _actor(session, row) if row else None


@lru_cache(maxsize=1)
def _key_query() -> Select[*tuple[Any, ...]]:
    """Made once: to put it together takes as long as to ask it. Named columns, since rows of three tables are dear."""
    key, maker = ApiKey, aliased(ApiKey)
    its = (key.addresses, key.models, key.scopes, key.budget, key.budget_period, key.limit_per_minute, key.burst)
    maker_has: tuple[Any, ...] = (
        col(maker.id).label("maker_id"),
        col(maker.budget).label("maker_budget"),
        col(maker.budget_period).label("maker_period"),
    )
    return (
        _members(col(key.id).label("key_id"), col(key.last_used_at), _ends_at(key), *its, *maker_has)
        .join(
            key,
            and_(
                col(key.user_id) == col(Membership.user_id), col(key.organization_id) == col(Membership.organization_id)
            ),
        )
        .outerjoin(maker, col(maker.id) == col(key.made_with))
        .where(api_keys.opened_by(bindparam("hashed"), bindparam("at", type_=DateTime(timezone=True))))
    )


def _ends_at(key: type[ApiKey]) -> ColumnElement[datetime | None]:
    """When this secret of the key stops working: with the key, or before it when it was replaced."""
    is_old = col(key.old_key_hash) == bindparam("hashed")
    until = case((is_old, func.least(col(key.old_until), col(key.expires_at))), else_=col(key.expires_at))
    return until.label("ends_at")


def _members(*more: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(
            col(Membership.user_id),
            col(Membership.organization_id),
            col(Membership.role),
            col(Membership.department_id),
            col(User.name),
            col(User.email),
            col(Department.name),
            col(Organization.name),
            *more,
        )
        .select_from(Membership)
        .join(User, col(User.id) == col(Membership.user_id))
        .join(Organization, col(Organization.id) == col(Membership.organization_id))
        .outerjoin(Department, col(Department.id) == col(Membership.department_id))
        .where(col(Membership.deactivated_at).is_(None))
    )


async def _actor(session: AsyncSession, found: Row[*tuple[Any, ...]]) -> Actor:
    user_id, organization_id, role, department_id, name, email, department, organization = found[:8]
    subject = (await members(session, organization_id, [user_id]))[user_id].subject
    return Actor(
        user_id,
        organization_id,
        Role(role),
        department_id=department_id,
        name=name,
        email=email,
        department=department or "",
        organization_name=organization,
        subject=subject,
    ).resolved()


def _with_key(person: Actor, found: Row[*tuple[Any, ...]], address: str) -> Actor:
    budgets = (
        (found.key_id, found.budget, found.budget_period),
        (found.maker_id, found.maker_budget, found.maker_period),
    )
    scopes = frozenset(each for each in Permission if each in set(found.scopes))
    return replace(
        person,
        scopes=scopes,
        api_key_id=found.key_id,
        address=address,
        models=frozenset(found.models),
        budgets=tuple(Budget(id, most, Period(period)) for id, most, period in budgets if most),
        expires_at=found.ends_at,
        limit_per_minute=found.limit_per_minute,
        burst=found.burst,
    ).resolved()
