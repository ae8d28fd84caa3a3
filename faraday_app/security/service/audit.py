"""The audit trail: written in the transaction of what it tells of, never changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.database import Row
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
    """Empty fields do not narrow. ``before`` and ``after`` are ids: the keyset of the pager."""

    text: str = ""
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
        pattern = f"%{_escaped(wanted.text)}%"
        query = query.where(
            col(AuditEvent.actor_name).ilike(pattern)
            | col(AuditEvent.action).ilike(pattern)
            | col(AuditEvent.address).ilike(pattern)
        )
    if wanted.since:
        query = query.where(col(AuditEvent.created_at) >= wanted.since)
    if wanted.after:
        query = query.where(col(AuditEvent.id) > wanted.after).order_by(col(AuditEvent.id)).limit(limit)
        return list(reversed((await session.scalars(query)).all()))
    if wanted.before:
        query = query.where(col(AuditEvent.id) < wanted.before)
    return list((await session.scalars(query.order_by(col(AuditEvent.id).desc()).limit(limit))).all())


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


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
