"""Memory in packs: only what a GPT has remembered for its owner, who exports it. It comes in as proposals."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Gpt, Memory, MemoryKind, MemoryScope, MemoryStatus
from faraday_app.contexts.service.memory.keeping import the_same
from faraday_app.contexts.service.memory.rules import LONGEST, announce, clean_text, sealed, words_of
from faraday_app.contexts.service.memory.snapshots import of
from faraday_app.contexts.service.versions.carrying import Carrier
from faraday_app.core.errors import Invalid
from faraday_app.core.permissions import Actor
from faraday_app.security.service import record

MOST = 200  # memories of a pack, the newest
Value = dict[str, Any]


class PackedMemory(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    kind: str = Field(pattern=f"^({'|'.join(MemoryKind)})$")
    text: str = Field(min_length=1, max_length=LONGEST)


class PackedMemories(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    memories: list[PackedMemory] = Field(max_length=MOST)


async def _carry(session: AsyncSession, actor: Actor, gpt: Gpt, value: Value, _: dict[str, bytes]) -> Value | None:
    """Words and kinds, without ids. None of it for anybody but the person whose it is."""
    if gpt.owner_id != actor.user_id:
        return None
    ids = [UUID(each["id"]) for each in value["memories"]]
    query = select(Memory).where(*of(gpt), col(Memory.id).in_(ids)).order_by(col(Memory.id).desc()).limit(MOST)
    found = [(each.kind, await words_of(each)) for each in (await session.scalars(query)).all()]
    told = [{"kind": kind, "text": words} for kind, words in found if words]
    return {"memories": told} if told else None


async def _unpack(session: AsyncSession, actor: Actor, gpt: Gpt, value: Value, _: Mapping[str, bytes]) -> None:
    """Each waits for whoever brought the pack to keep it. What they have already is not proposed again."""
    for each in value["memories"]:
        memory = Memory(
            organization_id=actor.organization,
            owner_id=actor.user,
            scope=MemoryScope.person,
            kind=each["kind"],
            gpt_id=gpt.id,
            status=MemoryStatus.proposed,
        )
        text = clean_text(each["text"])
        if await the_same(session, memory, text, MemoryStatus.proposed):
            continue
        memory.sealed_text = await sealed(memory, text)
        session.add(memory)
        await session.flush()
        announce(session, memory)
    record(session, actor, "memory.proposed", gpt, count=len(value["memories"]), source="pack")


def _fit(value: Value) -> None:
    try:
        PackedMemories.model_validate(value)
    except ValidationError:
        raise Invalid("What this pack says to remember cannot be read here.") from None


CARRIER = Carrier(_carry, _unpack, _fit)
