"""A zip that somebody sent: what is in it, without trusting anything it says of itself."""

import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from faraday_app.classes.oneroster.cells import nearest, shortened
from faraday_app.classes.oneroster.findings import Findings
from faraday_app.classes.oneroster.records import File
from faraday_app.classes.oneroster.tables import OTHERS

MANIFEST = "manifest.csv"
_CHUNK = 1 << 16
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1
# What macOS and Windows put into every zip.
_CLUTTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class Limits:
    """In bytes, and files. ``unpacked`` is counted while unpacking: what the zip says of its sizes is not asked."""

    packed: int = 32 * 1024 * 1024
    unpacked: int = 96 * 1024 * 1024
    entries: int = 64


def unpacked(data: bytes, limits: Limits, wanted: frozenset[str], findings: Findings) -> Mapping[str, bytes | None]:
    """The files of the zip by their proper names; None for one that is not wanted, and is not even unpacked.

    Empty where the zip cannot be taken.
    """
    if len(data) > limits.packed:
        findings.refuse("", f"The zip has more than {_size(limits.packed)}.", "Send the files of one school at a time.")
        return {}
    # Of each file that a zip lists: it is not even opened where that would fill the memory.
    if data.count(b"PK\x01\x02") > 8 * limits.entries:
        findings.refuse("", f"The zip has more than {limits.entries} files.", "Put in the files of OneRoster only.")
        return {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [each for each in archive.infolist() if not _is_clutter(each)]
            if flaw := _flaw(entries, limits):
                findings.refuse("", *flaw)
                return {}
            return _read(archive, _named(entries, findings), limits, wanted, findings)
    except _BROKEN:
        findings.refuse("", "This is not a zip, or a broken one.", "Make a zip of the CSV files and send it again.")
        return {}


def _is_clutter(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.startswith(_CLUTTER)


def _flaw(entries: list[zipfile.ZipInfo], limits: Limits) -> tuple[str, str] | None:
    """Why the zip is not even opened, and what to do."""
    names = Counter(entry.filename.lower() for entry in entries)
    if len(entries) > limits.entries:
        return f"The zip has more than {limits.entries} files.", "Put in the files of OneRoster only."
    if deep := next((entry.filename for entry in entries if _is_path(entry.filename)), None):
        return f"{shortened(deep)} lies in a folder.", "Zip the CSV files themselves, not the folder they are in."
    if twice := next((name for name, count in names.items() if count > 1), None):
        return f"{shortened(twice)} is in the zip twice.", "Keep one of them."
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        return "The zip is locked with a password.", "Send it without one: the connection is encrypted."
    if any(entry.compress_type not in _METHODS for entry in entries):
        return "The zip is packed in an unusual way.", "Pack it with the usual “deflate”."
    return None


def _is_path(name: str) -> bool:
    return any(mark in name for mark in "/\\:") or name.startswith("..")


def _named(entries: list[zipfile.ZipInfo], findings: Findings) -> Mapping[str, zipfile.ZipInfo]:
    """By the names that the format has for them; others are noted and left out."""
    known = {
        name.lower(): name for name in (MANIFEST, *(file.csv for file in File), *(f"{name}.csv" for name in OTHERS))
    }
    found = {}
    for entry in entries:
        name = known.get(entry.filename.lower())
        if name is None:
            meant = nearest(entry.filename, known.values())
            hint = f"Did you mean {meant}? Then rename it." if meant else "Nothing to do: it is left out."
            findings.note(entry.filename, "This is not a file of OneRoster.", hint)
            continue
        if name != entry.filename:
            findings.note(
                entry.filename, f"The file is read as {name}.", f"Call it {name}: other systems insist on it."
            )
        found[name] = entry
    return found


def _read(
    archive: zipfile.ZipFile,
    entries: Mapping[str, zipfile.ZipInfo],
    limits: Limits,
    wanted: frozenset[str],
    findings: Findings,
) -> Mapping[str, bytes | None]:
    left = limits.unpacked
    found: dict[str, bytes | None] = {}
    for name, entry in entries.items():
        if name not in wanted:
            found[name] = None
            continue
        pieces = []
        with archive.open(entry) as stream:
            while piece := stream.read(_CHUNK):
                left -= len(piece)
                if left < 0:
                    findings.refuse(
                        "",
                        f"Unpacked, the files have more than {_size(limits.unpacked)}.",
                        "Send the files of one school at a time.",
                    )
                    return {}
                pieces.append(piece)
        found[name] = b"".join(pieces)
    return found


def _size(count: int) -> str:
    return f"{count // (1024 * 1024)} MB" if count >= 1024 * 1024 else f"{count:,} bytes"
