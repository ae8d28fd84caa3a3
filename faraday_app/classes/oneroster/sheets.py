"""A CSV file (RFC 4180) as rows of cells, numbered as a spreadsheet numbers them."""

import csv
import io
from collections.abc import Iterator, Mapping

from faraday_app.classes.oneroster.cells import nearest, shortened
from faraday_app.classes.oneroster.findings import Findings
from faraday_app.classes.oneroster.records import Version
from faraday_app.classes.oneroster.tables import Column

_WIDE = (b"\xff\xfe", b"\xfe\xff")
_EXTENSION = "metadata."


def sheet(file: str, data: bytes, findings: Findings) -> tuple[list[str], Iterator[tuple[int, list[str]]]] | None:
    """The header and the rows below it; None when it cannot be read."""
    text = _decoded(file, data, findings)
    if text is None:
        return None
    if (at := text.find("\0")) >= 0:
        row = text.count("\n", 0, at) + 1
        findings.refuse(file, "There is a NUL character in it: this is not plain text.", "Export it as CSV again.", row)
        return None
    rows = _rows(file, text, findings)
    first = next(rows, None)
    if first is None:
        if file not in findings.refused:
            findings.refuse(file, "The file is empty.", "Keep at least the header, or leave the file out.")
        return None
    header = [name.strip() for name in first[1]]
    if len(header) == 1 and header[0].count(";") > 1:
        findings.refuse(file, "Semicolons stand between the columns.", "Save it with commas, as “CSV UTF-8”.", 1)
        return None
    return header, rows


def _decoded(file: str, data: bytes, findings: Findings) -> str | None:
    if data.startswith(_WIDE):
        findings.refuse(file, "The text is UTF-16.", "Save it as “CSV UTF-8”.")
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        findings.refuse(
            file, "The text is not UTF-8: letters with accents would be lost.", "Save it as “CSV UTF-8”.", row
        )
        return None


def _rows(file: str, text: str, findings: Findings) -> Iterator[tuple[int, list[str]]]:
    number = 0
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), 1):
            if any(cells) and any(map(str.strip, cells)):
                yield number, cells
    except csv.Error as error:
        if "limit" in str(error):
            findings.refuse(file, "A cell is far too long.", "See whether a quote was left open.", number + 1)
            return
        findings.refuse(
            file,
            "The quotes in or below this row do not match.",
            "Write each quote inside a cell twice, and close every cell that begins with one.",
            number + 1,
        )


def places(
    file: str,
    header: list[str],
    columns: tuple[Column, ...],
    needed: frozenset[str],
    version: Version,
    findings: Findings,
) -> Mapping[str, int] | None:
    """Where the known columns stand; None when the file cannot be taken with this header."""
    known = {column.name.lower(): column.name for column in columns}
    found: dict[str, int] = {}
    unknown: list[str] = []
    for place, name in enumerate(header):
        proper = known.get(name.lower())
        if name.lower() == "password":
            _refuse_password(file, findings)
            return None
        if proper is None:
            unknown.append(name)
        elif proper in found:
            findings.refuse(file, f"The column {proper} is there twice.", "Keep one of them.", 1, proper)
            return None
        else:
            found[proper] = place
            if proper != name:
                findings.note(file, f"{shortened(name)} is read as {proper}.", f"Write {proper}.", 1, proper)
    missing = [column.name for column in columns if column.name not in found]
    meant = _unknown(file, unknown, missing, needed, version, findings)
    lacking = [name for name in missing if name in needed and name not in meant]
    for name in lacking:
        findings.refuse(file, f"The column {name} is missing.", f"Add a column {name}.", 1, name)
    return None if lacking or meant & needed else found


def _refuse_password(file: str, findings: Findings) -> None:
    findings.refuse(
        file,
        "There is a column for passwords. Passwords do not belong in files, and none is taken from one.",
        "Delete the whole column, also if it is empty. People set their own passwords, or sign in through the school.",
        1,
        "password",
    )


def _unknown(
    file: str, unknown: list[str], missing: list[str], needed: frozenset[str], version: Version, findings: Findings
) -> frozenset[str]:
    """Says what is probably meant by each unknown column, and returns what was meant."""
    meant = set()
    for name in unknown:
        if not name or name.startswith(_EXTENSION):
            continue
        near = nearest(name, [each for each in missing if each not in meant])
        if near is None:
            findings.note(
                file,
                f"{shortened(name)} is not a column of version {version}.",
                "Nothing to do: it is ignored.",
                1,
                name,
            )
            continue
        meant.add(near)
        problem, remedy = f"There is no column {shortened(name)}. Did you mean {near}?", f"Rename it to {near}."
        if near in needed:
            findings.refuse(file, problem, remedy, 1, name)
        else:
            findings.note(file, problem, f"{remedy} As it is, it is ignored.", 1, name)
    return frozenset(meant)
