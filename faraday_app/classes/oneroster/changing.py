"""What a package would change about what is here: worked out row by row before anything is touched."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, fields
from decimal import Decimal
from enum import StrEnum
from typing import Any

from faraday_app.classes.oneroster.findings import Rejection
from faraday_app.classes.oneroster.links import Known
from faraday_app.classes.oneroster.reading import Reading
from faraday_app.classes.oneroster.records import File, Mode, Package, Record, Status
from faraday_app.classes.oneroster.tables import TABLES

SHARE = Decimal("0.2")
# Where a short file would lock people out, or clear grades.
_SWEEPING = (File.users, File.enrollments, File.line_items, File.results)
_LIFECYCLE = frozenset({"sourced_id", "status", "modified", "row"})
_FIELDS: Mapping[type[Record], tuple[str, ...]] = {
    table.record: tuple(each.name for each in fields(table.record) if each.name not in _LIFECYCLE)
    for table in TABLES.values()
}


class Action(StrEnum):
    create = "create"
    update = "update"
    deactivate = "deactivate"
    unchanged = "unchanged"
    reject = "reject"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """``field`` is that of the record; ``status`` among them where somebody comes back."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Change:
    """``wanted`` is what the file says, ``known`` what is here; ``row`` is 0 for what the file does not speak of."""

    action: Action
    sourced_id: str
    row: int = 0
    wanted: Record | None = None
    known: Record | None = None
    fields: tuple[FieldChange, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """Of one file. ``active`` is how many were active before, ``share`` how many of them may go without a question."""

    rows: tuple[Change, ...]
    mode: Mode
    active: int
    share: Decimal = SHARE
    counts: Mapping[Action, int] = field(default_factory=dict)

    @property
    def sweeping(self) -> bool:
        """A bulk file after which more would be gone than is likely: probably it is not whole."""
        return self.mode is Mode.bulk and self.counts.get(Action.deactivate, 0) > self.active * self.share


def changes(
    known: Iterable[Record],
    wanted: Iterable[Record],
    mode: Mode,
    *,
    rejected: Sequence[Rejection] = (),
    compared: Set[str] | None = None,
    share: Decimal = SHARE,
    theirs: Set[str] | None = None,
) -> Changes:
    """``known`` is all that came from this source before, active or not: what a bulk file lacks of it is deactivated.
    Where something else is known too, ``theirs`` are the ids that came from it.

    Somebody whose row was rejected is not missing: nothing happens to them. ``compared`` are the fields that are
    stored; None: all of them.
    """
    before = {record.sourced_id: record for record in known}
    after = {record.sourced_id: record for record in wanted}
    found = [_change(before.get(record.sourced_id), record, mode, compared) for record in after.values()]
    found += [Change(Action.reject, each.sourced_id, each.row, why=each.why) for each in rejected]
    if mode is Mode.bulk:
        missed = before if theirs is None else {id: each for id, each in before.items() if id in theirs}
        found += _missing(missed, after, rejected)
    found.sort(key=lambda change: (not change.row, change.row))
    active = sum(record.status is Status.active for record in before.values())
    return Changes(tuple(found), mode, active, share, dict(Counter(change.action for change in found)))


def _change(known: Record | None, wanted: Record, mode: Mode, compared: Set[str] | None) -> Change:
    def so(action: Action, differing: tuple[FieldChange, ...] = (), why: str = "") -> Change:
        return Change(action, wanted.sourced_id, wanted.row, wanted, known, differing, why)

    going = wanted.status is Status.tobedeleted
    if known is None:
        return so(Action.unchanged, why="It is to be deleted, and is not here.") if going else so(Action.create)
    if mode is Mode.delta and known.modified and wanted.modified and wanted.modified < known.modified:
        return so(Action.reject, why="What is here is newer than this row.")
    if going:
        gone = known.status is Status.tobedeleted
        return so(Action.unchanged, why="It is gone already.") if gone else so(Action.deactivate)
    differing = tuple(_differing(known, wanted, compared))
    return so(Action.update, differing) if differing else so(Action.unchanged)


def _differing(known: Record, wanted: Record, compared: Set[str] | None) -> Iterator[FieldChange]:
    if known.status is not wanted.status:
        yield FieldChange("status", known.status, wanted.status)
    for name in _FIELDS[type(wanted)]:
        if compared is None or name in compared:
            old, new = getattr(known, name), getattr(wanted, name)
            if old != new:
                yield FieldChange(name, old, new)


def _missing(
    before: Mapping[str, Record], after: Mapping[str, Record], rejected: Sequence[Rejection]
) -> Iterator[Change]:
    """What a bulk file does not have any more. While a row has no legible id, it may be anybody's: nobody is missed."""
    spoken_of = {each.sourced_id for each in rejected}
    nameless = next((each.row for each in rejected if not each.sourced_id), None)
    for sourced_id, known in before.items():
        if known.status is Status.tobedeleted or sourced_id in after or sourced_id in spoken_of:
            continue
        if nameless is None:
            yield Change(Action.deactivate, sourced_id, known=known, why="It is not in the file any more.")
        else:
            why = f"It is not in the file, unless row {nameless} is meant, whose id cannot be read: it stays as it is."
            yield Change(Action.reject, sourced_id, known=known, why=why)


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a package would change. ``reading`` is settled: its findings say what became of every reference."""

    reading: Reading
    files: Mapping[File, Changes]

    @property
    def sweeping(self) -> tuple[File, ...]:
        """What somebody has to confirm in so many words before it is applied."""
        return tuple(file for file in _SWEEPING if file in self.files and self.files[file].sweeping)


def plan(
    known: Package,
    reading: Reading,
    *,
    compared: Mapping[File, Set[str]] | None = None,
    share: Decimal = SHARE,
    theirs: Mapping[File, Set[str]] | None = None,
    graded: Known | None = None,
) -> Plan:
    """``known`` is what is here, as a package. Files that the package does not have are left alone.

    ``theirs`` as in ``changes``, of the files it names; ``graded`` as in ``Reading.settled``.
    """
    settled = reading.settled({file: {record.sourced_id for record in known.records(file)} for file in File}, graded)
    if settled.package is None:
        return Plan(settled, {})
    package = settled.package
    return Plan(
        settled,
        {
            file: changes(
                known.records(file),
                package.records(file),
                package.mode(file),
                rejected=settled.rejected.get(file, ()),
                compared=(compared or {}).get(file),
                share=share,
                theirs=(theirs or {}).get(file),
            )
            for file in File
            if package.mode(file) is not Mode.absent and file is not File.user_profiles
        },
    )
