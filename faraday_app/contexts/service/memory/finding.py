"""Read what is remembered: one's own list, and that of a conversation."""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.contexts.models import (
    Context,
    Gpt,
    GptShare,
    Member,
    Memory,
    MemoryKind,
    MemoryScope,
    MemoryStatus,
    Message,
    Run,
)
from faraday_app.contexts.service import assembly
from faraday_app.contexts.service.looking import open_context
from faraday_app.contexts.service.memory import meant
from faraday_app.contexts.service.memory.rules import visible, words_of
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor, Permission
from faraday_app.core.vault import Unreadable

PAGE = 25
READ_AT_ONCE = 100
OF_A_CONVERSATION = 60
ERASED_AFTER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for. The words are sealed, so that a text is sought in them one after another."""

    text: str = ""
    kind: MemoryKind | None = None
    scope: MemoryScope | None = None
    status: MemoryStatus | None = None


@dataclass(frozen=True, slots=True)
class Remembered:
    """A memory with its words, and where it came from as far as the viewer may know it."""

    memory: Memory
    text: str
    owner_name: str = ""
    gpt_name: str = ""
    context_title: str = ""

    @property
    def id(self) -> UUID:
        return self.memory.id


async def listed(
    session: AsyncSession, actor: Actor, wanted: Wanted, before: UUID | None = None, limit: int = PAGE
) -> list[Remembered]:
    """One's own and what one gave to conversations and the department, with what the department remembers; newest
    first."""
    actor.must_at_all(Permission.assistant_use)
    team = and_(col(Memory.scope) == MemoryScope.team, col(Memory.department_id) == actor.department_id)
    query = [visible(actor), or_(col(Memory.owner_id) == actor.user, team)]
    if wanted.kind:
        query.append(col(Memory.kind) == wanted.kind)
    if wanted.scope:
        query.append(col(Memory.scope) == wanted.scope)
    shown = [wanted.status] if wanted.status else [MemoryStatus.kept, MemoryStatus.proposed, MemoryStatus.set_aside]
    query.append(col(Memory.status).in_(shown))
    found: list[tuple[Memory, str]] = []
    async for memory, text in _read(session, query, before):
        if wanted.text.strip().casefold() in text.casefold():
            found.append((memory, text))
        if len(found) == limit:
            break
    return await _told(session, actor, found)


async def of_conversation(session: AsyncSession, actor: Actor, context_id: UUID) -> list[Remembered]:
    """What it remembers, what waits to be approved in it, and what of one's own came from it; newest first.

    That somebody else looks at a student's conversation is recorded.
    """
    await open_context(session, actor, context_id)
    ours = and_(col(Memory.context_id) == context_id, col(Memory.scope) != MemoryScope.team)
    query = (
        select(Memory)
        .where(visible(actor), ours, col(Memory.status).in_([MemoryStatus.kept, MemoryStatus.proposed]))
        .order_by(col(Memory.id).desc())
        .limit(OF_A_CONVERSATION)
    )
    rows = (await session.scalars(query)).all()
    return await _told(session, actor, [(memory, await words_of(memory)) for memory in rows])


async def told(session: AsyncSession, actor: Actor, memory: Memory) -> Remembered:
    return (await _told(session, actor, [(memory, await words_of(memory))]))[0]


async def erase() -> int:
    """The words of what was forgotten or dismissed some days ago, also where old answers had been given them."""
    async with transaction(Actor.system()) as session:
        old = or_(
            col(Memory.forgotten_at) <= now() - ERASED_AFTER,
            and_(col(Memory.status) == MemoryStatus.dismissed, col(Memory.decided_at) <= now() - ERASED_AFTER),
        )
        due = select(col(Memory.id)).where(old, col(Memory.sealed_text).is_not(None)).limit(500).with_for_update()
        ids = list((await session.scalars(due)).all())
        await session.execute(update(Memory).where(col(Memory.id).in_(ids)).values(sealed_text=None))
        if ids:
            await meant.drop(session, ids)
            await _take_from_runs(session, {f"memory:{id}" for id in ids} | await _passed_on(session, ids))
    return len(ids)


async def _passed_on(session: AsyncSession, ids: Collection[UUID]) -> set[str]:
    """By which keys they were told where a GPT gave them to another one."""
    query = (
        select(col(GptShare.id), col(Memory.id))
        .join(Memory, col(Memory.gpt_id) == col(GptShare.source_id))
        .where(col(Memory.id).in_(ids))
    )
    return {f"shared:{share_id}-memory-{id}" for share_id, id in (await session.execute(query)).all()}


async def _take_from_runs(session: AsyncSession, keys: set[str]) -> None:
    """The answers keep that they were given something, and no longer what."""
    had = or_(*(col(Message.given).contains([{"key": key}]) for key in keys))
    runs = await session.scalars(
        select(Run)
        .join(Message, col(Message.id) == col(Run.message_id))
        .where(had, col(Run.sealed_given).is_not(None), col(Run.finished_at).is_not(None))
    )
    for run in runs.all():
        try:
            told = await assembly.unsealed(run.id, run.sealed_given)
        except Unreadable:
            told = ()
        left = [item for item in told if item.key not in keys]
        run.sealed_given = await assembly.sealed(run.organization_id, run.id, left)


async def _read(
    session: AsyncSession, where: list[ColumnElement[bool]], before: UUID | None
) -> AsyncIterator[tuple[Memory, str]]:
    while True:
        query = select(Memory).where(*where).order_by(col(Memory.id).desc()).limit(READ_AT_ONCE)
        rows = (await session.scalars(query.where(col(Memory.id) < before) if before else query)).all()
        for memory in rows:
            yield memory, await words_of(memory)
        if len(rows) < READ_AT_ONCE:
            return
        before = rows[-1].id


async def _told(session: AsyncSession, actor: Actor, found: list[tuple[Memory, str]]) -> list[Remembered]:
    """Names of people and GPTs; of conversations only those that the viewer is a member of."""
    owners = {memory.owner_id for memory, _ in found}
    gpts = {memory.gpt_id for memory, _ in found if memory.gpt_id}
    contexts = {memory.context_id for memory, _ in found if memory.context_id}
    people = dict((await session.execute(select(col(User.id), col(User.name)).where(col(User.id).in_(owners)))).all())
    named = dict((await session.execute(select(col(Gpt.id), col(Gpt.name)).where(col(Gpt.id).in_(gpts)))).all())
    titles = await session.execute(
        select(col(Context.id), col(Context.title))
        .join(Member, col(Member.context_id) == col(Context.id))
        .where(col(Context.id).in_(contexts), col(Member.user_id) == actor.user)
    )
    called = dict(titles.all())
    return [
        Remembered(
            memory,
            text,
            people.get(memory.owner_id, ""),
            named.get(memory.gpt_id, "") if memory.gpt_id else "",
            called.get(memory.context_id, "") if memory.context_id else "",
        )
        for memory, text in found
    ]
