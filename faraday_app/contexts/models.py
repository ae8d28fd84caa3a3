from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Index, String, UniqueConstraint, desc, text
from sqlmodel import Field

from faraday_app.core.clock import now
from faraday_app.core.database import TenantRow, moment


class Access(StrEnum):
    viewer = "viewer"
    editor = "editor"
    owner = "owner"

    @property
    def may_write(self) -> bool:
        return self is not Access.viewer


class Author(StrEnum):
    person = "person"
    model = "model"


class Status(StrEnum):
    running = "running"
    complete = "complete"
    stopped = "stopped"
    failed = "failed"


class Context(TenantRow, table=True):
    """A conversation. ``leaf_id`` is the last message of the branch that is shown."""

    __tablename__ = "contexts"

    owner_id: UUID = Field(foreign_key="users.id", index=True)
    title: str = Field(max_length=200)
    model: str = Field(max_length=120)
    leaf_id: UUID | None = None
    updated_at: datetime = moment(default_factory=now)
    archived_at: datetime | None = moment(default=None, nullable=True)
    version: int = 1


class Member(TenantRow, table=True):
    """Who may see a conversation, and whether they may write in it."""

    __tablename__ = "context_members"
    __table_args__ = (UniqueConstraint("context_id", "user_id"),)

    context_id: UUID = Field(foreign_key="contexts.id", index=True)
    user_id: UUID = Field(foreign_key="users.id", index=True)
    access: str = Field(max_length=16)


class Message(TenantRow, table=True):
    """One message. Editing or retrying makes a sibling with the same parent; nothing is overwritten."""

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


class Run(TenantRow, table=True):
    """An answer being made. Its worker renews the lease; a lease that lapses lets another finish the books.

    ``models`` may answer: those that whoever asked could use, and that their hold pays for.
    """

    __tablename__ = "runs"
    __table_args__ = (Index("ix_runs_open", "lease_until", postgresql_where=text("finished_at is null")),)

    context_id: UUID = Field(foreign_key="contexts.id", index=True)
    message_id: UUID = Field(foreign_key="messages.id", unique=True)
    started_by: UUID = Field(foreign_key="users.id")
    hold_id: UUID = Field(foreign_key="credit_holds.id")
    models: list[str] = Field(default_factory=list, sa_type=ARRAY(String(120)))
    lease_until: datetime = moment()
    finished_at: datetime | None = moment(default=None, nullable=True)
