from datetime import datetime

from sqlmodel import Field

from faraday_app.core.clock import now
from faraday_app.core.database import Row, moment


class User(Row, table=True):
    """A person. They may belong to several organisations; the membership says as what."""

    __tablename__ = "users"

    email: str = Field(unique=True, max_length=254)
    name: str = Field(max_length=120)
    password_hash: str = Field(max_length=200)
    password_changed_at: datetime = moment(default_factory=now)
    email_verified_at: datetime | None = moment(default=None, nullable=True)
    last_seen_at: datetime | None = moment(default=None, nullable=True)
    time_zone: str = Field(default="UTC", max_length=64)
    answer_language: str = Field(default="", max_length=16)
    platform_admin: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
