"""Add, list and remove the files of a GPT. Its owner's to do, and nobody else sees which they are."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Gpt, KnowledgeFile, StoredFile
from faraday_app.contexts.service import gpts, stored
from faraday_app.contexts.service.versions import taking
from faraday_app.core.clock import now
from faraday_app.core.errors import Invalid, NotFound, NotPermitted
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor
from faraday_app.security.service import record

MOST = 20  # files of a GPT


@dataclass(frozen=True, slots=True)
class Known:
    known: KnowledgeFile
    file: StoredFile


async def listed(session: AsyncSession, actor: Actor, gpt_id: UUID) -> list[Known]:
    """All there are, oldest first: never more than ``MOST``."""
    gpt = await _owned(session, actor, gpt_id)
    query = (
        select(KnowledgeFile, StoredFile)
        .join(StoredFile, col(StoredFile.id) == col(KnowledgeFile.file_id))
        .where(col(KnowledgeFile.gpt_id) == gpt.id, col(KnowledgeFile.removed_at).is_(None))
        .order_by(col(KnowledgeFile.id))
        .limit(MOST)
    )
    return [Known(*row) for row in (await session.execute(query)).all()]


async def add(session: AsyncSession, actor: Actor, gpt_id: UUID, name: str, content: bytes) -> Known:
    """Kept at once, read in the background."""
    gpt = await _owned(session, actor, gpt_id)
    await session.refresh(gpt, with_for_update=True)
    count = select(func.count()).where(col(KnowledgeFile.gpt_id) == gpt.id, col(KnowledgeFile.removed_at).is_(None))
    if int(await session.scalar(count) or 0) >= MOST:
        raise Invalid(f"A GPT can know {MOST} files. Remove one first.", field="file")
    await taking.keep(session, actor, gpt)
    file = await stored.store(session, actor, name, content)
    known = KnowledgeFile(organization_id=gpt.organization_id, gpt_id=gpt.id, file_id=file.id, added_by=actor.user)
    session.add(known)
    await session.flush()
    await _tell(session, actor, gpt, known, "knowledge.added")
    return Known(known, file)


async def remove(session: AsyncSession, actor: Actor, gpt_id: UUID, knowledge_id: UUID) -> None:
    """From its next answer on it is not drawn on any more."""
    found, gpt = await _found(session, actor, gpt_id, knowledge_id), await _owned(session, actor, gpt_id)
    await taking.keep(session, actor, gpt)
    found.known.removed_at = now()
    await _tell(session, actor, gpt, found.known, "knowledge.removed")


async def again(session: AsyncSession, actor: Actor, gpt_id: UUID, knowledge_id: UUID) -> None:
    """Read a file once more that could not be read."""
    found = await _found(session, actor, gpt_id, knowledge_id)
    await stored.read_again(session, found.file)


async def _found(session: AsyncSession, actor: Actor, gpt_id: UUID, knowledge_id: UUID) -> Known:
    found = next((each for each in await listed(session, actor, gpt_id) if each.known.id == knowledge_id), None)
    if found is None:
        raise NotFound("This file is not among those of the GPT.")
    return found


async def _owned(session: AsyncSession, actor: Actor, gpt_id: UUID) -> Gpt:
    gpt = await gpts.get(session, actor, gpt_id)
    if not gpts.may_change(actor, gpt):
        raise NotPermitted("Only its owner sees and changes what this GPT knows.")
    return gpt


async def _tell(session: AsyncSession, actor: Actor, gpt: Gpt, known: KnowledgeFile, action: str) -> None:
    """In the trail, in the open editor, and among the versions of the GPT."""
    await taking.take(session, actor, gpt)
    record(session, actor, action, known, gpt_id=str(known.gpt_id))
    publish_on_commit(session, topic("knowledge", known.gpt_id))
