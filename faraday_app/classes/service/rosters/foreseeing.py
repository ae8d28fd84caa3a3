"""What a package would do here: the plan of its rows, and what the members and classes that are here make of it."""

import asyncio
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.classes.oneroster import (
    GRADEBOOK,
    Action,
    Change,
    Enrollment,
    File,
    Mode,
    Package,
    Person,
    Plan,
    Reading,
    Record,
    RosterClass,
    Status,
    Version,
    plan,
)
from faraday_app.classes.oneroster import Role as RoleRow
from faraday_app.classes.service.rosters.grading import KEEPERS, Stored, stored_of
from faraday_app.classes.service.rosters.identities import own_ids, references_of
from faraday_app.classes.service.rosters.people import (
    Accounts,
    Newcomer,
    accounts_of,
    newcomers,
    roles_in,
)
from faraday_app.classes.service.rosters.stored import KEPT_FILES, Known, compared, kept_columns, known_of
from faraday_app.classes.service.rosters.words import IN_CLASS, name_of, title_of
from faraday_app.core.permissions import Actor, Role
from faraday_app.organizations.models import Organization

# Words that are stored under lock and key: that they change is told, not what they are.
_SEALED = frozenset({(File.results, "comment")})
SOURCE = "OneRoster"  # of a package that does not say where it comes from
EXPORTED = "faraday"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the diff, as people read it. ``fields`` are name, before and after."""

    file: File
    action: Action
    sourced_id: str
    row: int
    label: str
    why: str
    fields: tuple[tuple[str, str, str], ...] = ()


@dataclass(slots=True)
class Prospect:
    """``after`` is what would be known of the source; roles are by the ids of the rows of people. ``own``: what rows of
    a package that this school has exported are here."""

    source: str
    plan: Plan
    known: Known
    here: Accounts
    changes: dict[File, list[Change]]
    after: dict[File, dict[str, Record]]
    roles: Mapping[str, Role]
    roles_before: Mapping[str, Role]
    newcomers: Mapping[str, Newcomer] = field(default_factory=dict)
    own: Mapping[File, Mapping[str, UUID]] = field(default_factory=dict)
    stored: Stored = field(default_factory=Stored)
    labels: dict[tuple[File, str], str] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        return {
            file.value: {action.value: count for action, count in Counter(each.action for each in found).items()}
            for file, found in self.changes.items()
        }

    @property
    def administrators(self) -> list[str]:
        """The rows of those who would become administrators."""
        new = [id for id, each in self.newcomers.items() if each.role is Role.administrator and not each.joins]
        return [*new, *self._promoted()]

    def _promoted(self) -> Iterator[str]:
        for sourced_id, role in self.roles.items():
            held = self.known.of(File.users, sourced_id)
            if role is not Role.administrator or role is self.roles_before.get(sourced_id) or not held:
                continue
            account = self.here.by_id.get(held.record_id) if held.record_id else None
            if held.made and account and account.role is not Role.administrator:
                yield sourced_id

    def person(self, sourced_id: str) -> str:
        found = self.after[File.users].get(sourced_id)
        return name_of(found) if isinstance(found, Person) else sourced_id

    def rows(self) -> Iterator[Row]:
        """All but what stays as it is."""
        for file, changes in self.changes.items():
            for change in changes:
                if change.action is not Action.unchanged:
                    yield self._row(file, change)

    def _row(self, file: File, change: Change) -> Row:
        columns = kept_columns(file)
        fields = tuple(
            (each.field, str(each.old), str(each.new))
            if each.field == "status"
            else (each.field, "…" if each.old else "", "…" if each.new else "")
            if (file, each.field) in _SEALED
            else (each.field, columns[each.field].kind.write(each.old), columns[each.field].kind.write(each.new))
            for each in change.fields
        )
        label = self.labels.get((file, change.sourced_id)) or self._label(change.wanted or change.known)
        return Row(file, change.action, change.sourced_id, change.row, label, self._why(file, change), fields)

    def _label(self, record: Record | None) -> str:
        if isinstance(record, Enrollment):
            found = self.after[File.classes].get(record.class_id)
            title = found.title if isinstance(found, RosterClass) else record.class_id
            return f"{self.person(record.user_id)} in {title}"[:300]
        if isinstance(record, RoleRow):
            return f"{self.person(record.user_id)}: {record.role}"[:300]
        return title_of(record)[:300] if record else ""

    def _why(self, file: File, change: Change) -> str:
        if file is File.users and change.action is Action.create:
            return self.newcomers[change.sourced_id].note
        if change.action is Action.create and change.sourced_id in self.own.get(file, {}):
            return "It is here already, and was exported from here: it stays as it is, and is known by this id."
        held = self.known.of(file, change.sourced_id)
        if change.action is Action.deactivate and held and not held.made:
            return f"{change.why} It was here before the import: it stays, and only the link ends.".strip()
        if isinstance(change.wanted, Enrollment) and change.wanted.role not in IN_CLASS:
            return f"“{change.wanted.role}” is nothing within a class here: the row is kept, and opens nothing."
        return change.why

    def digest(self) -> str:
        """Of everything that would happen: another one means that somebody looked at something else."""
        told = hashlib.sha256(self.source.encode())
        for row in self.rows():
            told.update(
                json.dumps([row.file, row.action, row.sourced_id, row.row, row.why, row.fields], default=str).encode()
            )
        decided = {id: [str(each.role), str(each.joins and each.joins.user_id)] for id, each in self.newcomers.items()}
        told.update(json.dumps([decided, dict(self.roles), sorted(self.administrators)], sort_keys=True).encode())
        return told.hexdigest()


def source_of(package: Package | None) -> str:
    name = " ".join(package.source_name.split()) if package else ""
    return name[:120] or SOURCE


def exported_by(name: str) -> str:
    """As which source a school's own export calls itself."""
    return " ".join(f"Faraday of {name}".split())[:120]


def mode_of(package: Package) -> str:
    modes = {mode for file, mode in package.modes.items() if mode is not Mode.absent}
    return next(iter(modes)).value if len(modes) == 1 else "mixed"


async def foresee(session: AsyncSession, actor: Actor, reading: Reading) -> Prospect:
    """Reads what is here, and works out the rest in a thread."""
    source, organization_id = source_of(reading.package), actor.organization
    known = await known_of(session, organization_id, source)
    wanted = reading.package.users if reading.package else ()
    here = await accounts_of(session, organization_id, wanted)
    own, stored = await _here(session, actor, source, known, reading.package)
    return await asyncio.to_thread(_foreseen, source, actor.user_id, known, here, reading, own, stored)


async def _here(
    session: AsyncSession, actor: Actor, source: str, known: Known, package: Package | None
) -> tuple[Mapping[File, Mapping[str, UUID]], Stored]:
    """What the rows of a package of our own are, and what is stored of the gradebook."""
    if package is None:
        return {}, Stored()
    school = await session.get_one(Organization, actor.organization)
    ours = package.source_code == EXPORTED and source == exported_by(school.name)
    own = await own_ids(session, actor.organization, package) if ours else {}
    references = await references_of(session, actor.organization, known, own, package)
    return own, await stored_of(session, actor, source, references, package)


def _foreseen(
    source: str,
    who: UUID | None,
    known: Known,
    here: Accounts,
    reading: Reading,
    own: Mapping[File, Mapping[str, UUID]],
    stored: Stored,
) -> Prospect:
    graded: dict[str, Any] = {file.name: records for file, records in stored.records.items()}
    planned = plan(
        replace(known.package, **graded),
        reading,
        compared=compared(reading.package.version if reading.package else Version.v1_2),
        theirs=stored.theirs,
        graded={file: frozenset(ids) for file, ids in stored.references.items()},
    )
    shown = (*KEPT_FILES, *(GRADEBOOK if KEEPERS else ()))
    changes = {file: list(planned.files[file].rows) for file in shown if file in planned.files}
    before = {file: {each.sourced_id: each for each in known.package.records(file)} for file in KEPT_FILES}
    after = {file: _after(before[file], changes.get(file, [])) for file in KEPT_FILES}
    roles_before, roles = roles_in(before), roles_in(after)
    found = Prospect(source, planned, known, here, changes, after, roles, roles_before, own=own, stored=stored)
    new = [each.wanted for each in changes.get(File.users, []) if each.action is Action.create]
    spoken_for = frozenset(
        held.record_id for held in known.held.get(File.users, {}).values() if held.record_id is not None
    )
    people = [each for each in new if isinstance(each, Person)]
    found.newcomers = newcomers(people, roles, here, spoken_for, own.get(File.users, {}))
    _refuse(found, who)
    if any(file in changes for file in GRADEBOOK):
        _judge(found)
    return found


def _judge(found: Prospect) -> None:
    """What would end is counted by what is left of it."""
    for keeper in KEEPERS:
        keeper.judge(found)
    files = dict(found.plan.files)
    for file in GRADEBOOK:
        if file in files:
            rows = tuple(found.changes[file])
            files[file] = replace(files[file], rows=rows, counts=Counter(each.action for each in rows))
    found.plan = replace(found.plan, files=files)


def _after(before: Mapping[str, Record], changes: list[Change]) -> dict[str, Record]:
    """By id, what would be known: also what is not active any more."""
    found = dict(before)
    for change in changes:
        if change.action in (Action.create, Action.update) and change.wanted:
            found[change.sourced_id] = change.wanted
        elif change.action is Action.deactivate and change.known:
            found[change.sourced_id] = replace(change.known, status=Status.tobedeleted)
    return found


def _refuse(found: Prospect, who: UUID | None) -> None:
    """People of whom nothing can be made take with them what speaks of them; nobody else is touched."""
    refused = {id: each.refused for id, each in found.newcomers.items() if each.refused}
    users = found.changes.get(File.users, [])
    for at, change in enumerate(users):
        users[at] = _guarded(found, who, _kept_from(change, refused.get(change.sourced_id)))
    for file in (File.roles, File.enrollments):
        rows = found.changes.get(file, [])
        for at, change in enumerate(rows):
            if _about(change.wanted) in refused:
                rows[at] = _kept_from(change, "The person that it is about cannot be taken.")
        for sourced_id in [id for id, each in found.after[file].items() if _about(each) in refused]:
            del found.after[file][sourced_id]
    for sourced_id in refused:
        del found.after[File.users][sourced_id]


def _kept_from(change: Change, why: str | None) -> Change:
    return replace(change, action=Action.reject, why=why) if why and change.action is Action.create else change


def _about(record: Record | None) -> str:
    return record.user_id if isinstance(record, Enrollment | RoleRow) else ""


def _guarded(found: Prospect, who: UUID | None, change: Change) -> Change:
    """An administrator does not lose their account to a file, nor does whoever sends it."""
    held = found.known.of(File.users, change.sourced_id)
    account = found.here.by_id.get(held.record_id) if held and held.record_id else None
    if change.action is not Action.deactivate or not held or not held.made or not account:
        return change
    if account.role is not Role.administrator and account.user_id != who:
        return change
    why = "Administrators, and whoever sends the file, are not deactivated by it. Do it under People, if it is meant."
    if change.known:
        found.after[File.users][change.sourced_id] = change.known
    return replace(change, action=Action.reject, why=why)
