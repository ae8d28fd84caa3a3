"""Where two texts differ, line by line. Pure, and bounded in time whatever the texts are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from diff_match_patch import diff_match_patch

PATIENCE = 0.5  # seconds; what is not found by then is told as one larger difference

Sign = Literal["same", "gone", "new", "skipped"]


@dataclass(frozen=True, slots=True)
class Hunk:
    """The lines from ``start`` up to ``end`` of the older text became ``lines``. ``start == end``: lines came in."""

    start: int
    end: int
    lines: tuple[str, ...]

    @property
    def comes_in(self) -> bool:
        return self.start == self.end


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a comparison as it is read: in both, only in the older, only in the newer; or so many left out."""

    sign: Sign
    text: str


def lines_of(text: str) -> list[str]:
    """With their ends, so that joining them gives the text again."""
    pieces = text.split("\n")
    whole = [f"{piece}\n" for piece in pieces[:-1]]
    return [*whole, pieces[-1]] if pieces[-1] else whole


def hunks(older: Sequence[str], newer: Sequence[str]) -> list[Hunk]:
    """What has to change in the older lines to get the newer ones, in order; no two touch."""
    found: list[Hunk] = []
    at = 0
    for same, gone, new in _runs(older, newer):
        if gone or new:
            found.append(Hunk(at, at + len(gone), tuple(new)))
        at += len(gone) + same
    return found


def comparison(older: str, newer: str, around: int = 3) -> tuple[Line, ...]:
    """Both texts in one, with so many equal lines around each difference; nothing for equal texts."""
    if older == newer:
        return ()
    lines, found, at = lines_of(older), [], 0
    for hunk in hunks(lines, lines_of(newer)):
        found += _between(lines[at : hunk.start], around, first=at == 0, last=False)
        found += [Line("gone", line.rstrip("\n")) for line in lines[hunk.start : hunk.end]]
        found += [Line("new", line.rstrip("\n")) for line in hunk.lines]
        at = hunk.end
    return (*found, *_between(lines[at:], around, first=False, last=True))


def _between(lines: Sequence[str], around: int, *, first: bool, last: bool) -> list[Line]:
    """Equal lines before, between or after differences; of many only those that are near."""
    head, tail = 0 if first else around, 0 if last else around
    if len(lines) <= head + tail + 1:
        return [Line("same", line.rstrip("\n")) for line in lines]
    left_out = len(lines) - head - tail
    return [
        *(Line("same", line.rstrip("\n")) for line in lines[:head]),
        Line("skipped", f"{left_out:,} lines alike"),
        *(Line("same", line.rstrip("\n")) for line in lines[len(lines) - tail :]),
    ]


def _runs(older: Sequence[str], newer: Sequence[str]) -> Iterator[tuple[int, list[str], list[str]]]:
    """(equal lines that follow, lines gone, lines new), by comparing lines as if each were one character."""
    signs: dict[str, str] = {}
    coded = ["".join(signs.setdefault(line, _sign(len(signs))) for line in lines) for lines in (older, newer)]
    comparing = diff_match_patch()
    comparing.Diff_Timeout = PATIENCE
    was, now = iter(older), iter(newer)
    gone: list[str] = []
    new: list[str] = []
    for kind, run in comparing.diff_main(coded[0], coded[1], False):
        if kind == comparing.DIFF_DELETE:
            gone += [next(was) for _ in run]
        elif kind == comparing.DIFF_INSERT:
            new += [next(now) for _ in run]
        else:
            yield 0, gone, new
            gone, new = [], []
            for _ in run:
                next(was), next(now)
            yield len(run), [], []
    yield 0, gone, new


def _sign(number: int) -> str:
    """A character for a line; the surrogates, which are none, are left out."""
    return chr(number + 1 if number < 0xD7FF else number + 0x801)
