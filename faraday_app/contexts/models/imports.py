"""Files of conversations that people bring from elsewhere."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint, desc, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col

from faraday_app.core import named_files
from faraday_app.core.database import TenantRow, moment


class ImportState(StrEnum):
    waiting = "waiting"
    running = "running"
    done = "done"
    failed = "failed"

    @property
    def is_over(self) -> bool:
        return self in (ImportState.done, ImportState.failed)


class Import(TenantRow, table=True):
    """A file that somebody sent, and how far it has been read. Its worker renews the lease.

    ``done`` of ``total`` conversations are through: ``added`` are new, ``grown`` had new messages, ``known`` were here
    already. ``problems`` say what could not be read and where. The file itself lies sealed under ``path`` until then.
    """

    __tablename__ = "imports"
    __table_args__ = (
        Index("ix_imports_open", "lease_until", postgresql_where=text("finished_at is null")),
        Index("ix_imports_owner_id_id", "owner_id", desc("id")),
    )

    owner_id: UUID = Field(foreign_key="users.id")
    name: str = Field(max_length=200)
    path: str = Field(max_length=200)
    size: int = Field(sa_type=BigInteger)
    state: str = Field(default=ImportState.waiting, max_length=16)
    source: str = Field(default="", max_length=40)
    total: int = 0
    done: int = 0
    added: int = 0
    grown: int = 0
    known: int = 0
    messages: int = 0
    problems: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB)
    unread: int = 0
    error: str = Field(default="", max_length=500)
    lease_until: datetime = moment()
    finished_at: datetime | None = moment(default=None, nullable=True)


class ImportedContext(TenantRow, table=True):
    """Which conversation a conversation of a file has become, so that the same one is never added twice."""

    __tablename__ = "imported_contexts"
    __table_args__ = (UniqueConstraint("owner_id", "source_key"),)

    owner_id: UUID = Field(foreign_key="users.id")
    source_key: str = Field(max_length=64)
    context_id: UUID = Field(foreign_key="contexts.id", index=True)


named_files.named_by(col(Import.organization_id), col(Import.id), col(Import.finished_at).is_(None))
