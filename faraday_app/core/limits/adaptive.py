"""Limits tighten while Faraday is overloaded and relax when it is not; all workers agree through Redis."""

import json
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, replace

import structlog

from faraday_app.core.limits.measures import Gauge, Measures, gauge
from faraday_app.core.outbox import publish_now
from faraday_app.core.redis import RedisError, redis

TICK = 2.0  # seconds
# Above any of the first it is too much, below all of the second it is calm; between them nothing changes.
TOO_MUCH = Measures(lag=150.0, p95=1_500.0, failed=10.0)
CALM = Measures(lag=60.0, p95=600.0, failed=3.0)
TO_TIGHTEN, TO_RELAX = 3, 5  # readings in a row
LEAST, STEP_DOWN, STEP_UP = 25, 25, 15  # percent
STALE = 10.0  # seconds after which a worker's measures do not count
_STATE, _MEASURES, _TURN = "limits:state", "limits:measures", "limits:turn"
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Load:
    """At how many percent the limits stand, and why."""

    percent: int = 100
    hot: int = 0
    calm: int = 0
    changed_at: float = 0.0
    reason: str = ""
    measures: tuple[float, ...] = (0.0, 0.0, 0.0, 0)


def step(load: Load, measured: Measures, now: float) -> Load:
    """The next state after a reading. Changes only after several alike in a row, one step at a time."""
    reasons = _reasons(measured)
    calm = measured.lag < CALM.lag and measured.p95 < CALM.p95 and measured.failed < CALM.failed
    load = replace(
        load, hot=load.hot + 1 if reasons else 0, calm=load.calm + 1 if calm else 0, measures=tuple(measured)
    )
    if load.hot >= TO_TIGHTEN and load.percent > LEAST:
        percent = max(load.percent - STEP_DOWN, LEAST)
        return replace(load, percent=percent, hot=0, calm=0, changed_at=now, reason="; ".join(reasons))
    if load.calm >= TO_RELAX and load.percent < 100:
        percent = min(load.percent + STEP_UP, 100)
        return replace(load, percent=percent, hot=0, calm=0, changed_at=now, reason="Faraday is calm again")
    return load


def _reasons(measured: Measures) -> list[str]:
    said = []
    if measured.lag > TOO_MUCH.lag:
        said.append(f"work waits {measured.lag:.0f} ms for its turn")
    if measured.p95 > TOO_MUCH.p95:
        said.append(f"one answer in twenty takes longer than {measured.p95:.0f} ms")
    if measured.failed > TOO_MUCH.failed:
        said.append(f"{measured.failed:.0f} % of the answers failed")
    return said


class Adaptive:
    """The state of this worker, read from Redis each tick; one of the workers takes the step for all."""

    def __init__(self, measured: Gauge = gauge) -> None:
        self.load = Load()
        self.on_change: list[Callable[[Load, Load], Awaitable[None]]] = []
        self._gauge = measured
        self._worker = secrets.token_hex(4)

    @property
    def percent(self) -> int:
        return self.load.percent

    async def tick(self, measured: Measures | None = None) -> None:
        """One reading. Without Redis the worker goes by its own measures."""
        measured = measured or self._gauge.read()
        before = self.load
        try:
            self.load, leads = await self._together(measured)
        except (RedisError, OSError, TimeoutError):
            self.load, leads = step(self.load, measured, time.time()), False
        if leads and self.load.percent != before.percent:
            await self._tell(before)

    async def _together(self, measured: Measures) -> tuple[Load, bool]:
        client, now = redis(), time.time()
        await client.hset(_MEASURES, self._worker, json.dumps([now, *measured]))  # type: ignore[misc]
        await client.expire(_MEASURES, 60)
        leads = bool(await client.set(_TURN, self._worker, nx=True, px=int(TICK * 900)))
        stored = await client.get(_STATE)
        load = Load(**json.loads(stored)) if stored else Load()
        if leads:
            load = step(load, await self._worst(now), now)
            await client.set(_STATE, json.dumps(asdict(load)), ex=3_600)
        return load, leads

    async def _worst(self, now: float) -> Measures:
        worst = Measures()
        for worker, line in (await redis().hgetall(_MEASURES)).items():  # type: ignore[misc]
            at, *measured = json.loads(line)
            if now - at > STALE:
                await redis().hdel(_MEASURES, worker)  # type: ignore[misc]
            else:
                worst = worst.worse(Measures(*measured))
        return worst

    async def _tell(self, before: Load) -> None:
        _log.warning("limits_adapted", before=before.percent, after=self.load.percent, reason=self.load.reason)
        for told in self.on_change:
            await told(before, self.load)
        await publish_now("limits_state:all")


adaptive = Adaptive()
