"""XLSX, as far as a table of grades needs it: one sheet of numbers and texts, and never a formula.

openpyxl reads and writes. What somebody sent is opened by ``core.archives`` first, and only what a table consists of is
handed on, so that nothing swells, points elsewhere, refers to an entity or keeps the reader busy for minutes. Both ways
block: call them in a thread.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from openpyxl import Workbook, load_workbook  # type: ignore[import-untyped]
from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]

from faraday_app.core.archives import unpacked
from faraday_app.core.errors import Invalid

UNREADABLE = "This workbook cannot be read. Save it again as XLSX or CSV."
LARGEST = 40_000_000  # bytes, unpacked
LARGEST_FRAME = 1_000_000  # bytes, unpacked: of each part that holds no cells, and of what stands before the cells
LARGEST_STRINGS = 5_000_000  # bytes, unpacked
MOST_ROWS = 1_048_576  # as many as a sheet can have
MOST_CELLS = 100_000  # of those that are there: about six seconds of reading
LONGEST = 32_767  # characters of a cell
NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,11})(?:\.\d{1,6})?")  # 007 is somebody's id
_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_STRINGS = re.compile(r"xl/sharedStrings\.xml", re.IGNORECASE)
_FRAME = re.compile(r"\[Content_Types\]\.xml|_rels/\.rels|xl/(?:_rels/)?workbook\.xml(?:\.rels)?|xl/styles\.xml")
_ROOT = re.compile(rb"<((?:\w+:)?worksheet)[\s>]")
_BEGIN, _END = re.compile(rb"<(?:\w+:)?sheetData[\s/>]"), re.compile(rb"</(?:\w+:)?sheetData\s*>")


def write(rows: Sequence[Sequence[str]]) -> bytes:
    """Numbers as numbers, everything else as text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Grades")
    sheet.freeze_panes = "D2"
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: str) -> Any:
    if NUMBER.fullmatch(value):
        return Decimal(value)
    cell = WriteOnlyCell(sheet, value=_UNPRINTABLE.sub("", value)[:LONGEST])
    cell.data_type = "s"  # whatever it begins with: no formula, no error and no number
    return cell


def read(content: bytes, most_columns: int) -> list[list[str]]:
    """The texts of the first sheet; of a formula its last result, of a date its day: it is no score."""
    try:
        book = load_workbook(_table(content), read_only=True, data_only=True, keep_links=False)
        return list(_rows(book.worksheets[0], most_columns))
    except Invalid:
        raise
    except Exception as error:  # whatever a reader may stumble over in a file that somebody made up
        raise Invalid(UNREADABLE) from error


def _table(content: bytes) -> io.BytesIO:
    """The same workbook, of its table alone: no pictures, links, macros, rules of looks and document types."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as book:
        for name, part in unpacked(io.BytesIO(content), LARGEST, wanted=_wanted):
            kept = _cells_of(part) if _SHEET.fullmatch(name) else part
            most = LARGEST if _SHEET.fullmatch(name) else LARGEST_STRINGS if _STRINGS.fullmatch(name) else LARGEST_FRAME
            if len(kept) > most or b"<!DOCTYPE" in kept.replace(b"\x00", b""):  # UTF-16 too
                raise Invalid(UNREADABLE)
            book.writestr(name, kept)
    out.seek(0)
    return out


def _cells_of(sheet: bytes) -> bytes:
    """Without what stands behind the cells, of which there can be any amount."""
    root, begin, end = _ROOT.search(sheet), _BEGIN.search(sheet), _END.search(sheet)
    if begin is None or root is None or begin.start() > LARGEST_FRAME or (end is None and len(sheet) > LARGEST_FRAME):
        raise Invalid(UNREADABLE)
    return sheet if end is None else sheet[: end.end()] + b"</" + root[1] + b">"


def _wanted(name: str) -> bool:
    return any(each.fullmatch(name) for each in (_SHEET, _STRINGS, _FRAME))


def _rows(sheet: Any, most: int) -> Iterator[list[str]]:
    """Rows without a cell are left out. What a sheet says of its own size is not believed."""
    sheet.reset_dimensions()
    cells = 0
    for row in sheet.iter_rows(max_row=MOST_ROWS, values_only=True):
        cells += len(row)
        if len(row) > most:
            raise Invalid(f"At most {most} columns.")
        if cells > MOST_CELLS:
            raise Invalid(f"At most {MOST_CELLS:,} cells.")
        if row:
            yield [_text(value) for value in row]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    try:
        return f"{round(Decimal(str(value)), 6).normalize() + 0:f}"  # a float's twelfth digit is nobody's score
    except InvalidOperation:
        return str(value)
