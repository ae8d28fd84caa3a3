"""Shares between GPTs, made through the services."""

from uuid import UUID

from faraday_app.contexts.models import Gpt, GptShare, Memory, MemoryKind, SharePart
from faraday_app.contexts.service import shares
from faraday_app.contexts.service.shares import Entry, Offer, Shared
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from tests.factories.contexts import begin
from tests.factories.memory import given

WORDS = "Explain with examples from the school garden."
INSTRUCTIONS = Offer(frozenset({SharePart.instructions}))
EVERYTHING = Offer(frozenset(SharePart), frozenset(MemoryKind))


async def give(actor: Actor, source: Gpt, target: Gpt, wanted: Offer = INSTRUCTIONS) -> GptShare:
    async with transaction(actor) as session:
        return await shares.offer(session, actor, source.id, target.id, wanted)


async def accept(actor: Actor, share: GptShare, version: int = 1) -> GptShare:
    async with transaction(actor) as session:
        return await shares.accept(session, actor, share.id, version)


async def end(actor: Actor, share: GptShare) -> None:
    async with transaction(actor) as session:
        await shares.end(session, actor, share.id)


async def gives(actor: Actor, gpt: Gpt) -> list[Shared]:
    async with transaction(actor) as session:
        return await shares.gives(session, actor, gpt.id)


async def gets(actor: Actor, gpt: Gpt) -> list[Shared]:
    async with transaction(actor) as session:
        return await shares.gets(session, actor, gpt.id)


async def inside(actor: Actor, share: GptShare) -> list[Entry]:
    async with transaction(actor) as session:
        return (await shares.read(session, actor, share.id))[1]


async def learned(actor: Actor, gpt: Gpt, memory_id: UUID) -> None:
    """As if the GPT had proposed it."""
    async with transaction(actor) as session:
        (await session.get_one(Memory, memory_id)).gpt_id = gpt.id


async def row(share: GptShare) -> GptShare:
    async with transaction(Actor.system()) as session:
        return await session.get_one(GptShare, share.id)


async def told(person: Actor, gpt: Gpt) -> list[str]:
    """What of other GPTs this one is given when the person asks it."""
    items = await given(person, await begin(person), "What grows in the garden?", gpt)
    return [item.text for item in items if item.kind == "shared"]
