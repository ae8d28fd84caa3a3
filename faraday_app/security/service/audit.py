"""The audit trail: written in the transaction of what it tells of, never changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.database import Row
from faraday_app.core.errors import NotFound
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.models import AuditEvent

PAGE = 50


def record(session: AsyncSession, actor: Actor, action: str, target: Row | None = None, **details: Any) -> AuditEvent:
    """Add an event to this transaction. Details are plain JSON and hold no secret."""
    organization = actor.organization_id or getattr(target, "organization_id", None)
    event = AuditEvent(
        organization_id=organization,
        actor_id=actor.user_id,
        actor_name=actor.name,
        action=action,
        target_type=str(getattr(target, "__tablename__", "")),
        target_id=target.id if target else None,
        details=details,
        address=actor.address,
    )
    session.add(event)
    if organization:
        publish_on_commit(session, topic("audit", organization), event.id)
    return event


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Empty fields do not narrow. ``before`` and ``after`` are ids: the keyset of the pager.

    ``text`` is sought in who, what, where and the details; ``meant`` are actions whose wording contains it.
    """

    text: str = ""
    meant: tuple[str, ...] = ()
    action: str = ""
    actor_id: UUID | None = None
    since: datetime | None = None
    before: UUID | None = None
    after: UUID | None = None


async def search(session: AsyncSession, actor: Actor, wanted: AuditFilter, limit: int = PAGE) -> list[AuditEvent]:
    """Events of the actor's organisation, newest first."""
    actor.must(Permission.audit_read)
    query = select(AuditEvent).where(col(AuditEvent.organization_id) == actor.organization)
    if wanted.action:
        query = query.where(col(AuditEvent.action).startswith(wanted.action, autoescape=True))
    if wanted.actor_id:
        query = query.where(col(AuditEvent.actor_id) == wanted.actor_id)
    if wanted.text:
        query = query.where(or_(col(AuditEvent.action).in_(wanted.meant), *_contains(wanted.text)))
    if wanted.since:
        query = query.where(col(AuditEvent.created_at) >= wanted.since)
    if wanted.after:
        query = query.where(col(AuditEvent.id) > wanted.after).order_by(col(AuditEvent.id)).limit(limit)
        return list(reversed((await session.scalars(query)).all()))
    if wanted.before:
        query = query.where(col(AuditEvent.id) < wanted.before)
    return list((await session.scalars(query.order_by(col(AuditEvent.id).desc()).limit(limit))).all())


async def recent(session: AsyncSession, actor: Actor, limit: int = 6) -> list[AuditEvent]:
    """The newest events of the organisation for those who may read the trail, of the actor's own for others."""
    query = select(AuditEvent).where(col(AuditEvent.organization_id) == actor.organization)
    if not actor.may(Permission.audit_read):
        query = query.where(col(AuditEvent.actor_id) == actor.user)
    return list((await session.scalars(query.order_by(col(AuditEvent.id).desc()).limit(limit))).all())


async def get_event(session: AsyncSession, actor: Actor, event_id: UUID) -> AuditEvent:
    actor.must(Permission.audit_read)
    event = await session.get(AuditEvent, event_id)
    if event is None or event.organization_id != actor.organization:
        raise NotFound("This event does not exist.")
    return event


async def actions(session: AsyncSession, actor: Actor) -> list[str]:
    """The kinds of event that occurred, for the filter. A loose index scan: fast however long the trail."""
    actor.must(Permission.audit_read)
    found: list[str] = []
    last = ""
    while len(found) < 100:
        following = await session.scalar(
            select(func.min(AuditEvent.action)).where(
                col(AuditEvent.organization_id) == actor.organization, col(AuditEvent.action) > last
            )
        )
        if following is None:
            break
        found.append(following)
        last = following
    return found


def _contains(text: str) -> list[ColumnElement[bool]]:
    sought = (
        col(AuditEvent.actor_name),
        col(AuditEvent.action),
        col(AuditEvent.address),
        cast(col(AuditEvent.details), String),
    )
    return [column.icontains(text, autoescape=True) for column in sought]
