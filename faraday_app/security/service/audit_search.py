"""Narrowing the trail. Every filter but text has an index that ends with the id, so that a page costs a page.

Text is sought in the newest ``WINDOW`` events that satisfy the other filters: row-level security keeps an index of
words from being used before it has judged each row, and a search must end in time however long the trail is.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, cast, func, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from faraday_app.security.models import AuditEvent

WINDOW = 20_000
MOST_KINDS = 300
# An event's id is made a moment before its time is noted, on machines whose clocks differ.
_SLACK = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Empty fields do not narrow. ``before`` and ``after`` are ids: the keyset of the pager.

    ``text`` is sought in who, what, where and the details; ``meant`` are actions whose wording contains it.
    ``action`` is a whole action or the beginning of several; ``since`` is within the range and ``until`` is not.
    """

    text: str = ""
    meant: tuple[str, ...] = ()
    action: str = ""
    actor_id: UUID | None = None
    since: datetime | None = None
    before: UUID | None = None
    after: UUID | None = None
    until: datetime | None = None
    target_type: str = ""
    target_id: UUID | None = None
    outcome: str = ""
    address: str = ""
    request_id: str = ""


NARROWS = (
    "text", "action", "actor_id", "since", "until", "target_type", "target_id", "outcome", "address", "request_id"
)  # fmt: skip


def narrowing(wanted: AuditFilter) -> dict[str, str]:
    """The filters that narrow, as text: for events and for what is kept."""
    said = {name: getattr(wanted, name) for name in NARROWS}
    return {
        name: value.isoformat() if isinstance(value, datetime) else str(value) for name, value in said.items() if value
    }


async def find(session: AsyncSession, organization_id: UUID, wanted: AuditFilter, limit: int) -> list[AuditEvent]:
    """Events of the organisation, newest first; ``after`` gives those that follow it."""
    kinds = await kinds_meant(session, organization_id, wanted.action)
    if kinds == []:
        return []
    rising = wanted.after is not None
    query = _page(conditions(organization_id, wanted), kinds, WINDOW if wanted.text else limit, rising)
    if wanted.text:
        query = _with_text(query, wanted, limit, rising)
    found = list((await session.scalars(query)).all())
    return found[::-1] if rising else found


async def is_cut(session: AsyncSession, organization_id: UUID, wanted: AuditFilter) -> bool:
    """Whether text was not sought in everything that satisfies the other filters."""
    kinds = await kinds_meant(session, organization_id, wanted.action)
    if not wanted.text or kinds == []:
        return False
    narrowed = conditions(organization_id, wanted)
    query = select(col(AuditEvent.id)).where(*narrowed, *([] if kinds is None else [col(AuditEvent.action).in_(kinds)]))
    return bool(await session.scalar(query.order_by(col(AuditEvent.id).desc()).offset(WINDOW).limit(1)))


async def kinds_meant(session: AsyncSession, organization_id: UUID, action: str) -> list[str] | None:
    """The actions that begin so; None when all are meant."""
    if not action:
        return None
    return [kind for kind in await list_kinds(session, organization_id) if kind.startswith(action)]


async def list_kinds(session: AsyncSession, organization_id: UUID) -> list[str]:
    """The kinds of event that occurred. A loose index scan: fast however long the trail."""
    found: list[str] = []
    last = ""
    while len(found) < MOST_KINDS:
        following = await session.scalar(
            select(func.min(AuditEvent.action)).where(
                col(AuditEvent.organization_id) == organization_id, col(AuditEvent.action) > last
            )
        )
        if following is None:
            break
        found.append(following)
        last = following
    return found


def conditions(organization_id: UUID, wanted: AuditFilter, event: Any = AuditEvent) -> list[ColumnElement[bool]]:
    """What every event must satisfy, action and text aside: each of it by an index."""
    found: list[ColumnElement[bool]] = [col(event.organization_id) == organization_id]
    for name in ("actor_id", "target_type", "target_id", "outcome", "address", "request_id"):
        if value := getattr(wanted, name):
            found.append(col(getattr(event, name)) == value)
    if wanted.since:
        found += [col(event.id) >= _least_id(wanted.since - _SLACK), col(event.created_at) >= wanted.since]
    if wanted.until:
        found += [col(event.id) < _least_id(wanted.until + _SLACK), col(event.created_at) < wanted.until]
    if wanted.after:
        found.append(col(event.id) > wanted.after)
    if wanted.before:
        found.append(col(event.id) < wanted.before)
    return found


def every_condition(organization_id: UUID, wanted: AuditFilter, event: Any = AuditEvent) -> list[ColumnElement[bool]]:
    """For reading all of them once, however long it takes."""
    found = conditions(organization_id, wanted, event)
    if wanted.action:
        found.append(col(event.action).startswith(wanted.action, autoescape=True))
    return [*found, mentions(wanted, event)] if wanted.text else found


def mentions(wanted: AuditFilter, event: Any = AuditEvent) -> ColumnElement[bool]:
    """Whether an event has the text in what people read of it."""
    sought = (col(event.actor_name), col(event.action), col(event.address), cast(col(event.details), String))
    return or_(col(event.action).in_(wanted.meant), *(part.icontains(wanted.text, autoescape=True) for part in sought))


def _page(narrowed: list[ColumnElement[bool]], kinds: list[str] | None, limit: int, rising: bool) -> Select[AuditEvent]:
    """The first of them by id. Of several kinds each is asked by its index for so many, and the first of all taken."""
    order = col(AuditEvent.id) if rising else col(AuditEvent.id).desc()
    query = select(AuditEvent).where(*narrowed)
    if kinds is not None:
        firsts = [
            select(col(AuditEvent.id)).where(*narrowed, col(AuditEvent.action) == kind).order_by(order).limit(limit)
            for kind in kinds
        ]
        query = query.where(col(AuditEvent.id).in_(union_all(*firsts) if len(firsts) > 1 else firsts[0]))
    return query.order_by(order).limit(limit)


def _with_text(query: Select[AuditEvent], wanted: AuditFilter, limit: int, rising: bool) -> Select[AuditEvent]:
    window = aliased(AuditEvent, query.subquery())
    order = col(window.id) if rising else col(window.id).desc()
    return select(window).where(mentions(wanted, window)).order_by(order).limit(limit)


def _least_id(at: datetime) -> UUID:
    """The least UUIDv7 of a moment."""
    return UUID(int=max(0, min(int(at.astimezone(UTC).timestamp() * 1000), 2**48 - 1)) << 80)
