"""Counts calls for all workers in Redis, and for this worker alone while Redis does not answer."""

import asyncio
import time
from dataclasses import dataclass
from typing import NamedTuple

import structlog
from redis.commands.core import AsyncScript

from faraday_app.core.limits.gcra import SECOND, Rule, decide_all
from faraday_app.core.limits.script import TAKE
from faraday_app.core.redis import RedisError, redis

LONGEST = 0.25  # seconds for which a call waits for the count
PROBE_EVERY = 1.0  # seconds between two tries while Redis is away
MOST_KEYS = 50_000
_log = structlog.get_logger(__name__)


class Take(NamedTuple):
    """One key that a call counts for, under the name that its headers give it."""

    name: str
    key: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Decision:
    """``wait`` and ``reset`` are in seconds; ``remaining`` calls of the tightest rule, which is ``take``."""

    take: Take
    wait: float
    remaining: int
    reset: float
    shared: bool
    at: int = 0

    @property
    def allowed(self) -> bool:
        return self.wait == 0


class Local:
    """Counts in this process alone."""

    def __init__(self) -> None:
        self._due: dict[str, int] = {}

    def take(self, takes: list[Take], cost: int = 1) -> Decision:
        now = time.monotonic_ns() // 1_000
        found = decide_all([self._due.get(take.key, 0) for take in takes], now, [take.rule for take in takes], cost)
        if all(each.allowed for each in found):
            if len(self._due) >= MOST_KEYS:
                self._due = {key: due for key, due in self._due.items() if due > now}
            self._due.update({take.key: each.due for take, each in zip(takes, found, strict=True)})
        return _tightest(takes, [(each.wait, each.remaining, each.due - now) for each in found], shared=False, at=now)


class Limiter:
    """Never silently open: without Redis the same rules hold, counted by each worker on its own."""

    def __init__(self) -> None:
        self.degraded_since: float | None = None
        self.generosity = 1  # tests ask faster than people
        self._local = Local()
        self._probe_at = 0.0
        self._script: AsyncScript | None = None

    @property
    def degraded(self) -> bool:
        return self.degraded_since is not None

    async def take(self, takes: list[Take], cost: int = 1) -> Decision:
        """Count a call for all of its keys, or for none when one of them refuses."""
        if self.generosity > 1:
            takes = [take._replace(rule=self._generous(take.rule)) for take in takes]
        if self.degraded and time.monotonic() < self._probe_at:
            return self._local.take(takes, cost)
        self._probe_at = time.monotonic() + PROBE_EVERY
        try:
            async with asyncio.timeout(LONGEST):
                decision = await self._there(takes, cost)
        except (RedisError, OSError, TimeoutError) as error:
            self._degrade(error)
            return self._local.take(takes, cost)
        if self.degraded:
            _log.info("limits_shared_again", seconds=round(time.monotonic() - (self.degraded_since or 0)))
            self.degraded_since, self._local = None, Local()
        return decision

    async def _there(self, takes: list[Take], cost: int) -> Decision:
        client = redis()
        if self._script is None or self._script.registered_client is not client:
            self._script = client.register_script(TAKE)
        arguments = [number for take in takes for number in (take.rule.interval, take.rule.burst)]
        answer = await self._script([f"rate:{take.key}" for take in takes], [cost, *arguments])
        at, *numbers = map(int, answer.split())
        found = [(numbers[n + 1], numbers[n + 2], numbers[n + 3]) for n in range(0, len(numbers), 4)]
        return _tightest(takes, found, shared=True, at=at)

    def _degrade(self, error: Exception) -> None:
        if not self.degraded:
            self.degraded_since = time.monotonic()
            _log.warning("limits_counted_here", error=str(error) or type(error).__name__)

    def _generous(self, rule: Rule) -> Rule:
        return Rule(max(rule.interval // self.generosity, 1), rule.burst * self.generosity)


def _tightest(takes: list[Take], found: list[tuple[int, int, int]], *, shared: bool, at: int) -> Decision:
    """The key that keeps a call waiting longest, else the one with the least left."""
    best = max(range(len(takes)), key=lambda n: (found[n][0], -found[n][1]))
    wait, remaining, reset = found[best]
    return Decision(takes[best], wait / SECOND, remaining, max(reset, 0) / SECOND, shared, at)


limiter = Limiter()
