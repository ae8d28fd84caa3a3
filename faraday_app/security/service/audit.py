"""The audit trail: written in the transaction of what it tells of, never changed."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.database import Row
from faraday_app.core.errors import NotFound
from faraday_app.core.log import HIDDEN, without_secrets
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.models import AuditEvent

PAGE = 50
_CODES = re.compile(r"(^|[_.-])(code|otp|pin)s?$", re.IGNORECASE)


def record(
    session: AsyncSession,
    actor: Actor,
    action: str,
    target: Row | None = None,
    *,
    outcome: Any = "done",  # callers pass on details of every kind, which a narrower type would refuse
    **details: Any,
) -> AuditEvent:
    """Add an event to this transaction. Details are plain JSON; what looks like a secret in them is hidden."""
    organization = actor.organization_id or getattr(target, "organization_id", None)
    event = AuditEvent(
        organization_id=organization,
        actor_id=actor.user_id,
        actor_name=actor.name,
        action=action,
        target_type=str(getattr(target, "__tablename__", "")),
        target_id=target.id if target else None,
        details=_without_secrets(details),
        address=actor.address,
        outcome=str(outcome),
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
    query = select(AuditEvent).where(*conditions(AuditEvent, actor, wanted))
    if wanted.after:
        query = query.where(col(AuditEvent.id) > wanted.after).order_by(col(AuditEvent.id)).limit(limit)
        return list(reversed((await session.scalars(query)).all()))
    if wanted.before:
        query = query.where(col(AuditEvent.id) < wanted.before)
    return list((await session.scalars(query.order_by(col(AuditEvent.id).desc()).limit(limit))).all())


def conditions(event: type[AuditEvent], actor: Actor, wanted: AuditFilter) -> list[ColumnElement[bool]]:
    """What narrows the trail of the actor's organisation; the pager's ids do not."""
    found: list[ColumnElement[bool]] = [col(event.organization_id) == actor.organization]
    if wanted.action:
        found.append(col(event.action).startswith(wanted.action, autoescape=True))
    if wanted.actor_id:
        found.append(col(event.actor_id) == wanted.actor_id)
    if wanted.text:
        found.append(or_(col(event.action).in_(wanted.meant), *_contains(event, wanted.text)))
    if wanted.since:
        found.append(col(event.created_at) >= wanted.since)
    return found


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


def _contains(event: type[AuditEvent], text: str) -> list[ColumnElement[bool]]:
    sought = (col(event.actor_name), col(event.action), col(event.address), cast(col(event.details), String))
    return [column.icontains(text, autoescape=True) for column in sought]


def _without_secrets(details: dict[str, Any]) -> dict[str, Any]:
    """Secret by name or by looks, at any depth; one-time codes too, which a log may show where they are no secret."""
    hidden: dict[str, Any] = without_secrets({key: _without_codes(key, value) for key, value in details.items()})
    return hidden


def _without_codes(key: str, value: Any) -> Any:
    if _CODES.search(key):
        return HIDDEN
    if isinstance(value, dict):
        return {each: _without_codes(str(each), inner) for each, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without_codes("", inner) for inner in value]
    return value
