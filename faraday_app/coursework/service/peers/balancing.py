"""Who reviews whose work: everybody as much, all work as often, nobody their own. Pure."""

from collections import Counter
from collections.abc import Collection, Mapping
from hashlib import sha256
from uuid import UUID

Pair = tuple[UUID, UUID]  # reviewer, and the attempt of which work


def balanced(
    reviewers: Collection[UUID],
    work: Mapping[UUID, Collection[UUID]],
    each: int,
    kept: Collection[Pair] = (),
    loose: Collection[Pair] = (),
    seed: str = "",
) -> set[Pair]:
    """All pairs. ``work`` says whose each attempt is. ``kept`` are begun and stay; ``loose`` ones move only where
    somebody came later and all would not be reviewed as often otherwise.

    Every reviewer has ``each`` of them, or as many as there are others' attempts. Attempts differ by one at most in how
    often they are reviewed, as far as what is begun lets them.
    """
    pairs = set(kept)
    pairs |= {(who, of) for who, of in loose if who in reviewers and of in work and who not in work[of]}
    movable = pairs - set(kept)
    load = Counter(dict.fromkeys(work, 0))
    load.update(of for _, of in pairs if of in load)
    for who in sorted(reviewers, key=lambda id: _lot(seed, id)):
        theirs = {of for reviewer, of in pairs if reviewer == who}
        others = [of for of in work if who not in work[of] and of not in theirs]
        for _ in range(min(each - len(theirs), len(others))):
            least = min(others, key=lambda of: (load[of], _lot(seed, who, of)))
            others.remove(least)
            pairs.add((who, least))
            movable.add((who, least))
            load[least] += 1
    while moved := _evener(pairs, movable, load, work):
        before, after = moved
        for group in (pairs, movable):
            group.discard(before)
            group.add(after)
        load[before[1]] -= 1
        load[after[1]] += 1
    return pairs


def _evener(
    pairs: set[Pair], movable: set[Pair], load: Counter[UUID], work: Mapping[UUID, Collection[UUID]]
) -> tuple[Pair, Pair] | None:
    """A pair that had better be of another attempt, which is reviewed at least two times less often."""
    for low in sorted(load, key=lambda of: (load[of], str(of))):
        found = [
            (who, high)
            for who, high in movable
            if load.get(high, 0) - load[low] > 1 and who not in work[low] and (who, low) not in pairs
        ]
        if found:
            most = max(found, key=lambda pair: (load[pair[1]], str(pair)))
            return most, (most[0], low)
    return None


def _lot(*parts: object) -> str:
    """The same for the same people, and nobody can foresee it."""
    return sha256(" ".join(str(part) for part in parts).encode()).hexdigest()
