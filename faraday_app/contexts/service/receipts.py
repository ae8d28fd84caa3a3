"""What an answer was given, thing by thing, and leaving one of them out from now on."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Author, Context, Given, Message
from faraday_app.contexts.service import branches
from faraday_app.contexts.service.conversations import announce, get_context
from faraday_app.core.errors import Conflict, Invalid, NotFound
from faraday_app.core.permissions import Actor
from faraday_app.gateway import service as gateway
from faraday_app.gateway.views import Model
from faraday_app.security.service import record

MOST_LEFT_OUT = 200
# Of the parts of a window those that are no things of their own.
WHOLE = ("instructions", "turns", "question")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing: ``tokens`` at most, ``cost`` in micro-credits by the model that answered, None where it is gone.

    ``given``: it went in; else it found no place. ``left_out``: the conversation leaves it out from now on. ``key`` is
    empty for what cannot be left out. ``why`` it was chosen, where the question decided that.
    """

    key: str
    kind: str
    title: str
    version: int
    tokens: int
    cost: int | None
    given: bool = True
    left_out: bool = False
    count: int = 1
    why: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """``turns_left_out``: turns that found no place and that no summary told. ``window`` in tokens, 0: not known."""

    message_id: UUID
    context_id: UUID
    version: int
    window: int
    lines: tuple[Line, ...]
    turns_left_out: int = 0

    @property
    def tokens(self) -> int:
        return sum(line.tokens for line in self.lines if line.given)


async def of_answer(session: AsyncSession, actor: Actor, message_id: UUID, context_id: UUID | None = None) -> Receipt:
    """For whoever may write in the conversation: what is material to it is theirs to choose."""
    if context_id is None:
        context_id = await session.scalar(select(col(Message.context_id)).where(col(Message.id) == message_id))
        if context_id is None:
            raise NotFound("This message does not exist.")
    context, _ = await get_context(session, actor, context_id, write=True)
    message = await branches.get_message(session, context, message_id)
    if message.author != Author.model:
        raise Invalid("Only an answer was given something.")
    model = (await gateway.offered(actor.organization_id)).named(message.model) if message.model else None
    return Receipt(message.id, context.id, context.version, *_told(message, set(context.left_out), model))


async def leave_out(
    session: AsyncSession, actor: Actor, context_id: UUID, key: str, *, version: int | None = None
) -> Context:
    """Give this to no model in this conversation from now on. Twice changes nothing."""
    context = await _writable(session, actor, context_id, version)
    kind, _, source = key.partition(":")
    if kind not in set(Given) or not source or len(key) > 120:
        raise Invalid("There is nothing of this name that could be left out.", field="key")
    if key in context.left_out:
        return context
    if len(context.left_out) >= MOST_LEFT_OUT:
        raise Invalid(f"A conversation can leave out {MOST_LEFT_OUT} things. Take one in again first.")
    context.left_out = [*context.left_out, key]
    return await _changed(session, actor, context, "context.left_out", key)


async def take_in(
    session: AsyncSession, actor: Actor, context_id: UUID, key: str, *, version: int | None = None
) -> Context:
    """Give it again where it is of use."""
    context = await _writable(session, actor, context_id, version)
    if key not in context.left_out:
        return context
    context.left_out = [each for each in context.left_out if each != key]
    return await _changed(session, actor, context, "context.taken_in", key)


async def _writable(session: AsyncSession, actor: Actor, context_id: UUID, version: int | None) -> Context:
    context, _ = await get_context(session, actor, context_id, write=True, lock=True)
    if version not in (None, context.version):
        raise Conflict("This conversation changed meanwhile. Look again and repeat your change.")
    return context


async def _changed(session: AsyncSession, actor: Actor, context: Context, action: str, key: str) -> Context:
    context.version += 1
    record(session, actor, action, context, key=key)
    await announce(session, context)
    return context


def _told(message: Message, left_out: set[str], model: Model | None) -> tuple[int, tuple[Line, ...], int]:
    """Window, lines and turns left out, as they were kept with the answer."""
    parts = {str(part["part"]): part for part in message.spread.get("parts", ())}
    things = [(thing, True) for thing in message.given]
    things += [(thing, False) for thing in message.spread.get("left_out", ())]
    lines = [_thing(thing, given, left_out, model) for thing, given in things]
    for name in WHOLE:
        if (part := parts.get(name)) and part["count"]:
            tokens, count = int(part["tokens"]), int(part["count"])
            lines.append(Line("", name, "", 0, tokens, _cost(model, tokens), count=count))
    unsaid = int(parts.get("turns", {}).get("left_out", 0))
    return int(message.spread.get("window", 0)), tuple(lines), unsaid


def _thing(thing: dict[str, str | int], given: bool, left_out: set[str], model: Model | None) -> Line:
    key, tokens = str(thing["key"]), int(thing["tokens"])
    cost = _cost(model, tokens) if given else 0
    return Line(key, str(thing["kind"]), str(thing["title"]), int(thing["version"]), tokens, cost, given,
                key in left_out, why=str(thing.get("why", "")))  # fmt: skip


def _cost(model: Model | None, tokens: int) -> int | None:
    return None if model is None else model.most(tokens, 0)
