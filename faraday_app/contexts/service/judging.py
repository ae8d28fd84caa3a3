"""Judging answers: by whoever may see them."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Author, Context, Message
from faraday_app.contexts.service.conversations import get_context
from faraday_app.core.errors import NotFound
from faraday_app.core.permissions import Actor
from faraday_app.gateway.models import AnswerRating
from faraday_app.gateway.service import rating

MOST = 500  # judgements of one conversation, the newest


async def judge(session: AsyncSession, actor: Actor, message_id: UUID, good: bool | None, reason: str = "") -> None:
    """Say what one thinks of an answer; None: take it back. NotFound for what is no answer, or not theirs to see."""
    await must_see(session, actor, message_id)
    if good is None:
        await rating.take_back(session, actor, message_id)
    else:
        await rating.rate(session, actor, message_id, good=good, reason=reason)


async def judgement(session: AsyncSession, actor: Actor, message_id: UUID) -> AnswerRating:
    """The actor's own. NotFound while there is none."""
    await must_see(session, actor, message_id)
    found = (await rating.mine(session, actor, [message_id])).get(message_id)
    if found is None:
        raise NotFound("You have not judged this answer.")
    return found


async def judgements(session: AsyncSession, actor: Actor, context: Context) -> dict[UUID, bool]:
    """What the actor said of the answers of a conversation that they may see."""
    answers = select(col(Message.id)).where(col(Message.context_id) == context.id)
    query = select(col(AnswerRating.message_id), col(AnswerRating.good)).where(
        col(AnswerRating.organization_id) == actor.organization,
        col(AnswerRating.user_id) == actor.user,
        col(AnswerRating.message_id).in_(answers),
    )
    rows = await session.execute(query.order_by(col(AnswerRating.id).desc()).limit(MOST))
    return {row[0]: row[1] for row in rows}


async def must_see(session: AsyncSession, actor: Actor, message_id: UUID) -> None:
    message = await session.get(Message, message_id)
    if message is None or message.organization_id != actor.organization or message.author != Author.model:
        raise NotFound("This answer does not exist, or is not shared with you.")
    await get_context(session, actor, message.context_id)
