"""An answer as whoever asked for it follows it: from its log while it is written, from the database when it is done."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Message, Run
from faraday_app.contexts.service.conversations import get_context
from faraday_app.contexts.service.streams import followers
from faraday_app.core.errors import NotFound
from faraday_app.core.facts import listener
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Actor

LOOK_AGAIN = 5.0  # seconds, for when Redis cannot tell


@dataclass(frozen=True, slots=True)
class Answer:
    run: Run
    message: Message

    @property
    def is_finished(self) -> bool:
        return self.run.finished_at is not None


@dataclass(frozen=True, slots=True)
class Piece:
    """New text, empty for a sign of life; ``end`` is the length of the whole text with it, in characters."""

    text: str
    end: int


async def get_answer(session: AsyncSession, actor: Actor, context_id: UUID, run_id: UUID) -> Answer:
    """The answer a run makes, in a conversation the actor is a member of."""
    context, _ = await get_context(session, actor, context_id)
    query = (
        select(Run, Message)
        .join(Message, col(Message.id) == col(Run.message_id))
        .where(col(Run.id) == run_id, col(Run.context_id) == context.id)
    )
    found = (await session.execute(query)).one_or_none()
    if found is None:
        raise NotFound("This answer does not exist.")
    return Answer(*found)


async def follow(
    actor: Actor, answer: Answer, look: Callable[[], Awaitable[Answer]], begin: int = 0
) -> AsyncIterator[Piece | Answer]:
    """The text from character ``begin`` on as it comes, then the finished answer. Holds no transaction.

    ``look`` reads the answer again under the rights of that moment. It is called whenever those, or the
    conversation, may have changed, and what it raises ends the following.
    """
    wake, doubts, is_open = asyncio.Event(), asyncio.Event(), True

    def doubt() -> None:
        doubts.set()
        wake.set()

    try:
        with listener.watching(*topics(actor, answer.run.context_id), callback=doubt):
            followers.follow(answer.run.id, lambda _: wake.set(), lambda _: is_open)
            doubt()
            while True:
                silent = not await set_within(wake, LOOK_AGAIN)
                wake.clear()
                if silent or doubts.is_set():
                    doubts.clear()
                    answer = await look()
                text = answer.message.content if answer.is_finished else followers.text(answer.run.id)
                if len(text) > begin or silent:
                    fresh, begin = text[begin:], max(begin, len(text))
                    yield Piece(fresh, begin)
                if answer.is_finished:
                    yield answer
                    return
    finally:
        is_open = False


def topics(actor: Actor, context_id: UUID) -> list[str]:
    """What changes the rights to see an answer in this conversation, or ends it."""
    return [
        topic("context", context_id),
        topic("rights", actor.user),
        topic("api_keys", actor.user),
        topic("session", str(actor.session_id)),
    ]


async def set_within(event: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True
