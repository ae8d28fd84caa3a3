"""Memories, made through the services, and models that say what they would remember."""

import json
from collections.abc import AsyncGenerator
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from faraday_app.contexts.models import Author, Forgotten, Memory, MemoryLook, MemoryVector, Message
from faraday_app.contexts.service import gathering, memory
from faraday_app.contexts.service.assembly import Item, Occasion
from faraday_app.contexts.service.conversations import get_context
from faraday_app.contexts.service.memory import Draft, Remembered, Wanted
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.gateway import service as gateway
from faraday_app.gateway.service import asking


async def remember(actor: Actor, text: str, **more) -> Memory:
    async with transaction(actor) as session:
        return await memory.remember(session, actor, Draft(text, **more))


async def listed(actor: Actor, **wanted) -> list[Remembered]:
    async with transaction(actor) as session:
        return await memory.listed(session, actor, Wanted(**wanted))


async def texts(actor: Actor, **wanted) -> list[str]:
    return [each.text for each in await listed(actor, **wanted)]


async def given(actor: Actor, context_id: UUID, question: str, gpt=None) -> list[Item]:
    """What a model would be given for this question."""
    async with transaction(actor) as session:
        context, _ = await get_context(session, actor, context_id)
        return list(await gathering.gather(session, actor, Occasion(context, gpt, question)))


async def let_propose(actor: Actor, context_id: UUID, on: bool = True) -> None:
    async with transaction(actor) as session:
        await memory.set_proposing(session, actor, context_id, on)


async def looks() -> list[MemoryLook]:
    async with transaction(Actor.system()) as session:
        return list((await session.scalars(select(MemoryLook).order_by(col(MemoryLook.id)))).all())


def says(monkeypatch, *memories: dict | str) -> list[gateway.Call]:
    """Whoever is asked replies with these as what is worth remembering. The calls, as they come."""
    calls: list[gateway.Call] = []

    async def answer(call: gateway.Call) -> AsyncGenerator[gateway.Piece]:
        calls.append(call)
        yield gateway.Piece(json.dumps({"memories": list(memories)}))

    for module in (gateway, asking):
        monkeypatch.setattr(module, "answer", answer)
    return calls


def found(text: str, kind: str = "fact", about: str = "person") -> dict:
    return {"kind": kind, "about": about, "text": text}


async def one_of_each(session, cast, context_id) -> None:
    """A row of the administrator's in every table of memory."""
    ours = {"organization_id": cast.organization_id}
    said = Message(**ours, context_id=context_id, author=Author.person, content="I teach.")
    gone = Forgotten(**ours, kind="person", subject_id=cast.administrator.user)
    remembered = Memory(**ours, scope="person", kind="fact", owner_id=cast.administrator.user)
    session.add_all([said, gone, remembered, MemoryVector(**ours, memory_id=remembered.id, version=1, model="small")])
    await session.flush()
    at = {"context_id": context_id, "message_id": said.id, "answer_id": said.id}
    session.add(MemoryLook(**ours, **at, user_id=cast.administrator.user))
