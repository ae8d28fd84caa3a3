"""Reading what detectors look at: a few queries along indexes, each with an end."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.geo import country_of
from faraday_app.core.ids import first_id_of
from faraday_app.security.models import AuditEvent, SecuritySettings, Session
from faraday_app.security.service.alerts.detectors import EXPORTS, FAILURES, HOUR, REFUSALS, REFUSALS_SPAN, WATCHED
from faraday_app.security.service.alerts.window import Event, SignIn, Window
from faraday_app.security.service.directory import directory
from faraday_app.security.service.sightings import KEY_SEEN

USUAL = timedelta(days=14)  # how far back a person's own usual is looked for
TRAVEL = timedelta(days=1)
FAMILIAR = timedelta(days=30)
MOST = 5_000  # events of a kind that one look takes in, newest first


async def read_window(
    session: AsyncSession, organization_id: UUID, limits: SecuritySettings, since: datetime
) -> Window:
    span = timedelta(minutes=limits.window_minutes)
    failures = await _events(session, organization_id, FAILURES, since - span)
    exports = await _events(session, organization_id, EXPORTS, since - HOUR)
    changes = await _events(session, organization_id, WATCHED, since)
    sign_ins = await _sign_ins(session, organization_id, since)
    people = {each.target_id for each in failures} | {each.user_id for each in sign_ins}
    people |= {each.target_id for each in changes if each.target_id}
    return Window(
        since=since,
        sign_ins=sign_ins,
        failures=[each for each in failures if each.target_id],
        exports=await _with_usual(session, organization_id, exports, since),
        changes=changes,
        refusals=await _events(session, organization_id, REFUSALS, since - REFUSALS_SPAN),
        sightings=await _sightings(session, organization_id, since),
        familiar=await _familiar(session, organization_id, failures),
        guardians=await _guardians(session, organization_id) if changes else frozenset(),
        founded=await _founded(session, organization_id) if changes else None,
        names=await directory.names(session, organization_id, {each for each in people if each}),
    )


async def _events(
    session: AsyncSession, organization_id: UUID, actions: Collection[str], since: datetime, *which: Any
) -> list[Event]:
    """The newest events of these kinds since then, oldest first: one scan of the index for each kind."""
    parts = [
        select(AuditEvent)
        .where(
            col(AuditEvent.organization_id) == organization_id,
            col(AuditEvent.action) == action,
            col(AuditEvent.id) >= first_id_of(since),
            *which,
        )
        .order_by(col(AuditEvent.id).desc())
        .limit(MOST)
        for action in sorted(actions)
    ]
    found = (await session.scalars(select(AuditEvent).from_statement(union_all(*parts)))).all()
    return [event_of(row) for row in sorted(found, key=lambda row: row.id)]


def event_of(row: AuditEvent) -> Event:
    return Event(
        row.id, row.created_at, row.action, row.actor_id, row.actor_name, row.target_id, row.address, row.details
    )


async def _with_usual(
    session: AsyncSession, organization_id: UUID, exports: Sequence[Event], since: datetime
) -> list[Event]:
    """With the earlier exports of those who export now, to know what is usual for them."""
    actors = {each.actor_id for each in exports if each.actor_id}
    if not actors:
        return []
    return await _events(session, organization_id, EXPORTS, since - USUAL, col(AuditEvent.actor_id).in_(actors))


async def _sightings(session: AsyncSession, organization_id: UUID, since: datetime) -> list[Event]:
    """Where the keys were used that are new somewhere, from the beginning."""
    keys = {each.target_id for each in await _events(session, organization_id, {KEY_SEEN}, since)}
    if not keys:
        return []
    ever = first_moment()
    return await _events(session, organization_id, {KEY_SEEN}, ever, col(AuditEvent.target_id).in_(keys))


def first_moment() -> datetime:
    return datetime.fromisoformat("2000-01-01T00:00:00+00:00")


async def _sign_ins(session: AsyncSession, organization_id: UUID, since: datetime) -> list[SignIn]:
    """Those of a day before, of everybody who signed in since."""
    mine = (col(Session.organization_id) == organization_id,)
    fresh = select(col(Session.user_id)).where(*mine, col(Session.id) >= first_id_of(since)).limit(MOST)
    query = (
        select(Session)
        .where(*mine, col(Session.id) >= first_id_of(since - TRAVEL), col(Session.user_id).in_(fresh))
        .order_by(col(Session.id).desc())
        .limit(MOST)
    )
    rows = list((await session.scalars(query)).all())
    countries = {address: await country_of(address) for address in {row.address for row in rows}}
    return [
        SignIn(row.id, row.user_id, row.created_at, row.address, countries[row.address], row.user_agent)
        for row in reversed(rows)
    ]


async def _familiar(
    session: AsyncSession, organization_id: UUID, failures: Sequence[Event]
) -> frozenset[tuple[UUID, str]]:
    """Which of the accounts had signed in from the same address before the first of these failures."""
    pairs = {(each.target_id, each.address) for each in failures if each.target_id and each.address}
    if not pairs:
        return frozenset()
    begin = failures[0].at
    query = (
        select(col(Session.user_id), col(Session.address))
        .where(
            col(Session.organization_id) == organization_id,
            col(Session.id).between(first_id_of(begin - FAMILIAR), first_id_of(begin)),
            tuple_(col(Session.user_id), col(Session.address)).in_(list(pairs)[:MOST]),
        )
        .distinct()
    )
    return frozenset((user_id, address) for user_id, address in (await session.execute(query)).all())


async def _guardians(session: AsyncSession, organization_id: UUID) -> frozenset[UUID]:
    return frozenset(each.user_id for each in await directory.guardians(session, organization_id))


async def _founded(session: AsyncSession, organization_id: UUID) -> datetime | None:
    query = select(col(AuditEvent.created_at)).where(
        col(AuditEvent.organization_id) == organization_id, col(AuditEvent.action) == "organization.created"
    )
    return await session.scalar(query.order_by(col(AuditEvent.id)).limit(1))
