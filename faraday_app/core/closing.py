"""Rows that go to the database in one message with the end of their transaction: the trail's, of which nearly every
change has one. An ORM's insert of its own would be two messages more, and the slower half of a small change.
"""

from functools import lru_cache
from typing import Any

from psycopg import AsyncConnection, InterfaceError, OperationalError
from psycopg.pq import Escaping
from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

from faraday_app.core.errors import Unavailable
from faraday_app.core.sending import AWAY
from faraday_app.core.statements import Document, documents, literal

_KEY = "closing"
_Row = tuple[type[SQLModel], dict[str, Any]]


def insert_at_end(session: AsyncSession, table: type[SQLModel], values: dict[str, Any]) -> None:
    """Part of the transaction, though what it asks for before its end does not find the row yet."""
    session.info.setdefault(_KEY, []).append((table, values))


async def write(session: AsyncSession) -> None:
    """What waits, now: before another scope would be asked whether it may be written."""
    await session.flush()
    if waiting := session.info.pop(_KEY, None):
        await _send(session, waiting, b"")


async def commit(session: AsyncSession) -> None:
    await session.flush()
    if waiting := session.info.pop(_KEY, None):
        await _send(session, waiting, b"; commit")
    await session.commit()


async def _send(session: AsyncSession, rows: list[_Row], end: bytes) -> None:
    """Past SQLAlchemy, whose errors would tell the values."""
    connection = await session.connection()
    driver = (await connection.get_raw_connection()).driver_connection
    assert isinstance(driver, AsyncConnection)
    escape = Escaping(driver.pgconn).escape_literal
    try:
        await driver.execute(b"; ".join(_insert(escape, *row) for row in rows) + end)
    except (OperationalError, InterfaceError) as error:
        if driver.closed:
            await connection.invalidate(error)
        raise Unavailable(AWAY) from error


def _insert(escape: Any, table: type[SQLModel], values: dict[str, Any]) -> bytes:
    head, json_columns = _head(table, tuple(values))
    told = (literal(escape, Document(value) if name in json_columns else value) for name, value in values.items())
    return head + b", ".join(told) + b")"


@lru_cache(maxsize=64)
def _head(table: type[SQLModel], names: tuple[str, ...]) -> tuple[bytes, frozenset[str]]:
    """The statement up to its values, and which of the columns hold JSON."""
    words = ", ".join(f'"{name}"' for name in names)
    return f'insert into "{inspect(table).local_table.name}" ({words}) values ('.encode(), documents(table, names)  # noqa: S608  # nosec B608
