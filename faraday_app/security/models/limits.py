from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from faraday_app.core.database import TenantRow, moment


class RateLimitOverride(TenantRow, table=True):
    """A limit of an organisation's own instead of the default, for a time."""

    __tablename__ = "rate_limit_overrides"
    __table_args__ = (
        Index("uq_rate_limit_overrides_what", "organization_id", "endpoint", "subject", "value", unique=True),
    )

    endpoint: str = Field(max_length=16)
    subject: str = Field(max_length=16)
    value: str = Field(max_length=45)
    per_minute: int
    burst: int
    note: str = Field(default="", max_length=200)
    expires_at: datetime = moment()
    created_by: UUID | None = Field(default=None, foreign_key="users.id")
