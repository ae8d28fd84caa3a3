"""How far several markers of the same work agree. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

ENOUGH = 10  # pairs, below which a kappa says more about chance than about markers

Pair = tuple[int, int]  # the places of the levels that two markers chose


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of ``pairs`` judgements: the shares, 0 to 1, that are equal and at most one level apart.

    ``kappa`` is Cohen's with quadratic weights, 1 for full agreement and 0 for what chance gives; None where there
    are too few pairs, or everybody chose the same level throughout.
    """

    pairs: int
    exact: float
    within_one: float
    kappa: float | None


def agreement(pairs: Sequence[Pair], levels: int) -> Agreement | None:
    """None where nothing was judged twice."""
    if not pairs:
        return None
    exact = sum(one == other for one, other in pairs) / len(pairs)
    near = sum(abs(one - other) <= 1 for one, other in pairs) / len(pairs)
    return Agreement(len(pairs), exact, near, weighted_kappa(pairs, levels) if len(pairs) >= ENOUGH else None)


def weighted_kappa(pairs: Sequence[Pair], levels: int) -> float | None:
    """One less the ratio of the squared distances that are seen to those that chance would give."""
    if levels < 2 or not pairs:
        return None
    firsts, seconds = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    seen = sum((one - other) ** 2 for one, other in pairs) / len(pairs)
    chance = (
        sum(
            often * other_often * (one - other) ** 2
            for one, often in firsts.items()
            for other, other_often in seconds.items()
        )
        / len(pairs) ** 2
    )
    return 1 - seen / chance if chance else None


def paired(judged: Iterable[Sequence[int]]) -> list[Pair]:
    """Each two of those who judged the same thing, in the order in which they are given."""
    return [
        (levels[one], levels[other])
        for levels in judged
        for one in range(len(levels))
        for other in range(one + 1, len(levels))
    ]
