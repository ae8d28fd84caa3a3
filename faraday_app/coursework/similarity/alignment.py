"""Passages of two texts laid beside each other word by word, though words were replaced, put in or left out.

From each place where a few words in a row, or a stretch of the frame of sentences, stand in both texts, the alignment
grows to both sides within a band as long as its score holds (seed and extend, as for genes: Altschul et al. 1997).
The scores are rounded log-odds, in nats, of seeing such a pair of words in a changed copy rather than by coincidence.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from faraday_app.coursework.similarity.documents import CONTENT, FRAME_SEED, TUNING, Document
from faraday_app.coursework.similarity.fingerprints import frame

# Scores: a word that is the same counts its weight, a noun or a verb replaced by another so much; the rest: `Tuning`.
REPLACED = -1
# An alignment ends when its score has fallen by so much; one side may run ahead by so many words.
DROP = 13
BAND = 5
# After so many words that are the same again, a change is behind.
AGAIN = 3
# Of words that stand in a text over and over, only the first few places are tried.
PLACES = 4

_NONE = -(10**9)
_PAIR, _LEFT, _RIGHT = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Alignment:
    """Words that stand opposite each other, in order: (left, right); and what they score together."""

    pairs: tuple[tuple[int, int], ...]
    score: int


def alignments(left: Document, right: Document) -> Iterator[Alignment]:
    """From every seed that no earlier alignment runs through."""
    through: set[tuple[int, int]] = set()
    beside = Beside(left, right)
    for seed in _seeds(left, right):
        if seed not in through:
            found = beside.around(*seed)
            through.update(found.pairs)
            yield found


def _seeds(left: Document, right: Document) -> Iterator[tuple[int, int]]:
    length = TUNING[left.kind].seed
    everywhere = range(max(len(left.words), len(right.words)))
    yield from _shared(
        _places(left.words, everywhere, length, left.left_out), _places(right.words, everywhere, length, right.left_out)
    )
    (left_frame, left_at), (right_frame, right_at) = frame(left), frame(right)
    yield from _shared(
        _places(left_frame, left_at, FRAME_SEED, left.left_out),
        _places(right_frame, right_at, FRAME_SEED, right.left_out),
    )


def _shared(
    left: dict[tuple[str, ...], list[int]], right: dict[tuple[str, ...], list[int]]
) -> Iterator[tuple[int, int]]:
    for gram, places in left.items():
        for to in right.get(gram, ()):
            for at in places:
                yield at, to


def _places(
    words: Sequence[str], where: Sequence[int], length: int, left_out: bytes
) -> dict[tuple[str, ...], list[int]]:
    found: dict[tuple[str, ...], list[int]] = defaultdict(list)
    some = any(left_out)
    for at in range(len(words) - length + 1):
        first, last = where[at], where[at + length - 1]
        if some and any(left_out[first : last + 1]):
            continue
        places = found[tuple(words[at : at + length])]
        if len(places) < PLACES:
            places.append(first)
    return found


class Beside:
    """Two texts, word against word."""

    def __init__(self, left: Document, right: Document) -> None:
        self.left, self.right = left, right
        self.tuning = TUNING[left.kind]

    def score(self, at: int, to: int) -> int:
        """Of two words that stand opposite each other. What is left out on a side says nothing when it is the same."""
        left, right = self.left, self.right
        if left.words[at] == right.words[to]:
            return 0 if left.left_out[at] or right.left_out[to] else min(left.weights[at], right.weights[to])
        both = left.weights[at] == right.weights[to] == CONTENT
        return REPLACED if both else self.tuning.different

    def total(self, pairs: Sequence[tuple[int, int]]) -> int:
        """Of these pairs, and of the words that were passed over between them."""
        score = sum(self.score(at, to) for at, to in pairs)
        passed = sum((at - before) + (to - under) - 2 for (before, under), (at, to) in pairwise(pairs))
        return score + passed * self.tuning.gap

    def around(self, at: int, to: int) -> Alignment:
        """The best alignment through this place."""
        before, back = self._grown(at - 1, to - 1, -1)
        after, forth = self._grown(at, to, 1)
        return Alignment((*reversed(before), *after), back + forth)

    def _grown(self, at: int, to: int, step: int) -> tuple[list[tuple[int, int]], int]:
        """From here on in one direction: straight on as long as words are the same, and over what was changed."""
        pairs: list[tuple[int, int]] = []
        score = 0
        on: tuple[int, int] | None = (at, to)
        while on:
            at, to = on
            while self._same(at, to):
                pairs.append((at, to))
                score += self.score(at, to)
                at, to = at + step, to + step
            over, gained, on = self._over(at, to, step)
            pairs += over
            score += gained
        return pairs, score

    def _same(self, at: int, to: int) -> bool:
        left, right = self.left.words, self.right.words
        return 0 <= at < len(left) and 0 <= to < len(right) and left[at] == right[to]

    def _over(self, at: int, to: int, step: int) -> tuple[list[tuple[int, int]], int, tuple[int, int] | None]:
        """The best way from here, row by row of the left text in a band of the right one, and what it scores.

        It goes on from where it has gained and the next few words are the same; from nowhere once too much is lost.
        """
        rows = len(self.left.words) - at if step > 0 else at + 1
        room = len(self.right.words) - to if step > 0 else to + 1
        row = [_NONE] * BAND + [self.tuning.gap * ahead for ahead in range(BAND + 1)] + [_NONE]
        best, best_at, steps = 0, (0, BAND), [bytes(len(row))]
        for count in range(rows):
            band = to + step * (count - BAND)
            row, moves = self._row(row, best - DROP, at + step * count, band, step, BAND - count, room)
            steps.append(moves)
            top = max(row)
            if top == _NONE:
                break
            if top > best:
                best, best_at = top, (count + 1, row.index(top))
                on = at + step * (count + 1), band + step * (best_at[1] + 1)
                if all(self._same(on[0] + step * ahead, on[1] + step * ahead) for ahead in range(AGAIN)):
                    return _walked(steps, best_at, at, to, step), best, on
        return _walked(steps, best_at, at, to, step), best, None

    def _row(
        self, above: list[int], floor: int, at: int, to: int, step: int, first: int, room: int
    ) -> tuple[list[int], bytes]:
        """Scores with one more word of the left text, and the step that led to each; none below the floor."""
        row, moves = [_NONE] * len(above), bytearray(len(above))
        beside, gap = _NONE, self.tuning.gap
        for place in range(max(first - 1, 0), min(2 * BAND + 1, room + first)):
            before, over = above[place], above[place + 1]
            if before == over == beside == _NONE:
                continue
            value, move = over + gap, _LEFT
            if before != _NONE and place >= first and (paired := before + self.score(at, to + step * place)) >= value:
                value, move = paired, _PAIR
            if beside + gap > value and place >= first:
                value, move = beside + gap, _RIGHT
            beside = _NONE
            if value >= floor:
                beside = row[place] = value
                moves[place] = move
        return row, bytes(moves)


def _walked(steps: list[bytes], end: tuple[int, int], at: int, to: int, step: int) -> list[tuple[int, int]]:
    """The pairs on the way to this end, from the start on."""
    pairs = []
    count, place = end
    while count:
        move = steps[count][place]
        if move == _RIGHT:
            place -= 1
            continue
        count -= 1
        if move == _PAIR:
            pairs.append((at + step * count, to + step * (count + place - BAND)))
        else:
            place += 1
    return pairs[::-1]
