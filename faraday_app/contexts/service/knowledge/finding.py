"""What a GPT knows about a question."""

from dataclasses import dataclass

from sqlalchemy import select
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
    query = (
        select(KnowledgeFile, StoredFile)
        .join(StoredFile, col(StoredFile.id) == col(KnowledgeFile.file_id))
        .where(
            col(KnowledgeFile.gpt_id) == gpt.id,
            col(KnowledgeFile.removed_at).is_(None),
            col(StoredFile.state) == Reading.ready,
        )
    )
    files = {file.id: (known, file) for known, file in (await session.execute(query)).all()}
    found = await passages.find(session, actor.organization, list(files), question, most)
    return [KnownPassage(*files[each.file_id], each) for each in found]
