"""Remember, change, decide what a GPT proposes, and forget."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Gone, Memory, MemoryKind, MemoryScope, MemoryStatus
from faraday_app.contexts.service import forgotten
from faraday_app.contexts.service.conversations import get_context
from faraday_app.contexts.service.memory import meant
from faraday_app.contexts.service.memory.relevance import same
from faraday_app.contexts.service.memory.rules import (
    MOST,
    announce,
    clean_text,
    get_memory,
    must_add,
    sealed,
    words_of,
)
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, LimitReached, NotPermitted
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.service import record


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be remembered, and for whom. ``context_id``: the conversation it is of, or where it came from."""

    text: str
    kind: MemoryKind = MemoryKind.fact
    scope: MemoryScope = MemoryScope.person
    context_id: UUID | None = None


async def remember(session: AsyncSession, actor: Actor, draft: Draft) -> Memory:
    """The same words again in the same place give what is there already."""
    if draft.context_id and draft.scope is not MemoryScope.context:
        await get_context(session, actor, draft.context_id)
    await must_add(session, actor, draft.scope, draft.context_id)
    memory = Memory(organization_id=actor.organization, owner_id=actor.user, **_place(actor, draft))
    text = clean_text(draft.text)
    if earlier := await the_same(session, memory, text):
        return earlier
    await make_room(session, memory)
    memory.sealed_text = await sealed(memory, text)
    session.add(memory)
    await session.flush()
    record(session, actor, "memory.kept", memory, kind=memory.kind, scope=memory.scope)
    await meant.wanted(session)
    announce(session, memory)
    return memory


async def change(
    session: AsyncSession, actor: Actor, memory_id: UUID, version: int, text: str, kind: MemoryKind
) -> Memory:
    """Conflict when somebody changed it since that version."""
    memory = await _at(session, actor, memory_id, version)
    memory.sealed_text, memory.kind = await sealed(memory, clean_text(text)), kind
    memory.version += 1
    record(session, actor, "memory.changed", memory, kind=memory.kind, scope=memory.scope)
    await meant.wanted(session)
    announce(session, memory)
    return memory


async def keep(
    session: AsyncSession, actor: Actor, memory_id: UUID, version: int, draft: Draft | None = None
) -> Memory:
    """Approve what a GPT proposed, in other words or for somebody else where there is a draft. Of two at once, one.

    What was set aside is taken up again in the same way.
    """
    memory = await _proposed(session, actor, memory_id, version)
    announce(session, memory)
    if draft:
        place = Draft(draft.text, draft.kind, draft.scope, memory.context_id)
        if place.scope != memory.scope and memory.owner_id != actor.user_id:
            raise NotPermitted("Only whoever said this can have it kept elsewhere.")
        await must_add(session, actor, place.scope, place.context_id)
        memory.sealed_text = await sealed(memory, clean_text(draft.text))
        for name, value in _place(actor, place).items():
            setattr(memory, name, value)
    await make_room(session, memory)
    memory.status, memory.decided_at = MemoryStatus.kept, now()
    memory.version += 1
    record(session, actor, "memory.approved", memory, kind=memory.kind, scope=memory.scope)
    await meant.wanted(session)
    announce(session, memory)
    return memory


async def dismiss(session: AsyncSession, actor: Actor, memory_id: UUID, version: int) -> None:
    """It is not proposed again in the same words while its words are not erased."""
    memory = await _proposed(session, actor, memory_id, version)
    memory.status, memory.decided_at = MemoryStatus.dismissed, now()
    await forgotten.note(session, actor.organization, Gone.memory, memory.id)
    memory.version += 1
    record(session, actor, "memory.dismissed", memory, kind=memory.kind, scope=memory.scope)
    announce(session, memory)


async def forget(session: AsyncSession, actor: Actor, memory_id: UUID) -> None:
    """No model is given it from now on; its words are erased some days later."""
    memory = await get_memory(session, actor, memory_id, change=True)
    memory.forgotten_at = now()
    await forgotten.note(session, actor.organization, Gone.memory, memory.id)
    memory.version += 1
    record(session, actor, "memory.forgotten", memory, kind=memory.kind, scope=memory.scope)
    announce(session, memory)


async def bring_back(session: AsyncSession, actor: Actor, memory_id: UUID) -> Memory:
    """What was forgotten by mistake, while its words are there. For whoever could forget it."""
    query = select(Memory).where(col(Memory.id) == memory_id, col(Memory.organization_id) == actor.organization)
    memory = await session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if memory is not None and memory.forgotten_at is not None:
        memory.forgotten_at = None
        await session.flush()
        await forgotten.take_back(session, actor.organization, Gone.memory, [memory_id])
    found = await get_memory(session, actor, memory_id, change=True)
    found.version += 1
    record(session, actor, "memory.brought_back", found, kind=found.kind, scope=found.scope)
    await meant.wanted(session)
    announce(session, found)
    return found


async def forget_everything(session: AsyncSession, actor: Actor) -> int:
    """All that is one's own, and all that one gave to conversations; what waits to be approved too. How many."""
    actor.must_at_all(Permission.assistant_use)
    theirs = (
        col(Memory.organization_id) == actor.organization,
        col(Memory.owner_id) == actor.user,
        col(Memory.scope) != MemoryScope.team,
        col(Memory.forgotten_at).is_(None),
    )
    gone = update(Memory).where(*theirs).values(forgotten_at=now(), version=col(Memory.version) + 1)
    rows = (await session.execute(gone.returning(col(Memory.scope), col(Memory.context_id), col(Memory.id)))).all()
    await forgotten.note(session, actor.organization, Gone.memory, *(id for _, _, id in rows))
    await forgotten.note(session, actor.organization, Gone.person, actor.user)
    for context_id in {context_id for scope, context_id, _ in rows if context_id and scope == MemoryScope.context}:
        publish_on_commit(session, topic("memory", context_id))
    publish_on_commit(session, topic("memory", actor.user))
    record(session, actor, "memory.all_forgotten", count=len(rows))
    return len(rows)


async def the_same(session: AsyncSession, memory: Memory, text: str, *also: MemoryStatus) -> Memory | None:
    """What says so already in the place where this is to be kept."""
    rows = await session.scalars(_beside(memory).where(col(Memory.status).in_([MemoryStatus.kept, *also])))
    for each in rows.all():
        if each.id != memory.id and same(await words_of(each), text):
            return each
    return None


async def make_room(session: AsyncSession, memory: Memory) -> None:
    """LimitReached where there is so much already that more would not help."""
    most = MOST[MemoryScope(memory.scope)]
    kept = _beside(memory).where(col(Memory.status) == MemoryStatus.kept).subquery()
    if (await session.scalar(select(func.count()).select_from(kept)) or 0) >= most:
        raise LimitReached(f"{most} memories are kept here already. Forget some that are of no use any more.")


def _beside(memory: Memory) -> Select[Memory]:
    """All of the same person, conversation or team that is not forgotten."""
    column, value = {
        MemoryScope.person: (col(Memory.owner_id), memory.owner_id),
        MemoryScope.context: (col(Memory.context_id), memory.context_id),
        MemoryScope.team: (col(Memory.department_id), memory.department_id),
    }[MemoryScope(memory.scope)]
    return select(Memory).where(
        column == value,
        col(Memory.organization_id) == memory.organization_id,
        col(Memory.scope) == memory.scope,
        col(Memory.forgotten_at).is_(None),
    )


def _place(actor: Actor, draft: Draft) -> dict[str, Any]:
    team = draft.scope is MemoryScope.team
    return {
        "kind": draft.kind.value,
        "scope": draft.scope.value,
        "context_id": draft.context_id,
        "department_id": actor.department_id if team else None,
    }


async def _at(session: AsyncSession, actor: Actor, memory_id: UUID, version: int) -> Memory:
    memory = await get_memory(session, actor, memory_id, change=True)
    if memory.version != version:
        raise Conflict("This memory changed meanwhile. Look at it again and repeat your change.")
    return memory


async def _proposed(session: AsyncSession, actor: Actor, memory_id: UUID, version: int) -> Memory:
    memory = await get_memory(session, actor, memory_id, change=True)
    waits = memory.status in (MemoryStatus.proposed, MemoryStatus.set_aside)
    if not waits or memory.version != version:
        raise Conflict("This was decided or changed meanwhile. Look at it again.")
    return memory
