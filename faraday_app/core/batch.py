"""Statements that are all known beforehand, sent together: one transaction, one way to the database and back.

For what happens with every call of a model. Everything else is easier to read with ``core.database``.
"""

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any

import structlog
from psycopg import AsyncConnection, InterfaceError, OperationalError
from psycopg.errors import DivisionByZero
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from sqlalchemy import TextClause, inspect, make_url
from sqlmodel import SQLModel

from faraday_app.core import outbox
from faraday_app.core.errors import Unavailable
from faraday_app.core.permissions import Actor
from faraday_app.core.settings import settings

_SCOPE = (
    "select set_config('app.user_id', %(user)s, true), set_config('app.organization_id', %(organization)s, true),"
    " set_config('app.system', %(system)s, true)"
)
_PARAMETER = re.compile(r"(?<![:\w]):(\w+)")
_log = structlog.get_logger(__name__)
_pools: dict[asyncio.AbstractEventLoop, AsyncConnectionPool[AsyncConnection[Any]]] = {}


class Missed(Exception):
    """Something that had to be there was not: nothing of the batch was done."""


class Batch:
    """Filled by what each domain has to say, then run once."""

    def __init__(self, actor: Actor) -> None:
        scope = {
            "user": str(actor.user_id or ""),
            "organization": str(actor.organization_id or ""),
            "system": "on" if actor.is_system else "off",
        }
        self._statements: list[tuple[str, Mapping[str, Any]]] = [(_SCOPE, scope)]
        self._topics: list[str] = []

    def add(self, statement: TextClause, values: Mapping[str, Any]) -> None:
        self._statements.append((_translated(statement.text), values))

    def insert(self, table: type[SQLModel], values: Mapping[str, Any]) -> None:
        statement, documents = _inserting(table, tuple(values))
        self._statements.append(
            (statement, {name: Jsonb(value) if name in documents else value for name, value in values.items()})
        )

    def must(self, rows: TextClause, values: Mapping[str, Any]) -> None:
        """Missed, and nothing of it all is done, where this query finds no row."""
        self._statements.append((f"select 1 / count(*) from ({_translated(rows.text)}) found", values))  # noqa: S608  both parts are ours

    def publish(self, topic: str) -> None:
        self._topics.append(topic)

    async def run(self) -> None:
        try:
            pool = await _pool()
            async with pool.connection() as connection, connection.pipeline():
                for statement, values in self._statements:
                    await connection.execute(statement, values)
        except DivisionByZero:
            raise Missed from None
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            raise Unavailable("The database does not answer. Nothing was changed; please try again.") from error
        outbox.publish_soon(*self._topics)


async def _pool() -> AsyncConnectionPool[AsyncConnection[Any]]:
    """Of this loop; it grows with the calls, up to what the settings let a worker keep."""
    loop = asyncio.get_running_loop()
    if loop not in _pools:
        url = make_url(settings().database_url.get_secret_value()).set(drivername="postgresql")
        pool: AsyncConnectionPool[AsyncConnection[Any]] = AsyncConnectionPool(
            url.render_as_string(hide_password=False),
            min_size=0,
            max_size=settings().database_pool,
            timeout=5,
            max_idle=60,
            open=False,
        )
        _pools[loop] = pool
        await pool.open()
    return _pools[loop]


async def close() -> None:
    """Of this loop, at its end."""
    if pool := _pools.pop(asyncio.get_running_loop(), None):
        with suppress(OperationalError):
            await pool.close(1)


@lru_cache(maxsize=256)
def _translated(statement: str) -> str:
    """From the parameters of SQLAlchemy to those of psycopg."""
    return _PARAMETER.sub(r"%(\1)s", statement.replace("%", "%%"))


@lru_cache(maxsize=64)
def _inserting(table: type[SQLModel], names: tuple[str, ...]) -> tuple[str, frozenset[str]]:
    """The statement, and which of the columns hold JSON."""
    columns = inspect(table).local_table.columns
    documents = frozenset(name for name in names if str(columns[name].type) in ("JSON", "JSONB"))
    places = ", ".join(f"%({name})s" for name in names)
    words = ", ".join(f'"{name}"' for name in names)
    return f'insert into "{inspect(table).local_table.name}" ({words}) values ({places})', documents  # noqa: S608
