"""Old turns of a conversation, told shorter. The turns themselves stay as they are."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint, desc, text
from sqlmodel import Field

from faraday_app.core.database import TenantRow, moment
from faraday_app.core.vault import registry


class Stage(StrEnum):
    wanted = "wanted"
    ready = "ready"
    failed = "failed"


class TurnSummary(TenantRow, table=True):
    """The branch up to a message, ``ends_at_id``, in short: made once, whoever asks, and paid by who asked first.

    ``wanted`` until a job has made it. A ``failed`` one is tried again when the next question needs it.
    """

    __tablename__ = "turn_summaries"
    __table_args__ = (
        UniqueConstraint("context_id", "ends_at_id"),
        Index("ix_turn_summaries_wanted", "id", postgresql_where=text("stage = 'wanted'")),
        Index("ix_turn_summaries_asked_by_id_id", "asked_by_id", desc("id")),
    )

    context_id: UUID = Field(foreign_key="contexts.id")
    ends_at_id: UUID = Field(foreign_key="messages.id", index=True)
    asked_by_id: UUID = Field(foreign_key="users.id")
    model: str = Field(max_length=120)
    stage: str = Field(default=Stage.wanted, max_length=16)
    error: str = Field(default="", max_length=300)
    sealed_text: str | None = None
    turns: int = 0
    prompt_tokens: int = 0
    answer_tokens: int = 0
    cost: int = Field(default=0, sa_type=BigInteger)
    begun_at: datetime | None = moment(default=None, nullable=True)
    finished_at: datetime | None = moment(default=None, nullable=True)


registry.sealed("turn_summaries", "sealed_text", "summary {id}")
