"""Which alignments of two texts are passages that run alike: long enough, the same in most words, each shown once."""

from collections.abc import Iterator
from dataclasses import dataclass

from faraday_app.coursework.similarity.alignment import Alignment, Beside, alignments
from faraday_app.coursework.similarity.documents import TUNING, Document

# At least such a share of the words that stand opposite each other is the same.
SAME = 0.5
# Passages with so few words between them, on both sides, are shown as one.
BETWEEN = 6


@dataclass(frozen=True, slots=True)
class Passage:
    """Words that stand opposite each other, in order, from the first to the last that are the same."""

    pairs: tuple[tuple[int, int], ...]
    same: int
    score: int

    @property
    def left(self) -> range:
        return range(self.pairs[0][0], self.pairs[-1][0] + 1)

    @property
    def right(self) -> range:
        return range(self.pairs[0][1], self.pairs[-1][1] + 1)


def passages(left: Document, right: Document, *, short: bool = False) -> list[Passage]:
    """In the order of the left text. A short passage counts only beside one that is long, unless `short`."""
    if left.kind is not right.kind:
        return []
    tuning = TUNING[left.kind]
    beside = Beside(left, right)
    found = [
        passage
        for alignment in alignments(left, right)
        if alignment.score >= tuning.also
        for passage in _counted(beside, alignment)
        if passage.score >= tuning.also
    ]
    if not short and not any(passage.score >= tuning.found for passage in found):
        return []
    return _joined(beside, _once(found))


def _counted(beside: Beside, alignment: Alignment) -> Iterator[Passage]:
    """The parts of an alignment between words that are left out."""
    left_out, right_out = beside.left.left_out, beside.right.left_out
    part: list[tuple[int, int]] = []
    for at, to in alignment.pairs:
        if not left_out[at] and not right_out[to]:
            part.append((at, to))
        elif part:
            yield from _passage(beside, part)
            part = []
    if part:
        yield from _passage(beside, part)


def _passage(beside: Beside, pairs: list[tuple[int, int]]) -> Iterator[Passage]:
    same = [place for place, (at, to) in enumerate(pairs) if beside.left.words[at] == beside.right.words[to]]
    if same:
        pairs = pairs[same[0] : same[-1] + 1]
        if len(same) >= SAME * len(pairs):
            yield Passage(tuple(pairs), len(same), beside.total(pairs))


def _once(found: list[Passage]) -> list[Passage]:
    """The best first; others as far as at least half of each side is not yet in one."""
    taken: list[Passage] = []
    left: set[int] = set()
    right: set[int] = set()
    for passage in sorted(found, key=lambda passage: (-passage.score, passage.pairs[0])):
        new_left, new_right = set(passage.left) - left, set(passage.right) - right
        if len(new_left) * 2 >= len(passage.left) and len(new_right) * 2 >= len(passage.right):
            taken.append(passage)
            left |= new_left
            right |= new_right
    return sorted(taken, key=lambda passage: passage.pairs[0])


def _joined(beside: Beside, found: list[Passage]) -> list[Passage]:
    joined: list[Passage] = []
    for passage in found:
        if joined and _follows(beside, joined[-1], passage):
            last = joined.pop()
            pairs = last.pairs + passage.pairs
            joined.append(Passage(pairs, last.same + passage.same, last.score + passage.score))
        else:
            joined.append(passage)
    return joined


def _follows(beside: Beside, first: Passage, second: Passage) -> bool:
    """On both sides soon after, and nothing left out between them."""
    left = range(first.left.stop, second.left.start)
    right = range(first.right.stop, second.right.start)
    return (
        0 <= second.left.start - first.left.stop <= BETWEEN
        and 0 <= second.right.start - first.right.stop <= BETWEEN
        and not any(beside.left.left_out[at] for at in left)
        and not any(beside.right.left_out[to] for to in right)
    )
