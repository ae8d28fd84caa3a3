"""What a GPT knows about a question."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Gpt, KnowledgeFile, Reading, StoredFile
from faraday_app.contexts.service import gpts, passages
from faraday_app.contexts.service.passages import Found
from faraday_app.core.permissions import Actor


@dataclass(frozen=True, slots=True)
class KnownPassage:
    known: KnowledgeFile
    file: StoredFile
    found: Found


async def find(session: AsyncSession, actor: Actor, gpt: Gpt, question: str, most: int) -> list[KnownPassage]:
    """The passages of its files that fit the question, the best first. Nothing of a GPT that the actor cannot use."""
    if not gpts.may_use(actor, gpt):
        return []
    return await _find(session, actor.organization, col(KnowledgeFile.gpt_id) == gpt.id, question, most)


async def find_among(
    session: AsyncSession, organization_id: UUID, known_ids: Collection[UUID], question: str, most: int
) -> list[KnownPassage]:
    """The same of these files, for a caller who has checked that they may be read."""
    return await _find(session, organization_id, col(KnowledgeFile.id).in_(known_ids), question, most)


async def _find(
    session: AsyncSession, organization_id: UUID, which: ColumnElement[bool], question: str, most: int
) -> list[KnownPassage]:
    query = (
        select(KnowledgeFile, StoredFile)
        .join(StoredFile, col(StoredFile.id) == col(KnowledgeFile.file_id))
        .where(which, col(KnowledgeFile.removed_at).is_(None), col(StoredFile.state) == Reading.ready)
    )
    files = {file.id: (known, file) for known, file in (await session.execute(query)).all()}
    found = await passages.find(session, organization_id, list(files), question, most)
    return [KnownPassage(*files[each.file_id], each) for each in found]
