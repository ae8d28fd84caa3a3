from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, desc
from sqlmodel import Field

from faraday_app.core.database import TenantRow, moment


class IncidentStatus(StrEnum):
    open = "open"
    investigating = "investigating"
    resolved = "resolved"


class Incident(TenantRow, table=True):
    """What is looked into because of one or more alerts."""

    __tablename__ = "incidents"
    __table_args__ = (
        Index("ix_incidents_organization_id_id", "organization_id", desc("id")),
        Index("ix_incidents_organization_id_status_id", "organization_id", "status", desc("id")),
    )

    title: str = Field(max_length=200)
    severity: str = Field(max_length=10)
    status: str = Field(default=IncidentStatus.open, max_length=20)
    opened_by: UUID = Field(foreign_key="users.id")
    assignee_id: UUID | None = Field(default=None, foreign_key="users.id")
    resolved_at: datetime | None = moment(default=None, nullable=True)
    version: int = 1


class IncidentNote(TenantRow, table=True):
    """What somebody found out or did. Append-only in the database itself."""

    __tablename__ = "incident_notes"
    __table_args__ = (
        UniqueConstraint("incident_id", "key"),
        Index("ix_incident_notes_incident_id_id", "incident_id", "id"),
    )

    incident_id: UUID = Field(foreign_key="incidents.id")
    key: str = Field(max_length=100)
    author_id: UUID = Field(foreign_key="users.id")
    author_name: str = Field(max_length=200)
    text: str = Field(max_length=4_000)
