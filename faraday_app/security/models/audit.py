from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, FetchedValue, Index, UniqueConstraint, desc, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from faraday_app.core.clock import now
from faraday_app.core.database import Row, TenantRow, moment

# An organisation's chain, or Faraday's own where an event belongs to none.
CHAIN = "(coalesce(organization_id, '00000000-0000-0000-0000-000000000000'::uuid))"


class AuditEvent(Row, table=True):
    """What happened, by whom, to what, from where. Append-only in the database itself.

    ``transaction_id`` is the database's own number of the writing transaction: when all older ones have ended, nothing
    can appear before this event any more, and it can be sealed.
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_organization_id_id", "organization_id", desc("id")),
        Index("ix_audit_events_organization_id_actor_id_id", "organization_id", "actor_id", desc("id")),
        Index("ix_audit_events_organization_id_action_id", "organization_id", "action", desc("id")),
        Index("ix_audit_events_organization_id_address_id", "organization_id", "address", desc("id")),
        Index(
            "ix_audit_events_request",
            "organization_id",
            "request_id",
            desc("id"),
            postgresql_where=text("request_id <> ''"),
        ),
        Index("ix_audit_events_organization_id_target_id_id", "organization_id", "target_id", desc("id")),
        Index("ix_audit_events_organization_id_target_type_id", "organization_id", "target_type", desc("id")),
        Index(
            "ix_audit_events_not_done",
            "organization_id",
            "outcome",
            desc("id"),
            postgresql_where=text("outcome <> 'done'"),
        ),
        Index("ix_audit_events_organization_id_transaction_id", "organization_id", "transaction_id"),
    )

    organization_id: UUID | None = Field(default=None, foreign_key="organizations.id")
    actor_id: UUID | None = Field(default=None, foreign_key="users.id")
    actor_name: str = Field(default="", max_length=200)
    action: str = Field(max_length=80)
    target_type: str = Field(default="", max_length=80)
    target_id: UUID | None = None
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    address: str = Field(default="", max_length=45)
    outcome: str = Field(default="done", max_length=20, sa_column_kwargs={"server_default": "done"})
    request_id: str = Field(default="", max_length=32, sa_column_kwargs={"server_default": ""})
    session_id: UUID | None = None
    api_key_id: UUID | None = None
    transaction_id: int | None = Field(
        default=None, sa_type=BigInteger, nullable=False, sa_column_kwargs={"server_default": FetchedValue()}
    )


class AuditSeal(SQLModel, table=True):
    """Where an event stands in its chain, and its hash at that time. Append-only."""

    __tablename__ = "audit_seals"
    __table_args__ = (UniqueConstraint("block_id", "position"),)

    event_id: UUID = Field(primary_key=True)
    organization_id: UUID | None = None
    block_id: UUID
    position: int
    leaf: str = Field(max_length=64)


class AuditBlock(Row, table=True):
    """Events that were sealed together, and the hash of the block before. Append-only.

    Every event of the chain that a transaction below ``horizon`` wrote is in this block or an earlier one.
    """

    __tablename__ = "audit_blocks"
    __table_args__ = (
        Index("uq_audit_blocks_chain_number", text(CHAIN), "number", unique=True),
        Index("ix_audit_blocks_organization_id_number", "organization_id", desc("number")),
    )

    organization_id: UUID | None = None
    number: int = Field(sa_type=BigInteger)
    first_id: UUID
    last_id: UUID
    count: int
    horizon: int = Field(sa_type=BigInteger)
    previous_hash: str = Field(max_length=64)
    root: str = Field(max_length=64)
    hash: str = Field(max_length=64)
    sealed_at: datetime = moment()


class AuditRoot(Row, table=True):
    """The signed root over all blocks that were sealed in a chain on one day (UTC). Append-only."""

    __tablename__ = "audit_roots"
    __table_args__ = (Index("uq_audit_roots_chain_day", text(CHAIN), "day", unique=True),)

    organization_id: UUID | None = None
    day: date
    first_number: int = Field(sa_type=BigInteger)
    last_number: int = Field(sa_type=BigInteger)
    root: str = Field(max_length=64)
    key_id: str = Field(max_length=16)
    signature: str = Field(max_length=128)


class AuditSearch(TenantRow, table=True):
    """Filters that somebody keeps, for themselves or for all who read the trail."""

    __tablename__ = "audit_searches"
    __table_args__ = (UniqueConstraint("organization_id", "owner_id", "name"),)

    owner_id: UUID = Field(foreign_key="users.id")
    name: str = Field(max_length=80)
    shared: bool = False
    wanted: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)


class RecordView(SQLModel, table=True):
    """When a person last saw a thing of another's: looks within minutes are one event of the trail."""

    __tablename__ = "record_views"

    organization_id: UUID = Field(primary_key=True, foreign_key="organizations.id")
    viewer_id: UUID = Field(primary_key=True, foreign_key="users.id")
    subject_id: UUID = Field(primary_key=True, foreign_key="users.id")
    what: str = Field(primary_key=True, max_length=80)
    seen_at: datetime = moment(default_factory=now)
