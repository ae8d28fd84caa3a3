"""Put down what a model would remember: as proposals, or kept where the GPT may."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.models import Gpt, Memory, MemoryLook, MemoryRights, MemoryScope, MemoryStatus
from faraday_app.contexts.service.memory import meant
from faraday_app.contexts.service.memory.extracting import Found
from faraday_app.contexts.service.memory.keeping import make_room, the_same
from faraday_app.contexts.service.memory.rules import announce, clean_text, sealed
from faraday_app.core.errors import LimitReached
from faraday_app.core.permissions import Actor
from faraday_app.security.service import record


def keeps_without_asking(actor: Actor, gpt: Gpt | None, scope: MemoryScope) -> bool:
    """Only a GPT of one's own, only for oneself: nobody else's instructions write into a person's memory."""
    if gpt is None or gpt.owner_id != actor.user_id or scope is not MemoryScope.person:
        return False
    return MemoryRights(gpt.memory_rights) is MemoryRights.write


async def store(session: AsyncSession, actor: Actor, look: MemoryLook, gpt: Gpt | None, found: Sequence[Found]) -> int:
    """What is new of it, in a transaction of Faraday's. Nothing that is there, waits, or was dismissed already."""
    added = 0
    for each in found:
        memory = Memory(
            organization_id=look.organization_id,
            owner_id=look.user_id,
            scope=each.scope,
            context_id=look.context_id,
            kind=each.kind,
            gpt_id=look.gpt_id,
            message_id=look.message_id,
            status=MemoryStatus.kept if keeps_without_asking(actor, gpt, each.scope) else MemoryStatus.proposed,
        )
        text = clean_text(each.text)
        if await the_same(session, memory, text, MemoryStatus.proposed, MemoryStatus.dismissed):
            continue
        try:
            await make_room(session, memory)
        except LimitReached:
            continue
        memory.sealed_text = await sealed(memory, text)
        session.add(memory)
        await session.flush()
        action = "memory.kept" if memory.status == MemoryStatus.kept else "memory.proposed"
        record(session, actor, action, memory, kind=memory.kind, scope=memory.scope, gpt_id=str(look.gpt_id or ""))
        announce(session, memory)
        added += 1
    if added:
        await meant.wanted(session)
    return added
