"""What runs beside the calls: measuring, adapting, writing down."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from faraday_app.core.limits.adaptive import TICK, adaptive
from faraday_app.core.limits.measures import gauge
from faraday_app.core.limits.traffic import traffic

# What higher tiers write down in the same beat.
ALSO: list[Callable[[], Awaitable[None]]] = []
_log = structlog.get_logger(__name__)


async def keep() -> None:
    """Until cancelled; what was noted last is written down at the end."""
    watching = asyncio.create_task(gauge.watch_loop())
    try:
        while True:
            await asyncio.sleep(TICK)
            await _beat(adaptive.tick, traffic.flush, *ALSO)
    finally:
        watching.cancel()
        await _beat(traffic.flush, *ALSO)


async def _beat(*parts: Callable[[], Awaitable[None]]) -> None:
    for part in parts:
        try:
            await part()
        except Exception:
            _log.exception("limits_beat_failed", part=part.__qualname__)
