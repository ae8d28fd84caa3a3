"""Find the passages of files that answer a question: by meaning and by words, ranked together.

By meaning only where the database has pgvector and the model of sentences is there; else by words alone.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, literal_column, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Passage
from faraday_app.contexts.service import meaning, ranking
from faraday_app.core.vault import Unreadable, unseal
from faraday_app.gateway.service import embedding

LOOKED_AT = 40  # passages of each ranking
NEAR = 0.25  # cosine from which a passage may have to do with the question
_KEEP = text("update file_passages set embedding = cast(:vector as vector) where id = :id")
_NEAREST = text(
    "select id, 1 - (embedding <=> cast(:vector as vector)) as nearness from file_passages"
    " where file_id = any(:files) and embedding is not null"
    " order by embedding <=> cast(:vector as vector) limit :most"
)
# The index looks on until enough passages of these files are found.
_LOOK_ON = text("select set_config('hnsw.iterative_scan', 'strict_order', true)")


@dataclass(frozen=True, slots=True)
class Found:
    """A passage of a file, and how well it fits the question: 1 is best."""

    file_id: UUID
    place: int
    text: str
    score: float


async def by_meaning(session: AsyncSession) -> bool:
    """Whether passages can be found by what they mean."""
    return await meaning.is_kept(session, Passage.__tablename__)


async def keep_vectors(session: AsyncSession, vectors: Mapping[UUID, embedding.Vector]) -> None:
    values = [{"id": id, "vector": meaning.literal(vector)} for id, vector in vectors.items()]
    await session.execute(_KEEP, values)


async def find(
    session: AsyncSession, organization_id: UUID, file_ids: Collection[UUID], question: str, most: int
) -> list[Found]:
    """Of these files, the best first; none where nothing has to do with the question."""
    if not file_ids or not question.strip() or most < 1:
        return []
    near = await _nearest(session, file_ids, question)
    worded = await _worded(session, organization_id, file_ids, question)
    ranked = ranking.fused(near, worded)[:most]
    return await _read(session, ranked)


async def first(session: AsyncSession, file_id: UUID, most: int) -> list[Found]:
    """The beginning of a file, for a question that nothing in it answers better than the rest."""
    query = select(Passage).where(col(Passage.file_id) == file_id).order_by(col(Passage.place)).limit(most)
    return [await _found(passage, 0.0) for passage in await session.scalars(query)]


async def _nearest(session: AsyncSession, file_ids: Collection[UUID], question: str) -> list[UUID]:
    if not await by_meaning(session):
        return []
    vector = await meaning.of_question(question)
    if vector is None:
        return []
    await session.execute(_LOOK_ON)
    values = {"vector": vector, "files": list(file_ids), "most": LOOKED_AT}
    return [row.id for row in await session.execute(_NEAREST, values) if row.nearness >= NEAR]


async def _worded(
    session: AsyncSession, organization_id: UUID, file_ids: Collection[UUID], question: str
) -> list[UUID]:
    asked = ranking.blind(organization_id, ranking.asked_words(question))
    if not asked:
        return []
    sought = func.to_tsquery("simple", " | ".join(asked))
    query = (
        select(col(Passage.id), func.ts_rank(col(Passage.words), sought, literal_column("1")).label("rank"))
        .where(col(Passage.file_id).in_(file_ids), col(Passage.words).op("@@")(sought))
        .order_by(text("rank desc"), col(Passage.id))
        .limit(LOOKED_AT)
    )
    return [row.id for row in await session.execute(query)]


async def _read(session: AsyncSession, ranked: Sequence[tuple[UUID, float]]) -> list[Found]:
    query = select(Passage).where(col(Passage.id).in_([id for id, _ in ranked]))
    rows = {passage.id: passage for passage in await session.scalars(query)}
    found = []
    for id, score in ranked:
        try:
            found.append(await _found(rows[id], score))
        except (KeyError, Unreadable):
            continue
    return found


async def _found(passage: Passage, score: float) -> Found:
    purpose = f"passage {passage.place} of file {passage.file_id}"
    return Found(passage.file_id, passage.place, await unseal(passage.sealed_text, purpose), score)
