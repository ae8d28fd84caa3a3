"""The messages of a conversation form a tree; what is shown is the branch that ends at its leaf."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, String, cast, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.contexts.models import Author, Context, Message
from faraday_app.contexts.service.conversations import announce, get_context
from faraday_app.core.errors import Invalid, NotFound
from faraday_app.core.permissions import Actor
from faraday_app.gateway.service import Turn
from faraday_app.security.service import record

PAGE = 60
LONGEST_MESSAGE = 32_000


@dataclass(frozen=True, slots=True)
class Shown:
    """A message of the branch, its author's name, and which of how many siblings it is."""

    message: Message
    author_name: str
    siblings: tuple[UUID, ...]

    @property
    def place(self) -> int:
        return self.siblings.index(self.message.id) + 1


async def branch(
    session: AsyncSession, actor: Actor, context_id: UUID, end: UUID | None = None, limit: int = PAGE
) -> list[Shown]:
    """The last messages of the branch shown, oldest first. ``end`` asks for those before that message."""
    context, _ = await get_context(session, actor, context_id)
    leaf = context.leaf_id
    if end is not None:
        leaf = (await get_message(session, context, end)).parent_id
    return await _shown(session, context.id, await path_to(session, leaf, limit))


async def path_to(session: AsyncSession, leaf_id: UUID | None, limit: int) -> list[Message]:
    """The messages from ``limit`` ancestors above a leaf down to it, oldest first."""
    if leaf_id is None:
        return []
    climb = (
        select(col(Message.id), col(Message.parent_id), cast(literal(1), Integer).label("height"))
        .where(col(Message.id) == leaf_id)
        .cte("climb", recursive=True)
    )
    above = aliased(Message)
    climb = climb.union_all(
        select(col(above.id), col(above.parent_id), climb.c.height + 1)
        .join(climb, col(above.id) == climb.c.parent_id)
        .where(climb.c.height < limit)
    )
    query = select(Message).join(climb, climb.c.id == col(Message.id)).order_by(climb.c.height.desc())
    return list((await session.scalars(query)).all())


async def get_message(session: AsyncSession, context: Context, message_id: UUID) -> Message:
    message = await session.get(Message, message_id)
    if message is None or message.context_id != context.id:
        raise NotFound("This message does not exist.")
    return message


async def turns_to(session: AsyncSession, leaf_id: UUID | None) -> list[Turn]:
    """The branch as a model reads it; answers that came to nothing are left out."""
    return [
        Turn(role="assistant" if message.author == Author.model else "user", content=message.content)
        for message in await path_to(session, leaf_id, PAGE)
        if message.content
    ]


async def show_sibling(session: AsyncSession, actor: Actor, context_id: UUID, message_id: UUID) -> None:
    """Show the branch through this message, down to its newest end."""
    context, _ = await get_context(session, actor, context_id, write=True, lock=True)
    message = await get_message(session, context, message_id)
    context.leaf_id = await _newest_end(session, message.id)
    context.version += 1
    record(session, actor, "context.branch_shown", context)
    await announce(session, context)


def clean_text(text: str) -> str:
    text = text.strip()
    if not text:
        raise Invalid("Write a message first.", field="message")
    if len(text) > LONGEST_MESSAGE:
        raise Invalid(f"This message is too long: {LONGEST_MESSAGE:,} characters at most.", field="message")
    return text


async def _newest_end(session: AsyncSession, message_id: UUID) -> UUID:
    below = select(col(Message.id)).where(col(Message.id) == message_id).cte("below", recursive=True)
    child = aliased(Message)
    below = below.union_all(select(col(child.id)).join(below, col(child.parent_id) == below.c.id))
    parents = select(col(Message.parent_id)).where(col(Message.parent_id).in_(select(below.c.id)))
    query = select(func.max(cast(below.c.id, String))).where(below.c.id.not_in(parents))
    return UUID(await session.scalar(query))


async def _shown(session: AsyncSession, context_id: UUID, messages: list[Message]) -> list[Shown]:
    """Two statements for a page: the siblings of all its messages, and the names of their authors."""
    if not messages:
        return []
    parents = [message.parent_id for message in messages if message.parent_id]
    in_family: ColumnElement[bool] = col(Message.parent_id).in_(parents)
    if any(message.parent_id is None for message in messages):
        in_family = or_(in_family, col(Message.parent_id).is_(None))
    rows = await session.execute(
        select(col(Message.parent_id), col(Message.author), col(Message.id))
        .where(col(Message.context_id) == context_id, in_family)
        .order_by(col(Message.id))
    )
    families: dict[tuple[UUID | None, str], list[UUID]] = {}
    for parent_id, author, message_id in rows.all():
        families.setdefault((parent_id, author), []).append(message_id)
    author_ids = {message.author_id for message in messages if message.author_id}
    found = await session.execute(select(col(User.id), col(User.name)).where(col(User.id).in_(author_ids)))
    names: dict[UUID, str] = dict(found.all())
    return [
        Shown(
            message,
            names.get(message.author_id, "") if message.author_id else "",
            tuple(families[message.parent_id, message.author]),
        )
        for message in messages
    ]
