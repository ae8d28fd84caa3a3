from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from faraday_app.core.clock import now
from faraday_app.core.database import TenantRow, moment


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
    confirmed_at: datetime | None = moment(default=None, nullable=True)
