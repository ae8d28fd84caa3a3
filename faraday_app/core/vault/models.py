from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from faraday_app.core.database import Row, moment


class DataKey(Row, table=True):
    """A key that data is encrypted with, itself encrypted by a master key. No organisation: Faraday's own.

    Not tied to the organisation's row, which may be part of a transaction that has not committed yet.
    """

    __tablename__ = "data_keys"
    __table_args__ = (
        Index(
            "uq_data_keys_current",
            text("coalesce(organization_id, '00000000-0000-0000-0000-000000000000'::uuid)"),
            unique=True,
            postgresql_where=text("retired_at is null"),
        ),
    )

    organization_id: UUID | None = None
    wrapped: bytes | None = None
    master_key: str = Field(max_length=40)
    retired_at: datetime | None = moment(default=None, nullable=True)
    erased_at: datetime | None = moment(default=None, nullable=True)
