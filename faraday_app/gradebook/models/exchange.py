from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from faraday_app.core.clock import now
from faraday_app.core.database import TenantRow, moment
from faraday_app.core.vault import registry


class Exchanged(StrEnum):
    """A category is the school's; the group that it is in one class is a row of its own."""

    category = "category"
    group = "group"
    line_item = "line_item"
    result = "result"


class ExchangeItem(TenantRow, table=True):
    """What another system calls something of the gradebook, and what of it only that system needs.

    ``record_id`` is the group or the assignment; a result is of that and of ``student_id``. The grade itself is in the
    ledger, and ``fields`` hold what has no place there. ``source`` is the system whose files have brought it: what they
    do not have any more ends, and nothing else does.
    """

    __tablename__ = "exchange_items"
    __table_args__ = (
        UniqueConstraint("organization_id", "kind", "sourced_id", "class_id", postgresql_nulls_not_distinct=True),
        CheckConstraint("kind in ('category', 'group', 'line_item', 'result')", name="kind"),
        Index("ix_exchange_items_record_id_student_id", "record_id", "student_id"),
        Index("ix_exchange_items_organization_id_source", "organization_id", "source"),
    )

    kind: str = Field(max_length=16)
    sourced_id: str = Field(max_length=255)
    class_id: UUID | None = Field(default=None, foreign_key="classes.id", index=True)
    record_id: UUID | None = None
    student_id: UUID | None = Field(default=None, foreign_key="users.id", index=True)
    fields: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    sealed_comment: str = ""
    source: str = Field(default="", max_length=120)
    modified_at: datetime = moment(default_factory=now)


registry.sealed("exchange_items", "sealed_comment", "exchange item {id}")
