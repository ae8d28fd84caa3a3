"""Who may see and change what is remembered. A person's own is theirs alone, whoever asks."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Member, Memory, MemoryScope
from faraday_app.contexts.service.conversations import get_context
from faraday_app.core.authorization import Resource
from faraday_app.core.errors import Invalid, NotFound
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.core.vault import seal, unseal
from faraday_app.core.vault.keys import Unreadable

LONGEST = 500  # characters of one memory
MOST = {MemoryScope.person: 500, MemoryScope.context: 200, MemoryScope.team: 300}


def visible(actor: Actor) -> ColumnElement[bool]:
    """One's own, that of one's conversations, and that of one's department."""
    mine = and_(col(Memory.scope) == MemoryScope.person, col(Memory.owner_id) == actor.user)
    contexts = select(col(Member.context_id)).where(col(Member.user_id) == actor.user)
    ours = and_(col(Memory.scope) == MemoryScope.context, col(Memory.context_id).in_(contexts))
    found = [mine, ours]
    if actor.department_id:
        found.append(and_(col(Memory.scope) == MemoryScope.team, col(Memory.department_id) == actor.department_id))
    return and_(
        col(Memory.organization_id) == actor.organization,
        col(Memory.forgotten_at).is_(None),
        col(Memory.sealed_text).is_not(None),
        or_(*found),
    )


async def get_memory(session: AsyncSession, actor: Actor, memory_id: UUID, *, change: bool = False) -> Memory:
    """Locked when it is to be changed. NotFound for what is somebody else's, or forgotten."""
    actor.must_at_all(Permission.assistant_use)
    query = select(Memory).where(col(Memory.id) == memory_id, visible(actor))
    if change:
        query = query.with_for_update().execution_options(populate_existing=True)
    memory = await session.scalar(query)
    if memory is None:
        raise NotFound("This memory does not exist, or is forgotten.")
    if memory.scope == MemoryScope.context:
        await get_context(session, actor, _of(memory.context_id), write=change)
    if change and memory.scope == MemoryScope.team:
        actor.must(Permission.memory_manage, of_team(actor))
    return memory


async def must_add(session: AsyncSession, actor: Actor, scope: MemoryScope, context_id: UUID | None) -> None:
    """Before something is remembered there."""
    actor.must_at_all(Permission.assistant_use)
    if scope is MemoryScope.context:
        if context_id is None:
            raise Invalid("Choose the conversation that this belongs to.", field="context_id")
        await get_context(session, actor, context_id, write=True, lock=True)
    elif scope is MemoryScope.team:
        if actor.department_id is None:
            raise Invalid("You belong to no department, so there is nobody to remember this for.", field="scope")
        actor.must(Permission.memory_manage, of_team(actor))


def may_manage_team(actor: Actor) -> bool:
    return actor.department_id is not None and actor.may(Permission.memory_manage, of_team(actor))


def of_team(actor: Actor) -> Resource:
    return Resource("memory", None, actor.organization_id, actor.user_id, actor.department_id)


def clean_text(text: str) -> str:
    cleaned = " ".join(text.split())
    if not cleaned or len(cleaned) > LONGEST:
        raise Invalid(f"Write what to remember in up to {LONGEST} characters.", field="text")
    return cleaned


async def sealed(memory: Memory, text: str) -> str:
    return await seal(memory.organization_id, text, f"memory {memory.id}")


async def words_of(memory: Memory) -> str:
    """Empty for what cannot be read any more, because its key is erased."""
    try:
        return await unseal(memory.sealed_text, f"memory {memory.id}") if memory.sealed_text else ""
    except Unreadable:
        return ""


def announce(session: AsyncSession, memory: Memory) -> None:
    """Have the open lists read again: nobody hears of a person's own but they."""
    if memory.scope == MemoryScope.context:
        publish_on_commit(session, topic("memory", _of(memory.context_id)))
    elif memory.scope == MemoryScope.team:
        publish_on_commit(session, topic("memory", _of(memory.department_id)))
    publish_on_commit(session, topic("memory", memory.owner_id))


def _of(id: UUID | None) -> UUID:
    assert id is not None
    return id
