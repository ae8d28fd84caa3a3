"""How the deployments fare, from the calls of this worker: what routing goes by.

What people read is counted from the receipts of all workers; this is the memory of one, and forgets.
"""

import math
import statistics
import time
from collections import deque
from dataclasses import dataclass, field
from uuid import UUID

REMEMBERED = 50  # calls
FRESH = 900.0  # seconds
LATELY = 60.0  # seconds


@dataclass(slots=True)
class Measure:
    """Of one deployment: seconds to the first token and tokens per second of the newest calls, failures, calls open."""

    firsts: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    speeds: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    outcomes: deque[tuple[float, bool]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    open: int = 0

    @property
    def first_token(self) -> float | None:
        """The median of what is fresh."""
        return _median(self.firsts)

    @property
    def speed(self) -> float | None:
        return _median(self.speeds)

    @property
    def was_well_lately(self) -> bool:
        """Whether its newest call went well, within the last minute."""
        return bool(self.outcomes) and not self.outcomes[-1][1] and self.outcomes[-1][0] > time.monotonic() - LATELY

    @property
    def failing(self) -> float:
        """The share of fresh calls that failed, 0 to 1."""
        fresh = [failed for at, failed in self.outcomes if at > time.monotonic() - FRESH]
        return sum(fresh) / len(fresh) if fresh else 0.0


class Measures:
    def __init__(self) -> None:
        self._of: dict[UUID, Measure] = {}

    def of(self, deployment_id: UUID) -> Measure:
        found = self._of.get(deployment_id)
        if found is None:
            found = self._of[deployment_id] = Measure()
        return found

    def began(self, deployment_id: UUID) -> None:
        self.of(deployment_id).open += 1

    def first_token(self, deployment_id: UUID, seconds: float) -> None:
        self.of(deployment_id).firsts.append((time.monotonic(), seconds))

    def ended(self, deployment_id: UUID, *, failed: bool, tokens: int = 0, seconds: float = 0.0) -> None:
        """``seconds`` from the first token to the last."""
        measure = self.of(deployment_id)
        measure.open = max(0, measure.open - 1)
        measure.outcomes.append((time.monotonic(), failed))
        if tokens > 1 and seconds > 0:
            measure.speeds.append((time.monotonic(), tokens / seconds))

    def forget(self) -> None:
        self._of.clear()


def _median(samples: deque[tuple[float, float]]) -> float | None:
    fresh = [value for at, value in samples if at > time.monotonic() - FRESH and math.isfinite(value)]
    return statistics.median(fresh) if fresh else None
