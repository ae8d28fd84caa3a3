"""The rows of one file as records: every cell checked, and what does not fit said."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from faraday_app.classes.oneroster.cells import Wrong
from faraday_app.classes.oneroster.findings import Findings
from faraday_app.classes.oneroster.records import AcademicSession, Enrollment, LineItem, Mode, Record, Role, Version
from faraday_app.classes.oneroster.sheets import places, sheet
from faraday_app.classes.oneroster.tables import COMMON, Column, Table

# What happened to a row can only be told by these, so a file of changes has to have them.
_OF_CHANGES = frozenset({"status", "dateLastModified"})


@dataclass(frozen=True, slots=True)
class _Reader:
    """Where a column stands, and what is done with its cells."""

    column: Column
    place: int
    needed: bool


def rows(table: Table, data: bytes, version: Version, mode: Mode, findings: Findings) -> tuple[Record, ...]:
    """The records that fit. Each row that does not is a finding, and a rejection."""
    file = table.file.csv
    if (found := sheet(file, data, findings)) is None:
        return ()
    header, lines = found
    columns = table.columns(version)
    needed = frozenset(column.name for column in columns if version in column.needed)
    if mode is Mode.delta:
        needed |= _OF_CHANGES
    stands = places(file, header, columns, needed, version, findings)
    if stands is None:
        return ()
    readers = [
        _Reader(column, stands[column.name], column.name in needed) for column in columns if column.name in stands
    ]
    records = tuple(_records(table, readers, len(header), lines, findings))
    return () if file in findings.refused else records


def _records(
    table: Table, readers: list[_Reader], width: int, lines: Iterator[tuple[int, list[str]]], findings: Findings
) -> Iterator[Record]:
    first: dict[str, int] = {}
    for row, cells in lines:
        values = _values(table, readers, width, row, cells, findings)
        if values is None:
            continue
        sourced_id = values["sourced_id"]
        if sourced_id in first:
            problem = f"The sourcedId of this row is also that of row {first[sourced_id]}."
            findings.reject(table.file, row, sourced_id, problem, "Keep one of the two rows.", COMMON[0].name)
            continue
        first[sourced_id] = row
        record = table.record(**values, row=row)
        if turned := _turned(record):
            findings.reject(table.file, row, sourced_id, *turned)
            continue
        yield record


def _values(
    table: Table, readers: list[_Reader], width: int, row: int, cells: list[str], findings: Findings
) -> dict[str, Any] | None:
    """By the names of the record's fields. A row may be wrong in several cells: each is said."""
    if len(cells) != width:
        problem = f"The row has {len(cells)} cells, the header {width}."
        sourced_id = next((cells[each.place].strip() for each in readers if each.place < len(cells)), "")
        findings.reject(table.file, row, sourced_id, problem, "See whether a comma is missing, or a cell needs quotes.")
        return None
    values: dict[str, Any] = {}
    wrong: list[tuple[str, str, str]] = []
    for reader in readers:
        column, cell = reader.column, cells[reader.place].strip()
        if cell:
            try:
                value = column.kind.read(cell)
            except Wrong as error:
                wrong.append((error.problem, error.remedy, column.name))
                continue
        else:
            value = column.kind.empty
        if reader.needed and (not cell or value == ()):
            wrong.append((f"{column.name} is empty.", "Fill in the cell.", column.name))
            continue
        values[column.field] = value
    if not wrong:
        return values
    _reject(table, row, values.get("sourced_id", ""), wrong, findings)
    return None


def _reject(table: Table, row: int, sourced_id: str, wrong: list[tuple[str, str, str]], findings: Findings) -> None:
    """One rejection for the row, a finding for each cell."""
    (problem, remedy, column), *others = wrong
    findings.reject(table.file, row, sourced_id, problem, remedy, column)
    for problem, remedy, column in others:
        findings.reject_cell(table.file, row, problem, remedy, column)


def _turned(record: Record) -> tuple[str, str, str] | None:
    """What ends before it begins."""
    match record:
        case (
            AcademicSession(begins=begins, ends=ends)
            | Role(begins=begins, ends=ends)
            | Enrollment(begins=begins, ends=ends)
        ):
            if begins and ends and ends < begins:
                return "It ends before it begins.", "See whether the two dates are swapped.", "endDate"
        case LineItem(minimum=Decimal() as low, maximum=Decimal() as high) if high < low:
            return "The highest value is below the lowest.", "See whether the two are swapped.", "resultValueMax"
    return None
