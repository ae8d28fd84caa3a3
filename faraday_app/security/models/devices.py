from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from faraday_app.core.clock import now
from faraday_app.core.database import TenantRow, moment


class Device(TenantRow, table=True):
    """A browser that a person has signed in with before, known by a cookie. Only its hash is kept."""

    __tablename__ = "devices"
    __table_args__ = (UniqueConstraint("user_id", "organization_id", "token_hash"),)

    user_id: UUID = Field(foreign_key="users.id")
    token_hash: str = Field(max_length=64)
    name: str = Field(max_length=120)
    last_seen_at: datetime = moment(default_factory=now)
