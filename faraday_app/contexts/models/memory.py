"""What is remembered beyond a conversation, and the looks at answers after which GPTs propose it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint, desc
from sqlmodel import Field

from faraday_app.core.clock import now
from faraday_app.core.database import TenantRow, moment
from faraday_app.core.vault import registry


class MemoryKind(StrEnum):
    fact = "fact"
    preference = "preference"
    wish = "wish"
    goal = "goal"
    person = "person"

    @property
    def label(self) -> str:
        return {"wish": "How to answer", "person": "Person"}.get(self.value, self.value.capitalize())


class MemoryScope(StrEnum):
    """Whose it is. A person's own is seen by nobody else."""

    person = "person"
    context = "context"
    team = "team"

    @property
    def label(self) -> str:
        return {"person": "You", "context": "Conversation", "team": "Your department"}[self.value]


class MemoryStatus(StrEnum):
    proposed = "proposed"
    kept = "kept"
    dismissed = "dismissed"
    set_aside = "set_aside"  # by going back to an older version of the GPT that remembered it


class MemoryRights(StrEnum):
    """What a GPT may do with memory. To write is to keep without asking, in its owner's own conversations."""

    none = "none"
    read = "read"
    propose = "propose"
    write = "write"

    @property
    def label(self) -> str:
        return {
            "none": "None: it is given no memory",
            "read": "Reads: it is given what fits the question",
            "propose": "Reads and proposes: you decide what is kept",
            "write": "Reads and writes: it keeps for you without asking",
        }[self.value]

    @property
    def reads(self) -> bool:
        return self is not MemoryRights.none

    @property
    def proposes(self) -> bool:
        return self in (MemoryRights.propose, MemoryRights.write)


class LookStatus(StrEnum):
    waiting = "waiting"
    working = "working"
    done = "done"
    failed = "failed"


class Memory(TenantRow, table=True):
    """One thing that is remembered. ``owner_id``: whose it is, or who gave it to the conversation or the team.

    ``context_id`` is the conversation that it belongs to, or of a person's own where it came from. ``message_id`` and
    ``gpt_id``: from what was said, and who proposed it. Forgotten, it waits to be erased; then its words are null.
    """

    __tablename__ = "memories"
    __table_args__ = (
        Index("ix_memories_owner_id_id", "owner_id", desc("id")),
        Index("ix_memories_context_id_id", "context_id", desc("id")),
        Index("ix_memories_department_id_id", "department_id", desc("id")),
    )

    scope: str = Field(max_length=16)
    owner_id: UUID = Field(foreign_key="users.id")
    context_id: UUID | None = Field(default=None, foreign_key="contexts.id")
    department_id: UUID | None = Field(default=None, foreign_key="departments.id")
    kind: str = Field(max_length=16)
    sealed_text: str | None = None
    status: str = Field(default=MemoryStatus.kept, max_length=16)
    gpt_id: UUID | None = Field(default=None, foreign_key="gpts.id")
    message_id: UUID | None = Field(default=None, foreign_key="messages.id")
    decided_at: datetime | None = moment(default=None, nullable=True)
    last_used_at: datetime | None = moment(default=None, nullable=True)
    forgotten_at: datetime | None = moment(default=None, nullable=True)
    version: int = 1


class MemoryVector(TenantRow, table=True):
    """What a memory means, of this version of it and by this model. Where one of them is another, it is found anew.

    Where the database has pgvector there is a column ``embedding`` too; ``service.memory.meant`` alone knows it.
    """

    __tablename__ = "memory_vectors"

    memory_id: UUID = Field(foreign_key="memories.id", unique=True, ondelete="CASCADE")
    version: int
    model: str = Field(max_length=60)


class MemoryLook(TenantRow, table=True):
    """A look at what a person said, for what is worth remembering: once for each message, paid by whoever said it."""

    __tablename__ = "memory_looks"
    __table_args__ = (Index("ix_memory_looks_context_id_id", "context_id", desc("id")),)

    context_id: UUID = Field(foreign_key="contexts.id")
    message_id: UUID = Field(foreign_key="messages.id", unique=True)
    answer_id: UUID = Field(foreign_key="messages.id")
    user_id: UUID = Field(foreign_key="users.id")
    gpt_id: UUID | None = Field(default=None, foreign_key="gpts.id")
    status: str = Field(default=LookStatus.waiting, max_length=16, index=True)
    lease_until: datetime | None = moment(default=None, nullable=True)
    tries: int = 0
    found: int = 0
    cost: int = Field(default=0, sa_type=BigInteger)
    receipt_id: UUID | None = None
    error: str = Field(default="", max_length=300)


class Gone(StrEnum):
    """What is remembered of having been forgotten: a memory, a share, or all that a person had until then."""

    memory = "memory"
    share = "share"
    person = "person"


class Forgotten(TenantRow, table=True):
    """That something is not to come back, and not a word of what it was. It outlives the row that it is about."""

    __tablename__ = "forgotten"
    __table_args__ = (UniqueConstraint("organization_id", "kind", "subject_id"),)

    kind: str = Field(max_length=16)
    subject_id: UUID
    forgotten_at: datetime = moment(default_factory=now)


registry.sealed("memories", "sealed_text", "memory {id}")
