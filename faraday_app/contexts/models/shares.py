"""What a GPT gives to another: a sealed copy of some of what it is, for as long as both sides want it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, Index, String, text
from sqlmodel import Field

from faraday_app.core.database import TenantRow, moment
from faraday_app.core.vault import registry


class SharePart(StrEnum):
    """What can be given of a GPT."""

    instructions = "instructions"
    knowledge = "knowledge"
    memory = "memory"
    parameters = "parameters"

    @property
    def label(self) -> str:
        return {
            "instructions": "Its instructions",
            "knowledge": "The files it knows",
            "memory": "What it has remembered for you",
            "parameters": "Its model, parameters and tools",
        }[self.value]


class ShareStatus(StrEnum):
    offered = "offered"
    active = "active"
    declined = "declined"
    ended = "ended"

    @property
    def label(self) -> str:
        return {"offered": "waits to be accepted", "active": "given"}.get(self.value, self.value)


class GptShare(TenantRow, table=True):
    """From ``source_id`` to ``target_id``: these parts, until then, as they were at ``packed_at``.

    ``packed_from`` tells whether the source is another since; ``memory_kinds`` are those that are given of memory.
    Whatever ends it erases the payload. ``noted_at``: the owner of the target knows that it ended.
    """

    __tablename__ = "gpt_shares"
    __table_args__ = (
        Index(
            "uq_gpt_shares_live",
            "source_id",
            "target_id",
            unique=True,
            postgresql_where=text("status in ('offered', 'active')"),
        ),
    )

    source_id: UUID = Field(foreign_key="gpts.id", index=True)
    target_id: UUID = Field(foreign_key="gpts.id", index=True)
    offered_by: UUID = Field(foreign_key="users.id")
    decided_by: UUID | None = Field(default=None, foreign_key="users.id")
    status: str = Field(default=ShareStatus.offered, max_length=16)
    parts: list[str] = Field(sa_type=ARRAY(String(16)))
    memory_kinds: list[str] = Field(default_factory=list, sa_type=ARRAY(String(16)))
    until: datetime | None = moment(default=None, nullable=True)
    sealed_payload: str | None = None
    packed_at: datetime = moment()
    packed_from: str = Field(max_length=64)
    decided_at: datetime | None = moment(default=None, nullable=True)
    ended_at: datetime | None = moment(default=None, nullable=True)
    noted_at: datetime | None = moment(default=None, nullable=True)
    version: int = 1


registry.sealed("gpt_shares", "sealed_payload", "share {id}")
