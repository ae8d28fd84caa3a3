"""Opening a ZIP that somebody sent: nothing leaves its folder, nothing swells beyond what was allowed.

The one way in for every import. It blocks: call it in a thread.
"""

import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

from faraday_app.core.errors import Invalid

MOST_FILES = 1_000
LARGEST = 50_000_000  # bytes of all files together, unpacked
STEEPEST = 200  # bytes unpacked for one packed; text rarely exceeds 20
_SMALL = 1_000_000  # below this a steep file harms nobody
_PIECE = 64 * 1024
_DAMAGED = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    EOFError,
    OSError,
    ValueError,
)


def unpacked(
    archive: BinaryIO,
    largest: int = LARGEST,
    *,
    most_files: int = MOST_FILES,
    wanted: Callable[[str], bool] = lambda _: True,
) -> Iterator[tuple[str, bytes]]:
    """The (path, content) of each file, in order. Invalid for what is no ZIP, is encrypted, points outside or swells.

    Sizes are counted while unpacking: what the archive says of itself is not believed. Files that are not wanted are
    left packed.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            files = [entry for entry in opened.infolist() if not entry.is_dir()]
            _refuse_unfit(files, most_files)
            left = largest
            for entry in files:
                if not wanted(entry.filename):
                    continue
                content = _content(opened, entry, left)
                left -= len(content)
                yield entry.filename, content
    except _DAMAGED as error:
        raise Invalid("This file is not a ZIP archive, or it is damaged.") from error


def _refuse_unfit(files: list[zipfile.ZipInfo], most: int) -> None:
    if len(files) > most:
        raise Invalid(f"This archive holds {len(files):,} files; at most {most:,} are taken.")
    names = [entry.filename for entry in files]
    if len({name.casefold() for name in names}) != len(names):
        raise Invalid("This archive holds two files of the same name.")
    for entry in files:
        if not _stays_inside(entry):
            raise Invalid(f"“{entry.filename[:80]}” points outside the archive.")
        if entry.flag_bits & 0x1:
            raise Invalid("This archive is encrypted. Send it without a password.")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Invalid("This archive is packed in an unusual way. Send an ordinary ZIP.")


def _stays_inside(entry: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(entry.filename)
    linked = stat.S_ISLNK(entry.external_attr >> 16)
    odd = any(sign in entry.filename for sign in "\\:\x00") or not entry.filename.isprintable()
    return not (path.is_absolute() or ".." in path.parts or linked or odd)


def _content(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    with opened.open(entry) as file:
        while piece := file.read(_PIECE):
            size += len(piece)
            if size > left or (size > _SMALL and size > STEEPEST * max(entry.compress_size, 1)):
                raise Invalid("This archive unpacks to more than is taken.")
            pieces.append(piece)
    return b"".join(pieces)
