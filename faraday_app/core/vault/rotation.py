"""New keys for old, in small transactions. How far it has come is in the rows: whoever is killed is simply repeated.

What an old key sealed stays readable all the while; only an erased key takes its texts with it.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor
from faraday_app.core.settings import settings
from faraday_app.core.vault.keys import CHANGED, Unreadable, current_row, keys, make, newest_master, unwrapped, wrapped
from faraday_app.core.vault.models import DataKey
from faraday_app.core.vault.registry import SealedColumn, columns
from faraday_app.core.vault.service import VERSION, seal, unseal

BATCH = 100
FRESH = timedelta(hours=1)
_log = structlog.get_logger(__name__)


def progress_topic(organization_id: UUID | None) -> str:
    return topic("encryption", organization_id or "faraday")


async def rotate(session: AsyncSession, organization_id: UUID | None) -> DataKey:
    """A new data key for what is sealed from now on. Of two at once, one makes it. The transaction is Faraday's."""
    if row := await current_row(session, organization_id, lock=True):
        row.retired_at = now()
        await session.flush()
    publish_on_commit(session, CHANGED)
    publish_on_commit(session, progress_topic(organization_id))
    return await make(session, organization_id)


async def erase(session: AsyncSession, organization_id: UUID) -> int:
    """Remove every key of an organisation for good; how many there were. The transaction is Faraday's."""
    erased = await session.execute(
        update(DataKey)
        .where(col(DataKey.organization_id) == organization_id, col(DataKey.wrapped).is_not(None))
        .values(wrapped=None, erased_at=now(), retired_at=func.coalesce(DataKey.retired_at, now()))
        .returning(col(DataKey.id))
    )
    publish_on_commit(session, CHANGED)
    publish_on_commit(session, progress_topic(organization_id))
    return len(erased.all())


async def stale_owners() -> list[UUID | None]:
    """Whose current key is older than an hour: a rotation of all that was interrupted goes on with these."""
    async with transaction(Actor.system()) as session:
        found = await session.scalars(
            select(col(DataKey.organization_id)).where(
                col(DataKey.retired_at).is_(None), col(DataKey.created_at) < now() - FRESH
            )
        )
        return list(found)


async def rewrap_some() -> int:
    """Wrap some data keys by the newest master key; 0 when none is left that can be."""
    name, master = newest_master()
    async with transaction(Actor.system()) as session:
        for row in (rows := await _to_rewrap(session, name)):
            row.wrapped, row.master_key = wrapped(row.id, unwrapped(row), master), name
    return len(rows)


async def masters_needed(session: AsyncSession, organization_id: UUID | None = None) -> dict[str, int]:
    """The master keys that wrap data keys, and how many; of one organisation when one is named."""
    query = select(col(DataKey.master_key), func.count()).where(col(DataKey.wrapped).is_not(None))
    if organization_id:
        query = query.where(col(DataKey.organization_id) == organization_id)
    found = await session.execute(query.group_by(col(DataKey.master_key)))
    return {name: int(count) for name, count in found}


async def reseal() -> int:
    """Seal anew what retired keys have sealed, in every registered column; how many values."""
    keys.forget()
    async with transaction(Actor.system()) as session:
        query = select(DataKey).where(col(DataKey.retired_at).is_not(None), col(DataKey.wrapped).is_not(None))
        retired = {row.id.hex: row.organization_id for row in await session.scalars(query)}
    return sum([await _reseal_column(column, retired) for column in columns()]) if retired else 0


async def sealed_with(session: AsyncSession, key_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many values in the registered columns each of these keys has sealed. The transaction is Faraday's."""
    found = dict.fromkeys(key_ids, 0)
    for column in columns():
        counted = text(
            f"select substr({column.column}, 4, 32), count(*) from {column.table}"  # nosec B608  # noqa: S608  names of the registry
            f" where substr({column.column}, 1, 36) = any(:beginnings) group by 1"
        )
        for hexadecimal, count in await session.execute(counted, {"beginnings": [_beginning(id.hex) for id in found]}):
            found[UUID(hex=hexadecimal)] += count
    return found


async def _to_rewrap(session: AsyncSession, newest: str) -> list[DataKey]:
    query = (
        select(DataKey)
        .where(
            col(DataKey.wrapped).is_not(None),
            col(DataKey.master_key) != newest,
            col(DataKey.master_key).in_(list(settings().masters)),
        )
        .order_by(col(DataKey.id))
        .limit(BATCH)
        .with_for_update()
    )
    return list((await session.scalars(query)).all())


async def _reseal_column(column: SealedColumn, retired: dict[str, UUID | None]) -> int:
    done, last = 0, UUID(int=0)
    while True:
        async with transaction(Actor.system()) as session:
            rows = await _to_reseal(session, column, retired, last)
            owners = {retired[row[column.column].split(".")[1]] for row in rows}
            for row in rows:
                done += await _reseal_value(session, column, row, retired)
            for owner in owners:
                publish_on_commit(session, progress_topic(owner))
        if len(rows) < BATCH:
            return done
        last = rows[-1]["id"]


async def _to_reseal(
    session: AsyncSession, column: SealedColumn, retired: dict[str, UUID | None], after: UUID
) -> list[Any]:
    names = ", ".join(dict.fromkeys(["id", column.column, *column.fields]))
    query = text(
        f"select {names} from {column.table}"  # nosec B608  # noqa: S608  names of the registry
        f" where id > :after and substr({column.column}, 1, 36) = any(:beginnings)"
        " order by id limit :most for update"
    )
    values = {"after": after, "beginnings": [_beginning(each) for each in retired], "most": BATCH}
    return list((await session.execute(query, values)).mappings())


async def _reseal_value(session: AsyncSession, column: SealedColumn, row: Any, retired: dict[str, UUID | None]) -> bool:
    """False for a value that cannot be read; it stays as it is, and the log says where."""
    purpose = column.purpose.format_map(row)
    try:
        plain = await unseal(row[column.column], purpose)
    except Unreadable:
        _log.warning("not_resealed", table=column.table, row=str(row["id"]))
        return False
    anew = await seal(retired[row[column.column].split(".")[1]], plain, purpose)
    change = text(f"update {column.table} set {column.column} = :anew where id = :id")  # nosec B608  # noqa: S608
    await session.execute(change, {"anew": anew, "id": row["id"]})
    return True


def _beginning(key_hex: str) -> str:
    return f"{VERSION}.{key_hex}."
