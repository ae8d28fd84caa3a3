from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Index, String, desc
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from faraday_app.core.clock import now
from faraday_app.core.database import Row, TenantRow, moment


class Session(TenantRow, table=True):
    """One signed-in browser. Only the hash of its token is kept."""

    __tablename__ = "sessions"

    user_id: UUID = Field(foreign_key="users.id", index=True)
    token_hash: str = Field(unique=True, max_length=64)
    address: str = Field(default="", max_length=45)
    user_agent: str = Field(default="", max_length=300)
    last_seen_at: datetime = moment(default_factory=now)
    idle_expires_at: datetime = moment()
    expires_at: datetime = moment()
    revoked_at: datetime | None = moment(default=None, nullable=True)


class SignInFailures(SQLModel, table=True):
    """Failed sign-ins of one e-mail or one address, whether or not such a person exists."""

    __tablename__ = "sign_in_failures"

    key: str = Field(primary_key=True, max_length=64)
    failures: int = 0
    last_at: datetime = moment(default_factory=now)
    blocked_until: datetime | None = moment(default=None, nullable=True)


class ApiKey(TenantRow, table=True):
    """A person's key to the HTTP API: never more than its scopes and never more than its person may."""

    __tablename__ = "api_keys"

    user_id: UUID = Field(foreign_key="users.id", index=True)
    name: str = Field(max_length=80)
    prefix: str = Field(max_length=16)
    key_hash: str = Field(unique=True, max_length=64)
    scopes: list[str] = Field(sa_type=ARRAY(String(64)))
    expires_at: datetime | None = moment(default=None, nullable=True)
    last_used_at: datetime | None = moment(default=None, nullable=True)
    revoked_at: datetime | None = moment(default=None, nullable=True)


class AuditEvent(Row, table=True):
    """What happened, by whom, to what, from where. Append-only in the database itself."""

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_organization_id_id", "organization_id", desc("id")),
        Index("ix_audit_events_organization_id_actor_id_id", "organization_id", "actor_id", desc("id")),
        Index("ix_audit_events_organization_id_action_id", "organization_id", "action", desc("id")),
    )

    organization_id: UUID | None = Field(default=None, foreign_key="organizations.id")
    actor_id: UUID | None = Field(default=None, foreign_key="users.id")
    actor_name: str = Field(default="", max_length=200)
    action: str = Field(max_length=80)
    target_type: str = Field(default="", max_length=80)
    target_id: UUID | None = None
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    address: str = Field(default="", max_length=45)
