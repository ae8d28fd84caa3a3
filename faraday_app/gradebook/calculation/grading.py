"""The calculator itself: a sheet in, the current and the final result out."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from faraday_app.gradebook.calculation.counting import Kind
from faraday_app.gradebook.calculation.derivation import Derivation, Given, explain
from faraday_app.gradebook.calculation.groups import Part, parts
from faraday_app.gradebook.calculation.periods import combined, groups_of, outside
from faraday_app.gradebook.calculation.rounding import fraction, half_up
from faraday_app.gradebook.calculation.schemes import Sum, total
from faraday_app.gradebook.calculation.sheet import Group, Id, Period, Scheme, Sheet, View

CURRENT, FINAL = Kind.current, Kind.final


@dataclass(frozen=True, slots=True)
class Result:
    """``percent`` and ``letter`` are None where nothing can be said, which is not 0.

    ``score`` of ``possible`` are points where the class adds points, else the percent of 100.
    """

    score: Fraction | None
    possible: Fraction | None
    percent: Decimal | None
    letter: str | None
    dropped: tuple[Id, ...]
    given: Given

    @property
    def derivation(self) -> Derivation:
        """Made when it is asked for: most totals are only shown."""
        band = None if self.percent is None else self.given.sheet.letters.band(self.percent)
        return explain(self.given, self.percent, band)


@dataclass(frozen=True, slots=True)
class Grades:
    current: Result
    final: Result


def calculate(sheet: Sheet, view: View = View.teacher) -> Grades:
    """Both results, exactly; only the percent is rounded, once."""
    split = [(period, parts(groups, view)) for period, groups in divided(sheet)]
    return Grades(
        *(result(kind, sheet, view, [(period, both[kind]) for period, both in split]) for kind in (CURRENT, FINAL))
    )


def divided(sheet: Sheet) -> list[tuple[Period | None, tuple[Group, ...]]]:
    """The groups as drops see them: of each weighted period its own, else all work together."""
    if sheet.weighted_periods and sheet.periods:
        return [(period, groups_of(sheet, period)) for period in sheet.periods]
    return [(None, sheet.groups)]


def result(kind: Kind, sheet: Sheet, view: View, split: Sequence[tuple[Period | None, tuple[Part, ...]]]) -> Result:
    """Of what the groups came to, as they are divided."""
    whole = [found for period, found in split if period is None]
    if whole:
        return _result(Given(kind, view, sheet, total(whole[0], sheet.scheme), whole[0], (), ()))
    made = [(period, found, total(found, sheet.scheme)) for period, found in split if period]
    periods, sum_ = combined(kind, made)
    return _result(Given(kind, view, sheet, sum_, (), periods, outside(sheet)))


def _result(given: Given) -> Result:
    percent, letter = said(given.sheet, given.sum)
    is_percent = given.sheet.scheme is Scheme.weighted or bool(given.periods)
    score = (None if percent is None else Fraction(percent)) if is_percent else given.sum.score
    return Result(score, given.sum.possible, percent, letter, _dropped(given), given)


def said(sheet: Sheet, sum_: Sum) -> tuple[Decimal | None, str | None]:
    """Percent and letter, as they are shown."""
    exact = sum_.percent
    if exact is None:
        return None, None
    percent = half_up(exact if sheet.cap is None else min(exact, fraction(sheet.cap)))
    return percent, sheet.letters.band(percent).name


def _dropped(given: Given) -> tuple[Id, ...]:
    """In the order in which the class has its work."""
    everything: list[Part] = [*given.parts, *(part for period in given.periods for part in period.parts)]
    gone = {work.id for part in everything for work in part.dropped}
    if not gone:
        return ()
    return tuple(work.id for group in given.sheet.groups for work in group.work if work.id in gone)
