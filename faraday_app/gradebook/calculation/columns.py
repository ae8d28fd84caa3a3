"""Totals of many students at once: the same calculator, without what only a receipt needs.

A class has the same work for nearly everybody. So a course looks at the work once, and a student brings whole numbers.
For every sheet this gives what ``calculate`` gives; a property test says so.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import compress
from math import lcm
from typing import NamedTuple

from faraday_app.gradebook.calculation.counting import Kind, left_out
from faraday_app.gradebook.calculation.drops import Droppable
from faraday_app.gradebook.calculation.grading import divided, said
from faraday_app.gradebook.calculation.groups import outcome
from faraday_app.gradebook.calculation.periods import together
from faraday_app.gradebook.calculation.rounding import half_up
from faraday_app.gradebook.calculation.schemes import Sum, total
from faraday_app.gradebook.calculation.sheet import Group, Id, Period, Sheet, View, in_order


@dataclass(frozen=True, slots=True)
class Scores:
    """What one student has, by work: scores in whole units, None or no entry where nothing is graded."""

    scores: Mapping[Id, int | None]
    excused: Collection[Id] = ()
    pending_review: Collection[Id] = ()
    unposted: Collection[Id] = ()


class Shown(NamedTuple):
    """A result as lists show it. ``dropped`` is in no order."""

    percent: Decimal | None
    letter: str | None
    dropped: list[Id]


class _Share(NamedTuple):
    """What a group brings to a total, in a unit that is the same for all groups: a percent needs no more."""

    group: Group
    score: int | Fraction
    possible: int


class _Numbers(NamedTuple):
    ids: list[Id]
    scores: list[int]
    possible: list[int]


class Course:
    """The work of a class as it is for some students; scores come in a unit of which ``unit`` make a point."""

    def __init__(self, sheet: Sheet, unit: int) -> None:
        """Of the sheet of any of them. What is graded there does not matter."""
        self._sheet = sheet
        points = [work.possible or 0 for group in sheet.groups for work in group.work]
        common = lcm(unit, *(each.as_integer_ratio()[1] for each in points))
        self._split = [
            (period, [_Columns(group, common, common // unit) for group in groups]) for period, groups in divided(sheet)
        ]

    def shown(self, of: Scores, view: View = View.teacher) -> tuple[Shown, Shown]:
        """The current and the final result."""
        found = [(period, [group.both(of, view) for group in groups]) for period, groups in self._split]
        current = self._shown(Kind.current, [(period, [each[0] for each in both]) for period, both in found])
        return current, self._shown(Kind.final, [(period, [each[1] for each in both]) for period, both in found])

    def subtotals(self, of: Scores, view: View = View.teacher) -> dict[Id, Decimal | None]:
        """What each group comes to so far, rounded; over periods its work of all of them together."""
        scores: dict[Id, Fraction] = {}
        possible: dict[Id, int] = {}
        for _, groups in self._split:
            for group in groups:
                (share, _), _ = group.both(of, view)
                id = share.group.id
                scores[id] = scores.get(id, Fraction()) + share.score
                possible[id] = possible.get(id, 0) + share.possible
        return {id: half_up(score / possible[id] * 100) if possible[id] else None for id, score in scores.items()}

    def _shown(self, kind: Kind, split: list[tuple[Period | None, list[tuple[_Share, list[Id]]]]]) -> Shown:
        sums = [(period, total([share for share, _ in made], self._sheet.scheme)) for period, made in split]
        percent, letter = said(self._sheet, self._together(kind, sums))
        return Shown(percent, letter, [id for _, made in split for _, dropped in made for id in dropped])

    def _together(self, kind: Kind, sums: list[tuple[Period | None, Sum]]) -> Sum:
        """Either everything is one, or all of it is periods."""
        periods = [(period, each) for period, each in sums if period]
        return together(kind, periods) if periods else sums[0][1]


class _Columns:
    """A group: its work that can count, in the order of ids."""

    def __init__(self, group: Group, unit: int, factor: int) -> None:
        """Points become whole numbers of ``unit``; scores have to be multiplied by the factor to be the same."""
        work = [each for each in group.work if not left_out(each)]
        if group.rules.lowest or group.rules.highest:
            work.sort(key=lambda each: in_order(each.id))
        self._group, self._factor = group, factor
        self._ids: list[Id] = [each.id for each in work]
        self._all = frozenset(self._ids)
        self._never = group.rules.never & self._all
        ratios = [(each.possible or 0).as_integer_ratio() for each in work]
        self._possible = [over * (unit // under) for over, under in ratios]

    def both(self, of: Scores, view: View) -> tuple[tuple[_Share, list[Id]], tuple[_Share, list[Id]]]:
        """The same twice where nothing is ungraded."""
        current, final = self._numbers(of, view)
        last = self._outcome(final)
        return (last if current is final else self._outcome(current)), last

    def _numbers(self, of: Scores, view: View) -> tuple[_Numbers, _Numbers]:
        """What counts now, and what counts in the end: there what is ungraded is 0."""
        ids, possible = self._ids, self._possible
        scores = list(map(of.scores.get, ids))
        if self._factor != 1:
            scores = [score and score * self._factor for score in scores]
        if not self._all.isdisjoint(of.excused):
            counts = [id not in of.excused for id in ids]
            ids, possible = list(compress(ids, counts)), list(compress(possible, counts))
            scores = list(compress(scores, counts))
        if view is View.student and not self._all.isdisjoint(of.unposted):
            scores = [None if id in of.unposted else score for id, score in zip(ids, scores, strict=True)]
        final = _Numbers(ids, [score or 0 for score in scores], possible)
        pending = not self._all.isdisjoint(of.pending_review)
        if None not in scores and not pending:
            return final, final
        graded = [score is not None for score in scores]
        if pending:
            graded = [is_so and id not in of.pending_review for id, is_so in zip(ids, graded, strict=True)]
        chosen = (list(compress(each, graded)) for each in final)
        return _Numbers(*chosen), final  # type: ignore[arg-type]

    def _outcome(self, what: _Numbers) -> tuple[_Share, list[Id]]:
        never = [place for place, id in enumerate(what.ids) if id in self._never] if self._never else ()
        found = outcome(self._group.rules, self._group.aggregate, Droppable(what.scores, what.possible), never)
        dropped = [what.ids[place] for place in (*found.lowest, *found.highest)]
        return _Share(self._group, found.score, found.possible), dropped
