"""Conversations, made through the services, and answers brought to their end by the engine."""

import asyncio
from uuid import UUID

from faraday_app.contexts.engine import engine
from faraday_app.contexts.models import Access, Author, Message, Run
from faraday_app.contexts.service import branches, conversations, runs, sharing
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.credits.views import CREDIT
from tests.factories import credits as money
from tests.factories.people import Cast


async def fund(cast: Cast, *people: Actor, amount: int = 100 * CREDIT) -> None:
    await money.open_pool(cast.administrator, 10 * amount * max(len(people), 1))
    for person in people:
        await money.give(cast.administrator, person, amount)


async def begin(actor: Actor, title: str = "") -> UUID:
    async with transaction(actor) as session:
        return (await conversations.begin(session, actor, title)).id


async def share(owner: Actor, context_id: UUID, person: Actor, access: Access = Access.viewer) -> None:
    async with transaction(owner) as session:
        await sharing.share(session, owner, context_id, person.user, access)


async def withdraw(actor: Actor, context_id: UUID, person: Actor) -> None:
    async with transaction(actor) as session:
        await sharing.withdraw(session, actor, context_id, person.user)


async def ask(actor: Actor, context_id: UUID, text: str = "Say hello.", key: str | None = None) -> Run:
    """A committed run that nobody works on yet."""
    async with transaction(actor) as session:
        return await runs.ask(session, actor, context_id, text, key)


async def answered(actor: Actor, context_id: UUID, text: str = "Say hello.") -> Message:
    """The finished answer of the model."""
    return await finish(await ask(actor, context_id, text))


async def said(actor: Actor, context_id: UUID, text: str = "An answer.") -> Message:
    """An answer that nobody had to give, as the last of its branch."""
    async with transaction(actor) as session:
        context, _ = await conversations.get_context(session, actor, context_id)
        answer = Message(
            organization_id=actor.organization, context_id=context_id, author=Author.model, content=text, model="atlas"
        )
        session.add(answer)
        await session.flush()
        context.leaf_id = answer.id
    return answer


async def finish(run: Run) -> Message:
    engine.launch(run)
    return await ended(run)


async def ended(run: Run, within: float = 60) -> Message:
    """Wait until the books of a run are closed; its answer."""
    async with asyncio.timeout(within):
        while True:
            async with transaction(Actor.system(run.organization_id)) as session:
                found = await session.get_one(Run, run.id)
                if found.finished_at:
                    return await session.get_one(Message, run.message_id)
            await asyncio.sleep(0.05)


async def shown(actor: Actor, context_id: UUID) -> list[branches.Shown]:
    async with transaction(actor) as session:
        return await branches.branch(session, actor, context_id)
