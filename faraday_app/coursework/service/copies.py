"""What hangs on a piece of work is copied with it: its rubric, its materials. Whoever keeps such things says how."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.permissions import Actor

# Called in the same transaction with the ids of what was copied and of the copies.
Copied = Callable[[AsyncSession, Actor, Mapping[UUID, UUID]], Awaitable[None]]
COPIED: list[Copied] = []


async def tell_of_copies(session: AsyncSession, actor: Actor, copies: Mapping[UUID, UUID]) -> None:
    for copied in COPIED:
        await copied(session, actor, copies)
