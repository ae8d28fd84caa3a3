"""What a group comes to: its work after drops, as a sum of points or as one figure of the percents."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from faraday_app.gradebook.calculation.counting import Counted, Kind, Left, counted
from faraday_app.gradebook.calculation.drops import (
    NONE_DROPPED,
    NOTHING,
    Droppable,
    Drops,
    Total,
    by_percent,
    by_total,
    fitted,
)
from faraday_app.gradebook.calculation.sheet import Aggregate, DropBy, Group, Rules, View, Work


@dataclass(frozen=True, slots=True)
class Part:
    """A group in one of the results. ``lowest`` and ``highest`` were dropped, of what was droppable at all.

    ``score`` of ``possible`` is what the group brings to the total: its points, or with another aggregate than the sum
    as many as give its percent.
    """

    group: Group
    kept: tuple[Work, ...]
    lowest: tuple[Work, ...]
    highest: tuple[Work, ...]
    left: tuple[Left, ...]
    score: Fraction
    possible: Fraction

    @property
    def ratio(self) -> Fraction | None:
        """1 is everything; None where no points are possible."""
        return self.score / self.possible if self.possible else None

    @property
    def dropped(self) -> tuple[Work, ...]:
        return (*self.lowest, *self.highest)


def parts(groups: Sequence[Group], view: View) -> dict[Kind, tuple[Part, ...]]:
    """Every group in both results."""
    current, final = [], []
    for group in groups:
        both = counted(group, view)
        last = _part(group, both[Kind.final])
        final.append(last)
        current.append(last if both[Kind.current] is both[Kind.final] else _part(group, both[Kind.current]))
    return {Kind.current: tuple(current), Kind.final: tuple(final)}


def _part(group: Group, what: Counted) -> Part:
    never = [place for place, work in enumerate(what.work) if work.id in group.rules.never] if group.rules.never else []
    found = outcome(group.rules, group.aggregate, Droppable(what.scores, what.possible), never)
    gone = {*found.lowest, *found.highest}
    return Part(
        group,
        tuple(work for place, work in enumerate(what.work) if place not in gone),
        tuple(what.work[place] for place in found.lowest),
        tuple(what.work[place] for place in found.highest),
        tuple(what.left),
        Fraction(found.score, what.unit),
        Fraction(found.possible, what.unit),
    )


class Outcome(NamedTuple):
    """What a group's numbers come to, in their unit, and the positions of what was dropped."""

    lowest: Sequence[int]
    highest: Sequence[int]
    score: int | Fraction
    possible: int


def outcome(rules: Rules, aggregate: Aggregate, points: Droppable, never: Sequence[int]) -> Outcome:
    """Of what counts, in the order of its ids. ``never`` are the positions of what is not to be dropped."""
    lowest, highest = _drops(rules, aggregate, points, never)
    scores, possible = points
    if aggregate is Aggregate.sum:
        gone = [*lowest, *highest]
        score = sum(scores) - sum([scores[place] for place in gone])
        return Outcome(lowest, highest, score, sum(possible) - sum([possible[place] for place in gone]))
    dropped = {*lowest, *highest}
    kept = points.only([place for place in range(len(scores)) if place not in dropped])
    return Outcome(lowest, highest, _score(aggregate, kept), sum(kept.possible))


def _drops(rules: Rules, aggregate: Aggregate, points: Droppable, never: Sequence[int]) -> Drops:
    """A group that looks at percents drops by percent: that is what its best total is."""
    lowest, highest = fitted(len(points.scores) - len(never), rules.lowest, rules.highest)
    if not lowest and not highest:
        return NONE_DROPPED
    by = by_total if aggregate is Aggregate.sum and rules.by is DropBy.best_total else by_percent
    if not never:
        return by(points, NOTHING, lowest, highest)
    spared = set(never)
    places = [place for place in range(len(points.scores)) if place not in spared]
    found = by(points.only(places), _total(points, never), lowest, highest)
    return Drops([places[at] for at in found.lowest], [places[at] for at in found.highest])


def _total(points: Droppable, places: Sequence[int]) -> Total:
    kept = points.only(places)
    return Total(sum(kept.scores), sum(kept.possible))


def _score(aggregate: Aggregate, points: Droppable) -> int | Fraction:
    """In points. Work without possible points has no percent, and counts in a sum only."""
    if not any(points.possible):
        return sum(points.scores)
    percents = sorted(Fraction(score, possible) for score, possible in zip(*points, strict=True) if possible)
    return FIGURES[aggregate](percents) * sum(points.possible)


def _median(percents: Sequence[Fraction]) -> Fraction:
    half = len(percents) // 2
    return percents[half] if len(percents) % 2 else (percents[half - 1] + percents[half]) / 2


def _mode(percents: Sequence[Fraction]) -> Fraction:
    """The most frequent one; of several the highest."""
    return max(Counter(percents).items(), key=lambda found: (found[1], found[0]))[0]


FIGURES: dict[Aggregate, Callable[[Sequence[Fraction]], Fraction]] = {
    Aggregate.mean_of_percents: lambda percents: sum(percents, Fraction()) / len(percents),
    Aggregate.median: _median,
    Aggregate.min: lambda percents: percents[0],
    Aggregate.max: lambda percents: percents[-1],
    Aggregate.mode: _mode,
}
