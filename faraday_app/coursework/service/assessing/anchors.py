"""Where in a text a remark belongs. Pure: what was handed in never changes, and so neither does the place."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from faraday_app.core.errors import Invalid

LONGEST_QUOTE = 2_000  # characters


@dataclass(frozen=True, slots=True)
class Anchor:
    """The characters of the text from ``begins`` up to ``ends``, and the words that stand there."""

    begins: int
    ends: int
    quote: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the text about which the same remarks are made; ``about`` are their places in the list."""

    text: str
    about: tuple[int, ...] = ()


def anchored(text: str, begins: int, quote: str) -> Anchor:
    """The quote where it was seen; a browser that counts characters otherwise means the nearest one."""
    if not quote.strip() or len(quote) > LONGEST_QUOTE:
        raise Invalid(f"Mark 1 to {LONGEST_QUOTE:,} characters of the text.", field="quote")
    places = _places(text, quote)
    if not places:
        raise Invalid("These words do not stand in the text that was handed in.", field="quote")
    at = min(places, key=lambda place: abs(place - begins))
    return Anchor(at, at + len(quote), quote)


def found(text: str, anchor: Anchor) -> Anchor | None:
    """The same place, known again by its words; None where they do not stand there."""
    return anchor if text[anchor.begins : anchor.ends] == anchor.quote else None


class Remark(Protocol):
    """What may stand at some words of an attempt."""

    @property
    def attempt(self) -> int: ...

    @property
    def anchor(self) -> Anchor | None: ...


def of(remarks: Iterable[Remark], text: str, attempt: int) -> list[Anchor]:
    """The places of those remarks that stand in the text of this attempt, in their order."""
    there = (each.anchor for each in remarks if each.attempt == attempt and each.anchor)
    return [each for each in there if found(text, each)]


def segments(text: str, anchors: list[Anchor]) -> list[Segment]:
    """The text cut where a remark begins or ends, in order and without a gap; remarks may lie over each other."""
    borders = sorted({0, len(text), *(at for each in anchors for at in (each.begins, each.ends) if at <= len(text))})
    return [
        Segment(
            text[begins:ends],
            tuple(place for place, each in enumerate(anchors) if each.begins <= begins and ends <= each.ends),
        )
        for begins, ends in pairwise(borders)
    ]


def _places(text: str, quote: str) -> list[int]:
    places, at = [], text.find(quote)
    while at >= 0:
        places.append(at)
        at = text.find(quote, at + 1)
    return places
