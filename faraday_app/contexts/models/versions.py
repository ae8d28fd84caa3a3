"""What GPTs and the settings of conversations were at each moment, and the notes that a conversation shares."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, UniqueConstraint

from faraday_app.core.clock import now
from faraday_app.core.database import TenantRow, moment
from faraday_app.core.vault import registry


class Snapshot(TenantRow, table=True):
    """Some content, under the SHA-256 of its canonical JSON: the same content is there once for an organisation.

    Never changed, only sealed anew under another key or erased, both by Faraday alone.
    """

    __tablename__ = "snapshots"
    __table_args__ = (UniqueConstraint("organization_id", "digest"),)

    digest: str = Field(max_length=64)
    sealed_content: str


class Version(TenantRow, table=True):
    """The ``number``-th version of a GPT or a conversation. Never changed, but for its label.

    ``of_version``: the optimistic version that the thing had with this content. ``from_id``: what it was made from.
    """

    __tablename__ = "versions"
    __table_args__ = (UniqueConstraint("subject_id", "number"),)

    kind: str = Field(max_length=16)
    subject_id: UUID
    number: int
    of_version: int
    snapshot_id: UUID = Field(foreign_key="snapshots.id")
    reason: str = Field(max_length=16)
    made_by: UUID | None = Field(default=None, foreign_key="users.id")
    from_id: UUID | None = Field(default=None, foreign_key="versions.id")
    label: str = Field(default="", max_length=60)


class Note(TenantRow, table=True):
    """The notes that those in a conversation write together."""

    __tablename__ = "context_notes"

    context_id: UUID = Field(foreign_key="contexts.id", unique=True)
    sealed_text: str | None = None
    version: int = 0
    updated_by: UUID | None = Field(default=None, foreign_key="users.id")
    updated_at: datetime = moment(default_factory=now)


registry.sealed("snapshots", "sealed_content", "snapshot {digest}")
registry.sealed("context_notes", "sealed_text", "notes {id}")
