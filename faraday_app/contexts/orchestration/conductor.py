"""Drives questions to several GPTs to their end, in the worker that was asked; in another when that one died."""

import asyncio
import contextvars
from uuid import UUID

import structlog
from sqlalchemy import select, update
from sqlmodel import col

from faraday_app.contexts.engine import engine
from faraday_app.contexts.models import Context, Orchestration, Run, Status
from faraday_app.contexts.orchestration import steps
from faraday_app.contexts.orchestration.asking import Started, opened
from faraday_app.contexts.service.conversations import get_context
from faraday_app.contexts.service.runs import LEASE
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import FaradayError, NotPermitted, Unavailable
from faraday_app.core.permissions import Actor
from faraday_app.organizations.service.identity import member

LOOK_AGAIN = 1.0  # seconds, for what happens in other workers
BROKEN = "This could not be finished. What had come is kept; you can try again."
_log = structlog.get_logger(__name__)


class Conductor:
    """The questions to several GPTs that this worker drives."""

    def __init__(self) -> None:
        self._tasks: dict[UUID, asyncio.Task[None]] = {}
        self._again: dict[UUID, Orchestration] = {}

    def launch(self, started: Started) -> None:
        """After the commit: all runs at once, and whatever comes after them. Twice changes nothing."""
        for run in started.runs:
            engine.launch(run)
        if started.orchestration:
            self._take(started.orchestration)

    async def drain(self) -> None:
        """At shut-down: leave what is open to whoever comes after, when its lease lapses."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def take_up_abandoned(self) -> int:
        """Go on with what its driver left. How many there were."""
        lapsed = (col(Orchestration.finished_at).is_(None), col(Orchestration.lease_until) < now())
        async with transaction(Actor.system()) as session:
            some = select(col(Orchestration.id)).where(*lapsed).limit(100).with_for_update(skip_locked=True)
            taken = update(Orchestration).where(col(Orchestration.id).in_(some)).values(lease_until=now() + LEASE)
            found = list((await session.scalars(taken.returning(Orchestration))).all())
        for orchestration in found:
            self._take(orchestration)
        return len(found)

    def _take(self, orchestration: Orchestration) -> None:
        if orchestration.id in self._tasks:  # it may be about to end, and not see what has begun anew
            self._again[orchestration.id] = orchestration
        else:
            name = f"orchestration {orchestration.id}"
            task = asyncio.create_task(self._drive(orchestration), name=name, context=contextvars.Context())
            self._tasks[orchestration.id] = task
            task.add_done_callback(lambda done: self._let_go(orchestration.id, done))

    def _let_go(self, orchestration_id: UUID, done: "asyncio.Task[None]") -> None:
        self._tasks.pop(orchestration_id, None)
        again = self._again.pop(orchestration_id, None)
        if again and not done.cancelled():
            self._take(again)

    async def _drive(self, orchestration: Orchestration) -> None:
        renewing = asyncio.create_task(_renew(orchestration))
        try:
            while (waiting := await _advance(orchestration)) is not None:
                for run in waiting:
                    engine.launch(run)
                if waiting:
                    await engine.settled([run.id for run in waiting], LOOK_AGAIN)
        except Exception as error:
            _log.error("orchestration_failed", orchestration_id=str(orchestration.id), exc_info=error)
            await _give_up(orchestration, BROKEN)
        finally:
            renewing.cancel()


async def _advance(orchestration: Orchestration) -> list[Run] | None:
    """One look, under the rights that whoever asked has now. A refusal ends it with its words."""
    try:
        actor = await _asker(orchestration)
        async with transaction(actor) as session:
            context, _ = await get_context(session, actor, orchestration.context_id, write=True, lock=True)
            return await steps.advance(session, actor, await opened(session, context, orchestration.id))
    except Unavailable as error:
        _log.warning("orchestration_delayed", orchestration_id=str(orchestration.id), error=error.message)
        await asyncio.sleep(LOOK_AGAIN)
        return []
    except FaradayError as refusal:
        await _give_up(orchestration, refusal.message)
        return None


async def _asker(orchestration: Orchestration) -> Actor:
    async with transaction(Actor.system()) as session:
        actor = await member(session, orchestration.started_by, orchestration.organization_id)
    if actor is None:
        raise NotPermitted("Whoever asked is not a member any more.")
    return actor


async def _give_up(orchestration: Orchestration, why: str) -> None:
    """Nothing new begins; what is being written is left to end by itself."""
    async with transaction(Actor.system(orchestration.organization_id)) as session:
        query = select(Context).where(col(Context.id) == orchestration.context_id).with_for_update()
        context = (await session.scalars(query)).one()
        table = await opened(session, context, orchestration.id)
        if table.orchestration.finished_at is None:
            came = any(part.content for part in await steps.parts_of(session, orchestration.id))
            await steps.end(session, table, Status.complete if came else Status.failed, why)


async def _renew(orchestration: Orchestration) -> None:
    """Keep the lease while this worker lives."""
    while True:
        await asyncio.sleep(LEASE.total_seconds() / 3)
        try:
            async with transaction(Actor.system(orchestration.organization_id)) as session:
                row = update(Orchestration).where(col(Orchestration.id) == orchestration.id)
                await session.execute(row.values(lease_until=now() + LEASE))
        except FaradayError as error:
            _log.warning("lease_not_renewed", orchestration_id=str(orchestration.id), error=error.message)


conductor = Conductor()
