from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, String
from sqlmodel import Field

from faraday_app.core.database import TenantRow, moment


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
