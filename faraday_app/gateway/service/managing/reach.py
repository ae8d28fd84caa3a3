"""What every change of the catalogue has in common: whose it is, and who hears of it."""

from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.database import TenantRow
from faraday_app.core.errors import Conflict, Invalid, LimitReached, NotFound
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor
from faraday_app.gateway.service.catalogue import TOPIC

Table = TypeVar("Table", bound=TenantRow)


async def of_ours(
    session: AsyncSession, actor: Actor, table: type[Table], id: UUID, what: str, *, lock: bool = False
) -> Table:
    """A row of the actor's organisation; NotFound for any other."""
    row = await session.get(table, id, with_for_update=lock, populate_existing=lock)
    if row is None or row.organization_id != actor.organization:
        raise NotFound(f"This {what} does not exist any more.")
    return row


async def must_have_room(session: AsyncSession, actor: Actor, table: type[TenantRow], most: int, what: str) -> None:
    count = await session.scalar(
        select(func.count()).select_from(table).where(col(table.organization_id) == actor.organization)
    )
    if (count or 0) >= most:
        raise LimitReached(f"There can be {most} {what}. Remove one first.")


def must_be_at(version: int, row: Any, what: str) -> None:
    """Conflict when somebody else changed it since this version."""
    if row.version != version:
        raise Conflict(f"Somebody else changed this {what} meanwhile. Look again and repeat your change.")


async def flush(session: AsyncSession, taken: str) -> None:
    """Write what has changed; Conflict, with these words, when there is one like it."""
    try:
        await session.flush()
    except IntegrityError:
        raise Conflict(taken) from None


def announce(session: AsyncSession, actor: Actor) -> None:
    """Have every worker and every open page read the catalogue again."""
    publish_on_commit(session, topic(TOPIC, actor.organization))


def one_line(text: str, most: int, field: str, words: str) -> str:
    """What somebody typed, without stray spaces; Invalid when there is nothing, or too much."""
    cleaned = " ".join(text.split())
    if not cleaned or len(cleaned) > most:
        raise Invalid(words, field=field)
    return cleaned


def within(value: int, least: int, most: int, field: str) -> int:
    if not least <= value <= most:
        raise Invalid(f"Enter a whole number between {least:,} and {most:,}.", field=field)
    return value
