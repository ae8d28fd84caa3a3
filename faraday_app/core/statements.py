"""Statements that are prepared once for a connection, and their values as they stand in a text.

Each is known under a name that follows from it; a message is one text that executes many of them. Values stand in it as
literals that libpq has escaped.
"""

import hashlib
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

from psycopg import AsyncConnection
from psycopg.pq import Escaping
from sqlalchemy import inspect
from sqlmodel import SQLModel

from faraday_app.core.errors import Invalid

_PARAMETER = re.compile(r"(?<![:\w]):(\w+)")
_KINDS: dict[type, str] = {UUID: "uuid", bool: "boolean", int: "bigint", float: "float8", datetime: "timestamptz"}
_KINDS |= {str: "unknown", type(None): "unknown"}  # PostgreSQL finds out what they are for
_known: WeakKeyDictionary[AsyncConnection[Any], set[bytes]] = WeakKeyDictionary()

Statement = tuple[str, Mapping[str, Any]]


class Document(NamedTuple):
    """A value of a JSON column."""

    value: Any


class _Prepared(NamedTuple):
    name: bytes
    statement: bytes
    order: tuple[str, ...]


def message(connection: AsyncConnection[Any], statements: Iterable[Statement]) -> bytes:
    """The text that executes them in this order, after preparing what this connection does not know yet."""
    known = _known.setdefault(connection, set())
    preparing: dict[bytes, bytes] = {}
    executing, escape = [], Escaping(connection.pgconn).escape_literal
    for statement, values in statements:
        kinds = tuple([_KINDS.get(type(value)) or _kind_of(value) for value in values.values()])
        prepared = _prepared(statement, tuple(values), kinds)
        if prepared.name not in known:
            preparing[prepared.name] = prepared.statement
        literals = b", ".join([literal(escape, values[name]) for name in prepared.order])
        executing.append(b"execute %s(%s)" % (prepared.name, literals) if literals else b"execute " + prepared.name)
    known.update(preparing)
    return b"; ".join([*preparing.values(), *executing])


@lru_cache(maxsize=512)
def _prepared(statement: str, names: tuple[str, ...], kinds: tuple[str, ...]) -> _Prepared:
    """The statement under a name that follows from it, and the order of its values."""
    order = tuple(dict.fromkeys(_PARAMETER.findall(statement)))
    kind_of, places = dict(zip(names, kinds, strict=True)), {name: n for n, name in enumerate(order, 1)}
    told = ", ".join(kind_of[name] for name in order)
    text = _PARAMETER.sub(lambda found: f"${places[found[1]]}", statement)
    name = f"batch_{hashlib.sha256(f'{told} {text}'.encode()).hexdigest()[:24]}"
    return _Prepared(name.encode(), f"prepare {name} {f'({told})' if told else ''} as {text}".encode(), order)


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


def documents(table: type[SQLModel], names: Sequence[str]) -> frozenset[str]:
    """Which of the columns hold JSON."""
    columns = inspect(table).local_table.columns
    return frozenset(name for name in names if str(columns[name].type) in ("JSON", "JSONB"))


@lru_cache(maxsize=64)
def finding(rows: str) -> str:
    """Fails with a division by zero where this query finds no row."""
    return f"select 1 / count(*) from ({rows}) found"  # noqa: S608  # nosec B608


@lru_cache(maxsize=64)
def inserting(table: type[SQLModel], names: tuple[str, ...]) -> tuple[str, frozenset[str]]:
    """The statement, and which of the columns hold JSON."""
    places = ", ".join(f":{name}" for name in names)
    words = ", ".join(f'"{name}"' for name in names)
    return f'insert into "{inspect(table).local_table.name}" ({words}) values ({places})', documents(table, names)  # noqa: S608  # nosec B608
