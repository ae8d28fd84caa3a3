"""Which work is dropped, after Kane & Kane, "Dropping Lowest Grades" (2011): exact, and never by trying all subsets.

The k pieces of work with the best (score + protected score) / (possible + protected possible) are those with the
highest score − q · possible, where q is that best ratio. So q is taken from any k of them, the k best for it give a
better q, and so on until it stays: a few rounds, each a sort. All in whole numbers: q is a fraction of two sums.

k pieces without any possible points are better than every percent while their score is above 0. At 0 they have no
percent, and are kept only where there are no others.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple


class Total(NamedTuple):
    """Of several pieces of work, in a common unit."""

    score: int
    possible: int


class Drops(NamedTuple):
    """Positions of what was dropped."""

    lowest: list[int]
    highest: list[int]


class Droppable(NamedTuple):
    """Work that can be dropped, in the order of its ids: the scores and the possible points, in a common unit."""

    scores: list[int]
    possible: list[int]

    def only(self, places: Sequence[int]) -> "Droppable":
        return Droppable([self.scores[place] for place in places], [self.possible[place] for place in places])

    def turned(self) -> "Droppable":
        """With scores below 0: the worst is the best of these."""
        return Droppable([-score for score in self.scores], self.possible)


NONE_DROPPED = Drops([], [])


def fitted(count: int, lowest: int, highest: int) -> tuple[int, int]:
    """As many as can be dropped of so many droppable ones: at least one is left."""
    lowest = max(min(lowest, count - 1), 0)
    return lowest, 0 if lowest + highest >= count else highest


def by_total(work: Droppable, protected: Total, lowest: int, highest: int) -> Drops:
    """First what leaves the best total, and from that what leaves the worst.

    Where several leave the same, the work with the highest ids is dropped.
    """
    if not protected.possible and not any(work.possible):
        return by_score(work, lowest, highest)
    everything = range(len(work.scores))
    kept = best(work, protected, len(everything) - lowest)
    low = _without(everything, kept)
    if not highest:
        return Drops(low, [])
    last = best(work.only(kept).turned(), Total(-protected.score, protected.possible), len(kept) - highest)
    return Drops(low, _without(kept, [kept[place] for place in last]))


def by_score(work: Droppable, lowest: int, highest: int) -> Drops:
    """Where no points are possible: of equal scores the lowest ids are dropped low, the highest ids high."""
    order = sorted(range(len(work.scores)), key=work.scores.__getitem__)
    return Drops(order[:lowest], order[len(order) - highest :])


def by_percent(work: Droppable, lowest: int, highest: int) -> Drops:
    """The lowest percents, then the highest; of equal ones the highest ids.

    Work without possible points has no percent: it is dropped when nothing else is left, by its score.
    """
    if not any(work.possible):
        return by_score(work, lowest, highest)
    places = range(len(work.scores))
    ranks = _ranks(work)
    low = sorted(places, key=lambda place: (not work.possible[place], ranks[place], -place))[:lowest]
    left = _without(places, low)
    return Drops(low, sorted(left, key=lambda place: (not work.possible[place], -ranks[place], -place))[:highest])


def _ranks(work: Droppable) -> list[int]:
    """Equal percents have an equal rank; fractions are compared once."""
    values = [Fraction(score, possible or 1) for score, possible in zip(*work, strict=True)]
    rank = {value: place for place, value in enumerate(sorted(set(values)))}
    return [rank[value] for value in values]


def best(work: Droppable, protected: Total, keep: int) -> list[int]:
    """Positions of the ones that together with what is protected have the best ratio, the first of equal ones."""
    places = range(len(work.scores))
    if keep >= len(places):
        return list(places)
    score, possible = _total(work, places, protected)
    if not possible:
        return sorted(sorted(places, key=work.scores.__getitem__, reverse=True)[:keep])
    attained = False  # q is the ratio of some k of them, not of all
    while True:
        worth = [possible * earned - score * most for earned, most in zip(*work, strict=True)]
        order = sorted(places, key=worth.__getitem__, reverse=True)
        kept = order[:keep]
        total = _total(work, kept, protected)
        if total.possible and total.score * possible == score * total.possible:
            return sorted(kept)
        if not total.possible and total.score > 0:
            return sorted(kept)
        if not total.possible and attained:
            return sorted(_with_a_percent(work, worth, order, keep))
        if not total.possible:
            kept = sorted(places, key=work.possible.__getitem__, reverse=True)[:keep]
            total = _total(work, kept, protected)
        (score, possible), attained = total, True


def _with_a_percent(work: Droppable, worth: list[int], order: list[int], keep: int) -> list[int]:
    """The first of those that are worth as much as the last one kept, and have possible points, instead of it."""
    last = order[keep - 1]
    instead = next(place for place in order[keep:] if work.possible[place] and worth[place] == worth[last])
    return [*order[: keep - 1], instead]


def _total(work: Droppable, places: Sequence[int], protected: Total) -> Total:
    score = sum(map(work.scores.__getitem__, places), protected.score)
    return Total(score, sum(map(work.possible.__getitem__, places), protected.possible))


def _without(places: Sequence[int], others: Sequence[int]) -> list[int]:
    gone = set(others)
    return [place for place in places if place not in gone]
