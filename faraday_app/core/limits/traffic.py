"""What was asked in the last 24 hours: counts by the minute, and when each caller came, for one organisation each.

Calls are noted in memory and written to Redis every few seconds. Counts are exact. Arrival times are kept to the
millisecond, for every caller while there are few calls; past ``MOST_AT_ONCE`` in one writing only for one caller in
``THINNED``, chosen by name, so that whoever is kept is kept whole. At most ``MOST_ENTRIES`` writings are kept.
"""

import time
import zlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

import structlog

from faraday_app.core.limits.policies import Endpoint
from faraday_app.core.outbox import publish_now
from faraday_app.core.redis import RedisError, redis

DAY = 86_400  # seconds
MOST_AT_ONCE = 100
MOST_ENTRIES = 17_280
THINNED = 8
READ_AT_ONCE = 1_000
MOST_NOTED = 20_000
NOBODY = "-"  # guests belong to no organisation
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Arrivals:
    """When each caller came, in milliseconds; ``thinned`` when only some callers were kept at times."""

    times: dict[str, list[int]] = field(default_factory=dict)
    since: int = 0
    thinned: bool = False


class Traffic:
    """The calls of this worker that are not written down yet."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, int, str]] = Counter()
        self._arrivals: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
        self._noted = 0

    def note(self, endpoint: Endpoint, organization: str, kind: str, caller: str, allowed: bool) -> None:
        """``kind`` is who calls: person, key or guest. A refused call arrived as well."""
        now = time.time()
        self._counts[organization or NOBODY, int(now) // 60, f"{endpoint}:{kind}:{'ok' if allowed else 'no'}"] += 1
        if organization and self._noted < MOST_NOTED:
            self._noted += 1
            self._arrivals[organization, endpoint].append((caller, int(now * 1_000)))

    async def flush(self) -> None:
        """Write down what was noted. Without Redis it is lost: these are statistics."""
        counts, self._counts = self._counts, Counter()
        arrivals, self._arrivals, self._noted = self._arrivals, defaultdict(list), 0
        if not counts:
            return
        try:
            async with redis().pipeline(transaction=False) as pipeline:
                for (organization, minute, what), count in counts.items():
                    key = f"traffic:{organization}:{minute // 60}"
                    pipeline.hincrby(key, f"{minute % 60}:{what}", count)
                    pipeline.expire(key, DAY + 7_200)
                for (organization, endpoint), came in arrivals.items():
                    key = f"arrivals:{organization}:{endpoint}"
                    pipeline.xadd(key, _packed(came), maxlen=MOST_ENTRIES, approximate=True)
                    pipeline.expire(key, DAY)
                await pipeline.execute()
            await publish_now(*{f"traffic:{organization}" for organization, _, _ in counts})
        except (RedisError, OSError) as error:
            _log.warning("traffic_not_counted", error=str(error) or type(error).__name__)


def _packed(came: list[tuple[str, int]]) -> dict[Any, Any]:
    thinned = len(came) > MOST_AT_ONCE
    if thinned:
        came = [each for each in came if zlib.crc32(each[0].encode()) % THINNED == 0][: MOST_AT_ONCE * 10]
    by: dict[str, list[int]] = defaultdict(list)
    for caller, at in came:
        by[caller].append(at)
    lines = ";".join(f"{caller}={','.join(map(str, times))}" for caller, times in by.items())
    return {"came": lines, "thinned": int(thinned)}


async def arrivals_of(organization: str, endpoint: Endpoint, since: int) -> Arrivals:
    """Everything kept since then (milliseconds), in the order of time for each caller."""
    times: dict[str, list[int]] = defaultdict(list)
    first, thinned, at = 0, False, str(since)
    while True:
        key = f"arrivals:{organization}:{endpoint}"
        entries = await redis().xrange(key, at, "+", count=READ_AT_ONCE)
        for id, entry in entries:
            first = first or int(id.partition("-")[0])
            thinned = thinned or entry["thinned"] == "1"
            for line in filter(None, entry["came"].split(";")):
                caller, _, came = line.partition("=")
                times[caller] += map(int, came.split(","))
        if len(entries) < READ_AT_ONCE:
            return Arrivals({caller: sorted(came) for caller, came in times.items()}, first, thinned)
        at = f"({entries[-1][0]}"


async def counts_of(organization: str, hours: int = 24) -> dict[tuple[int, Endpoint, str], tuple[int, int]]:
    """(minute, endpoint, kind) -> (allowed, refused), for the hours up to now."""
    found: dict[tuple[int, Endpoint, str], tuple[int, int]] = {}
    hour = int(time.time()) // 3_600
    async with redis().pipeline(transaction=False) as pipeline:
        for back in range(hours + 1):
            pipeline.hgetall(f"traffic:{organization}:{hour - back}")
        hashes = await pipeline.execute()
    for back, counted in enumerate(hashes):
        for what, count in counted.items():
            minute, endpoint, kind, how = what.split(":")
            key = ((hour - back) * 60 + int(minute), Endpoint(endpoint), kind)
            allowed, refused = found.get(key, (0, 0))
            found[key] = (allowed + int(count), refused) if how == "ok" else (allowed, refused + int(count))
    return found


traffic = Traffic()
