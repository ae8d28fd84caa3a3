"""What a GPT has remembered for its owner, for whoever keeps its versions; and back.

A version holds no words: what somebody forgets has to be gone everywhere. It names memories, and going back to it sets
aside what came since and takes up again what it had. What was forgotten or corrected meanwhile stays so.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Gpt, Memory, MemoryKind, MemoryScope, MemoryStatus
from faraday_app.contexts.service.memory.keeping import make_room
from faraday_app.contexts.service.memory.rules import announce, words_of
from faraday_app.core.permissions import Actor
from faraday_app.security.service import record

Value = dict[str, Any]
FORGOTTEN = "forgotten since"


async def kept(session: AsyncSession, gpt: Gpt) -> Value | None:
    """Of a person's own alone: what a conversation or a department remembers is not the GPT's."""
    rows = await session.scalars(select(Memory).where(*of(gpt), col(Memory.status) == MemoryStatus.kept))
    found = [{"id": str(each.id), "kind": each.kind, "version": each.version} for each in rows.all()]
    return {"memories": sorted(found, key=lambda each: str(each["id"]))} if found else None


async def restore(session: AsyncSession, actor: Actor, gpt: Gpt, value: Value | None) -> None:
    """Nothing is forgotten by it. What another GPT remembered stays with that one."""
    wanted = {UUID(each["id"]) for each in (value or {}).get("memories", ())}
    known = (MemoryStatus.kept, MemoryStatus.set_aside)
    rows = await session.scalars(select(Memory).where(*of(gpt), col(Memory.status).in_(known)).with_for_update())
    changed = [each for each in rows.all() if (each.status == MemoryStatus.kept) != (each.id in wanted)]
    for memory in changed:
        if memory.id in wanted:
            await make_room(session, memory)
        memory.status = MemoryStatus.kept if memory.id in wanted else MemoryStatus.set_aside
        await session.flush()
        announce(session, memory)
    if changed:
        record(session, actor, "memory.set_back", gpt, count=len(changed))


async def worded(session: AsyncSession, actor: Actor, value: Value) -> Value:
    """With the words as they are now, for their owner."""
    ids = [UUID(each["id"]) for each in value["memories"]]
    mine = (
        col(Memory.id).in_(ids),
        col(Memory.owner_id) == actor.user,
        col(Memory.organization_id) == actor.organization,
        col(Memory.forgotten_at).is_(None),
    )
    there = {str(each.id): each for each in (await session.scalars(select(Memory).where(*mine))).all()}
    return {"memories": [{**each, "text": await _words(there.get(each["id"]), each)} for each in value["memories"]]}


def told(value: Value) -> str:
    return "\n".join(f"{MemoryKind(each['kind']).label}: {each.get('text', '')}".strip() for each in value["memories"])


def of(gpt: Gpt) -> tuple[ColumnElement[bool], ...]:
    """What it proposed or wrote for its owner, and is not forgotten."""
    return (
        col(Memory.organization_id) == gpt.organization_id,
        col(Memory.owner_id) == gpt.owner_id,
        col(Memory.gpt_id) == gpt.id,
        col(Memory.scope) == MemoryScope.person,
        col(Memory.forgotten_at).is_(None),
    )


async def _words(memory: Memory | None, then: Value) -> str:
    words = await words_of(memory) if memory else ""
    if not words or memory is None:
        return FORGOTTEN
    return words if memory.version == then["version"] else f"{words} (changed since)"
