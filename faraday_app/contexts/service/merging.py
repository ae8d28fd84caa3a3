"""Two people changed the same thing: what both did, put together, field by field and in texts line by line.

Pure. What only one side changed is taken from it; where both changed the same lines, or the same value, nobody but a
person can say which stands. Whatever they choose, this module loses nothing by itself: each clash keeps both sides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from faraday_app.contexts.service.differing import Hunk, hunks, lines_of


class Choice(StrEnum):
    """Which side of a clash stands. Both: mine, then theirs."""

    mine = "mine"
    theirs = "theirs"
    both = "both"


@dataclass(frozen=True, slots=True)
class Clash:
    """Where both sides changed the same, and not alike."""

    base: str
    mine: str
    theirs: str

    def chosen(self, choice: Choice) -> str:
        if choice is Choice.both:
            gap = "\n" if self.mine and self.theirs and not self.mine.endswith("\n") else ""
            return f"{self.mine}{gap}{self.theirs}"
        return self.mine if choice is Choice.mine else self.theirs


@dataclass(frozen=True, slots=True)
class MergedText:
    """A text in pieces: what is settled, and where a person has to choose."""

    pieces: tuple[str | Clash, ...]

    @property
    def clashes(self) -> tuple[Clash, ...]:
        return tuple(piece for piece in self.pieces if isinstance(piece, Clash))

    def text(self, choices: Sequence[Choice] = ()) -> str:
        """With one choice for each clash."""
        left = iter(choices)
        return "".join(piece if isinstance(piece, str) else piece.chosen(next(left)) for piece in self.pieces)


def merge_texts(base: str, mine: str, theirs: str) -> MergedText:
    """Both sides' changes to a text."""
    if theirs in (mine, base):
        return MergedText((mine,))
    if mine == base:
        return MergedText((theirs,))
    lines = lines_of(base)
    ours, others = hunks(lines, lines_of(mine)), hunks(lines, lines_of(theirs))
    pieces: list[str | Clash] = []
    at = 0
    for start, end, mine_in, theirs_in in _groups(ours, others):
        pieces.append("".join(lines[at:start]))
        pieces.append(_settled(lines, start, end, mine_in, theirs_in))
        at = end
    pieces.append("".join(lines[at:]))
    return MergedText(_ended(pieces))


def merge_without_base(mine: str, theirs: str) -> MergedText:
    """When nobody knows what both began from: what they share is taken for it."""
    lines, shared, at = lines_of(mine), [], 0
    for hunk in hunks(lines, lines_of(theirs)):
        shared += lines[at : hunk.start]
        at = hunk.end
    return merge_texts("".join([*shared, *lines[at:]]), mine, theirs)


@dataclass(frozen=True, slots=True)
class MergedFields:
    """``values`` of all fields that are settled, and a text or a clash for each that is not."""

    values: dict[str, Any]
    texts: dict[str, MergedText]
    clashing: dict[str, tuple[Any, Any]]

    @property
    def settled(self) -> bool:
        return not self.texts and not self.clashing

    def chosen(self, choices: Mapping[str, Sequence[Choice]]) -> dict[str, Any]:
        """All values, with what was chosen for each clash of each field. Of a value there is no “both”: then mine."""
        texts = {name: text.text(choices[name]) for name, text in self.texts.items()}
        values = {name: sides[choices[name][0] is Choice.theirs] for name, sides in self.clashing.items()}
        return {**self.values, **texts, **values}


def merge_fields(
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any], texts: frozenset[str] = frozenset()
) -> MergedFields:
    """Both sides' changes to a thing's fields; those named in ``texts`` line by line."""
    values: dict[str, Any] = {}
    unsettled: dict[str, MergedText] = {}
    clashing: dict[str, tuple[Any, Any]] = {}
    for name, value in mine.items():
        before, other = base.get(name), theirs.get(name)
        if other in (value, before):
            values[name] = value
        elif value == before:
            values[name] = other
        elif name in texts:
            merged = merge_texts(before or "", value, other or "")
            if merged.clashes:
                unsettled[name] = merged
            else:
                values[name] = merged.text()
        else:
            clashing[name] = (value, other)
    return MergedFields(values, unsettled, clashing)


def _groups(ours: list[Hunk], others: list[Hunk]) -> list[tuple[int, int, list[Hunk], list[Hunk]]]:
    """Hunks of both sides that have to be looked at together: (start, end, mine, theirs), in order."""
    waiting = sorted([*((each, True) for each in ours), *((each, False) for each in others)], key=_place)
    groups: list[tuple[int, int, list[Hunk], list[Hunk]]] = []
    mine: list[Hunk]
    theirs: list[Hunk]
    for hunk, is_ours in waiting:
        if groups and _meets(hunk, groups[-1]):
            start, end, *_ = groups.pop()
        else:
            start, end = hunk.start, hunk.end
            mine, theirs = [], []
        (mine if is_ours else theirs).append(hunk)
        groups.append((start, max(end, hunk.end), mine, theirs))
    return groups


def _place(waiting: tuple[Hunk, bool]) -> tuple[int, int]:
    return waiting[0].start, waiting[0].end


def _meets(hunk: Hunk, group: tuple[int, int, list[Hunk], list[Hunk]]) -> bool:
    """Whether they touch the same lines, or put lines in at the same place."""
    start, end, *_ = group
    return hunk.start < end or (hunk.start == start == end and hunk.comes_in)


def _settled(lines: list[str], start: int, end: int, mine: list[Hunk], theirs: list[Hunk]) -> str | Clash:
    sides = ["".join(_applied(lines, start, end, side)) for side in (mine, theirs)]
    if not theirs or sides[0] == sides[1]:
        return sides[0]
    if not mine:
        return sides[1]
    return Clash("".join(lines[start:end]), sides[0], sides[1])


def _applied(lines: list[str], start: int, end: int, side: list[Hunk]) -> list[str]:
    out: list[str] = []
    for hunk in side:
        out += lines[start : hunk.start]
        out += hunk.lines
        start = hunk.end
    return [*out, *lines[start:end]]


def _ended(pieces: list[str | Clash]) -> tuple[str | Clash, ...]:
    """A line that was the last and is not any more gets its end, so that no two lines become one."""
    kept = [piece for piece in pieces if isinstance(piece, Clash) or piece]
    return tuple(
        f"{piece}\n"
        if isinstance(piece, str) and place < len(kept) - 1 and not piece.endswith("\n")
        else _clash_ended(piece, last=place == len(kept) - 1)
        for place, piece in enumerate(kept)
    )


def _clash_ended(piece: str | Clash, *, last: bool) -> str | Clash:
    if last or isinstance(piece, str):
        return piece
    ended = [side if not side or side.endswith("\n") else f"{side}\n" for side in (piece.mine, piece.theirs)]
    return Clash(piece.base, ended[0], ended[1])
