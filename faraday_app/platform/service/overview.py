"""Counts of organisations. They are read as Faraday itself, and nothing but numbers and dates leaves this module."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Context
from faraday_app.core.clock import now
from faraday_app.core.database import as_faraday
from faraday_app.core.errors import NotFound
from faraday_app.core.permissions import Actor, Permission, Role
from faraday_app.credits import service as credits
from faraday_app.credits.service import Totals
from faraday_app.organizations.models import Department, Invitation, Membership, Organization
from faraday_app.security.models import Session

PAGE = 25


@dataclass(frozen=True, slots=True)
class OrganizationLine:
    """An organisation in the list: its name, and how much there is. ``active_at``: when anybody last did anything."""

    id: UUID
    name: str
    people: int
    created_at: datetime
    active_at: datetime | None
    credits_issued: int


@dataclass(frozen=True, slots=True)
class Figures:
    """All that the installation may know of one organisation."""

    id: UUID
    name: str
    time_zone: str
    created_at: datetime
    active_at: datetime | None
    roles: dict[Role, int]
    deactivated: int
    invited: int
    departments: int
    signed_in: int
    conversations: int
    credits: Totals

    @property
    def people(self) -> int:
        return sum(self.roles.values())


async def list_organizations(
    session: AsyncSession, actor: Actor, text: str = "", limit: int = PAGE, before: UUID | None = None
) -> list[OrganizationLine]:
    """Newest first, one page; ``text`` narrows by name, ``before`` is the keyset of the pager."""
    actor.must(Permission.platform_read)
    query = _named(select(col(Organization.id), col(Organization.name), col(Organization.created_at)), text)
    if before:
        query = query.where(col(Organization.id) < before)
    async with as_faraday(session):
        rows = (await session.execute(query.order_by(col(Organization.id).desc()).limit(limit))).all()
        ids = [row[0] for row in rows]
        people = await _counts(session, Membership, ids, col(Membership.deactivated_at).is_(None))
        active = await _activity(session, ids)
    totals = await credits.totals(session, actor, ids)
    return [
        OrganizationLine(id, name, people.get(id, 0), created_at, active.get(id), totals[id].issued)
        for id, name, created_at in rows
    ]


async def count(session: AsyncSession, actor: Actor, text: str = "") -> int:
    actor.must(Permission.platform_read)
    narrowed = _named(select(col(Organization.id)), text).subquery()
    async with as_faraday(session):
        return int(await session.scalar(select(func.count()).select_from(narrowed)) or 0)


async def figures(session: AsyncSession, actor: Actor, organization_id: UUID) -> Figures:
    """One organisation in numbers."""
    actor.must(Permission.platform_read)
    ids = [organization_id]
    async with as_faraday(session):
        row = await session.get(Organization, organization_id)
        if row is None:
            raise NotFound("This organisation does not exist.")
        roles = await session.execute(
            select(col(Membership.role), func.count())
            .where(col(Membership.organization_id) == organization_id, col(Membership.deactivated_at).is_(None))
            .group_by(col(Membership.role))
        )
        by_role = {Role(role): count for role, count in roles.all()}
        gone = await _counts(session, Membership, ids, col(Membership.deactivated_at).is_not(None))
        departments = await _counts(session, Department, ids)
        invited = await _counts(session, Invitation, ids, *_open())
        signed_in = await _counts(session, Session, ids, *_lasting())
        conversations = await _counts(session, Context, ids)
        active = await _activity(session, ids)
    totals = await credits.totals(session, actor, ids)
    return Figures(
        id=row.id,
        name=row.name,
        time_zone=row.time_zone,
        created_at=row.created_at,
        active_at=active.get(row.id),
        roles={role: by_role.get(role, 0) for role in Role},
        deactivated=gone.get(row.id, 0),
        invited=invited.get(row.id, 0),
        departments=departments.get(row.id, 0),
        signed_in=signed_in.get(row.id, 0),
        conversations=conversations.get(row.id, 0),
        credits=totals[row.id],
    )


def _named(query: Select[*tuple[Any, ...]], text: str) -> Select[*tuple[Any, ...]]:
    sought = text.strip()[:120]
    return query.where(col(Organization.name).icontains(sought, autoescape=True)) if sought else query


def _open() -> tuple[Any, ...]:
    return (
        col(Invitation.accepted_at).is_(None),
        col(Invitation.revoked_at).is_(None),
        col(Invitation.expires_at) > now(),
    )


def _lasting() -> tuple[Any, ...]:
    moment = now()
    return (
        col(Session.revoked_at).is_(None),
        col(Session.expires_at) > moment,
        col(Session.idle_expires_at) > moment,
    )


async def _counts(session: AsyncSession, table: Any, ids: Collection[UUID], *which: Any) -> dict[UUID, int]:
    """How many rows each of these organisations has there."""
    query = (
        select(table.organization_id, func.count())
        .where(table.organization_id.in_(ids), *which)
        .group_by(table.organization_id)
    )
    return _as_dict((await session.execute(query)).all())


async def _activity(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, datetime]:
    query = (
        select(col(Session.organization_id), func.max(col(Session.last_seen_at)))
        .where(col(Session.organization_id).in_(ids))
        .group_by(col(Session.organization_id))
    )
    return _as_dict((await session.execute(query)).all())


def _as_dict(rows: Sequence[Any]) -> dict[UUID, Any]:
    return {row[0]: row[1] for row in rows}
