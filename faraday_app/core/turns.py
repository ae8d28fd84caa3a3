"""One after the other, and a request that is repeated only once."""

from typing import Any, TypeVar

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.permissions import Actor

_LOCK = text("select pg_advisory_xact_lock(hashtextextended(:what, 0))")
Kind = TypeVar("Kind")


async def one_at_a_time(session: AsyncSession, *what: object) -> None:
    """Until this transaction ends nobody else goes on past the same words."""
    await session.execute(_LOCK, {"what": " ".join(map(str, what))})


async def asked_before(session: AsyncSession, kind: type[Kind], by: str, actor: Actor, key: str | None) -> Kind | None:
    """What the actor's earlier request with this key has made; ``by`` names the column of whoever asked.

    Of two at once the second waits here for what the first one makes.
    """
    if key is None:
        return None
    table: Any = kind
    await one_at_a_time(session, table.__tablename__, actor.organization, actor.user, key)
    query = select(kind).where(
        table.organization_id == actor.organization, getattr(table, by) == actor.user, table.request_key == key
    )
    return await session.scalar(query)
