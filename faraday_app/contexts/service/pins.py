"""Messages that stand at the top of a conversation, for all its members."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.contexts.models import Context, Gpt, Message, Pin
from faraday_app.contexts.service import branches
from faraday_app.contexts.service.conversations import announce, get_context
from faraday_app.core.errors import LimitReached
from faraday_app.core.permissions import Actor
from faraday_app.security.service import record

MOST = 30


@dataclass(frozen=True, slots=True)
class Pinned:
    """A pinned message, who said it (a person, a GPT or a model), and who pinned it."""

    message: Message
    name: str
    pinned_by: str


async def pin(session: AsyncSession, actor: Actor, context_id: UUID, message_id: UUID) -> None:
    """For whoever may write. Twice is once."""
    context, _ = await get_context(session, actor, context_id, write=True, lock=True)
    message = await branches.get_message(session, context, message_id)
    if await session.scalar(_of_message(message.id)):
        return
    if (await session.scalar(select(func.count()).where(col(Pin.context_id) == context.id)) or 0) >= MOST:
        raise LimitReached(f"{MOST} messages are pinned here. Unpin one first.")
    session.add(
        Pin(
            organization_id=context.organization_id,
            context_id=context.id,
            message_id=message.id,
            pinned_by=actor.user,
        )
    )
    await session.flush()
    record(session, actor, "context.message_pinned", context, message_id=str(message.id))
    await announce(session, context)


async def unpin(session: AsyncSession, actor: Actor, context_id: UUID, message_id: UUID) -> None:
    """Of a message that is not pinned there is nothing to do."""
    context, _ = await get_context(session, actor, context_id, write=True, lock=True)
    message = await branches.get_message(session, context, message_id)
    found = await session.scalar(_of_message(message.id))
    if found:
        await session.delete(found)
        record(session, actor, "context.message_unpinned", context, message_id=str(message.id))
        await announce(session, context)


async def pinned(session: AsyncSession, actor: Actor, context_id: UUID) -> list[Pinned]:
    """In the order of the conversation, on whatever branch they are."""
    context, _ = await get_context(session, actor, context_id)
    return await of(session, context)


async def of(session: AsyncSession, context: Context) -> list[Pinned]:
    """The conversation's rights were asked before."""
    by = select(col(User.name)).where(col(User.id) == col(Pin.pinned_by)).correlate(Pin).scalar_subquery()
    query = (
        select(Message, func.coalesce(col(User.name), col(Gpt.name), col(Message.model), ""), func.coalesce(by, ""))
        .join(Pin, col(Pin.message_id) == col(Message.id))
        .outerjoin(User, col(User.id) == col(Message.author_id))
        .outerjoin(Gpt, col(Gpt.id) == col(Message.gpt_id))
        .where(col(Pin.context_id) == context.id)
        .order_by(col(Message.id))
        .limit(MOST)
    )
    return [Pinned(*row) for row in (await session.execute(query)).all()]


def _of_message(message_id: UUID) -> Select[Pin]:
    return select(Pin).where(col(Pin.message_id) == message_id)
