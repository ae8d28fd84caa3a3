"""What came from a school's own system, what was last read of it, and each file that was looked at."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, desc
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col

from faraday_app.core import named_files
from faraday_app.core.clock import now
from faraday_app.core.database import TenantRow, moment
from faraday_app.core.vault import registry


class RosterRecord(TenantRow, table=True):
    """A row of a source as it was last applied, and what it has become here.

    ``kind`` says which of our tables ``record_id`` is of, where a file has several. ``made``: the import made that
    record, so it may change and end it; else it was here before, and the row only speaks of it. ``fields`` are the
    cells that are kept, by the names of ``classes.oneroster.records``; ``person_id`` is whom they are about.
    """

    __tablename__ = "roster_records"
    __table_args__ = (
        UniqueConstraint("organization_id", "source", "file", "sourced_id"),
        Index("ix_roster_records_record_id", "record_id"),
    )

    source: str = Field(max_length=120)
    file: str = Field(max_length=24)
    sourced_id: str = Field(max_length=255)
    kind: str = Field(default="", max_length=16)
    record_id: UUID | None = None
    person_id: UUID | None = Field(default=None, foreign_key="users.id", index=True)
    made: bool = True
    fields: dict[str, str] = Field(default_factory=dict, sa_type=JSONB)
    modified: datetime | None = moment(default=None, nullable=True)
    active: bool = True
    imported_at: datetime = moment(default_factory=now)


class RosterState(StrEnum):
    """Refused: nothing of the file can be taken. Checked: it waits for somebody to apply it."""

    refused = "refused"
    checked = "checked"
    applied = "applied"
    discarded = "discarded"


class RosterImport(TenantRow, table=True):
    """A file that was looked at. ``digest`` is of all it would change: only what was looked at is applied.

    ``counts`` are by file and action; ``findings`` the first of what was found, ``more`` how many beyond. The file
    itself lies in the store under this id until it is applied or discarded.
    """

    __tablename__ = "roster_imports"
    __table_args__ = (
        CheckConstraint("state in ('refused', 'checked', 'applied', 'discarded')", name="state"),
        Index("ix_roster_imports_organization_id_id", "organization_id", desc("id")),
    )

    sent_by: UUID | None = Field(default=None, foreign_key="users.id")
    name: str = Field(max_length=200)
    source: str = Field(default="", max_length=120)
    format: str = Field(default="", max_length=8)
    mode: str = Field(default="", max_length=8)
    state: str = Field(default=RosterState.checked, max_length=16)
    counts: dict[str, dict[str, int]] = Field(default_factory=dict, sa_type=JSONB)
    findings: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB)
    more: int = 0
    sweeping: list[str] = Field(default_factory=list, sa_type=JSONB)
    administrators: list[str] = Field(default_factory=list, sa_type=JSONB)
    digest: str = Field(default="", max_length=64)
    sealed_key: str = ""
    applied_by: UUID | None = Field(default=None, foreign_key="users.id")
    applied_at: datetime | None = moment(default=None, nullable=True)
    made: dict[str, int] = Field(default_factory=dict, sa_type=JSONB)


registry.sealed("roster_imports", "sealed_key", "roster import {id}")


class RosterChange(TenantRow, table=True):
    """A row of what a file would change, for whoever looks at it. Gone when it is applied or discarded.

    ``fields`` are ``[name, before, after]``. What stays as it is has no row.
    """

    __tablename__ = "roster_changes"
    __table_args__ = (UniqueConstraint("import_id", "position"),)

    import_id: UUID = Field(foreign_key="roster_imports.id")
    position: int
    file: str = Field(max_length=24)
    action: str = Field(max_length=16)
    row: int = 0
    sourced_id: str = Field(max_length=255)
    label: str = Field(default="", max_length=300)
    why: str = Field(default="", max_length=600)
    fields: list[list[str]] = Field(default_factory=list, sa_type=JSONB)


class RosterSettings(TenantRow, table=True):
    """What an organisation has decided about rosters. No row: as below."""

    __tablename__ = "roster_settings"
    __table_args__ = (UniqueConstraint("organization_id"),)

    demographics: bool = False
    version: int = 1


class RosterExport(TenantRow, table=True):
    """A row that was exported, so that the next export knows what has changed since, and what is gone.

    ``digest`` is of all its cells; ``fields`` are those alone without which nobody can be told that it is gone, and
    names are not among them.
    """

    __tablename__ = "roster_exports"
    __table_args__ = (UniqueConstraint("organization_id", "file", "sourced_id"),)

    file: str = Field(max_length=24)
    sourced_id: str = Field(max_length=255)
    digest: str = Field(default="", max_length=64)
    fields: dict[str, str] = Field(default_factory=dict, sa_type=JSONB)
    active: bool = True
    changed_at: datetime = moment(default_factory=now)


named_files.named_by(col(RosterImport.organization_id), col(RosterImport.id), col(RosterImport.sealed_key) != "")
