"""Grading periods: unweighted ones change nothing; weighted ones make the total of their own totals."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from faraday_app.gradebook.calculation.counting import Kind, Left, Reason
from faraday_app.gradebook.calculation.groups import Part
from faraday_app.gradebook.calculation.rounding import fraction
from faraday_app.gradebook.calculation.schemes import HUNDRED, Sum
from faraday_app.gradebook.calculation.sheet import Group, Period, Sheet


@dataclass(frozen=True, slots=True)
class PeriodPart:
    """What one period came to. A period without a total is skipped in the current result, and counts 0 in the final."""

    period: Period
    parts: tuple[Part, ...]
    sum: Sum
    counts: bool


def groups_of(sheet: Sheet, period: Period) -> tuple[Group, ...]:
    """Each group with the work that falls into the period for this student; drops are of that work alone."""
    found = (
        replace(group, work=tuple(work for work in group.work if work.period == period.id)) for group in sheet.groups
    )
    return tuple(group for group in found if group.work)


def outside(sheet: Sheet) -> tuple[Left, ...]:
    """Work that falls into none of them."""
    known = {period.id for period in sheet.periods}
    return tuple(
        Left(work, Reason.outside) for group in sheet.groups for work in group.work if work.period not in known
    )


def combined(kind: Kind, periods: Sequence[tuple[Period, tuple[Part, ...], Sum]]) -> tuple[tuple[PeriodPart, ...], Sum]:
    """Each period as it counts, and what they make together."""
    made = tuple(PeriodPart(period, parts, each, counts(kind, each)) for period, parts, each in periods)
    return made, together(kind, [(period, each) for period, _, each in periods])


def counts(kind: Kind, sum_: Sum) -> bool:
    return kind is Kind.final or sum_.percent is not None


def together(kind: Kind, periods: Sequence[tuple[Period, Sum]]) -> Sum:
    """By weight over the sum of weights, which is taken for 100 where it is more."""
    counting = [(fraction(period.weight or 0), each) for period, each in periods if counts(kind, each)]
    weights = sum((weight for weight, _ in counting), Fraction())
    if not weights or all(each.percent is None for _, each in counting):
        return Sum(None, None, None, weights)
    percent = sum((weight * (each.percent or 0) for weight, each in counting), Fraction()) / min(weights, HUNDRED)
    return Sum(percent, percent, HUNDRED, weights, HUNDRED / min(weights, HUNDRED))
