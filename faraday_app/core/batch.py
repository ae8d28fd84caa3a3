"""Statements that are all known beforehand, sent together: one transaction, one message to the database and one back.

For what happens with every call of a model. Everything else is easier to read with ``core.database``.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause
from sqlmodel import SQLModel

from faraday_app.core import outbox, sending
from faraday_app.core.permissions import Actor
from faraday_app.core.sending import AWAY, Kind, Missed
from faraday_app.core.statements import Document, Statement, finding, inserting

__all__ = ["AWAY", "Batch", "Missed"]


class Batch:
    """Filled by what each domain has to say, then run once.

    One that ``may_be_lost`` is done before it is on disk: a power cut within the next half second can undo it, whole
    and never what was built on it. For what only reserves.
    """

    def __init__(self, actor: Actor, *, may_be_lost: bool = False) -> None:
        self.scope: Mapping[str, str] = {
            "user": str(actor.user_id or ""),
            "organization": str(actor.organization_id or ""),
            "system": "on" if actor.is_system else "off",
        }
        self.kind = Kind(actor.organization_id, may_be_lost)
        self.statements: list[Statement] = []
        self.first_lock = UUID(int=0)
        self._topics: list[str] = []

    def add(self, statement: TextClause, values: Mapping[str, Any]) -> None:
        self.statements.append((statement.text, values))

    def insert(self, table: type[SQLModel], values: Mapping[str, Any]) -> None:
        statement, json_columns = inserting(table, tuple(values))
        told = {name: Document(value) if name in json_columns else value for name, value in values.items()}
        self.statements.append((statement, told))

    def must(self, rows: TextClause, values: Mapping[str, Any]) -> None:
        """Missed, and nothing of it all is done, where this query finds no row."""
        self.statements.append((finding(rows.text), values))

    def locks(self, id: UUID) -> None:
        """The row that it locks first: those that go together lock in the order of these ids, as everybody does."""
        self.first_lock = id

    def publish(self, topic: str) -> None:
        self._topics.append(topic)

    async def run(self) -> None:
        """Missed, or Unavailable without the database: then nothing was done, as far as anybody can tell."""
        await sending.send(self)
        outbox.publish_soon(*self._topics)


async def close() -> None:
    """Of this loop, at its end."""
    await sending.close()
