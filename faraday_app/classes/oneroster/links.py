"""What refers to what: every reference has to lead somewhere."""

from collections.abc import Mapping, Set
from dataclasses import replace
from typing import Any

from faraday_app.classes.oneroster.findings import Findings, Unresolved
from faraday_app.classes.oneroster.records import GRADEBOOK, AcademicSession, File, Mode, Org, Package, Record
from faraday_app.classes.oneroster.tables import TABLES, Column

Known = Mapping[File, Set[str]]
_NOBODY: Set[str] = frozenset()


class Links:
    """Walks the files in the order of what refers to what, so that a row that falls takes those with it that need it.

    ``known`` are the ids that are there already, of every file; None: nobody has looked yet. Work and results may refer
    to ``graded`` too, whatever system it came from.
    """

    def __init__(
        self,
        package: Package,
        refused: Set[File],
        known: Known | None,
        findings: Findings,
        graded: Known | None = None,
    ) -> None:
        self.package, self.refused, self.known, self.findings = package, refused, known, findings
        self.graded = graded or {}
        self.ids: dict[File, Set[str]] = {
            file: {record.sourced_id for record in package.records(file)} for file in File
        }
        self.unresolved: list[Unresolved] = []

    def checked(self) -> Package:
        """The package without the rows that need something that is nowhere."""
        kept: dict[str, tuple[Record, ...]] = {}
        for file in File:
            if self.package.records(file):
                records = tuple(self._kept(file))
                kept[file.name] = records
                self.ids[file] = {record.sourced_id for record in records}
        return replace(self.package, **kept)  # type: ignore[arg-type]

    def _kept(self, file: File) -> list[Record]:
        version = self.package.version
        columns = [
            (column, version in column.needed)
            for column in TABLES[file].columns(version)
            if column.to and column.to not in self.refused
        ]
        people = file is File.demographics and File.users not in self.refused
        kept = []
        circles = _circles(self.package.records(file))
        for record in self.package.records(file):
            if record.sourced_id in circles:
                problem = "It is its own parent, by way of others."
                self.findings.reject(file, record.row, record.sourced_id, problem, "Correct it.", "parentSourcedId")
            elif people and self._is_nowhere(file, record, "sourcedId", File.users, record.sourced_id):
                self._reject(file, record, "sourcedId", File.users, record.sourced_id)
            elif (checked := self._checked(file, record, columns)) is not None:
                kept.append(checked)
        return kept

    def _checked(self, file: File, record: Record, columns: list[tuple[Column, bool]]) -> Record | None:
        """The record without the optional references that lead nowhere; None when one that it needs does."""
        for column, needed in columns:
            assert column.to
            value: Any = getattr(record, column.field)
            if not value:
                continue
            targets = (value,) if isinstance(value, str) else value
            nowhere = [each for each in targets if self._is_nowhere(file, record, column.name, column.to, each)]
            if nowhere and needed:
                self._reject(file, record, column.name, column.to, nowhere[0])
                return None
            if nowhere:
                left = tuple(each for each in targets if each not in nowhere)
                without: dict[str, Any] = {column.field: None if isinstance(value, str) else left}
                record = replace(record, **without)
                self._note(file, record, column.name, column.to, nowhere)
        return record

    def _is_nowhere(self, file: File, record: Record, column: str, to: File, target: str) -> bool:
        if target in self.ids[to]:
            return False
        if self.package.mode(to) is Mode.bulk:
            return True
        if self.known is None:
            self.unresolved.append(Unresolved(file, record.row, record.sourced_id, column, to, target))
            return False
        if file in GRADEBOOK and target in self.graded.get(to, _NOBODY):
            return False
        return target not in self.known.get(to, _NOBODY)

    def _reject(self, file: File, record: Record, column: str, to: File, target: str) -> None:
        self.findings.reject(
            file,
            record.row,
            record.sourced_id,
            f"“{target}” is nowhere in {to.csv}{self._also()}.",
            f"Add it to {to.csv}, or correct the id. If it is there, see what was found in its row.",
            column,
        )

    def _note(self, file: File, record: Record, column: str, to: File, nowhere: list[str]) -> None:
        named = ", ".join(f"“{each}”" for each in nowhere[:3]) + (" …" if len(nowhere) > 3 else "")
        problem = f"{named} is nowhere in {to.csv}{self._also()}: the link is left out."
        self.findings.note(file.csv, problem, "Add it, or correct the id.", record.row, column)

    def _also(self) -> str:
        return "" if self.known is None else ", nor among what is here already"


def _circles(records: tuple[Record, ...]) -> Set[str]:
    """The ids of organisations and sessions that have themselves above them."""
    parents = {
        record.sourced_id: record.parent_id
        for record in records
        if isinstance(record, Org | AcademicSession) and record.parent_id
    }
    fine: set[str] = set()
    turning: set[str] = set()
    for start in parents:
        path: dict[str, None] = {}
        at: str | None = start
        while at in parents and at not in path and at not in fine and at not in turning:
            path[at] = None
            at = parents[at]
        if at in path:
            turning.update(list(path)[list(path).index(at) :])
        fine.update(each for each in path if each not in turning)
    return turning
