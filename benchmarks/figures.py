"""What was measured, against what was wanted."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number: its typical value, and where it spreads the value that 95 of 100 stay below.

    Target and peer are in the same unit; the peer is Open WebUI 0.12.4 on a like machine with the same model.
    """

    name: str
    unit: str
    p50: float
    p95: float | None = None
    target: float | None = None
    peer: float | None = None
    note: str = ""
    more_is_better: bool = False

    @property
    def ratio(self) -> float | None:
        """Of the peer's number: below 1 is less."""
        return self.p50 / self.peer if self.peer else None

    @property
    def met(self) -> bool | None:
        """Whether the slow cases keep the target too; None without one."""
        if self.target is None:
            return None
        judged = self.p50 if self.p95 is None else self.p95
        return judged >= self.target if self.more_is_better else judged <= self.target


def percentile(samples: Sequence[float], percent: float) -> float:
    """The smallest sample that this many per cent do not exceed (nearest rank)."""
    if not samples:
        raise ValueError("Nothing was measured.")
    rank = math.ceil(len(samples) * percent / 100)
    return sorted(samples)[max(rank, 1) - 1]


def spread(
    name: str,
    unit: str,
    samples: Sequence[float],
    *,
    target: float | None = None,
    peer: float | None = None,
    note: str = "",
) -> Figure:
    """A figure from repeated measurements."""
    return Figure(name, unit, median(samples), percentile(samples, 95), target, peer, note)


def rate(name: str, unit: str, value: float, note: str = "") -> Figure:
    """A figure of which more is better."""
    return Figure(name, unit, value, note=note, more_is_better=True)


def milliseconds(seconds: Sequence[float]) -> list[float]:
    return [each * 1000 for each in seconds]
