"""From a package to the bytes of a zip: the same package gives the same bytes."""

import csv
import io
import zipfile
from collections.abc import Iterator

from faraday_app.classes.oneroster.archive import MANIFEST
from faraday_app.classes.oneroster.records import File, Mode, Package, Record, Status
from faraday_app.classes.oneroster.tables import COMMON, TABLES, Column, Table, files

# The earliest moment that a zip can name: when it was written is not part of what it says.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_LIFECYCLE = frozenset(column.name for column in COMMON[1:])


class Unwritable(ValueError):
    """A record that the format has no place for."""


def write(package: Package) -> bytes:
    """Bulk files hold what is active, with status and date empty as the format wants it; delta files hold every row.

    Cells are written exactly as they are, also those that begin with =, +, - or @. A spreadsheet may take them for
    formulas; but the reader of this format is a machine that compares ids and names letter by letter, and an
    apostrophe put before them would rename people and break references. What people open in a spreadsheet is exported
    elsewhere, and is made safe there.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        _add(archive, MANIFEST, _manifest(package))
        for file in File:
            if package.mode(file) is not Mode.absent:
                _add(archive, file.csv, _lines(package, TABLES[file]))
    return target.getvalue()


def _add(archive: zipfile.ZipFile, name: str, lines: Iterator[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
    archive.writestr(entry, text.getvalue().encode())


def _manifest(package: Package) -> Iterator[list[str]]:
    modes = {file.value: mode for file, mode in package.modes.items()}
    yield ["propertyName", "value"]
    yield ["manifest.version", "1.0"]
    yield ["oneroster.version", package.version]
    for name in files(package.version):
        yield [f"file.{name}", modes.get(name, Mode.absent)]
    yield ["source.systemName", package.source_name]
    yield ["source.systemCode", package.source_code]


def _lines(package: Package, table: Table) -> Iterator[list[str]]:
    version, mode = package.version, package.mode(table.file)
    if version not in table.versions:
        raise Unwritable(f"{table.file.csv} is not a file of OneRoster {version}.")
    columns = table.columns(version)
    needed = {column.name for column in columns if version in column.needed}
    if mode is Mode.delta:
        needed |= _LIFECYCLE
    yield [column.name for column in columns]
    for record in package.records(table.file):
        if mode is Mode.delta:
            yield [_cell(table, record, column, column.name in needed) for column in columns]
        elif record.status is Status.active:
            yield [
                "" if column.name in _LIFECYCLE else _cell(table, record, column, column.name in needed)
                for column in columns
            ]


def _cell(table: Table, record: Record, column: Column, needed: bool) -> str:
    cell = column.kind.write(getattr(record, column.field))
    if needed and not cell:
        raise Unwritable(f"{column.name} of “{record.sourced_id}” in {table.file.csv} is empty.")
    return cell
