"""What conversations and GPTs know beside what is said: items of data, and files with their passages."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint, desc, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field, col

from faraday_app.contexts.models.kinds import Reading
from faraday_app.core import named_files
from faraday_app.core.clock import now
from faraday_app.core.database import TenantRow, moment
from faraday_app.core.vault import registry


class StoredFile(TenantRow, table=True):
    """A file in the store, and its text once it has been read. It never changes: a newer one is another file.

    ``sealed_digest``: the SHA-256 of its content, by which versions tell of it.
    """

    __tablename__ = "stored_files"
    __table_args__ = (Index("ix_stored_files_waiting", "id", postgresql_where=text("state = 'reading'")),)

    added_by: UUID = Field(foreign_key="users.id")
    name: str = Field(max_length=200)
    kind: str = Field(max_length=16)
    size: int = Field(sa_type=BigInteger)
    sealed_key: str
    sealed_text: str | None = None
    sealed_digest: str | None = None
    state: str = Field(default=Reading.reading, max_length=16)
    problem: str = Field(default="", max_length=300)
    passages: int = 0
    tries: int = 0
    claimed_until: datetime | None = moment(default=None, nullable=True)


class Passage(TenantRow, table=True):
    """A part of a file's text. ``words`` finds it by words that only this installation can look up.

    Where the database has pgvector there is a column ``embedding`` too; ``service.passages`` alone knows it.
    """

    __tablename__ = "file_passages"
    __table_args__ = (
        UniqueConstraint("file_id", "place"),
        Index("ix_file_passages_words", "words", postgresql_using="gin"),
    )

    file_id: UUID = Field(foreign_key="stored_files.id")
    place: int
    sealed_text: str
    words: str = Field(sa_type=TSVECTOR)


class DataItem(TenantRow, table=True):
    """Something that a conversation is about. ``sealed_content``: its words, the rows of a table, a link's address."""

    __tablename__ = "context_items"
    __table_args__ = (
        UniqueConstraint("context_id", "request_key"),
        Index("ix_context_items_context_id_id", "context_id", desc("id")),
    )

    context_id: UUID = Field(foreign_key="contexts.id")
    kind: str = Field(max_length=16)
    title: str = Field(max_length=200)
    sealed_content: str | None = None
    file_id: UUID | None = Field(default=None, foreign_key="stored_files.id", index=True)
    author_id: UUID = Field(foreign_key="users.id")
    position: int = 0
    version: int = 1
    updated_at: datetime = moment(default_factory=now)
    deleted_at: datetime | None = moment(default=None, nullable=True)
    request_key: str | None = Field(default=None, max_length=120)


class KnowledgeFile(TenantRow, table=True):
    """A file that a GPT answers from."""

    __tablename__ = "gpt_files"

    gpt_id: UUID = Field(foreign_key="gpts.id", index=True)
    file_id: UUID = Field(foreign_key="stored_files.id", index=True)
    added_by: UUID = Field(foreign_key="users.id")
    removed_at: datetime | None = moment(default=None, nullable=True)


registry.sealed("stored_files", "sealed_key", "key of file {id}")
registry.sealed("stored_files", "sealed_text", "text of file {id}")
registry.sealed("stored_files", "sealed_digest", "digest of file {id}")
registry.sealed("file_passages", "sealed_text", "passage {place} of file {file_id}")
registry.sealed("context_items", "sealed_content", "item {id} of a conversation")
named_files.named_by(col(StoredFile.organization_id), col(StoredFile.id))
