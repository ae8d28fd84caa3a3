"""Fingerprints of a text: a few stable numbers by which copies find each other among thousands.

Winnowing after Schleimer, Wilkerson & Aiken, "Winnowing: Local Algorithms for Document Fingerprinting" (2003). Prose
has two kinds. One is of words in a row. Each renamed word breaks those it is part of, so the other is of the frame of
sentences: function words in a row and whether anything stands between them, whatever it is (after Stamatatos,
"Plagiarism detection using stopword n-grams", 2011). It stays the same however many names and nouns are replaced.
"""

from collections import deque
from collections.abc import Sequence
from hashlib import blake2b

from faraday_app.coursework.similarity.documents import FRAME_GRAM, FRAME_WINDOW, FUNCTION, TUNING, Document, Kind

_WORDS = {Kind.prose: "w", Kind.signs: "g", Kind.code: "c"}


def fingerprints(document: Document) -> frozenset[int]:
    """To be stored: signed 64-bit numbers, about two for every three words, the same on every machine for ever."""
    tuning = TUNING[document.kind]
    of_words = word_grams(document)
    of_frame = frame_grams(document)
    chosen = {of_words[place] for place in winnow(of_words, tuning.window)}
    return frozenset(chosen.union(of_frame[place] for place in winnow(of_frame, FRAME_WINDOW)))


def all_grams(document: Document) -> frozenset[int]:
    """Every number that could be a fingerprint of a part of this text: what a handout takes away."""
    return frozenset(word_grams(document)).union(frame_grams(document))


def word_grams(document: Document) -> list[int]:
    """Of the words in a row that begin at each word."""
    return _hashed(_WORDS[document.kind], document.words, TUNING[document.kind].gram)


def frame_grams(document: Document) -> list[int]:
    return _hashed("f", frame(document)[0], FRAME_GRAM)


def frame(document: Document) -> tuple[list[str], list[int]]:
    """The function words, marked where something else stands before them, and which words of the text they are."""
    if document.kind is not Kind.prose:
        return [], []
    places = [place for place, weight in enumerate(document.weights) if weight == FUNCTION]
    before = [-1, *places]
    return [
        document.words[place] if place == last + 1 else "*" + document.words[place]
        for last, place in zip(before, places, strict=False)
    ], places


def winnow(hashes: Sequence[int], window: int) -> list[int]:
    """Places of the least number of each window, the rightmost of equals; of all where there are fewer than a window.

    Two texts that share window numbers in a row share one that is chosen in both.
    """
    chosen: list[int] = []
    rising: deque[int] = deque()  # places of numbers that could still become the least
    window = min(window, len(hashes))
    for place, number in enumerate(hashes):
        while rising and hashes[rising[-1]] >= number:
            rising.pop()
        rising.append(place)
        if rising[0] <= place - window:
            rising.popleft()
        if place >= window - 1 and (not chosen or chosen[-1] != rising[0]):
            chosen.append(rising[0])
    return chosen


def _hashed(sort: str, words: Sequence[str], length: int) -> list[int]:
    return [
        int.from_bytes(
            blake2b(
                "\x1f".join([sort, *words[at : at + length]]).encode("utf-8", "surrogatepass"), digest_size=8
            ).digest(),
            signed=True,
        )
        for at in range(len(words) - length + 1)
    ]
