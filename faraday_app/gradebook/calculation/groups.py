"""What a group comes to: its work after drops, as a sum of points or as one figure of the percents."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from faraday_app.gradebook.calculation.counting import Counted, Kind, Left, counted
from faraday_app.gradebook.calculation.drops import NONE_DROPPED, Droppable, Drops, Total, by_percent, by_total, fitted
from faraday_app.gradebook.calculation.sheet import Aggregate, DropBy, Group, View, Work


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
    lowest, highest = _drops(group, what)
    gone = {*lowest, *highest}
    kept = [place for place in range(len(what.work)) if place not in gone]
    points = Droppable(what.scores, what.possible).only(kept)
    score = _score(group.aggregate, points)
    return Part(
        group,
        tuple(what.work[place] for place in kept),
        tuple(what.work[place] for place in lowest),
        tuple(what.work[place] for place in highest),
        tuple(what.left),
        Fraction(score, what.unit),
        Fraction(sum(points.possible), what.unit),
    )


def _drops(group: Group, what: Counted) -> Drops:
    """Positions in what counts. A group that looks at percents drops by percent: that is what its best total is."""
    rules = group.rules
    if not rules.lowest and not rules.highest:
        return NONE_DROPPED
    places = [place for place, work in enumerate(what.work) if work.id not in rules.never]
    lowest, highest = fitted(len(places), rules.lowest, rules.highest)
    if not lowest and not highest:
        return NONE_DROPPED
    droppable = Droppable(what.scores, what.possible).only(places)
    if rules.by is DropBy.item_percent or group.aggregate is not Aggregate.sum:
        found = by_percent(droppable, lowest, highest)
    else:
        rest = Total(sum(what.scores) - sum(droppable.scores), sum(what.possible) - sum(droppable.possible))
        found = by_total(droppable, rest, lowest, highest)
    return Drops([places[at] for at in found.lowest], [places[at] for at in found.highest])


def _score(aggregate: Aggregate, points: Droppable) -> int | Fraction:
    """In points. Work without possible points has no percent, and counts in a sum only."""
    if aggregate is Aggregate.sum or not any(points.possible):
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
