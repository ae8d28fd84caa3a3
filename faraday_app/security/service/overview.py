"""What the security centre shows: bounded reads, however long the trail and however many sessions."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.errors import NotFound
from faraday_app.core.geo import country_of
from faraday_app.core.ids import first_id_of
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.core.settings import settings
from faraday_app.security.models import ApiKey, AuditEvent, Session
from faraday_app.security.service import sessions
from faraday_app.security.service.audit import record
from faraday_app.security.service.directory import directory

MAP_DAYS = 30
MOST_ADDRESSES = 1_000
MOST_FAILURES = 10_000
FEW = 5
PAGE = 10
FAILED = "session.refused"


@dataclass(frozen=True, slots=True)
class Tried:
    """An account or an address, and how often signing in as it or from it failed."""

    name: str
    failures: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Failures:
    """``hours`` are the last 24, ``day`` and ``week`` their numbers."""

    hours: list[int]
    day: int
    week: int
    accounts: list[Tried]
    addresses: list[Tried]


@dataclass(frozen=True, slots=True)
class OpenSession:
    id: UUID
    user_id: UUID
    name: str
    address: str
    country: str
    user_agent: str
    last_seen_at: datetime


async def sign_ins_by_country(session: AsyncSession, actor: Actor) -> list[tuple[str, int]]:
    """How many sign-ins of the last 30 days came from which country, most first; "" for local and unknown ones."""
    actor.must(Permission.security_read)
    counted = func.count()
    query = (
        select(col(Session.address), counted)
        .where(
            col(Session.organization_id) == actor.organization,
            col(Session.id) >= first_id_of(now() - timedelta(days=MAP_DAYS)),
        )
        .group_by(col(Session.address))
        .order_by(counted.desc())
        .limit(MOST_ADDRESSES)
    )
    found: Counter[str] = Counter()
    for address, count in (await session.execute(query)).all():
        found[await country_of(address)] += count
    return found.most_common()


async def failures_by_span(session: AsyncSession, organization_id: UUID, span: timedelta, spans: int) -> list[int]:
    """The number of failed sign-ins in each of the last spans, oldest first; at most ``MOST_FAILURES`` are counted."""
    begin = now() - spans * span
    query = select(col(AuditEvent.created_at)).where(*_failed(organization_id, begin))
    moments = (await session.scalars(query.order_by(col(AuditEvent.id).desc()).limit(MOST_FAILURES))).all()
    found = Counter(min(max(int((moment - begin) / span), 0), spans - 1) for moment in moments)
    return [found[number] for number in range(spans)]


async def failures(session: AsyncSession, actor: Actor) -> Failures:
    """Failed sign-ins of the last day and week, and who and what they were about."""
    actor.must(Permission.security_read)
    hours = await failures_by_span(session, actor.organization, timedelta(hours=1), 24)
    days = await failures_by_span(session, actor.organization, timedelta(days=1), 7)
    accounts = (await session.execute(_by(col(AuditEvent.target_id), actor.organization))).all()
    addresses = (await session.execute(_by(col(AuditEvent.address), actor.organization))).all()
    names = await directory.names(session, actor.organization, {id for id, _, _ in accounts})
    return Failures(
        hours=hours,
        day=sum(hours),
        week=sum(days),
        accounts=[Tried(names.get(id, "Somebody"), count, last) for id, count, last in accounts],
        addresses=[Tried(address, count, last) for address, count, last in addresses if address],
    )


async def open_sessions(
    session: AsyncSession, actor: Actor, limit: int = PAGE, before: UUID | None = None
) -> list[OpenSession]:
    """The browsers that are signed in, newest first; ``before`` is the id of the last one shown."""
    actor.must(Permission.security_read)
    query = select(Session).where(
        col(Session.organization_id) == actor.organization,
        col(Session.id) >= first_id_of(now() - timedelta(hours=settings().session_hours)),  # older ones have ended
        col(Session.revoked_at).is_(None),
        col(Session.idle_expires_at) > now(),
        col(Session.expires_at) > now(),
    )
    if before:
        query = query.where(col(Session.id) < before)
    rows = (await session.scalars(query.order_by(col(Session.id).desc()).limit(limit))).all()
    names = await directory.names(session, actor.organization, {row.user_id for row in rows})
    return [await _open(row, names.get(row.user_id, "Somebody")) for row in rows]


async def end_session(session: AsyncSession, actor: Actor, session_id: UUID) -> None:
    """Sign somebody out of one browser, at once."""
    actor.must(Permission.security_manage)
    row = await session.scalar(select(Session).where(col(Session.id) == session_id).with_for_update())
    if row is None or row.organization_id != actor.organization or row.revoked_at:
        raise NotFound("This session has already ended.")
    await sessions.revoke_session(session, row.id)
    names = await directory.names(session, actor.organization, {row.user_id})
    record(session, actor, "session.revoked", row, name=names.get(row.user_id, ""))
    publish_on_commit(session, topic("audit", actor.organization))


async def oldest_keys(session: AsyncSession, actor: Actor) -> Sequence[ApiKey]:
    """The oldest keys that are not revoked."""
    actor.must(Permission.security_read)
    query = select(ApiKey).where(col(ApiKey.organization_id) == actor.organization, col(ApiKey.revoked_at).is_(None))
    return (await session.scalars(query.order_by(col(ApiKey.id)).limit(FEW))).all()


def _failed(organization_id: UUID, since: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(AuditEvent.organization_id) == organization_id,
        col(AuditEvent.action) == FAILED,
        col(AuditEvent.id) >= first_id_of(since),
    )


def _by(what: Mapped[Any], organization_id: UUID) -> Select[Any, int, datetime]:
    """The few with the most failures of the last week, among the newest ``MOST_FAILURES``."""
    newest = (
        select(what.label("what"), col(AuditEvent.created_at).label("at"))
        .where(*_failed(organization_id, now() - timedelta(days=7)))
        .order_by(col(AuditEvent.id).desc())
        .limit(MOST_FAILURES)
        .subquery()
    )
    counted = func.count()
    query = select(newest.c.what, counted, func.max(newest.c.at)).where(newest.c.what.is_not(None))
    return query.group_by(newest.c.what).order_by(counted.desc(), newest.c.what).limit(FEW)


async def _open(row: Session, name: str) -> OpenSession:
    return OpenSession(
        row.id, row.user_id, name, row.address, await country_of(row.address), row.user_agent, row.last_seen_at
    )
