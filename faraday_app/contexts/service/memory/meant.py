"""What memories mean: found from their words by a job, compared with the question that is asked.

A vector is of one version of a memory and of one model of sentences; an older one, or another model's, counts for
nothing and is found anew. It tells no word, goes with the words, and is in no backup.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, and_, delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Memory, MemoryStatus, MemoryVector
from faraday_app.contexts.service import meaning
from faraday_app.contexts.service.memory.rules import words_of
from faraday_app.core.clock import now
from faraday_app.core.database import as_faraday, transaction
from faraday_app.core.ids import new_id
from faraday_app.core.jobs import defer
from faraday_app.core.permissions import Actor
from faraday_app.gateway.service import embedding

JOB = "contexts:find_meanings"
LOOKED_AT = 40
NEAR = 0.3  # cosine from which a memory has to do with a question
AT_ONCE = 100
_TABLE = MemoryVector.__tablename__
_KEEP = text(
    "insert into memory_vectors (id, created_at, organization_id, memory_id, version, model, embedding)"
    " select :id, :created_at, organization_id, id, :version, :model, cast(:vector as vector) from memories"
    " where id = :memory_id and sealed_text is not null"
    " on conflict (memory_id) do update set version = excluded.version, model = excluded.model,"
    " embedding = excluded.embedding where memory_vectors.version <= excluded.version"
)
_log = structlog.get_logger(__name__)


async def wanted(session: AsyncSession) -> None:
    """Have found what the memories mean that this transaction keeps or changes, once it has committed."""
    async with as_faraday(session):
        await defer(session, JOB, JOB)


async def nearness(session: AsyncSession, question: str, where: Sequence[ColumnElement[bool]]) -> Mapping[UUID, float]:
    """Of the memories for which all of this holds, those that have to do with the question: 1 says the same.

    Nothing where memories cannot be compared by meaning here, or nobody has found yet what they mean.
    """
    if not question.strip() or not await meaning.is_kept(session, _TABLE):
        return {}
    vector = await meaning.of_question(question)
    if vector is None:
        return {}
    apart = meaning.distance(_TABLE, vector)
    query = (
        select(col(Memory.id), (1 - apart).label("near"))
        .join(MemoryVector, _current())
        .where(*where)
        .order_by(apart)
        .limit(LOOKED_AT)
    )
    return {id: near for id, near in (await session.execute(query)).all() if near >= NEAR}


async def find_all() -> int:
    """For all that are kept and have no vector of their words and of this model yet. How many."""
    count, after = 0, UUID(int=0)
    while due := await _due(after):
        vectors = await embedding.embed([words for _, words in due])
        values = [_value(memory, vector) for (memory, _), vector in zip(due, vectors, strict=True)]
        async with transaction(Actor.system()) as session:
            await session.execute(_KEEP, values)
        count, after = count + len(due), due[-1][0].id
    if count:
        _log.info("meanings_found", memories=count, model=embedding.NAME)
    return count


async def drop(session: AsyncSession, memory_ids: Sequence[UUID]) -> None:
    """With the words of these memories."""
    await session.execute(delete(MemoryVector).where(col(MemoryVector.memory_id).in_(memory_ids)))


def _current() -> ColumnElement[bool]:
    return and_(
        col(MemoryVector.memory_id) == col(Memory.id),
        col(MemoryVector.version) == col(Memory.version),
        col(MemoryVector.model) == embedding.NAME,
    )


async def _due(after: UUID) -> list[tuple[Memory, str]]:
    """The next ones; those that cannot be read any more are passed over."""
    query = (
        select(Memory)
        .outerjoin(MemoryVector, _current())
        .where(
            col(MemoryVector.id).is_(None),
            col(Memory.status) == MemoryStatus.kept,
            col(Memory.forgotten_at).is_(None),
            col(Memory.sealed_text).is_not(None),
        )
        .order_by(col(Memory.id))
        .limit(AT_ONCE)
    )
    async with transaction(Actor.system()) as session:
        if not await meaning.is_kept(session, _TABLE):
            return []
        while rows := (await session.scalars(query.where(col(Memory.id) > after))).all():
            if read := [(memory, words) for memory in rows if (words := await words_of(memory))]:
                return read
            after = rows[-1].id
    return []


def _value(memory: Memory, vector: embedding.Vector) -> dict[str, object]:
    return {
        "id": new_id(),
        "created_at": now(),
        "memory_id": memory.id,
        "version": memory.version,
        "model": embedding.NAME,
        "vector": meaning.literal(vector),
    }
