"""The messages of a conversation form a tree; what is shown is the branch that ends at its leaf."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, cast, exists, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.contexts.models import Author, Context, Message, Orchestration
from faraday_app.contexts.service import gpts
from faraday_app.contexts.service.conversations import announce, get_context
from faraday_app.core.errors import Invalid, NotFound
from faraday_app.core.permissions import Actor
from faraday_app.gateway.service import Turn
from faraday_app.security.service import record

PAGE = 60
MOST_TURNS = 200  # that are looked at for a prompt
LONGEST_MESSAGE = 32_000


@dataclass(frozen=True, slots=True)
class Shown:
    """A message of the branch, the name of its author or GPT, and which of how many siblings it is.

    ``orchestration_id``: which answers of several GPTs to this question the branch goes through.
    """

    message: Message
    author_name: str
    siblings: tuple[UUID, ...]
    orchestration_id: UUID | None = None

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
    return [turn_of(message) for message in await said_to(session, leaf_id)]


async def said_to(session: AsyncSession, leaf_id: UUID | None) -> list[Message]:
    """The newest messages of the branch that say something, oldest first; each is a turn."""
    return [message for message in await path_to(session, leaf_id, MOST_TURNS) if message.content]


def turn_of(message: Message) -> Turn:
    return Turn(role="assistant" if message.author == Author.model else "user", content=message.content)


async def show_sibling(session: AsyncSession, actor: Actor, context_id: UUID, message_id: UUID) -> None:
    """Show the branch through this message, down to its newest end."""
    context, _ = await get_context(session, actor, context_id, write=True, lock=True)
    message = await get_message(session, context, message_id)
    context.leaf_id = await _newest_end(session, message.id)
    context.version += 1
    record(session, actor, "context.branch_shown", context)
    await announce(session, context)


def clean_text(text: str) -> str:
    if not is_text(text):
        raise Invalid("This message has characters that are no text. Write it again without them.", field="message")
    text = text.strip()
    if not text:
        raise Invalid("Write a message first.", field="message")
    if len(text) > LONGEST_MESSAGE:
        raise Invalid(f"This message is too long: {LONGEST_MESSAGE:,} characters at most.", field="message")
    return text


def is_text(text: str) -> bool:
    """Whether it can be kept and sent: half characters and NUL cannot."""
    try:
        return b"\x00" not in text.encode()
    except UnicodeEncodeError:
        return False


async def _newest_end(session: AsyncSession, message_id: UUID) -> UUID:
    below = select(col(Message.id)).where(col(Message.id) == message_id).cte("below", recursive=True)
    child = aliased(Message)
    below = below.union_all(select(col(child.id)).join(below, col(child.parent_id) == below.c.id))
    parents = select(col(Message.parent_id)).where(col(Message.parent_id).in_(select(below.c.id)))
    ends = select(Message).join(below, col(Message.id) == below.c.id).where(col(Message.id).not_in(parents))
    newest = await session.scalar(ends.where(~_aside()).order_by(col(Message.id).desc()).limit(1))
    return newest.id if newest else message_id


def _aside() -> ColumnElement[bool]:
    """A part of an answer by several GPTs that the branch does not go through."""
    other = (col(Orchestration.id) == Message.orchestration_id) & col(Orchestration.shown_id).is_distinct_from(
        col(Message.id)
    )
    return exists().where(other)


async def _shown(session: AsyncSession, context_id: UUID, messages: list[Message]) -> list[Shown]:
    """Two statements for a page: the siblings of all its messages, and the names of their authors."""
    if not messages:
        return []
    shown = [message.id for message in messages]
    parents = [message.parent_id for message in messages if message.parent_id]
    in_family: ColumnElement[bool] = col(Message.parent_id).in_(parents)
    if any(message.parent_id is None for message in messages):
        in_family = or_(in_family, col(Message.parent_id).is_(None))
    rows = await session.execute(
        select(col(Message.parent_id), col(Message.author), col(Message.id))
        .where(col(Message.context_id) == context_id, in_family, ~_aside() | col(Message.id).in_(shown))
        .order_by(col(Message.id))
    )
    families: dict[tuple[UUID | None, str], list[UUID]] = {}
    for parent_id, author, message_id in rows.all():
        families.setdefault((parent_id, author), []).append(message_id)
    author_ids = {message.author_id for message in messages if message.author_id}
    found = await session.execute(select(col(User.id), col(User.name)).where(col(User.id).in_(author_ids)))
    names: dict[UUID, str] = dict(found.all())
    names |= {id: gpt.name for id, gpt in (await gpts.of(session, {m.gpt_id for m in messages if m.gpt_id})).items()}
    through = {message.parent_id: message.orchestration_id for message in messages}
    if messages[-1].author == Author.person:
        through[messages[-1].id] = await _newest_asked(session, messages[-1].id)
    return [
        Shown(
            message,
            names.get(message.author_id or message.gpt_id or message.id, ""),
            tuple(families[message.parent_id, message.author]),
            through.get(message.id),
        )
        for message in messages
    ]


async def _newest_asked(session: AsyncSession, message_id: UUID) -> UUID | None:
    query = select(col(Orchestration.id)).where(col(Orchestration.asked_id) == message_id)
    return await session.scalar(query.order_by(col(Orchestration.id).desc()).limit(1))
