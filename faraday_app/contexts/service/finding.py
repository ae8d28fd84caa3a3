"""Words within one conversation, on whatever branch they were said."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.contexts.models import Gpt, Message
from faraday_app.contexts.service.conversations import get_context
from faraday_app.core.errors import Invalid
from faraday_app.core.permissions import Actor

PAGE = 25
LONGEST = 200
HIT = ("\x02", "\x03")  # around each word that was found, in an excerpt
_HEADLINE = f"StartSel={HIT[0]}, StopSel={HIT[1]}, MaxWords=24, MinWords=12"


def plain(excerpt: str) -> str:
    """Without the marks around what was found."""
    return excerpt.replace(HIT[0], "").replace(HIT[1], "")


@dataclass(frozen=True, slots=True)
class Hit:
    """A message with the words, who said it, and the place where they stand."""

    id: UUID
    name: str
    excerpt: str


async def within(
    session: AsyncSession,
    actor: Actor,
    context_id: UUID,
    text: str,
    *,
    before: UUID | None = None,
    limit: int = PAGE,
) -> list[Hit]:
    """Newest first. The words as people write them to a search engine: all of them, "together", -without."""
    context, _ = await get_context(session, actor, context_id)
    if not text.strip():
        raise Invalid("Enter what to look for.", field="text")
    words = func.websearch_to_tsquery("simple", text.strip()[:LONGEST])
    query = (
        select(
            col(Message.id),
            func.coalesce(col(User.name), col(Gpt.name), col(Message.model), ""),
            func.ts_headline("simple", col(Message.content), words, _HEADLINE),
        )
        .outerjoin(User, col(User.id) == col(Message.author_id))
        .outerjoin(Gpt, col(Gpt.id) == col(Message.gpt_id))
        .where(
            col(Message.context_id) == context.id,
            func.to_tsvector("simple", col(Message.content)).op("@@")(words),
        )
    )
    if before:
        query = query.where(col(Message.id) < before)
    rows = await session.execute(query.order_by(col(Message.id).desc()).limit(limit))
    return [Hit(*row) for row in rows.all()]
