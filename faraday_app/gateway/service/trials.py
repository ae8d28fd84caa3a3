"""Long work that a row tells of: who does it renews its lease, and when they are gone another takes it up."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, FaradayError, NotFound
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gateway.models import FailoverDrill, RoutingReplay, State

LEASE = timedelta(minutes=2)
PAGE = 10
Trial = TypeVar("Trial", FailoverDrill, RoutingReplay)
Told = Callable[[int, int], Awaitable[None]]  # how many of how many are done


async def open_one(session: AsyncSession, trial: FailoverDrill | RoutingReplay, words: str) -> None:
    """Add it to this transaction; Conflict with these words while there is another."""
    session.add(trial)
    try:
        await session.flush()
    except IntegrityError:
        raise Conflict(words) from None
    _announce(session, trial)


async def claim(table: type[Trial]) -> Trial | None:
    """One that waits, or whose worker is gone, of any organisation."""
    async with transaction(Actor.system()) as session:
        free = or_(col(table.lease_until).is_(None), col(table.lease_until) < now())
        query = select(table).where(col(table.finished_at).is_(None), free).order_by(col(table.id)).limit(1)
        found = await session.scalar(query.with_for_update(skip_locked=True))
        if found is not None:
            found.status, found.lease_until = State.running, now() + LEASE
            _announce(session, found)
    return found


async def carry_out(trial: Trial, work: Callable[[Trial, Told], Awaitable[dict[str, Any]]]) -> None:
    """Do the work and keep what comes of it, or why nothing did. Work may be done twice, its end is kept once."""
    try:
        found = {**await work(trial, _telling(trial)), "status": State.done}
    except FaradayError as error:
        found = {"status": State.failed, "error": error.message[:300]}
    await _write(trial, finished_at=now(), lease_until=None, **found)


async def newest(
    session: AsyncSession, actor: Actor, table: type[Trial], after: UUID | None = None, limit: int = PAGE
) -> list[Trial]:
    """Those of the actor's organisation, the newest first."""
    actor.must(Permission.models_manage)
    query = select(table).where(col(table.organization_id) == actor.organization)
    if after is not None:
        query = query.where(col(table.id) < after)
    return list((await session.scalars(query.order_by(col(table.id).desc()).limit(limit))).all())


async def get(session: AsyncSession, actor: Actor, table: type[Trial], id: UUID) -> Trial:
    actor.must(Permission.models_manage)
    found = await session.get(table, id)
    if found is None or found.organization_id != actor.organization:
        raise NotFound("This report does not exist.")
    return found


def _telling(trial: FailoverDrill | RoutingReplay) -> Told:
    async def told(done: int, total: int) -> None:
        await _write(trial, done=done, total=total, lease_until=now() + LEASE)

    return told


async def _write(trial: FailoverDrill | RoutingReplay, **values: Any) -> None:
    """To the row, while it is open, and to what we hold of it."""
    async with transaction(Actor.system(trial.organization_id)) as session:
        table = FailoverDrill if isinstance(trial, FailoverDrill) else RoutingReplay
        row: FailoverDrill | RoutingReplay | None = await session.get(table, trial.id, with_for_update=True)
        if row is not None and row.finished_at is None:
            for name, value in values.items():
                setattr(row, name, value)
            _announce(session, row)
    for name, value in values.items():
        setattr(trial, name, value)


def _announce(session: AsyncSession, trial: FailoverDrill | RoutingReplay) -> None:
    kind = "drills" if isinstance(trial, FailoverDrill) else "replays"
    publish_on_commit(session, topic(kind, trial.organization_id))
