"""Two texts side by side: the passages that run alike, and how much of each side they are."""

from dataclasses import dataclass

from faraday_app.coursework.similarity.documents import Document, Kind
from faraday_app.coursework.similarity.passages import Passage, passages


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``start:end`` of the original text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Match:
    """One passage, on both sides; ``changed`` of its words stand opposite another word or none."""

    left: Span
    right: Span
    words: int
    changed: int


@dataclass(frozen=True, slots=True)
class Side:
    """Of one text: its own words (without what is left out), how many of them are in passages, and where those are."""

    words: int
    alike: int
    left_out: int
    spans: tuple[Span, ...]  # merged, in order

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.alike / self.words if self.words else 0.0


@dataclass(frozen=True, slots=True)
class Comparison:
    left: Side
    right: Side
    matches: tuple[Match, ...]  # in the order of the left text
    longest: int  # words in a row that are the same on both sides
    description: str

    @property
    def similarity(self) -> float:
        """The share of the side that has more of it in common: what a short text has from a long one shows."""
        return max(self.left.share, self.right.share)


def compare(left: Document, right: Document) -> Comparison:
    """What of the one runs like the other. Texts of different kinds (prose, a program) have nothing in common."""
    found = passages(left, right)
    matches = tuple(_match(left, right, passage) for passage in found)
    sides = (
        _side(left, [passage.left for passage in found]),
        _side(right, [passage.right for passage in found]),
    )
    longest = max((_longest(left, right, passage) for passage in found), default=0)
    return Comparison(*sides, matches, longest, _described(*sides, matches, longest, left.kind))


def _match(left: Document, right: Document, passage: Passage) -> Match:
    words = max(len(passage.left), len(passage.right))
    return Match(_span(left, passage.left), _span(right, passage.right), words, words - passage.same)


def _span(document: Document, words: range) -> Span:
    return Span(document.starts[words.start], document.ends[words.stop - 1])


def _side(document: Document, alike: list[range]) -> Side:
    """A passage may bridge a word or two that are left out on this side: those are in no span."""
    inside = bytearray(len(document.words))
    for words in alike:
        inside[words.start : words.stop] = b"\1" * len(words)
    counted = [bool(is_in) and not out for is_in, out in zip(inside, document.left_out, strict=True)]
    spans: list[Span] = []
    last = -2
    for at, is_in in enumerate(counted):
        if is_in:
            span = Span(spans.pop().start if last == at - 1 else document.starts[at], document.ends[at])
            spans.append(span)
            last = at
    left_out = sum(document.left_out)
    return Side(len(document.words) - left_out, sum(counted), left_out, tuple(spans))


def _longest(left: Document, right: Document, passage: Passage) -> int:
    longest = run = 0
    before = (-1, -1)
    for at, to in passage.pairs:
        same = left.words[at] == right.words[to]
        run = (run + 1 if before == (at - 1, to - 1) else 1) if same else 0
        before = (at, to)
        longest = max(longest, run)
    return longest


def _described(left: Side, right: Side, matches: tuple[Match, ...], longest: int, kind: Kind) -> str:
    unit = {Kind.prose: "words", Kind.signs: "characters", Kind.code: "symbols"}[kind]
    left_out = max(left.left_out, right.left_out)
    aside = (
        f" Up to {left_out:,} {unit} on a side are left out: they are the handout's, or much of the class has them."
        if left_out
        else ""
    )
    if not matches:
        return f"No passage runs alike.{aside}"
    most = max(matches, key=lambda match: match.words)
    count = "One passage runs" if len(matches) == 1 else f"{len(matches)} passages run"
    changed = f", {most.changed:,} of them changed" if most.changed else ""
    longest_passage = "It has" if len(matches) == 1 else "The longest has"
    return (
        f"{count} alike: {_percent(left.share)} of the left text and {_percent(right.share)} of the right one. "
        f"{longest_passage} {most.words:,} {unit}{changed}; up to {longest:,} in a row are the same.{aside}"
    )


def _percent(share: float) -> str:
    return "less than 1 %" if 0 < share < 0.01 else f"{share:.0%}".replace("%", " %")
