"""Backups of an organisation's conversations, when they are made, and bringing them back."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint, desc, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col

from faraday_app.core import named_files
from faraday_app.core.clock import now
from faraday_app.core.database import TenantRow, moment

KEPT = 7


class Every(StrEnum):
    """How often a backup is made by itself."""

    off = "off"
    day = "day"
    week = "week"


class BackupState(StrEnum):
    waiting = "waiting"
    making = "making"
    checking = "checking"
    good = "good"
    failed = "failed"

    @property
    def is_over(self) -> bool:
        return self in (BackupState.good, BackupState.failed)


class RestoreState(StrEnum):
    """``ready`` to be looked at: nothing has been changed yet."""

    waiting = "waiting"
    comparing = "comparing"
    ready = "ready"
    confirmed = "confirmed"
    restoring = "restoring"
    done = "done"
    failed = "failed"

    @property
    def is_over(self) -> bool:
        return self in (RestoreState.done, RestoreState.failed)


class BackupSchedule(TenantRow, table=True):
    """When backups are made, and how many good ones stay. One row for each organisation that chose for itself."""

    __tablename__ = "backup_schedules"
    __table_args__ = (Index("uq_backup_schedules_organization_id", "organization_id", unique=True),)

    every: str = Field(default=Every.day, max_length=8)
    keep: int = KEPT
    version: int = 1


class Backup(TenantRow, table=True):
    """An archive in the object store under ``path``. Good once it has been read back whole and compared.

    ``tables`` are the rows and the hash of each. ``plain_size`` and ``size`` are bytes before and after packing.
    """

    __tablename__ = "backups"
    __table_args__ = (
        UniqueConstraint("organization_id", "started_by", "request_key"),
        Index("ix_backups_open", "lease_until", postgresql_where=text("finished_at is null")),
        Index("ix_backups_organization_id_id", "organization_id", desc("id")),
    )

    started_by: UUID | None = Field(default=None, foreign_key="users.id")
    state: str = Field(default=BackupState.waiting, max_length=16)
    path: str = Field(max_length=200)
    error: str = Field(default="", max_length=500)
    total: int = Field(default=0, sa_type=BigInteger)
    done: int = Field(default=0, sa_type=BigInteger)
    tries: int = 0
    contexts: int = 0
    messages: int = 0
    size: int = Field(default=0, sa_type=BigInteger)
    plain_size: int = Field(default=0, sa_type=BigInteger)
    tables: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    as_of: datetime | None = moment(default=None, nullable=True)
    seconds: float = 0.0
    lease_until: datetime = moment(default_factory=now)
    finished_at: datetime | None = moment(default=None, nullable=True)
    request_key: str | None = Field(default=None, max_length=160)


class Restore(TenantRow, table=True):
    """A backup being compared with what is there, and then, once somebody said so, brought back.

    ``context_id``: only this conversation. ``put_back``: what has changed since becomes again as it was; else only
    what is gone comes back. ``found`` counts for each table what is new, changed, the same and left as it is.
    """

    __tablename__ = "restores"
    __table_args__ = (
        UniqueConstraint("organization_id", "started_by", "request_key"),
        Index("ix_restores_open", "lease_until", postgresql_where=text("finished_at is null")),
        Index("ix_restores_organization_id_id", "organization_id", desc("id")),
    )

    backup_id: UUID = Field(foreign_key="backups.id")
    started_by: UUID = Field(foreign_key="users.id")
    context_id: UUID | None = None
    put_back: bool = False
    state: str = Field(default=RestoreState.waiting, max_length=16)
    error: str = Field(default="", max_length=500)
    total: int = Field(default=0, sa_type=BigInteger)
    done: int = Field(default=0, sa_type=BigInteger)
    tries: int = 0
    found: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    confirmed_by: UUID | None = Field(default=None, foreign_key="users.id")
    lease_until: datetime = moment(default_factory=now)
    finished_at: datetime | None = moment(default=None, nullable=True)
    request_key: str | None = Field(default=None, max_length=160)


named_files.named_by(col(Backup.organization_id), col(Backup.id))
