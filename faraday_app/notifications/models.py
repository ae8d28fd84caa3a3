"""The table of what people were told."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from faraday_app.core.database import TenantRow, moment
from faraday_app.core.personal import Erasing, Place, declare


class Notification(TenantRow, table=True):
    """Something one person was told. Nobody else sees it, not even an administrator."""

    __tablename__ = "notifications"
    __table_args__ = (
        Index("ix_notifications_newest", "user_id", text("id desc")),
        Index("ix_notifications_unread", "user_id", text("id desc"), postgresql_where=text("read_at is null")),
    )

    user_id: UUID = Field(foreign_key="users.id")
    kind: str = Field(max_length=80)
    title: str = Field(max_length=200)
    text: str = Field(default="", max_length=1000)
    link: str = Field(default="", max_length=300)
    count: int = 1
    read_at: datetime | None = moment(default=None, nullable=True)


declare(Place("notifications", "user_id", Erasing.delete, exported=True))
