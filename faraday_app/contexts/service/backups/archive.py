"""The inside of an archive: records of what PostgreSQL copies out, packed by zstd and sealed piece by piece.

A record is its kind, its length and its content: first the head, then for each table its columns, its rows as COPY
writes them, and how many they were with their SHA-256; then the files that rows speak of, as they lie in the store,
encrypted; last the end, without which an archive is not whole.
"""

import hashlib
import json
import struct
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any
from uuid import UUID

import zstandard

from faraday_app.core.sealed_streams import Damaged, Readable, Sealing, opened

FORMAT = 1
LEVEL = 6
BLOCK = 256 * 1024  # bytes of rows in one record
_RECORD = struct.Struct(">cI")
_HEAD, _TABLE, _ROWS, _TOTAL, _FILE, _END = b"H", b"T", b"R", b"S", b"F", b"Z"
_LARGEST = 256 * 1024 * 1024  # bytes of a record: a row is never cut


@dataclass(frozen=True, slots=True)
class Told:
    """A table as it went in: how many rows, and what they hash to in the order of their ids."""

    rows: int
    sha256: str


@dataclass(slots=True)
class Tally:
    """Counts and hashes the rows of a table as they pass."""

    rows: int = 0
    size: int = 0
    _hash: Any = field(default_factory=hashlib.sha256)

    def add(self, block: bytes, rows: int) -> None:
        self.rows += rows
        self.size += len(block)
        self._hash.update(block)

    @property
    def told(self) -> Told:
        return Told(self.rows, self._hash.hexdigest())


class Writing:
    """An archive being made. Whole only when it was left without an error."""

    def __init__(self, target: Callable[[bytes], object], key: bytes, head: bytes, purpose: str) -> None:
        self._sealing = Sealing(target, key, head, purpose)
        sealing: Any = self._sealing
        self._packing = zstandard.ZstdCompressor(level=LEVEL).stream_writer(sealing, closefd=False)
        self._stack = ExitStack()
        self.plain_size = 0

    @property
    def size(self) -> int:
        return self._sealing.size

    def __enter__(self) -> "Writing":
        self._stack.enter_context(self._sealing)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._put(_END, b"")
            self._packing.flush(zstandard.FLUSH_FRAME)
        self._stack.__exit__(kind, error, trace)

    def head(self, backup_id: UUID, organization_id: UUID) -> None:
        self._tell(_HEAD, {"format": FORMAT, "backup": str(backup_id), "organization": str(organization_id)})

    def table(self, name: str, columns: list[tuple[str, str]]) -> None:
        self._tell(_TABLE, {"name": name, "columns": columns})

    def rows(self, block: bytes) -> None:
        self._put(_ROWS, block)

    def total(self, told: Told) -> None:
        self._tell(_TOTAL, {"rows": told.rows, "sha256": told.sha256})

    def file(self, file_id: UUID, content: bytes) -> None:
        self._put(_FILE, file_id.bytes + content)

    def _tell(self, kind: bytes, told: dict[str, Any]) -> None:
        self._put(kind, json.dumps(told).encode())

    def _put(self, kind: bytes, content: bytes) -> None:
        self._packing.write(_RECORD.pack(kind, len(content)))
        self._packing.write(content)
        self.plain_size += len(content)


@dataclass(frozen=True, slots=True)
class Part:
    """A table in an archive. ``blocks`` have to be read before the next one is; then ``told`` is known to be true."""

    name: str
    columns: list[tuple[str, str]]
    blocks: Iterator[bytes]
    told: list[Told]


def parts(
    source: Readable,
    key: bytes,
    purpose: str,
    backup_id: UUID,
    organization_id: UUID,
    on_file: Callable[[UUID, bytes], None] = lambda *_: None,
) -> Iterator[Part]:
    """Damaged for an archive of another backup or organisation, one that was changed, or that ends too soon."""
    records = _records(_Plain(opened(source, key, purpose)))
    head = _json(next(records), _HEAD)
    if (head.get("backup"), head.get("organization")) != (str(backup_id), str(organization_id)):
        raise Damaged("This archive is of another backup or another organisation.")
    if head.get("format") != FORMAT:
        raise Damaged(f"This archive was made by a later Faraday (format {str(head.get('format'))[:10]}).")
    for kind, content in records:
        if kind == _END:
            if next(records, None) is not None:
                raise Damaged("Something stands after the end of this archive.")
            return
        if kind == _FILE:
            on_file(UUID(bytes=content[:16]), content[16:])
            continue
        table = _json((kind, content), _TABLE)
        told: list[Told] = []
        part = Part(table["name"], [(str(a), str(b)) for a, b in table["columns"]], _blocks(records, told), told)
        yield part
        if not told:
            raise AssertionError("A table was left before it was read.")
    raise Damaged("The end of this archive is missing.")


def _blocks(records: Iterator[tuple[bytes, bytes]], told: list[Told]) -> Iterator[bytes]:
    hashed = hashlib.sha256()
    for kind, content in records:
        if kind == _ROWS:
            hashed.update(content)
            yield content
            continue
        total = _json((kind, content), _TOTAL)
        if hashed.hexdigest() != total["sha256"]:
            raise Damaged("The rows in this archive are not those that went in.")
        told.append(Told(int(total["rows"]), str(total["sha256"])))
        return
    raise Damaged("The end of this archive is missing.")


def _records(plain: "_Plain") -> Iterator[tuple[bytes, bytes]]:
    while begin := plain.exactly(_RECORD.size):
        kind, length = _RECORD.unpack(begin)
        if length > _LARGEST:
            raise Damaged("This archive is damaged: a part of it is impossibly large.")
        yield kind, plain.exactly(length)


def _json(record: tuple[bytes, bytes], kind: bytes) -> dict[str, Any]:
    if record[0] != kind:
        raise Damaged("The parts of this archive are not in their order.")
    found: dict[str, Any] = json.loads(record[1])
    return found


class _Plain:
    """What the pieces unpack to, read in the lengths that are asked for."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        source: Any = _Pieces(pieces)
        self._reader = zstandard.ZstdDecompressor().stream_reader(source, read_size=BLOCK)

    def exactly(self, size: int) -> bytes:
        """Nothing at the very end; Damaged for an end in between."""
        found = bytearray()
        try:
            while len(found) < size and (piece := self._reader.read(size - len(found))):
                found += piece
        except zstandard.ZstdError:
            raise Damaged("This archive cannot be unpacked.") from None
        if found and len(found) < size:
            raise Damaged("The end of this archive is missing.")
        return bytes(found)


class _Pieces:
    """Pieces as a file that is read on."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._left = pieces, b""

    def read(self, size: int) -> bytes:
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._left = piece
        found, self._left = self._left[:size], self._left[size:]
        return found
