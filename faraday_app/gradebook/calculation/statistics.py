"""What the grades of a class say together. Percents are floats here: these figures describe, they grade nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, median, pstdev, quantiles

# Discrimination of fewer students than this says nothing.
ENOUGH_TO_COMPARE = 8
# Work from which a trend is told.
ENOUGH_FOR_A_TREND = 4


@dataclass(frozen=True, slots=True)
class Summary:
    """Of percents. Quartiles as spreadsheets have them (inclusive); the deviation is of everybody, not of a sample."""

    count: int
    mean: float
    median: float
    deviation: float
    lowest: float
    highest: float
    lower_quartile: float
    upper_quartile: float


def summary(percents: Sequence[float]) -> Summary | None:
    """None of nobody."""
    if not percents:
        return None
    ordered = sorted(percents)
    low, _, high = quantiles(ordered, n=4, method="inclusive") if len(ordered) > 1 else (ordered[0],) * 3
    return Summary(len(ordered), fmean(ordered), median(ordered), pstdev(ordered), ordered[0], ordered[-1], low, high)


def discrimination(percents: Mapping[str, float], others: Mapping[str, float]) -> float | None:
    """Whether work tells strong students from weak ones: its correlation with the rest of their work, −1 to 1.

    Corrected item-total correlation (Pearson), over those who have both. None for too few, or where all are equal.
    """
    both = [(percents[id], others[id]) for id in percents if id in others]
    return correlation(both) if len(both) >= ENOUGH_TO_COMPARE else None


def correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Pearson's; None where one side does not vary."""
    if len(pairs) < 2:
        return None
    left, right = fmean(pair[0] for pair in pairs), fmean(pair[1] for pair in pairs)
    spread = sqrt(sum((a - left) ** 2 for a, _ in pairs) * sum((b - right) ** 2 for _, b in pairs))
    if spread < 1e-9:
        return None
    return max(-1.0, min(1.0, sum((a - left) * (b - right) for a, b in pairs) / spread))


def trend(percents: Sequence[float]) -> float | None:
    """Percent points from one piece of work to the next, by least squares; None for too few."""
    if len(percents) < ENOUGH_FOR_A_TREND:
        return None
    middle, mean = (len(percents) - 1) / 2, fmean(percents)
    across = sum((place - middle) ** 2 for place in range(len(percents)))
    return sum((place - middle) * (value - mean) for place, value in enumerate(percents)) / across


def spread_over(percents: Sequence[float], bounds: Sequence[float]) -> list[int]:
    """How many are in each band; ``bounds`` are their inclusive lower ends from the highest to the lowest."""
    counts = [0] * len(bounds)
    for percent in percents:
        counts[next((place for place, bound in enumerate(bounds) if percent >= bound), len(bounds) - 1)] += 1
    return counts
