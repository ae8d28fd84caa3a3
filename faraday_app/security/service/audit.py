"""The audit trail: written in the transaction of what it tells of, never changed."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.batch import Batch
from faraday_app.core.clock import now
from faraday_app.core.closing import insert_at_end
from faraday_app.core.context import request_id
from faraday_app.core.database import Row
from faraday_app.core.errors import NotFound
from faraday_app.core.ids import new_id
from faraday_app.core.log import HIDDEN, without_secrets
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.models import AuditEvent
from faraday_app.security.service.audit_search import AuditFilter, find, is_cut, list_kinds

__all__ = ["OUTCOMES", "PAGE", "AuditFilter", "Thing", "record", "search"]

PAGE = 50
OUTCOMES = ("done", "refused", "failed")
# What the books of credits need to be rebuilt from the trail; nobody did it, so it is no news.
BOOKKEEPING = ("credits.expired", "credits.held", "credits.released", "credits.settled")
_CODES = re.compile(r"(^|[_.-])(code|otp|pin)s?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Thing:
    """A target that is known by its table and id alone."""

    __tablename__: str
    id: UUID


def record(
    session: AsyncSession,
    actor: Actor,
    action: str,
    target: Row | Thing | None = None,
    *,
    outcome: Any = "",  # callers pass on details of every kind, which a narrower type would refuse
    **details: Any,
) -> None:
    """Add an event to this transaction, as the last that it writes. Details are plain JSON; what looks like a secret
    in them is hidden.

    An action that is called refused or failed has that outcome.
    """
    event = _event(actor, action, target, str(outcome), details)
    insert_at_end(session, AuditEvent, event)
    if event["organization_id"]:
        publish_on_commit(session, topic("audit", event["organization_id"]), event["id"])


def record_in(
    batch: Batch,
    actor: Actor,
    action: str,
    target: Row | Thing | None = None,
    *,
    outcome: Any = "",
    **details: Any,
) -> None:
    """The same in a batch. What happens with every call has a topic of its own: no detector looks for any of it."""
    event = _event(actor, action, target, str(outcome), details)
    batch.insert(AuditEvent, event)
    if event["organization_id"]:
        batch.publish(topic("calls", event["organization_id"]))


def _event(
    actor: Actor, action: str, target: Row | Thing | None, outcome: str, details: dict[str, Any]
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "created_at": now(),
        "organization_id": actor.organization_id or getattr(target, "organization_id", None),
        "actor_id": actor.user_id,
        "actor_name": actor.name,
        "action": action,
        "target_type": str(getattr(target, "__tablename__", "")),
        "target_id": target.id if target else None,
        "details": _without_secrets(details),
        "address": actor.address,
        "outcome": outcome or _outcome_of(action),
        "request_id": request_id(),
        "session_id": actor.session_id,
        "api_key_id": actor.api_key_id,
    }


def _outcome_of(action: str) -> str:
    last = action.rsplit(".", 1)[-1]
    return last if last in OUTCOMES else OUTCOMES[0]


async def search(session: AsyncSession, actor: Actor, wanted: AuditFilter, limit: int = PAGE) -> list[AuditEvent]:
    """Events of the actor's organisation, newest first."""
    actor.must(Permission.audit_read)
    return await find(session, actor.organization, wanted, limit)


async def text_was_cut(session: AsyncSession, actor: Actor, wanted: AuditFilter) -> bool:
    """Whether text was sought in the newest events only, because there are more."""
    actor.must(Permission.audit_read)
    return await is_cut(session, actor.organization, wanted)


async def recent(session: AsyncSession, actor: Actor, limit: int = 6) -> list[AuditEvent]:
    """The newest events of the organisation for those who may read the trail, of the actor's own for others."""
    query = select(AuditEvent).where(
        col(AuditEvent.organization_id) == actor.organization, col(AuditEvent.action).not_in(BOOKKEEPING)
    )
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
    """The kinds of event that occurred, for the filter."""
    actor.must(Permission.audit_read)
    return await list_kinds(session, actor.organization)


def _without_secrets(details: dict[str, Any]) -> dict[str, Any]:
    """Secret by name or by looks, at any depth; one-time codes too, which a log may show where they are no secret."""
    hidden: dict[str, Any] = without_secrets({key: _without_codes(key, value) for key, value in details.items()})
    return hidden


@lru_cache(maxsize=4_096)
def _names_a_code(key: str) -> bool:
    return _CODES.search(key) is not None


def _without_codes(key: str, value: Any) -> Any:
    if _names_a_code(key):
        return HIDDEN
    if isinstance(value, dict):
        return {each: _without_codes(str(each), inner) for each, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without_codes("", inner) for inner in value]
    return value
