"""What the steps of applying a package share: who acts, what becomes of each row, and writing many rows at once."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, inspect, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

from faraday_app.classes.models import RosterRecord
from faraday_app.classes.oneroster import Action, Change, File, Record, Status
from faraday_app.classes.service.rosters.foreseeing import Prospect
from faraday_app.classes.service.rosters.stored import KEPT_FILES, Held, cells
from faraday_app.core.clock import now
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor

AT_ONCE = 2_000
WRITTEN = (Action.create, Action.update, Action.deactivate)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What whoever applies a package has said beside yes. ``invite``: new people get a letter."""

    sweeping: bool = False
    administrators: bool = False
    invite: bool = False


@dataclass(slots=True)
class Work:
    """One package while it is applied. ``made`` counts what was done, in words for the history and the trail."""

    session: AsyncSession
    actor: Actor
    prospect: Prospect
    confirmed: Confirmed
    site: str = ""
    import_id: UUID | None = None
    at: datetime = field(default_factory=now)
    here: dict[File, dict[str, Held]] = field(default_factory=dict)
    made: Counter[str] = field(default_factory=Counter)
    classes: set[UUID] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.here = {file: dict(found) for file, found in self.prospect.known.held.items()}

    @property
    def organization_id(self) -> UUID:
        return self.actor.organization

    def written(self, file: File, *actions: Action) -> list[Change]:
        """The rows of a file to which something happens."""
        wanted = actions or WRITTEN
        return [each for each in self.prospect.changes.get(file, []) if each.action in wanted]

    def after(self, file: File) -> Mapping[str, Record]:
        return self.prospect.after[file]

    def is_active(self, file: File, sourced_id: str) -> bool:
        found = self.prospect.after[file].get(sourced_id)
        return found is not None and found.status is Status.active

    def id_of(self, file: File, sourced_id: str) -> UUID | None:
        held = self.here.get(file, {}).get(sourced_id)
        return held.record_id if held else None

    def exported(self, file: File, sourced_id: str) -> UUID | None:
        """What a row is that was exported from here, and comes back."""
        return self.prospect.own.get(file, {}).get(sourced_id)

    def our_id(self, file: File, sourced_id: str) -> UUID | None:
        """The same for a row of the gradebook, which may speak of what another system brought, or was made here."""
        return self.id_of(file, sourced_id) or self.prospect.stored.references.get(file, {}).get(sourced_id)

    def holds(self, file: File, sourced_id: str) -> Held | None:
        return self.here.get(file, {}).get(sourced_id)

    def is_made(self, file: File, sourced_id: str) -> bool:
        held = self.holds(file, sourced_id)
        return held is not None and held.made and held.record_id is not None

    def became(self, file: File, sourced_id: str, record_id: UUID | None, *, kind: str = "", made: bool = True) -> None:
        """What a row is here from now on."""
        known = self.holds(file, sourced_id)
        id = known.id if known else new_id()
        self.here.setdefault(file, {})[sourced_id] = Held(id, record_id, kind, made)

    def row(self, **values: Any) -> dict[str, Any]:
        """The values that each row of ours has."""
        return {"id": new_id(), "created_at": self.at, "organization_id": self.organization_id, **values}

    async def add(self, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
        for begin in range(0, len(rows), AT_ONCE):
            await self.session.execute(insert(table), [dict(row) for row in rows[begin : begin + AT_ONCE]])

    async def change(self, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
        """Each row names its ``id`` and what is other. They all name the same; the version counts on by itself."""
        if not rows:
            return
        columns = inspect(table).local_table.c
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in rows[0] if name != "id"}
        if "version" in columns:
            values["version"] = columns["version"] + 1
        statement = update(columns["id"].table).where(columns["id"] == bindparam("of_id")).values(values)
        given = [{"of_id" if name == "id" else f"new_{name}": value for name, value in row.items()} for row in rows]
        connection = await self.session.connection()
        for begin in range(0, len(given), AT_ONCE):
            await connection.execute(statement, given[begin : begin + AT_ONCE])

    async def remember(self) -> None:
        """Each row as it is from now on, for the next package and for exports."""
        for file in KEPT_FILES:
            await self._remember(file, self.prospect.changes.get(file, []))

    async def _remember(self, file: File, changes: Iterable[Change]) -> None:
        new, other = [], []
        for change in changes:
            record = self.prospect.after[file].get(change.sourced_id)
            if record is None or change.action is Action.reject:
                continue
            held = self.holds(file, change.sourced_id) or Held(new_id(), None, "", True)
            modified = change.wanted.modified if change.wanted else None
            values = {
                "kind": held.kind,
                "record_id": held.record_id,
                "person_id": held.record_id if file is File.users else None,
                "made": held.made,
                "fields": cells(file, record),
                "modified": modified or record.modified,
                "active": record.status is Status.active,
                "imported_at": self.at,
            }
            if change.action is Action.create:
                named = {"source": self.prospect.source, "file": file.value, "sourced_id": change.sourced_id}
                new.append(self.row(**named, **values) | {"id": held.id})
            elif change.action in WRITTEN or (modified and modified != record.modified):
                other.append({"id": held.id, **values})
        await self.add(RosterRecord, new)
        await self.change(RosterRecord, other)
