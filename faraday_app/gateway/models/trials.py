"""What is tried out: every way out when a provider fails, and another policy on the calls of the past."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Index, String, desc, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from faraday_app.core.database import TenantRow, moment


class State(StrEnum):
    waiting = "waiting"
    running = "running"
    done = "done"
    failed = "failed"


def _open(table: str) -> Index:
    """One at a time in an organisation."""
    unfinished = text("finished_at is null")
    return Index(f"ix_{table}_open", "organization_id", unique=True, postgresql_where=unfinished)


class FailoverDrill(TenantRow, table=True):
    """What became of every first choice that was broken on purpose. ``alone``: models that nobody stands in for.

    ``added_ms`` is the median of what recovering took. Nobody started it: it was due. Whoever does it renews the lease.
    """

    __tablename__ = "failover_drills"
    __table_args__ = (
        Index("ix_failover_drills_organization_id_id", "organization_id", desc("id")),
        _open("failover_drills"),
    )

    started_by: UUID | None = Field(default=None, foreign_key="users.id")
    recovered_percent: int = 0
    outcomes: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB)
    alone: list[str] = Field(default_factory=list, sa_type=ARRAY(String(120)))
    extra_cost: int = Field(default=0, sa_type=BigInteger)
    added_ms: int = 0
    status: str = Field(default=State.waiting, max_length=8)
    done: int = 0
    total: int = 0
    error: str = Field(default="", max_length=300)
    lease_until: datetime | None = moment(default=None, nullable=True)
    finished_at: datetime | None = moment(default=None, nullable=True)


class RoutingReplay(TenantRow, table=True):
    """What another policy would have done with the calls of the last days; ``forecast`` as ``replay`` told it."""

    __tablename__ = "routing_replays"
    __table_args__ = (
        Index("ix_routing_replays_organization_id_id", "organization_id", desc("id")),
        _open("routing_replays"),
    )

    started_by: UUID | None = Field(default=None, foreign_key="users.id")
    days: int
    strategy: str = Field(max_length=16)
    learned: bool = False
    status: str = Field(default=State.waiting, max_length=8)
    done: int = 0
    total: int = 0
    error: str = Field(default="", max_length=300)
    lease_until: datetime | None = moment(default=None, nullable=True)
    finished_at: datetime | None = moment(default=None, nullable=True)
    forecast: dict[str, Any] | None = Field(default=None, sa_type=JSONB)
