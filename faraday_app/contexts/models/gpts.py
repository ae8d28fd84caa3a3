"""GPTs, and questions that several of them answer."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Index, String, Uuid, desc, text
from sqlmodel import Field

from faraday_app.contexts.models.kinds import Status
from faraday_app.contexts.models.memory import MemoryRights
from faraday_app.core.database import TenantRow, moment


class Gpt(TenantRow, table=True):
    """A model with instructions and a face. ``model`` may be ``auto``. Others see it when it is shared."""

    __tablename__ = "gpts"
    __table_args__ = (Index("ix_gpts_organization_id_id", "organization_id", desc("id")),)

    owner_id: UUID = Field(foreign_key="users.id", index=True)
    name: str = Field(max_length=60)
    instructions: str = Field(max_length=8_000)
    model: str = Field(max_length=120)
    temperature: float = 0.7
    longest_answer: int = 0
    icon: str = Field(max_length=32)
    tone: str = Field(max_length=16)
    shared: bool = False
    memory_rights: str = Field(default=MemoryRights.propose, max_length=16)
    tools: list[str] = Field(default_factory=list, sa_type=ARRAY(String(40)))
    archived_at: datetime | None = moment(default=None, nullable=True)
    version: int = 1


class Orchestration(TenantRow, table=True):
    """A question that several GPTs answer, until ``finished_at``. ``shown_id``: the part that the branch shows.

    Whoever drives it renews the lease. ``status`` stopped before it is finished asks the driver to end.
    """

    __tablename__ = "orchestrations"
    __table_args__ = (Index("ix_orchestrations_open", "lease_until", postgresql_where=text("finished_at is null")),)

    context_id: UUID = Field(foreign_key="contexts.id", index=True)
    asked_id: UUID = Field(index=True)
    mode: str = Field(max_length=16)
    gpt_ids: list[UUID] = Field(sa_type=ARRAY(Uuid))
    budget: int | None = Field(default=None, sa_type=BigInteger)
    step_limit: int = 6
    status: str = Field(default=Status.running, max_length=16)
    error: str = Field(default="", max_length=300)
    started_by: UUID = Field(foreign_key="users.id")
    shown_id: UUID | None = None
    kept_at: datetime | None = moment(default=None, nullable=True)
    lease_until: datetime = moment()
    finished_at: datetime | None = moment(default=None, nullable=True)
