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


NONE_DROPPED = Drops([], [])
NOTHING = Total(0, 0)


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
    kept, scores, possible = list(range(len(work.scores))), list(work.scores), list(work.possible)
    low = _worst(scores, possible, protected, lowest)
    for place in reversed(low):
        del kept[place], scores[place], possible[place]
    if not highest:
        return Drops(low, [])
    # With scores below 0 the best are the worst.
    turned = Total(-protected.score, protected.possible)
    return Drops(low, [kept[place] for place in _worst([-score for score in scores], possible, turned, highest)])


def by_score(work: Droppable, lowest: int, highest: int) -> Drops:
    """Where no points are possible: of equal scores the lowest ids are dropped low, the highest ids high."""
    order = sorted(range(len(work.scores)), key=work.scores.__getitem__)
    return Drops(order[:lowest], order[len(order) - highest :])


def by_percent(work: Droppable, _: Total, lowest: int, highest: int) -> Drops:
    """The lowest percents, then the highest; of equal ones the highest ids. What is protected changes nothing.

    Work without possible points has no percent: it is dropped when nothing else is left, by its score.
    """
    if not any(work.possible):
        return by_score(work, lowest, highest)
    places = range(len(work.scores))
    ranks = _ranks(work)
    low = sorted(places, key=lambda place: (not work.possible[place], ranks[place], -place))[:lowest]
    left = set(places).difference(low)
    return Drops(low, sorted(left, key=lambda place: (not work.possible[place], -ranks[place], -place))[:highest])


def _ranks(work: Droppable) -> list[int]:
    """Equal percents have an equal rank; fractions are compared once."""
    values = [Fraction(score, possible or 1) for score, possible in zip(*work, strict=True)]
    rank = {value: place for place, value in enumerate(sorted(set(values)))}
    return [rank[value] for value in values]


def _worst(scores: list[int], possible: list[int], protected: Total, count: int) -> list[int]:
    """So many positions without which the others and what is protected have the best ratio, the last of equal ones."""
    if not count:
        return []
    places = range(len(scores))
    all_score, all_points = sum(scores) + protected.score, sum(possible) + protected.possible
    if not all_points:
        return sorted(sorted(places, key=scores.__getitem__, reverse=True)[len(places) - count :])
    score, points = all_score, all_points
    attained = False  # whether q is the ratio of some k of them, not of all
    while True:
        worth = [points * earned - score * most for earned, most in zip(scores, possible, strict=True)]
        gone = _least(worth, count)
        left, left_points = all_score, all_points
        for place in gone:
            left -= scores[place]
            left_points -= possible[place]
        if not left_points and left <= 0:
            if attained:
                return sorted(_for_a_percent(possible, worth, count))
            gone = sorted(places, key=possible.__getitem__, reverse=True)[len(places) - count :]
            left = all_score - sum(scores[place] for place in gone)
            left_points = all_points - sum(possible[place] for place in gone)
        elif not left_points or left * points == score * left_points:
            return sorted(gone)
        score, points, attained = left, left_points, True


def _least(worth: list[int], count: int) -> list[int]:
    """The last of those that are worth least; mostly it is one."""
    if count == 1:
        return [len(worth) - 1 - worth[::-1].index(min(worth))]
    return sorted(range(len(worth)), key=worth.__getitem__, reverse=True)[len(worth) - count :]


def _for_a_percent(possible: list[int], worth: list[int], count: int) -> list[int]:
    """The least, but for the first that has possible points and is worth as much as the last one kept, which goes."""
    order = sorted(range(len(worth)), key=worth.__getitem__, reverse=True)
    gone = order[len(order) - count :]
    last = order[len(order) - count - 1]
    instead = next(place for place in gone if possible[place] and worth[place] == worth[last])
    return [last, *(place for place in gone if place != instead)]
