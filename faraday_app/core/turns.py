"""One after the other: whoever comes second waits for the end of the first one's transaction."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_LOCK = text("select pg_advisory_xact_lock(hashtextextended(:what, 0))")


async def one_at_a_time(session: AsyncSession, *what: object) -> None:
    """Until this transaction ends nobody else goes on past the same words."""
    await session.execute(_LOCK, {"what": " ".join(map(str, what))})
