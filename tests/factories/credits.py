"""Credits, moved through the services, each in a transaction of its own."""

from datetime import timedelta

from sqlalchemy import update
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor
from faraday_app.credits import service as credits
from faraday_app.credits.models import Hold


async def open_pool(organization: Actor, amount: int, key: str = "") -> None:
    faraday = Actor.system(organization.organization)
    async with transaction(faraday) as session:
        await credits.open_pool(session, faraday, amount, "To begin with", key)


async def give(giver: Actor, person: Actor, amount: int, memo: str = "For work", key: str = "") -> None:
    async with transaction(giver) as session:
        await credits.grant(session, giver, person.user, amount, memo, key or str(new_id()))


async def available(person: Actor) -> int:
    async with transaction(person) as session:
        return (await credits.balance(session, person)).available


async def hold(person: Actor, amount: int, lifetime: timedelta = timedelta(minutes=5)) -> Hold:
    async with transaction(person) as session:
        return await credits.hold(session, person, amount, lifetime)


async def settle(person: Actor, held: Hold, cost: int, memo: str = "Photosynthesis", key: str = "") -> int:
    """As the supervisor of answers does: Faraday itself, for the organisation."""
    async with transaction(Actor.system(person.organization)) as session:
        return await credits.settle(session, held.id, cost, memo, key or str(new_id()))


async def release(person: Actor, held: Hold) -> int:
    async with transaction(Actor.system(person.organization)) as session:
        return await credits.release(session, held.id)


async def lapse(held: Hold) -> None:
    """Let a hold's lifetime be over."""
    async with transaction(Actor.system()) as session:
        await session.execute(
            update(Hold).where(col(Hold.id) == held.id).values(expires_at=now() - timedelta(seconds=1))
        )


async def release_expired() -> int:
    async with transaction(Actor.system()) as session:
        return await credits.release_expired(session)
