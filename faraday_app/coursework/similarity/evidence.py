"""What several assignments say together about the same two people: how unusual it is in their class, never why.

In each assignment the two stand somewhere among all pairs of the class. With n other pairs, of which m are at least as
alike, the place is p = (m + 1) / (n + 1): the share of pairs that come so close. A likeness under `LEAST` is none, and
then p = 1. The places are put together by Fisher's method: x = −2 · Σ ln p over the k assignments exceeds what it is
here, were all as usual, with the probability

    P = e^(−x/2) · Σ (x/2)^i / i!   for i = 0 … k − 1        (chi-squared with 2k degrees of freedom)

Many pairs are looked at, so the figure that is shown is P × pairs: how many of the class's pairs would come so close
by coincidence. One assignment alone has p ≥ 1 / pairs, so it never gives less than about one: only several add up.
Two who always work beside each other, with leave, come out as unusual too; that is for people to know.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from math import exp, fsum, log

LEAST = 0.05


class Strength(StrEnum):
    usual = "usual"
    noticeable = "noticeable"
    unusual = "unusual"


# Pairs that would come so close by coincidence: under so many.
NOTICEABLE, UNUSUAL = 0.5, 0.05


@dataclass(frozen=True, slots=True)
class PastComparison:
    """Of one assignment: how alike the two are, and all other compared pairs; of ``pairs``, the rest are not alike."""

    similarity: float
    others: Sequence[float]
    pairs: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """``places``: for each assignment, the share of the class's pairs that come at least so close."""

    places: tuple[float, ...]
    probability: float
    expected: float  # pairs of the class that would come so close in all of them by coincidence
    strength: Strength
    description: str


def evidence(past: Sequence[PastComparison]) -> Evidence:
    """Of all assignments that both handed in, those included in which they have nothing in common."""
    places = tuple(map(_place, past))
    probability = _together(places)
    expected = probability * max((each.pairs for each in past), default=0)
    strength = (
        Strength.usual
        if not past or expected >= NOTICEABLE
        else Strength.unusual
        if expected < UNUSUAL
        else Strength.noticeable
    )
    return Evidence(places, probability, expected, strength, _described(past, expected, strength))


def _place(past: PastComparison) -> float:
    if past.similarity < LEAST:
        return 1.0
    others = max(past.pairs - 1, len(past.others))
    return (sum(other >= past.similarity for other in past.others) + 1) / (others + 1)


def _together(places: Sequence[float]) -> float:
    """The probability of so low places, or lower ones, where all places are equally likely."""
    half = -fsum(map(log, places))
    terms = accumulate(range(1, len(places)), lambda term, count: term * half / count, initial=1.0)
    return min(1.0, exp(-half) * fsum(terms)) if places else 1.0


def _described(past: Sequence[PastComparison], expected: float, strength: Strength) -> str:
    alike = sum(each.similarity >= LEAST for each in past)
    if not alike:
        return "These two have had nothing to speak of in common."
    times = f"{alike} of {len(past)} assignments" if len(past) > 1 else "one assignment"
    if strength is Strength.usual:
        return f"Alike in {times}; taken together, no more than is usual between two of this class."
    rare = "fewer than 0.001" if expected < 0.001 else f"about {expected:.1g}"
    return (
        f"Alike in {times}; taken together, more than is usual between two of this class. "
        f"By coincidence, {rare} of its pairs would come so close."
    )
