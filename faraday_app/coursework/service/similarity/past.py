"""Which of all texts of the organisation are worth comparing with a new one, by the fingerprints they share."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.coursework import similarity
from faraday_app.coursework.models import ComparedText
from faraday_app.coursework.service.similarity import authors

# A fingerprint that so many texts have is a phrase that everybody uses: nobody is found by it.
TOO_COMMON = 200
_HITS = text(
    "select wanted.number, found.text_id from unnest(cast(:numbers as bigint[])) as wanted(number)"
    " cross join lateral (select text_id from similarity_fingerprints"
    " where organization_id = :organization and hash = wanted.number limit :most) as found"
)


async def candidates(
    session: AsyncSession, found: ComparedText, numbers: Collection[int], leaving_out: frozenset[int] = frozenset()
) -> list[ComparedText]:
    """The best first: of other work that was there before, and never the author's own."""
    wanted = {"organization": found.organization_id, "numbers": sorted(set(numbers) - leaving_out), "most": TOO_COMMON}
    hits: dict[int, list[UUID]] = defaultdict(list)
    for number, text_id in await session.execute(_HITS, wanted):
        hits[number].append(text_id)
    out = await _left_out(session, found)
    having = {
        number: [(each, 1) for each in ids if each < found.id and each not in out]
        for number, ids in hits.items()
        if len(ids) < TOO_COMMON
    }
    best = similarity.candidates(having, await _count(session, found.organization_id))
    if not best:
        return []
    query = select(ComparedText).where(col(ComparedText.id).in_([each.document for each in best]))
    rows = {row.id: row for row in await session.scalars(query)}
    return [rows[each.document] for each in best if each.document in rows]


async def _left_out(session: AsyncSession, found: ComparedText) -> frozenset[UUID]:
    """Of the same assignment, where all are compared with each other, and of one of the same authors."""
    own = authors.wrote(await authors.of_one(session, found))
    near = or_(own, col(ComparedText.assignment_id) == found.assignment_id)
    query = select(col(ComparedText.id)).where(col(ComparedText.current), near)
    return frozenset(await session.scalars(query))


async def _count(session: AsyncSession, organization_id: UUID) -> int:
    query = select(func.count()).where(col(ComparedText.organization_id) == organization_id, col(ComparedText.current))
    return int(await session.scalar(query) or 0)
