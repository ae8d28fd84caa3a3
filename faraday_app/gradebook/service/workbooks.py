"""XLSX, as far as a table of grades needs it: one sheet of numbers and texts, and never a formula."""

import io
import re
import zipfile
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from html import escape
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from faraday_app.core.archives import unpacked
from faraday_app.core.errors import Invalid

UNREADABLE = "This workbook cannot be read. Save it again as XLSX or CSV."
LARGEST = 40_000_000  # bytes, unpacked
NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,6})?")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_CONTENT}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_CONTENT}.worksheet+xml"/></Types>',
    "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="Grades" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}
_PANE = '<pane xSplit="3" ySplit="1" topLeftCell="D2" activePane="bottomRight" state="frozen"/>'
_VIEW = f'<sheetViews><sheetView workbookViewId="0">{_PANE}</sheetView></sheetViews>'
_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(rows: Sequence[Sequence[str]]) -> bytes:
    """Numbers as numbers, everything else as text."""
    body = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
    sheet = f'{_HEAD}<worksheet xmlns="{_MAIN}">{_VIEW}<sheetData>{body}</sheetData></worksheet>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in {**_PARTS, "xl/worksheets/sheet1.xml": sheet}.items():
            book.writestr(name, content)
    return out.getvalue()


def _cell(value: str) -> str:
    if NUMBER.fullmatch(value):
        return f"<c><v>{value}</v></c>"
    words = escape(_UNPRINTABLE.sub("", value))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{words}</t></is></c>'


def read(content: bytes, most_columns: int) -> list[list[str]]:
    """The texts of the first sheet as they are shown; of a formula its last result. It blocks: call it in a thread."""
    parts = dict(unpacked(io.BytesIO(content), LARGEST, wanted=_wanted))
    sheets = sorted((name for name in parts if "/worksheets/" in name), key=lambda name: (len(name), name))
    if not sheets:
        raise Invalid(UNREADABLE)
    try:
        shared = _texts(_parsed(parts.get("xl/sharedStrings.xml", b"<sst/>")))
        return [_row(row, shared, most_columns) for row in _parsed(parts[sheets[0]]).iter(f"{{{_MAIN}}}row")]
    except (etree.XMLSyntaxError, ValueError, IndexError) as error:
        raise Invalid(UNREADABLE) from error


def _parsed(content: bytes) -> Any:
    """No entity is resolved, and nothing is fetched."""
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def _wanted(name: str) -> bool:
    return name == "xl/sharedStrings.xml" or bool(re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name))


def _texts(root: Any) -> list[str]:
    return ["".join(part.text or "" for part in each.iter(f"{{{_MAIN}}}t")) for each in root.iter(f"{{{_MAIN}}}si")]


def _row(row: Any, shared: Sequence[str], most: int) -> list[str]:
    found: list[str] = []
    for cell in row.iter(f"{{{_MAIN}}}c"):
        place = _column(cell.get("r", "")) or len(found)
        if place > most:
            raise Invalid(f"At most {most} columns.")
        found += [""] * (place - len(found))
        found.append(_value(cell, shared))
    return found


def _column(reference: str) -> int:
    """A is 0; 0 too where a cell does not say where it is."""
    number = 0
    for letter in reference.rstrip("0123456789")[:3]:
        number = number * 26 + ord(letter) - 64
    return max(number - 1, 0)


def _value(cell: Any, shared: Sequence[str]) -> str:
    kind, value = cell.get("t", "n"), cell.findtext(f"{{{_MAIN}}}v") or ""
    if kind == "inlineStr":
        return "".join(part.text or "" for part in cell.iter(f"{{{_MAIN}}}t"))
    if kind == "s":
        return shared[int(value)]
    if kind != "n" or not value:
        return value
    try:
        return f"{round(Decimal(value), 6).normalize() + 0:f}"  # a float's twelfth digit is nobody's score
    except InvalidOperation:
        return value
