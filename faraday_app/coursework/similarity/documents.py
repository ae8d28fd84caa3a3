"""What all parts work on: the words of a text in a form that small changes do not touch, and where each one stands."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    prose = "prose"
    signs = "signs"  # prose in a script without spaces between words: each sign is a word here
    code = "code"


# How much a word that stands on both sides says: a sign (of a script or a program) little, a noun the most.
SIGN, FUNCTION, CONTENT = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Document:
    """A text as it is compared: word n stands at ``starts[n]:ends[n]`` of the original, counted in characters."""

    kind: Kind
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    weights: bytes  # SIGN, FUNCTION or CONTENT for each word
    left_out: bytes  # 1 where a word does not count: it is the handout's, or the whole class has it


@dataclass(frozen=True, slots=True)
class Tuning:
    """Lengths in words, scores as in ``alignment``; each chosen by trying, see tests/coursework."""

    gram: int  # words in a fingerprint
    window: int  # a shared run of window + gram − 1 words is always found
    seed: int  # words in a row from which an alignment is tried
    found: int  # score that makes a passage alike
    also: int  # score that is enough beside such a passage
    gap: int  # score of a word that stands on one side only
    different: int  # score of words that stand opposite each other and differ, nouns and verbs aside


# Function words in a fingerprint of the frame of sentences, in a window, and in a seed.
FRAME_GRAM, FRAME_WINDOW, FRAME_SEED = 8, 4, 6

TUNING = {
    Kind.prose: Tuning(gram=5, window=4, seed=4, found=40, also=24, gap=-3, different=-3),
    Kind.signs: Tuning(gram=10, window=8, seed=8, found=30, also=20, gap=-2, different=-2),
    Kind.code: Tuning(gram=15, window=12, seed=12, found=30, also=20, gap=-2, different=-2),
}
