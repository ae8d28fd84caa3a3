"""Statements that are all known beforehand, sent together: one transaction, one message to the database and one back.

For what happens with every call of a model. Everything else is easier to read with ``core.database``.

Each statement is prepared once for a connection, under a name of its own; a batch is one text that executes them. Sent
as one message, they are one transaction. Values stand in it as literals that libpq has escaped.
"""

import asyncio
import hashlib
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

from psycopg import AsyncConnection, InterfaceError, OperationalError
from psycopg.errors import DivisionByZero, InvalidSqlStatementName
from psycopg.pq import Escaping
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from sqlalchemy import TextClause, inspect, make_url
from sqlmodel import SQLModel

from faraday_app.core import outbox
from faraday_app.core.errors import Invalid, Unavailable
from faraday_app.core.permissions import Actor
from faraday_app.core.settings import settings

_SCOPE = (
    "select set_config('app.user_id', :user, true), set_config('app.organization_id', :organization, true),"
    " set_config('app.system', :system, true)"
)
_SCOPE_THAT_MAY_BE_LOST = f"{_SCOPE}, set_config('synchronous_commit', 'off', true)"
AWAY = "The database does not answer. Nothing was changed; please try again."
_PARAMETER = re.compile(r"(?<![:\w]):(\w+)")
_KINDS: dict[type, str] = {UUID: "uuid", bool: "boolean", int: "bigint", float: "float8", datetime: "timestamptz"}
_KINDS |= {str: "unknown", type(None): "unknown"}  # PostgreSQL finds out what they are for
_pools: dict[asyncio.AbstractEventLoop, AsyncConnectionPool[AsyncConnection[Any]]] = {}
_known: WeakKeyDictionary[AsyncConnection[Any], set[str]] = WeakKeyDictionary()


class Missed(Exception):
    """Something that had to be there was not: nothing of the batch was done."""


class Document(NamedTuple):
    """A value of a JSON column."""

    value: Any


class _Prepared(NamedTuple):
    name: str
    statement: str
    order: tuple[str, ...]


class Batch:
    """Filled by what each domain has to say, then run once.

    One that ``may_be_lost`` is done before it is on disk: a power cut within the next half second can undo it, whole
    and never what was built on it. For what only reserves.
    """

    def __init__(self, actor: Actor, *, may_be_lost: bool = False) -> None:
        scope = {
            "user": str(actor.user_id or ""),
            "organization": str(actor.organization_id or ""),
            "system": "on" if actor.is_system else "off",
        }
        self._statements: list[tuple[str, Mapping[str, Any]]] = [
            (_SCOPE_THAT_MAY_BE_LOST if may_be_lost else _SCOPE, scope)
        ]
        self._topics: list[str] = []

    def add(self, statement: TextClause, values: Mapping[str, Any]) -> None:
        self._statements.append((statement.text, values))

    def insert(self, table: type[SQLModel], values: Mapping[str, Any]) -> None:
        statement, json_columns = _inserting(table, tuple(values))
        self._statements.append(
            (statement, {name: Document(value) if name in json_columns else value for name, value in values.items()})
        )

    def must(self, rows: TextClause, values: Mapping[str, Any]) -> None:
        """Missed, and nothing of it all is done, where this query finds no row."""
        self._statements.append((_finding(rows.text), values))

    def publish(self, topic: str) -> None:
        self._topics.append(topic)

    async def run(self) -> None:
        try:
            pool = await _pool()
            async with pool.connection() as connection:
                await connection.execute(self._text(connection))
        except DivisionByZero:
            raise Missed from None
        except InvalidSqlStatementName as error:  # somebody between us and the database lends connections
            _known.clear()
            raise Unavailable from error
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            raise Unavailable(AWAY) from error
        outbox.publish_soon(*self._topics)

    def _text(self, connection: AsyncConnection[Any]) -> bytes:
        known = _known.setdefault(connection, set())
        preparing, executing, escape = [], [], Escaping(connection.pgconn).escape_literal
        for statement, values in self._statements:
            kinds = tuple([_KINDS.get(type(value)) or _kind_of(value) for value in values.values()])
            prepared = _prepared(statement, tuple(values), kinds)
            if prepared.name not in known:
                known.add(prepared.name)
                preparing.append(prepared.statement.encode())
            literals = b", ".join([literal(escape, values[name]) for name in prepared.order])
            executing.append(b"execute %s(%s)" % (prepared.name.encode(), literals))
        return b"; ".join([*preparing, *executing])


async def _pool() -> AsyncConnectionPool[AsyncConnection[Any]]:
    """Of this loop; it grows with the calls, up to what the settings let a worker keep."""
    loop = asyncio.get_running_loop()
    if loop not in _pools:
        url = make_url(settings().database_url.get_secret_value()).set(drivername="postgresql")
        pool: AsyncConnectionPool[AsyncConnection[Any]] = AsyncConnectionPool(
            url.render_as_string(hide_password=False),
            # Each message is a transaction of its own.
            kwargs={"autocommit": True, "client_encoding": "utf8"},
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


@lru_cache(maxsize=512)
def _prepared(statement: str, names: tuple[str, ...], kinds: tuple[str, ...]) -> _Prepared:
    """The statement under a name that follows from it, and the order of its values."""
    order = tuple(dict.fromkeys(_PARAMETER.findall(statement)))
    kind_of, places = dict(zip(names, kinds, strict=True)), {name: n for n, name in enumerate(order, 1)}
    told = ", ".join(kind_of[name] for name in order)
    text = _PARAMETER.sub(lambda found: f"${places[found[1]]}", statement)
    name = f"batch_{hashlib.sha256(f'{told} {text}'.encode()).hexdigest()[:24]}"
    return _Prepared(name, f"prepare {name} {f'({told})' if told else ''} as {text}", order)


def _kind_of(value: Any) -> str:
    """The type of a parameter that its class alone does not tell."""
    if isinstance(value, Document):
        return "jsonb"
    if isinstance(value, list):
        return f"{_kind_of(value[0])}[]" if value else "unknown"
    return _KINDS.get(type(value), "unknown")


def literal(escape: Callable[[bytes], bytes], value: Any) -> bytes:
    """A value as it stands in a text. Invalid for characters that cannot be stored."""
    kind = type(value)
    if kind is UUID or kind is datetime:
        return f"'{value}'".encode()
    if value is None:
        return b"null"
    if kind is bool or kind is int:
        return str(value).lower().encode()
    if kind is float:
        return repr(value).encode() if math.isfinite(value) else b"'NaN'"
    text = json.dumps(value.value) if kind is Document else _array(value) if kind is list else str(value)
    if "\x00" in text:
        raise Invalid("Some of these characters or numbers cannot be stored.")
    return bytes(escape(text.encode()))


def _array(values: Sequence[Any]) -> str:
    words = (str(value).replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{word}"' for word in words) + "}"


@lru_cache(maxsize=64)
def _finding(rows: str) -> str:
    return f"select 1 / count(*) from ({rows}) found"  # noqa: S608  # nosec B608


def documents(table: type[SQLModel], names: Sequence[str]) -> frozenset[str]:
    """Which of the columns hold JSON."""
    columns = inspect(table).local_table.columns
    return frozenset(name for name in names if str(columns[name].type) in ("JSON", "JSONB"))


@lru_cache(maxsize=64)
def _inserting(table: type[SQLModel], names: tuple[str, ...]) -> tuple[str, frozenset[str]]:
    """The statement, and which of the columns hold JSON."""
    places = ", ".join(f":{name}" for name in names)
    words = ", ".join(f'"{name}"' for name in names)
    return f'insert into "{inspect(table).local_table.name}" ({words}) values ({places})', documents(table, names)  # noqa: S608  # nosec B608
