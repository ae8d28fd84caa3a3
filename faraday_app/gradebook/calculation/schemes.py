"""How groups become a total: all points in one pot, or each group by its weight."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from faraday_app.gradebook.calculation.rounding import scaled
from faraday_app.gradebook.calculation.sheet import Group, Scheme

HUNDRED, ONE = Fraction(100), Fraction(1)


class Share(Protocol):
    """What a group brings to the total."""

    @property
    def group(self) -> Group: ...

    @property
    def score(self) -> int | Fraction: ...

    @property
    def possible(self) -> int | Fraction: ...


@dataclass(frozen=True, slots=True)
class Sum:
    """A total, exact. ``percent`` is None where nothing can be said.

    ``weights`` is what the weights that counted add up to, ``factor`` what they were scaled up by, else 1.
    """

    percent: Fraction | None
    score: Fraction | None
    possible: Fraction | None
    weights: Fraction | None = None
    factor: Fraction = ONE


def total(parts: Sequence[Share], scheme: Scheme) -> Sum:
    return _of_points(parts) if scheme is Scheme.points else _of_weights(parts)


def _of_points(parts: Sequence[Share]) -> Sum:
    score = Fraction(sum(part.score for part in parts))
    possible = Fraction(sum(part.possible for part in parts))
    return Sum(score / possible * 100 if possible else None, score, possible)


def _of_weights(parts: Sequence[Share]) -> Sum:
    """Groups without possible points do not count, and what is left under 100 is scaled up; over 100 it stays."""
    counting = [part for part in parts if part.possible]
    numbers, unit = scaled([part.group.weight or 0 for part in counting])
    weights = Fraction(sum(numbers), unit)
    if not weights:
        return Sum(None, None, None, weights)
    factor = HUNDRED / weights if weights < 100 else ONE
    percent = _sum_of_products(counting, numbers, unit, factor)
    return Sum(percent, percent, HUNDRED, weights, factor)


def _sum_of_products(parts: Sequence[Share], weights: Sequence[int], unit: int, factor: Fraction) -> Fraction:
    """Σ score / possible × weight × factor, brought to lowest terms once: fractions do it at every step."""
    over, under = 0, 1
    for part, weight in zip(parts, weights, strict=True):
        top = part.score.numerator * part.possible.denominator * weight
        bottom = part.score.denominator * part.possible.numerator
        over, under = over * bottom + top * under, under * bottom
    return Fraction(over * factor.numerator, under * unit * factor.denominator)
