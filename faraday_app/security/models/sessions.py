from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, desc
from sqlmodel import Field

from faraday_app.core.clock import now
from faraday_app.core.database import TenantRow, moment


class Session(TenantRow, table=True):
    """One signed-in browser. Only the hashes of its tokens are kept: the current one and the one before."""

    __tablename__ = "sessions"
    __table_args__ = (
        Index(
            "ix_sessions_organization_id_id",
            "organization_id",
            desc("id"),
            postgresql_include=["address", "user_id"],
        ),
    )

    user_id: UUID = Field(foreign_key="users.id", index=True)
    token_hash: str = Field(unique=True, max_length=64)
    former_hash: str | None = Field(default=None, unique=True, max_length=64)
    rotated_at: datetime | None = moment(default=None, nullable=True)
    rotation_due: bool = False
    method: str = Field(default="password", max_length=32)
    address: str = Field(default="", max_length=45)
    country: str = Field(default="", max_length=2)
    user_agent: str = Field(default="", max_length=300)
    browser: str = Field(default="", max_length=60)
    system: str = Field(default="", max_length=60)
    fingerprint: str = Field(default="", max_length=64)
    device_id: UUID | None = Field(default=None, foreign_key="devices.id", ondelete="SET NULL", index=True)
    last_seen_at: datetime = moment(default_factory=now)
    idle_expires_at: datetime = moment()
    expires_at: datetime = moment()
    revoked_at: datetime | None = moment(default=None, nullable=True)

    confirmed_at: datetime | None = moment(default=None, nullable=True)

    @property
    def device_name(self) -> str:
        return device_name(self.browser, self.system)


def device_name(browser: str, system: str) -> str:
    """As people say it: Chrome on Linux."""
    return f"{browser} on {system}" if browser and system else browser or system or "Unknown browser"
