"""The tables of privacy: how long records are kept, and who is to be erased."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from faraday_app.core.database import TenantRow, moment
from faraday_app.core.personal import Erasing, Place, declare


class RetentionPolicy(TenantRow, table=True):
    """How many years the school keeps the records of those who left. No row, or None: until somebody decides."""

    __tablename__ = "retention_policies"
    __table_args__ = (UniqueConstraint("organization_id"), CheckConstraint("years > 0", name="years"))

    years: int | None = None
    version: int = 1


class ErasureState(StrEnum):
    """``records``: all is erased but the school's records and the name on them, which wait for their retention."""

    waiting = "waiting"
    records = "records"
    done = "done"
    cancelled = "cancelled"


class Erasure(TenantRow, table=True):
    """That a person is to be erased here, from ``due_at`` on. ``erased`` counts the rows of each table."""

    __tablename__ = "erasures"
    __table_args__ = (
        Index(
            "uq_erasures_open",
            "organization_id",
            "subject_id",
            unique=True,
            postgresql_where=text("state in ('waiting', 'records')"),
        ),
        Index("ix_erasures_due_at", "due_at", postgresql_where=text("state in ('waiting', 'records')")),
    )

    subject_id: UUID = Field(foreign_key="users.id", index=True)
    asked_by: UUID | None = Field(default=None, foreign_key="users.id")
    reason: str = Field(default="", max_length=400)
    state: str = Field(default=ErasureState.waiting, max_length=16)
    due_at: datetime = moment()
    erased: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    finished_at: datetime | None = moment(default=None, nullable=True)


declare(
    Place("erasures", "subject_id", Erasing.keep, exported=True, why="That it happened can be asked later."),
    Place("erasures", "asked_by", Erasing.keep, why="Who decided it."),
)
