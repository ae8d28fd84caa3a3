"""What if, and what do I need: answers about scores that nobody has, of which nothing is kept."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from faraday_app.gradebook.calculation.counting import Kind, left_out
from faraday_app.gradebook.calculation.grading import Result, calculate, divided, result
from faraday_app.gradebook.calculation.groups import Part, parts
from faraday_app.gradebook.calculation.rounding import Exact, fraction
from faraday_app.gradebook.calculation.sheet import Aggregate, DropBy, Id, Sheet, View, Work

STEP = Fraction(1, 100)  # scores are looked for in hundredths of a point


class NotCounted(ValueError):
    """The work is not there, or counts in no result: no score of it changes anything."""


@dataclass(frozen=True, slots=True)
class Span:
    """Scores from the first to the last, both included."""

    first: Fraction
    last: Fraction


@dataclass(frozen=True, slots=True)
class Goal:
    """``needed`` is the least score that reaches the target, None when no possible one does. With drops a higher score
    can come out lower: ``spans`` are all the scores that reach it. ``lowest`` and ``highest`` are the percents that can
    be reached at all, with scores from 0 to the most."""

    needed: Fraction | None
    spans: tuple[Span, ...]
    lowest: Decimal | None
    highest: Decimal | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """The final percent if nothing more is earned, and with full points in all that is not graded yet."""

    nothing_more: Decimal | None
    full_points: Decimal | None


def what_if(sheet: Sheet, scores: Mapping[Id, Exact | None]) -> Sheet:
    """The sheet with these scores, graded and posted. Work that is excused stays out all the same."""
    if unknown := set(scores) - {work.id for group in sheet.groups for work in group.work}:
        raise NotCounted(f"There is no work {', '.join(map(str, sorted(unknown, key=str)))}.")

    def scored(work: Work) -> Work:
        return _with_score(work, scores[work.id]) if work.id in scores else work

    groups = (replace(group, work=tuple(map(scored, group.work))) for group in sheet.groups)
    return replace(sheet, groups=tuple(groups))


def outlook(sheet: Sheet, view: View = View.teacher) -> Outlook:
    final = calculate(sheet, view).final
    open_ = {
        work.id: work.possible or 0
        for group in sheet.groups
        for work in group.work
        if not left_out(work) and (work.score is None or (work.unposted and view is View.student))
    }
    return Outlook(final.percent, calculate(what_if(sheet, open_), view).final.percent)


def goal(
    sheet: Sheet,
    work_id: Id,
    target: Exact,
    *,
    most: Exact | None = None,
    kind: Kind = Kind.final,
    view: View = View.teacher,
) -> Goal:
    """What is needed on one piece of work for a percent (of a letter: its lower bound), drops and weights and all.

    ``most`` is the highest score that can be had there, where that is not its possible points.
    """
    probe = _Probe(sheet, work_id, kind, view)
    top = floor(fraction(probe.work.possible or 0 if most is None else most) / STEP)

    def reaches(step: int) -> bool:
        percent = probe.at(step).percent
        return percent is not None and percent >= target

    samples = probe.samples(top)
    percents = [percent for step in samples if (percent := probe.at(step).percent) is not None]
    spans = tuple(_spans(samples, reaches))
    return Goal(
        spans[0].first if spans else None,
        spans,
        min(percents, default=None),
        max(percents, default=None),
    )


def _spans(samples: list[int], reaches: Callable[[int], bool]) -> Iterable[Span]:
    """Between two samples the percent only rises, or only falls: at most one change, found by halving."""
    begun = samples[0] if reaches(samples[0]) else None
    for low, high in pairwise(samples):
        if reaches(low) == reaches(high):
            continue
        change = low + 1 + bisect_left(range(low + 1, high), True, key=lambda step: reaches(step) == reaches(high))
        if begun is None:
            begun = change
        else:
            yield Span(begun * STEP, (change - 1) * STEP)
            begun = None
    if begun is not None:
        yield Span(begun * STEP, samples[-1] * STEP)


class _Probe:
    """The result for any score of one piece of work. What the other groups come to is calculated once."""

    def __init__(self, sheet: Sheet, work_id: Id, kind: Kind, view: View) -> None:
        self._sheet, self._kind, self._view = sheet, kind, view
        self._split = [(period, list(groups), list(parts(groups, view)[kind])) for period, groups in divided(sheet)]
        self._known: dict[int, tuple[Result, Part]] = {}
        places = [
            (at, place, group, work)
            for at, (_, groups, _) in enumerate(self._split)
            for place, group in enumerate(groups)
            for work in group.work
            if work.id == work_id and not left_out(work)
        ]
        if not places:
            raise NotCounted(f"{work_id} does not count for this student.")
        self._at, self._place, self._group, self.work = places[0]

    def at(self, step: int) -> Result:
        return self._found(step)[0]

    def _found(self, step: int) -> tuple[Result, Part]:
        if step not in self._known:
            changed = (_with_score(work, step * STEP) if work.id == self.work.id else work for work in self._group.work)
            part = parts([replace(self._group, work=tuple(changed))], self._view)[self._kind][0]
            self._split[self._at][2][self._place] = part
            made = result(self._kind, self._sheet, self._view, [(each, tuple(found)) for each, _, found in self._split])
            self._known[step] = made, part
        return self._known[step]

    def samples(self, top: int) -> list[int]:
        """Steps between which the percent is a straight line: wherever other work is dropped, and where the order of
        percents changes in a group that goes by them.

        The same work dropped at both ends means the same in between: the best of straight lines is convex, and the
        worst of them concave.
        """
        ends = sorted({step for each in self._turns() for step in each if 0 <= step <= top} | {0, min(1, top), top})
        found = {ends[0]}
        for low, high in pairwise(ends):
            self._divide(low, high, found)
        return sorted(found)

    def _divide(self, low: int, high: int, found: set[int]) -> None:
        found.add(high)
        if high - low > 1 and self._dropped(low) != self._dropped(high):
            middle = (low + high) // 2
            self._divide(low, middle, found)
            self._divide(middle, high, found)

    def _dropped(self, step: int) -> tuple[list[Id], list[Id]]:
        part = self._found(step)[1]
        return [work.id for work in part.lowest], [work.id for work in part.highest]

    def _turns(self) -> Iterable[tuple[int, ...]]:
        by_percent = self._group.aggregate is not Aggregate.sum or self._group.rules.by is DropBy.item_percent
        if not by_percent or not self.work.possible:
            return
        for other in self._group.work:
            if other.possible:
                turn = fraction(other.score or 0) / fraction(other.possible) * fraction(self.work.possible) / STEP
                yield floor(turn) - 1, floor(turn), ceil(turn), ceil(turn) + 1


def _with_score(work: Work, score: Exact | None) -> Work:
    return replace(work, score=score, unposted=False, pending_review=False, deducted=0)
