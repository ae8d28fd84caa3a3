from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, col

from faraday_app.core import named_files
from faraday_app.core.database import TenantRow, moment
from faraday_app.core.vault import registry


class Upload(TenantRow, table=True):
    """A file on its way into a draft, piece by piece. ``received`` bytes are there, whatever became of the connection.

    ``file_id`` is what became of it.
    """

    __tablename__ = "uploads"
    __table_args__ = (
        CheckConstraint("received >= 0 and received <= size", name="received"),
        Index("ix_uploads_touched_at", "touched_at", postgresql_where=text("finished_at is null")),
    )

    submission_id: UUID = Field(foreign_key="submissions.id", index=True)
    user_id: UUID = Field(foreign_key="users.id", index=True)
    name: str = Field(max_length=200)
    size: int
    received: int = 0
    touched_at: datetime = moment()
    finished_at: datetime | None = moment(default=None, nullable=True)
    file_id: UUID | None = None


class UploadPart(TenantRow, table=True):
    """A piece of a file on its way, in object storage under its own id until the file is whole."""

    __tablename__ = "upload_parts"
    __table_args__ = (UniqueConstraint("upload_id", "begins"),)

    upload_id: UUID = Field(foreign_key="uploads.id")
    begins: int
    size: int
    sealed_key: str


registry.sealed("upload_parts", "sealed_key", "upload part {id}")
named_files.named_by(col(UploadPart.organization_id), col(UploadPart.id))
