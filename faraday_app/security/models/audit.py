from typing import Any
from uuid import UUID

from sqlalchemy import Index, desc
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from faraday_app.core.database import Row


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
