"""What a class reads, watches and works with: files, links and pages in folders, each with all its versions."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Index, String, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field, col

from faraday_app.core import named_files
from faraday_app.core.clock import now
from faraday_app.core.database import TenantRow, moment
from faraday_app.core.vault import registry


class MaterialKind(StrEnum):
    file = "file"
    link = "link"
    page = "page"


class FileState(StrEnum):
    """A quarantined file is kept and never served. Of an unread one only the text is not known: it is served."""

    reading = "reading"
    ready = "ready"
    unread = "unread"
    quarantined = "quarantined"


class MaterialFolder(TenantRow, table=True):
    """A place in the library of a class. What is deleted with it has the same ``deleted_at`` and comes back with it."""

    __tablename__ = "material_folders"
    __table_args__ = (
        Index(
            "uq_material_folders_name",
            "class_id",
            text("coalesce(parent_id, '00000000-0000-0000-0000-000000000000'::uuid)"),
            text("lower(name)"),
            unique=True,
            postgresql_where=text("deleted_at is null"),
        ),
    )

    class_id: UUID = Field(foreign_key="classes.id")
    parent_id: UUID | None = Field(default=None, foreign_key="material_folders.id", index=True)
    name: str = Field(max_length=80)
    deleted_at: datetime | None = moment(default=None, nullable=True)
    version: int = 1


class Material(TenantRow, table=True):
    """Something to learn from. Students and parents see it when it is no draft, between its two moments, and when it is
    for the whole class (``section_ids`` empty) or for their section. ``latest`` is the number of its current version;
    ``withheld``: that is a file in quarantine."""

    __tablename__ = "materials"
    __table_args__ = (
        CheckConstraint("kind in ('file', 'link', 'page')", name="kind"),
        CheckConstraint("visible_from < visible_until", name="in_order"),
        UniqueConstraint("class_id", "request_key"),
        Index("ix_materials_class_id_folder_id", "class_id", "folder_id"),
        Index("ix_materials_tags", "tags", postgresql_using="gin"),
    )

    class_id: UUID = Field(foreign_key="classes.id")
    folder_id: UUID | None = Field(default=None, foreign_key="material_folders.id", index=True)
    kind: str = Field(max_length=8)
    title: str = Field(max_length=200)
    about: str = Field(default="", max_length=500)
    tags: list[str] = Field(default_factory=list, sa_type=ARRAY(String(40)))
    draft: bool = False
    section_ids: list[UUID] = Field(default_factory=list, sa_type=ARRAY(Uuid))
    visible_from: datetime | None = moment(default=None, nullable=True)
    visible_until: datetime | None = moment(default=None, nullable=True)
    latest: int = 1
    withheld: bool = False
    created_by: UUID | None = Field(default=None, foreign_key="users.id")
    updated_at: datetime = moment(default_factory=now)
    deleted_at: datetime | None = moment(default=None, nullable=True)
    version: int = 1
    request_key: str | None = Field(default=None, max_length=100)


class MaterialFile(TenantRow, table=True):
    """A file in the store under its own id. ``content_type`` is what its content is, whatever its name says."""

    __tablename__ = "material_files"
    __table_args__ = (Index("ix_material_files_waiting", "id", postgresql_where=text("state = 'reading'")),)

    material_id: UUID = Field(foreign_key="materials.id", index=True)
    name: str = Field(max_length=200)
    kind: str = Field(max_length=16)
    content_type: str = Field(max_length=120)
    size: int = Field(sa_type=BigInteger)
    digest: str = Field(max_length=64)
    sealed_key: str
    sealed_text: str | None = None
    state: str = Field(default=FileState.reading, max_length=16)
    problem: str = Field(default="", max_length=300)
    tries: int = 0
    claimed_until: datetime | None = moment(default=None, nullable=True)


class MaterialVersion(TenantRow, table=True):
    """What a material was from a moment on: the words of a page, the address of a link, or a file. It never changes."""

    __tablename__ = "material_versions"
    __table_args__ = (UniqueConstraint("material_id", "number"),)

    material_id: UUID = Field(foreign_key="materials.id")
    number: int
    author_id: UUID | None = Field(default=None, foreign_key="users.id")
    note: str = Field(default="", max_length=200)
    body: str = ""  # Markdown
    url: str = Field(default="", max_length=2_000)
    file_id: UUID | None = Field(default=None, foreign_key="material_files.id", index=True)


class MaterialWords(TenantRow, table=True):
    """The words by which a material is found: of its title first, then its tags, then what it says."""

    __tablename__ = "material_words"
    __table_args__ = (Index("ix_material_words_words", "words", postgresql_using="gin"),)

    material_id: UUID = Field(foreign_key="materials.id", unique=True)
    words: str = Field(sa_type=TSVECTOR)


class MaterialUse(TenantRow, table=True):
    """How often a material was opened and downloaded on a day (UTC) by those who learn. By whom is kept nowhere."""

    __tablename__ = "material_uses"
    __table_args__ = (UniqueConstraint("material_id", "day"),)

    material_id: UUID = Field(foreign_key="materials.id")
    day: date
    opened: int = 0
    downloaded: int = 0


class AssignmentMaterial(TenantRow, table=True):
    """What is needed for an assignment."""

    __tablename__ = "assignment_materials"
    __table_args__ = (UniqueConstraint("assignment_id", "material_id"),)

    assignment_id: UUID = Field(foreign_key="assignments.id")
    material_id: UUID = Field(foreign_key="materials.id", index=True)
    position: int = 0


registry.sealed("material_files", "sealed_key", "key of material file {id}")
registry.sealed("material_files", "sealed_text", "text of material file {id}")
named_files.named_by(col(MaterialFile.organization_id), col(MaterialFile.id))
