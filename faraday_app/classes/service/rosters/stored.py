"""Between records of a package and the cells that are kept of them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import RosterRecord
from faraday_app.classes.oneroster import GRADEBOOK, File, Package, Record, Status, Version
from faraday_app.classes.oneroster.tables import TABLES, Column

# Read, checked and dropped: nothing here needs a telephone number, an account elsewhere or where somebody was born.
FORGOTTEN: Mapping[File, frozenset[str]] = {
    File.users: frozenset({"sms", "phone", "master_identifier", "pronouns", "middle_name", "preferred_middle_name"}),
}
# What is stored of work and scores is the gradebook's to say: see ``grading``.
NOT_KEPT = frozenset({File.user_profiles, File.demographics, File.score_scales, *GRADEBOOK})
KEPT_FILES = tuple(file for file in File if file not in NOT_KEPT)


@dataclass(frozen=True, slots=True)
class Held:
    """A row of ``roster_records``, without the cells."""

    id: UUID
    record_id: UUID | None
    kind: str
    made: bool


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that came from a source, as a package, and what became of each row."""

    package: Package = field(default_factory=lambda: Package(Version.v1_2))
    held: Mapping[File, Mapping[str, Held]] = field(default_factory=dict)

    def of(self, file: File, sourced_id: str) -> Held | None:
        return self.held.get(file, {}).get(sourced_id)


@lru_cache(maxsize=64)
def kept_columns(file: File) -> Mapping[str, Column]:
    """The columns of a file that are kept, by the field they go to."""
    forgotten = FORGOTTEN.get(file, frozenset())
    return {column.field: column for column in TABLES[file].own if column.field not in forgotten}


def compared(version: Version) -> Mapping[File, frozenset[str]]:
    """What two records of a file have to differ in to be different. Of the gradebook, what this version has."""
    spoken = {file: frozenset(column.field for column in TABLES[file].columns(version)) for file in GRADEBOOK}
    return {file: frozenset(kept_columns(file)) & spoken.get(file, frozenset(kept_columns(file))) for file in File}


def cells(file: File, record: Record) -> dict[str, str]:
    """What is kept of a record; empty cells are left out."""
    written = ((name, column.kind.write(getattr(record, name))) for name, column in kept_columns(file).items())
    return {name: cell for name, cell in written if cell}


def restored(file: File, sourced_id: str, kept: Mapping[str, str], *, active: bool = True, modified: Any = None) -> Any:
    """The record that these cells were of; what was not kept is empty."""
    table = TABLES[file]
    values: dict[str, Any] = {
        column.field: column.kind.read(kept[column.field]) if column.field in kept else column.kind.empty
        for column in table.own
    }
    status = Status.active if active else Status.tobedeleted
    return table.record(sourced_id=sourced_id, status=status, modified=modified, **values)


async def sources(session: AsyncSession, organization_id: UUID) -> list[str]:
    """The systems that something came from."""
    query = select(col(RosterRecord.source)).where(col(RosterRecord.organization_id) == organization_id).distinct()
    return sorted(await session.scalars(query))


async def known_of(session: AsyncSession, organization_id: UUID, source: str) -> Known:
    """Without what was made by hand: a file knows nothing of that, and ends none of it."""
    query = select(
        col(RosterRecord.id),
        col(RosterRecord.file),
        col(RosterRecord.sourced_id),
        col(RosterRecord.record_id),
        col(RosterRecord.kind),
        col(RosterRecord.made),
        col(RosterRecord.fields),
        col(RosterRecord.modified),
        col(RosterRecord.active),
    ).where(col(RosterRecord.organization_id) == organization_id, col(RosterRecord.source) == source)
    records: dict[str, list[Record]] = defaultdict(list)
    held: dict[File, dict[str, Held]] = defaultdict(dict)
    names = {file.value: file for file in KEPT_FILES}
    for id, name, sourced_id, record_id, kind, made, kept, modified, active in await session.execute(query):
        if (file := names.get(name)) is None:
            continue
        records[file.name].append(restored(file, sourced_id, kept, active=active, modified=modified))
        held[file][sourced_id] = Held(id, record_id, kind, made)
    package = Package(Version.v1_2, **{name: tuple(found) for name, found in records.items()})  # type: ignore[arg-type]
    return Known(package, held)
