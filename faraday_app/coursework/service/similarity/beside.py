"""Two texts side by side: what they have in common, and what was left out as everybody's."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.permissions import Actor
from faraday_app.coursework import similarity
from faraday_app.coursework.service.reading import Seen
from faraday_app.coursework.service.similarity import authors, checking, pairs
from faraday_app.coursework.service.similarity.pairs import Author, Pair
from faraday_app.coursework.service.similarity.texts import document_of, text_of_row
from faraday_app.security.service import record

GAP = " … "


class Mark(StrEnum):
    plain = "plain"
    alike = "alike"
    given = "given"  # left out: the handout's, or much of the class has it
    hidden = "hidden"  # not the actor's to read


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text; ``number`` counts the passages, the same on both sides."""

    text: str
    mark: Mark
    number: int = 0


@dataclass(frozen=True, slots=True)
class SideOfPair:
    author: Author
    parts: tuple[Part, ...]
    side: similarity.Side


@dataclass(frozen=True, slots=True)
class Beside:
    seen: Seen
    pair: Pair
    left: SideOfPair
    right: SideOfPair
    comparison: similarity.Comparison
    evidence: similarity.Evidence | None


async def look(session: AsyncSession, actor: Actor, pair_id: UUID) -> Beside:
    """For the teachers of the left text's class. That somebody looked stands in the trail."""
    seen, pair = await pairs.get(session, actor, pair_id)
    comparison, documents = await _compared(session, seen, pair)
    left, right = await text_of_row(pair.left.text), await text_of_row(pair.right.text)
    whose = await authors.of(session, [pair.left.text, pair.right.text])
    record(
        session,
        actor,
        "similarity.looked_at",
        pair.row,
        name=seen.work.title,
        student_ids=sorted({str(id) for each in whose.values() for id in each}),
    )
    lefts = [(match.left.start, match.left.end) for match in comparison.matches]
    rights = [(match.right.start, match.right.end) for match in comparison.matches]
    return Beside(
        seen,
        pair,
        SideOfPair(pair.left, parts_of(left, documents[0], lefts, whole=pair.left.whole), comparison.left),
        SideOfPair(pair.right, parts_of(right, documents[1], rights, whole=pair.right.whole), comparison.right),
        comparison,
        await pairs.evidence_of(session, seen, pair),
    )


async def own_passages(session: AsyncSession, seen: Seen, pair: Pair, text_id: UUID) -> list[str]:
    """What of one side is in passages, as its author wrote it."""
    comparison, _ = await _compared(session, seen, pair)
    if text_id == pair.left.text.id:
        written, spans = await text_of_row(pair.left.text), [match.left for match in comparison.matches]
    else:
        written, spans = await text_of_row(pair.right.text), [match.right for match in comparison.matches]
    return [written[span.start : span.end] for span in spans]


def parts_of(
    written: str, document: similarity.Document, alike: Sequence[tuple[int, int]], *, whole: bool
) -> tuple[Part, ...]:
    """All of a text in order. Where it is not ``whole`` the actor's, nothing but the passages is in it."""
    numbered = sorted((start, end, number) for number, (start, end) in enumerate(alike, 1))
    parts: list[Part] = []
    at = 0
    for start, end, number in numbered:
        if end <= at:
            continue  # inside the one before
        parts += _between(written, document, at, start, whole=whole)
        parts.append(Part(written[max(start, at) : end], Mark.alike, number))
        at = end
    return (*parts, *_between(written, document, at, len(written), whole=whole))


def _between(written: str, document: similarity.Document, begins: int, ends: int, *, whole: bool) -> list[Part]:
    if begins >= ends:
        return []
    if not whole:
        return [Part(GAP, Mark.hidden)]
    parts, at = [], begins
    for first, last in _left_out(document):
        start, end = max(first, at), min(last, ends)
        if start < end:
            parts += [Part(written[at:start], Mark.plain)] if start > at else []
            parts.append(Part(written[start:end], Mark.given))
            at = end
    return [*parts, Part(written[at:ends], Mark.plain)] if at < ends else parts


def _left_out(document: similarity.Document) -> list[tuple[int, int]]:
    """Characters from the first to the last of words in a row that do not count."""
    runs: list[tuple[int, int]] = []
    last = -2
    for place, out in enumerate(document.left_out):
        if out:
            start = runs.pop()[0] if last == place - 1 else document.starts[place]
            runs.append((start, document.ends[place]))
            last = place
    return runs


async def _compared(
    session: AsyncSession, seen: Seen, pair: Pair
) -> tuple[similarity.Comparison, tuple[similarity.Document, similarity.Document]]:
    """Anew, by the handouts and the class as they are now."""
    template = await checking.template_now(session, seen.work.id)
    documents = [await document_of(pair.left.text), await document_of(pair.right.text)]
    left, right = await asyncio.to_thread(lambda: [similarity.leave_out(each, template) for each in documents])
    return await asyncio.to_thread(similarity.compare, left, right), (left, right)
