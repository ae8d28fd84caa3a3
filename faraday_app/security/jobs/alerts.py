"""Alerts are raised within seconds of their cause: when a fact says that something happened, and by the clock."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from uuid import UUID

import procrastinate
import structlog

from faraday_app.core.errors import FaradayError
from faraday_app.core.facts import Fact, listener
from faraday_app.security.service import alerts, sightings

EVERY = 2.0  # seconds between two looks at what happened
blueprint = procrastinate.Blueprint()
_log = structlog.get_logger(__name__)


@blueprint.periodic(cron="* * * * * */15")
@blueprint.task(name="alert", pass_context=False)
async def alert(timestamp: int) -> None:
    """The net under the facts, which may be lost: what happened lately and was not looked at."""
    await _look_at_all(timedelta(minutes=2), timedelta(seconds=30))


@blueprint.periodic(cron="7 * * * *")
@blueprint.task(name="catch_up", pass_context=False)
async def catch_up(timestamp: int) -> None:
    """What nobody looked at in time, because nothing ran or what happened came to be seen late."""
    await _look_at_all(alerts.CATCH_UP, alerts.LATE)


async def _look_at_all(back: timedelta, margin: timedelta) -> int:
    """Where there is something to look at, page by page; how many were looked at.

    Each look notes how far it came: whatever stops this, the next time goes on with those that are left.
    """
    count, after = 0, None
    while page := await alerts.waiting(back, margin, after):
        for organization_id in page:
            await look(organization_id)
        count, after = count + len(page), page[-1]
    return count


async def look(organization_id: UUID) -> None:
    """One organisation's trouble is not the others'."""
    try:
        if raised := await alerts.raise_alerts(organization_id):
            _log.info("alerts_raised", organization_id=str(organization_id), count=raised)
    except FaradayError as error:
        _log.warning("alerts_wait", error=str(error))
    except Exception:
        _log.exception("alerts_failed", organization_id=str(organization_id))


async def alert_when_told() -> None:
    """Until cancelled: look at an organisation soon after something happened in it, at most every ``EVERY`` seconds."""
    waiting: set[str] = set()
    listener.on_fact(lambda fact: _hear(fact, waiting))
    await _going_on(catch_up.func(0))
    while True:
        await asyncio.sleep(EVERY)
        told = sorted(waiting)
        waiting.clear()
        await _going_on(sightings.write_down())
        for organization_id in told:
            await _going_on(look(UUID(organization_id)))


async def _going_on(work: Awaitable[None]) -> None:
    """One organisation's trouble is not the others'."""
    try:
        await work
    except Exception:
        _log.exception("alerts_failed")


def _hear(fact: Fact, waiting: set[str]) -> None:
    kind, _, id = str(fact["topic"]).partition(":")
    if kind == "audit":
        waiting.add(id)
