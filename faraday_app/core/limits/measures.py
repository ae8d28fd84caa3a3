"""How loaded this worker is: what its event loop, its answers and its failures say."""

import asyncio
import time
from typing import NamedTuple

SAMPLE_EVERY = 0.1  # seconds
MOST_SAMPLES = 2_000
ENOUGH = 20  # requests from which a share or a percentile says anything


class Measures(NamedTuple):
    """Milliseconds of event-loop lag and of the slower answers (p95), percent of failed answers."""

    lag: float = 0.0
    p95: float = 0.0
    failed: float = 0.0
    requests: int = 0

    def worse(self, other: "Measures") -> "Measures":
        return Measures(
            max(self.lag, other.lag),
            max(self.p95, other.p95),
            max(self.failed, other.failed),
            self.requests + other.requests,
        )


class Gauge:
    """Collects between two readings."""

    def __init__(self) -> None:
        self._lags: list[float] = []
        self._times: list[float] = []
        self._failed = 0

    def answered(self, seconds: float, status: int) -> None:
        if len(self._times) < MOST_SAMPLES:
            self._times.append(seconds)
            self._failed += status >= 500 and status != 503

    async def watch_loop(self) -> None:
        """Until cancelled: how much later than asked for the loop comes back."""
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(SAMPLE_EVERY)
            if len(self._lags) < MOST_SAMPLES:
                self._lags.append(max(time.perf_counter() - begun - SAMPLE_EVERY, 0.0))

    def read(self) -> Measures:
        """The measures since the last reading."""
        count = len(self._times)
        measured = Measures(
            round(_percentile(self._lags, 0.9) * 1_000, 1),
            round(_percentile(self._times, 0.95) * 1_000, 1) if count >= ENOUGH else 0.0,
            round(100 * self._failed / count, 1) if count >= ENOUGH else 0.0,
            count,
        )
        self._lags, self._times, self._failed = [], [], 0
        return measured


def _percentile(samples: list[float], part: float) -> float:
    ordered = sorted(samples)
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)] if ordered else 0.0


gauge = Gauge()
