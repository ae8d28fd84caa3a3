"""GPTs, and conversations in which several of them answer."""

import asyncio
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from faraday_app.contexts.models import Gpt, Message, Mode, Orchestration, Status
from faraday_app.contexts.orchestration import asking
from faraday_app.contexts.orchestration.asking import Started
from faraday_app.contexts.service import answerers, gpts
from faraday_app.contexts.service.answerers import Answerers
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from tests.factories.contexts import begin

NAMES = ("Nova", "Vega", "Lyra", "Rigel", "Mira", "Deneb")
SHORT = {"model": "auto", "longest_answer": 12}


async def make_gpt(actor: Actor, name: str = "Nova", **more) -> Gpt:
    async with transaction(actor) as session:
        return await gpts.create(session, actor, gpts.Draft(name, **{**SHORT, **more}))


async def make_ended(actor: Actor, context_id: UUID, asked_id: UUID) -> Orchestration:
    """A question to several that is over, with nothing said."""
    made = Orchestration(
        organization_id=actor.organization, context_id=context_id, asked_id=asked_id, mode=Mode.compare, gpt_ids=[],
        status=Status.complete, started_by=actor.user, lease_until=now(), finished_at=now(),
    )  # fmt: skip
    async with transaction(Actor.system(actor.organization)) as session:
        session.add(made)
    return made


async def together(actor: Actor, mode: Mode, lanes: int = 3, **more) -> UUID:
    """A conversation in which so many GPTs answer."""
    context_id = await begin(actor)
    made = [await make_gpt(actor, name, instructions="Answer in one short sentence.") for name in NAMES[:lanes]]
    async with transaction(actor) as session:
        wanted = Answerers(tuple(gpt.id for gpt in made), mode, **more)
        await answerers.change(session, actor, context_id, wanted)
    return context_id


async def ask(actor: Actor, context_id: UUID, text: str = "What do frogs eat?", key: str | None = None) -> Started:
    """Committed; nobody works on it yet."""
    async with transaction(actor) as session:
        return await asking.ask(session, actor, context_id, text, key)


async def finished(started: Started, within: float = 60) -> Orchestration:
    async with asyncio.timeout(within):
        while not (found := await reread(started)).finished_at:
            await asyncio.sleep(0.05)
    return found


async def reread(started: Started) -> Orchestration:
    async with transaction(Actor.system()) as session:
        return await session.get_one(Orchestration, started.orchestration.id)


async def parts(started: Started) -> list[Message]:
    """All of them, those that were tried again too, oldest first."""
    query = select(Message).where(col(Message.orchestration_id) == started.orchestration.id).order_by(col(Message.id))
    async with transaction(Actor.system()) as session:
        return list((await session.scalars(query)).all())


async def answering_alone(actor: Actor, gpt: Gpt) -> UUID:
    """A conversation in which this GPT answers."""
    context_id = await begin(actor)
    async with transaction(actor) as session:
        await answerers.change(session, actor, context_id, Answerers((gpt.id,), Mode.single))
    return context_id
