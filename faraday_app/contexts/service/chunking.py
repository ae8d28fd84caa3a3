"""Long texts in parts: cut at headings and paragraphs, each with the end of the one before. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

WORDS = 220  # of a part at most
OVERLAP = 30  # words that a part repeats of the one before it
MOST = 1_500  # parts of one text
LONGEST_WORD = 200  # characters: what has no spaces is cut
_HEADING = re.compile(r"^#{1,6}\s+(.+)$")
_BREAK = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Part:
    """``heading`` stands above it in the text; it is empty before the first one."""

    heading: str
    text: str

    @property
    def whole(self) -> str:
        return f"{self.heading}\n{self.text}" if self.heading else self.text


def parts_of(text: str) -> list[Part]:
    """In their order. What comes after the ``MOST``-th part is left out."""
    found: list[Part] = []
    for heading, paragraphs in _sections(text):
        found += [Part(heading, part) for part in _packed(paragraphs)]
        if len(found) >= MOST:
            return found[:MOST]
    return found


def table_parts(text: str) -> list[Part]:
    """Of a table: lines together, each part under the first line, which names the columns."""
    lines = [line for line in text.splitlines() if line.strip()]
    return [Part(lines[0][:500], part) for part in _packed(lines[1:], overlap=0, between="\n")[:MOST]] if lines else []


def _sections(text: str) -> Iterable[tuple[str, list[str]]]:
    heading, paragraphs = "", list[str]()
    for block in _BREAK.split(text):
        lines = block.strip().splitlines()
        while lines and (named := _HEADING.match(lines[0].strip())):
            if paragraphs:
                yield heading, paragraphs
                paragraphs = []
            heading, lines = named[1].strip()[:200], lines[1:]
        if body := "\n".join(lines).strip():
            paragraphs.append(body)
    if paragraphs:
        yield heading, paragraphs


def _packed(paragraphs: Iterable[str], *, overlap: int = OVERLAP, between: str = "\n\n") -> list[str]:
    """Whole paragraphs as long as they fit; one that is too long alone is cut."""
    done: list[str] = []
    kept: list[str] = []
    count = 0
    for piece in (piece for paragraph in paragraphs for piece in _pieces(paragraph)):
        length = len(piece.split())
        if kept and count + length > WORDS:
            done.append(between.join(kept))
            tail = _tail(kept[-1], overlap)
            kept, count = ([tail] if tail else []), len(tail.split())
        kept.append(piece)
        count += length
    if kept:
        done.append(between.join(kept))
    return done


def _pieces(paragraph: str) -> list[str]:
    words = [word[at : at + LONGEST_WORD] for word in paragraph.split() for at in range(0, len(word), LONGEST_WORD)]
    if len(words) <= WORDS - OVERLAP:
        return [paragraph] if max(map(len, paragraph.split()), default=0) <= LONGEST_WORD else [" ".join(words)]
    step = WORDS - OVERLAP
    return [" ".join(words[start : start + step]) for start in range(0, len(words), step)]


def _tail(text: str, words: int) -> str:
    return " ".join(text.split()[-words:]) if words else ""
