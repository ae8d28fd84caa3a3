"""How a total came about, as plain data: what a receipt is drawn from, and the only figures words about it may use."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from faraday_app.gradebook.calculation.counting import Kind, Left, Reason
from faraday_app.gradebook.calculation.groups import Part
from faraday_app.gradebook.calculation.letters import Band
from faraday_app.gradebook.calculation.periods import PeriodPart
from faraday_app.gradebook.calculation.rounding import fraction
from faraday_app.gradebook.calculation.schemes import Sum
from faraday_app.gradebook.calculation.sheet import Aggregate, DropBy, Id, Scheme, Sheet, View, Work


class Standing(StrEnum):
    """What became of a piece of work."""

    kept = "kept"
    dropped_lowest = "dropped_lowest"
    dropped_highest = "dropped_highest"
    left_out = "left_out"


@dataclass(frozen=True, slots=True)
class WorkLine:
    """``score`` is as it was counted; None where it was left out, for the ``reason``. ``earned`` is before ``deducted``
    was taken off for lateness. ``counted_as_zero``: nothing is graded, and the final result counts that as 0."""

    id: Id
    standing: Standing
    reason: Reason | None
    score: Fraction | None
    possible: Fraction | None
    earned: Fraction | None
    deducted: Fraction
    protected: bool
    counted_as_zero: bool


@dataclass(frozen=True, slots=True)
class GroupLine:
    """``lowest`` and ``highest`` are how many were dropped, ``asked`` how many the rules ask for. ``contribution`` is
    in percent of the total, after scaling; None where the group does not count."""

    id: Id
    weight: Fraction | None
    aggregate: Aggregate
    by: DropBy
    asked: tuple[int, int]
    lowest: int
    highest: int
    work: tuple[WorkLine, ...]
    score: Fraction
    possible: Fraction
    percent: Fraction | None
    contribution: Fraction | None


@dataclass(frozen=True, slots=True)
class Adding:
    """How lines came together. ``factor`` scales up weights that add up to less than 100; else it is 1."""

    score: Fraction | None
    possible: Fraction | None
    weights: Fraction | None
    factor: Fraction
    percent: Fraction | None


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """A weighted grading period. One that does not ``count`` had nothing graded."""

    id: Id
    weight: Fraction
    counts: bool
    groups: tuple[GroupLine, ...]
    adding: Adding
    contribution: Fraction | None


@dataclass(frozen=True, slots=True)
class Derivation:
    """From the top: the letter for the rounded percent, the rounded for the capped, the capped for the exact one, and
    that one added up of periods or of groups. ``outside`` is work that falls into no weighted period."""

    kind: Kind
    view: View
    scheme: Scheme
    letter: str | None
    letter_from: Fraction | None
    percent: Decimal | None
    cap: Fraction | None
    capped: bool
    exact: Fraction | None
    adding: Adding
    groups: tuple[GroupLine, ...]
    periods: tuple[PeriodLine, ...]
    outside: tuple[Id, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """What a result is explained from."""

    kind: Kind
    view: View
    sheet: Sheet
    sum: Sum
    parts: tuple[Part, ...]
    periods: tuple[PeriodPart, ...]
    outside: tuple[Left, ...]


def explain(given: Given, percent: Decimal | None, band: Band | None) -> Derivation:
    sheet, exact = given.sheet, given.sum.percent
    cap = None if sheet.cap is None else fraction(sheet.cap)
    return Derivation(
        given.kind,
        given.view,
        sheet.scheme,
        band.name if band else None,
        fraction(band.at_least) if band else None,
        percent,
        cap,
        cap is not None and exact is not None and exact > cap,
        exact,
        _adding(given.sum),
        _groups(given, given.parts, given.sum),
        tuple(_period(given, each) for each in given.periods),
        tuple(left.work.id for left in given.outside),
    )


def _adding(sum_: Sum) -> Adding:
    return Adding(sum_.score, sum_.possible, sum_.weights, sum_.factor, sum_.percent)


def _period(given: Given, part: PeriodPart) -> PeriodLine:
    weight = fraction(part.period.weight or 0)
    total = given.sum.percent is not None and part.counts
    contribution = weight * (part.sum.percent or 0) * given.sum.factor / 100 if total else None
    lines = _groups(given, part.parts, part.sum)
    return PeriodLine(part.period.id, weight, part.counts, lines, _adding(part.sum), contribution)


def _groups(given: Given, parts: Iterable[Part], sum_: Sum) -> tuple[GroupLine, ...]:
    return tuple(_group(given, part, sum_) for part in parts)


def _group(given: Given, part: Part, sum_: Sum) -> GroupLine:
    group, rules = part.group, part.group.rules
    return GroupLine(
        group.id,
        None if group.weight is None else fraction(group.weight),
        group.aggregate,
        DropBy.best_total
        if group.aggregate is Aggregate.sum and rules.by is DropBy.best_total
        else DropBy.item_percent,
        (rules.lowest, rules.highest),
        len(part.lowest),
        len(part.highest),
        tuple(_lines(given, part)),
        part.score,
        part.possible,
        None if part.ratio is None else part.ratio * 100,
        _contribution(given.sheet.scheme, part, sum_),
    )


def _contribution(scheme: Scheme, part: Part, sum_: Sum) -> Fraction | None:
    if sum_.percent is None:
        return None
    if scheme is Scheme.points:
        assert sum_.possible
        return part.score / sum_.possible * 100
    return None if part.ratio is None else part.ratio * fraction(part.group.weight or 0) * sum_.factor


def _lines(given: Given, part: Part) -> Iterable[WorkLine]:
    """In the order in which the class has its work."""
    standing = {
        **dict.fromkeys((work.id for work in part.kept), Standing.kept),
        **dict.fromkeys((work.id for work in part.lowest), Standing.dropped_lowest),
        **dict.fromkeys((work.id for work in part.highest), Standing.dropped_highest),
    }
    reasons = {left.work.id: left.reason for left in part.left}
    for work in part.group.work:
        yield _line(given, part, work, standing.get(work.id, Standing.left_out), reasons.get(work.id))


def _line(given: Given, part: Part, work: Work, standing: Standing, reason: Reason | None) -> WorkLine:
    unseen = work.score is None or (work.unposted and given.view is View.student)
    out = standing is Standing.left_out
    score = None if unseen else fraction(work.score or 0)
    deducted = Fraction(0) if score is None else fraction(work.deducted)
    return WorkLine(
        work.id,
        standing,
        reason,
        None if out else score or Fraction(0),
        None if work.possible is None else fraction(work.possible),
        None if score is None else score + deducted,
        deducted,
        work.id in part.group.rules.never,
        unseen and not out,
    )
