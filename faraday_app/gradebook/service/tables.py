"""A class's grades as a table: written for a spreadsheet, and read from one."""

import csv
import io
from collections.abc import Iterable, Sequence

from faraday_app.core.errors import Invalid
from faraday_app.gradebook.service import workbooks
from faraday_app.gradebook.service.workbooks import NUMBER

MOST_ROWS, MOST_COLUMNS, MOST_BYTES = 2_000, 600, 5_000_000
XLSX = b"PK\x03\x04"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Row = Sequence[str]


def as_csv(rows: Iterable[Row]) -> bytes:
    """With a mark that tells spreadsheets its encoding."""
    out = io.StringIO()
    csv.writer(out).writerows([[guarded(cell) for cell in row] for row in rows])
    return ("\ufeff" + out.getvalue()).encode()


def guarded(value: str) -> str:
    """A text that a spreadsheet would take for a formula, with a mark before it that says that it is none."""
    return f"'{value}" if value.startswith(_FORMULA) and not NUMBER.fullmatch(value) else value


def read(content: bytes) -> list[list[str]]:
    """The rows of a CSV or XLSX file, by what it is rather than by what it is called; Invalid where it is neither."""
    if len(content) > MOST_BYTES:
        raise Invalid("This file is larger than 5 MB.")
    is_workbook = content.startswith(XLSX)
    found = workbooks.read(content, MOST_COLUMNS) if is_workbook else _from_csv(content)
    rows = _bounded([_plain(cell) for cell in row] for row in found if any(row))
    if not rows:
        raise Invalid("There is nothing in this file.")
    return rows


def _from_csv(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    if "\x00" in text:
        raise Invalid("This is neither a CSV nor an XLSX file.")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise Invalid("This file cannot be read as CSV.") from error


def _bounded(rows: Iterable[list[str]]) -> list[list[str]]:
    found = list(rows)
    if len(found) > MOST_ROWS + 1 or any(len(row) > MOST_COLUMNS for row in found):
        raise Invalid(f"At most {MOST_ROWS:,} rows and {MOST_COLUMNS} columns.")
    return found


def _plain(value: str) -> str:
    value = value.strip()
    return value[1:] if value.startswith("'") and value[1:].startswith(_FORMULA) else value
