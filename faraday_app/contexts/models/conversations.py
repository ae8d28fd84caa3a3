"""Conversations, who is in them, what was said, and answers being made."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Index, String, UniqueConstraint, Uuid, desc, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from faraday_app.contexts.models.kinds import Mode, Part, Status
from faraday_app.core.clock import now
from faraday_app.core.database import TenantRow, moment
from faraday_app.core.vault import registry


class Context(TenantRow, table=True):
    """A conversation. ``leaf_id`` is the last message of the branch that is shown.

    ``gpt_ids`` answer, in this order and as ``mode`` says; none: the plain assistant. ``budget`` are the most
    micro-credits that a question to several may cost, none: no limit of its own; ``step_limit`` the most steps.
    ``answer_language`` is one of ``service/languages.py``; empty: as the model chooses.
    """

    __tablename__ = "contexts"

    owner_id: UUID = Field(foreign_key="users.id", index=True)
    title: str = Field(max_length=200)
    model: str = Field(max_length=120)
    leaf_id: UUID | None = None
    updated_at: datetime = moment(default_factory=now)
    archived_at: datetime | None = moment(default=None, nullable=True)
    version: int = 1
    gpt_ids: list[UUID] = Field(default_factory=list, sa_type=ARRAY(Uuid))
    mode: str = Field(default=Mode.single, max_length=16)
    budget: int | None = Field(default=None, sa_type=BigInteger)
    step_limit: int = 6
    left_out: list[str] = Field(default_factory=list, sa_type=ARRAY(String(120)))
    proposes_memories: bool = False
    answer_language: str = Field(default="", max_length=16)


class Member(TenantRow, table=True):
    """Who may see a conversation, and whether they may write in it."""

    __tablename__ = "context_members"
    __table_args__ = (UniqueConstraint("context_id", "user_id"),)

    context_id: UUID = Field(foreign_key="contexts.id", index=True)
    user_id: UUID = Field(foreign_key="users.id", index=True)
    access: str = Field(max_length=16)


class Message(TenantRow, table=True):
    """One message. Editing or retrying makes a sibling with the same parent; nothing is overwritten.

    Of an answer by several GPTs each part is a message: of ``lane`` (a GPT's place among them) in ``step``.
    ``tools``: which tools it called, with what, and what came.
    ``given`` names the material that the model got, ``spread`` how its window was spread over all that went in.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("context_id", "request_key"),
        Index("ix_messages_context_id_id", "context_id", desc("id")),
        Index("ix_messages_content_search", text("to_tsvector('simple', content)"), postgresql_using="gin"),
    )

    context_id: UUID = Field(foreign_key="contexts.id")
    parent_id: UUID | None = Field(default=None, foreign_key="messages.id", index=True)
    author: str = Field(max_length=16)
    author_id: UUID | None = Field(default=None, foreign_key="users.id")
    content: str = ""
    status: str = Field(default=Status.complete, max_length=16)
    error: str = Field(default="", max_length=300)
    model: str = Field(default="", max_length=120)
    prompt_tokens: int = 0
    answer_tokens: int = 0
    cost: int = Field(default=0, sa_type=BigInteger)
    first_token_ms: int | None = None
    request_key: str | None = Field(default=None, max_length=120)
    finished_at: datetime | None = moment(default=None, nullable=True)
    gpt_id: UUID | None = Field(default=None, foreign_key="gpts.id")
    orchestration_id: UUID | None = Field(default=None, foreign_key="orchestrations.id", index=True)
    lane: int = 0
    step: int = 0
    part: str = Field(default=Part.answer, max_length=16)
    given: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB)
    tools: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB)
    spread: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)


class Run(TenantRow, table=True):
    """An answer being made. Its worker renews the lease; a lease that lapses lets another finish the books.

    ``models`` may answer: those that whoever asked could use, and that their hold pays for. ``prompt`` is how a GPT is
    asked, as it was when the credits were set aside; none: the branch as it is. ``likely_cost`` and ``most_cost`` are
    what was estimated then in micro-credits, ``most_prompt`` the tokens that the prompt could have.
    """

    __tablename__ = "runs"
    __table_args__ = (
        Index("ix_runs_open", "lease_until", postgresql_where=text("finished_at is null")),
        Index("ix_runs_started_by_id", "started_by", desc("id")),
        Index("ix_runs_organization_id_id", "organization_id", desc("id")),
    )

    context_id: UUID = Field(foreign_key="contexts.id", index=True)
    message_id: UUID = Field(foreign_key="messages.id", unique=True)
    started_by: UUID = Field(foreign_key="users.id")
    hold_id: UUID = Field(foreign_key="credit_holds.id")
    models: list[str] = Field(default_factory=list, sa_type=ARRAY(String(120)))
    lease_until: datetime = moment()
    finished_at: datetime | None = moment(default=None, nullable=True)
    prompt: dict[str, Any] | None = Field(default=None, sa_type=JSONB)
    sealed_given: str | None = None
    likely_cost: int | None = Field(default=None, sa_type=BigInteger)
    most_cost: int | None = Field(default=None, sa_type=BigInteger)
    most_prompt: int | None = None


registry.sealed("runs", "sealed_given", "given to run {id}")
