"""What is found in a package that comes in: where, what is wrong, what to do."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from faraday_app.classes.oneroster.records import File

KEPT = 500


class Severity(StrEnum):
    """Of a finding: the file is not taken, this row is not taken, or only good to know."""

    refuses = "refuses"
    rejects = "rejects"
    note = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """``file`` is "" for the zip itself; ``row`` counts as a spreadsheet does, the header being row 1."""

    severity: Severity
    file: str
    problem: str
    remedy: str
    row: int | None = None
    column: str = ""


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that is not taken. Whoever it is about is not missing from the file: see ``changes``."""

    file: File
    row: int
    sourced_id: str
    why: str


@dataclass(frozen=True, slots=True)
class Unresolved:
    """``target`` is not in the package, and need not be: it may be there from an earlier one."""

    file: File
    row: int
    sourced_id: str
    column: str
    to: File
    target: str


@dataclass(slots=True)
class Findings:
    """Keeps the first so many, and counts all. What refuses a file is always kept."""

    most: int = KEPT
    kept: list[Finding] = field(default_factory=list)
    counts: Counter[Severity] = field(default_factory=Counter)
    refused: set[str] = field(default_factory=set)
    rejected: dict[File, list[Rejection]] = field(default_factory=dict)

    def add(self, finding: Finding) -> None:
        self.counts[finding.severity] += 1
        if finding.severity is Severity.refuses:
            self.refused.add(finding.file)
        if len(self.kept) < self.most or finding.severity is Severity.refuses:
            self.kept.append(finding)

    def refuse(self, file: str, problem: str, remedy: str, row: int | None = None, column: str = "") -> None:
        self.add(Finding(Severity.refuses, file, problem, remedy, row, column))

    def note(self, file: str, problem: str, remedy: str, row: int | None = None, column: str = "") -> None:
        self.add(Finding(Severity.note, file, problem, remedy, row, column))

    def reject(self, file: File, row: int, sourced_id: str, problem: str, remedy: str, column: str = "") -> None:
        self.add(Finding(Severity.rejects, file.csv, problem, remedy, row, column))
        self.rejected.setdefault(file, []).append(Rejection(file, row, sourced_id, problem))

    def reject_cell(self, file: File, row: int, problem: str, remedy: str, column: str) -> None:
        """One more that is wrong in a row that is rejected already."""
        self.add(Finding(Severity.rejects, file.csv, problem, remedy, row, column))

    @property
    def more(self) -> int:
        return self.counts.total() - len(self.kept)

    def rejections(self) -> Mapping[File, tuple[Rejection, ...]]:
        return {file: tuple(found) for file, found in self.rejected.items()}

    def copied(self) -> "Findings":
        rejected = {file: list(found) for file, found in self.rejected.items()}
        return Findings(self.most, list(self.kept), Counter(self.counts), set(self.refused), rejected)
