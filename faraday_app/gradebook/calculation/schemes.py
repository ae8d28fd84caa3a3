"""How groups become a total: all points in one pot, or each group by its weight."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from faraday_app.gradebook.calculation.groups import Part
from faraday_app.gradebook.calculation.rounding import fraction
from faraday_app.gradebook.calculation.sheet import Scheme

HUNDRED = Fraction(100)


@dataclass(frozen=True, slots=True)
class Sum:
    """A total, exact. ``percent`` is None where nothing can be said.

    ``weights`` is what the weights that counted add up to, ``factor`` what they were scaled up by, else 1.
    """

    percent: Fraction | None
    score: Fraction | None
    possible: Fraction | None
    weights: Fraction | None = None
    factor: Fraction = Fraction(1)


def total(parts: Sequence[Part], scheme: Scheme) -> Sum:
    return _of_points(parts) if scheme is Scheme.points else _of_weights(parts)


def _of_points(parts: Sequence[Part]) -> Sum:
    score = sum((part.score for part in parts), Fraction())
    possible = sum((part.possible for part in parts), Fraction())
    return Sum(score / possible * 100 if possible else None, score, possible)


def _of_weights(parts: Sequence[Part]) -> Sum:
    """Groups without possible points do not count, and what is left under 100 is scaled up; over 100 it stays."""
    counting = [(part, fraction(part.group.weight or 0)) for part in parts if part.possible]
    weights = sum((weight for _, weight in counting), Fraction())
    if not weights:
        return Sum(None, None, None, weights)
    factor = HUNDRED / weights if weights < 100 else Fraction(1)
    percent = factor * _sum_of_products(counting)
    return Sum(percent, percent, HUNDRED, weights, factor)


def _sum_of_products(counting: Sequence[tuple[Part, Fraction]]) -> Fraction:
    """Σ score / possible × weight, brought to lowest terms once: fractions do it at every step."""
    over, under = 0, 1
    for part, weight in counting:
        top = part.score.numerator * part.possible.denominator * weight.numerator
        bottom = part.score.denominator * part.possible.numerator * weight.denominator
        over, under = over * bottom + top * under, under * bottom
    return Fraction(over, under)
