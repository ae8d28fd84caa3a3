"""Large files in the store: encrypted piece by piece, so that no more than a piece is ever in memory.

A file begins with its key, sealed for the organisation and for this very file. Each piece is AES-256-GCM under that
key; its nonce is its place, and whether it is the last one is authenticated with it. So no piece can be changed, left
out, swapped or cut off unnoticed. All but ``key_for`` and ``key_in`` blocks: call it in a thread.
"""

import base64
import struct
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from types import TracebackType
from typing import Any, Protocol
from uuid import UUID

import obstore
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from obstore.exceptions import BaseError

from faraday_app.core import files
from faraday_app.core.errors import Unavailable
from faraday_app.core.vault import seal, unseal

PIECE = 1024 * 1024  # bytes
_MAGIC = b"FDYSEAL1"
_LARGEST_HEAD = 4096
_LENGTH = struct.Struct(">I")
_LAST = 1 << 31


class Damaged(Unavailable):
    """Not one of ours, changed, or cut off."""

    title = "This file is damaged"


class Readable(Protocol):
    def read(self, size: int, /) -> Any: ...


async def key_for(organization_id: UUID, purpose: str) -> tuple[bytes, bytes]:
    """A new key, and the head of the file that holds it sealed."""
    key = AESGCM.generate_key(256)
    sealed = (await seal(organization_id, base64.b64encode(key).decode(), purpose)).encode()
    return key, _MAGIC + _LENGTH.pack(len(sealed)) + sealed


async def key_in(head: bytes, purpose: str) -> bytes:
    """The key that a head holds; Damaged for a head of another file or another kind, Unreadable where it is erased."""
    return base64.b64decode(await unseal(head[len(_MAGIC) + _LENGTH.size :].decode("ascii", "replace"), purpose))


def head_of(source: Readable) -> bytes:
    """What stands before the pieces."""
    begin = _exactly(source, len(_MAGIC) + _LENGTH.size)
    if len(begin) < len(_MAGIC) + _LENGTH.size or not begin.startswith(_MAGIC):
        raise Damaged("This is not an archive that Faraday made.")
    (length,) = _LENGTH.unpack(begin[len(_MAGIC) :])
    sealed = _exactly(source, length) if length <= _LARGEST_HEAD else b""
    if len(sealed) != length or not sealed:
        raise Damaged("The beginning of this archive is damaged.")
    return begin + sealed


class Sealing(AbstractContextManager["Sealing"]):
    """Takes plain bytes of any length and writes sealed pieces. Whole only when it was left without an error."""

    def __init__(self, target: Callable[[bytes], object], key: bytes, head: bytes, purpose: str) -> None:
        self._target, self._cipher, self._purpose = target, AESGCM(key), purpose
        self._waiting = bytearray()
        self._place = 0
        self.size = len(head)
        target(head)

    def write(self, plain: bytes) -> int:
        self._waiting += plain
        while len(self._waiting) > PIECE:
            self._send(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return len(plain)

    def __exit__(self, kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        if kind is None:
            self._send(bytes(self._waiting), last=True)

    def _send(self, plain: bytes, *, last: bool) -> None:
        closed = self._cipher.encrypt(_nonce(self._place), plain, _told(self._purpose, last))
        framed = _LENGTH.pack(len(closed) | (_LAST if last else 0)) + closed
        self._place += 1
        self.size += len(framed)
        self._target(framed)


def opened(source: Readable, key: bytes, purpose: str) -> Iterator[bytes]:
    """The plain pieces after the head, in order; Damaged as soon as one is not as it was written."""
    cipher, place, last = AESGCM(key), 0, False
    while not last:
        begin = _exactly(source, _LENGTH.size)
        if len(begin) < _LENGTH.size:
            raise Damaged("The end of this archive is missing.")
        (length,) = _LENGTH.unpack(begin)
        last, length = bool(length & _LAST), length & ~_LAST
        closed = _exactly(source, length) if length <= PIECE + 64 else b""
        try:
            yield cipher.decrypt(_nonce(place), closed, _told(purpose, last))
        except (InvalidTag, ValueError):
            raise Damaged(f"This archive was changed or is damaged, in part {place + 1}.") from None
        place += 1
    if source.read(1):
        raise Damaged("Something was added to the end of this archive.")


@contextmanager
def writer(path: str) -> Iterator[Any]:
    """A new file in the store, there when its block is left; an error inside leaves none."""
    try:
        with obstore.open_writer(files.store(), path) as target:
            yield target
    except (BaseError, OSError) as error:
        raise files.failed(error) from error


def reader(path: str) -> Any:
    try:
        return obstore.open_reader(files.store(), path, buffer_size=PIECE)
    except FileNotFoundError:
        raise Damaged("The archive is not in the store any more.") from None
    except BaseError as error:
        raise files.failed(error) from error


def whole(path: str) -> bytes | None:
    """A small file just as it lies in the store, or nothing."""
    try:
        return bytes(obstore.get(files.store(), path).bytes())
    except FileNotFoundError:
        return None
    except BaseError as error:
        raise files.failed(error) from error


def remove(path: str) -> None:
    """For good. One that is gone already is no error."""
    try:
        obstore.delete(files.store(), path)
    except FileNotFoundError:
        return
    except BaseError as error:
        raise files.failed(error) from error


def _exactly(source: Readable, size: int) -> bytes:
    """A store gives what it has at hand, which may be less than was asked for; less than this only at the end."""
    found = bytearray()
    try:
        while len(found) < size and (piece := source.read(size - len(found))):
            found += piece
    except (BaseError, OSError) as error:
        raise files.failed(error) from error
    return bytes(found)


def _nonce(place: int) -> bytes:
    return place.to_bytes(12, "big")


def _told(purpose: str, last: bool) -> bytes:
    return f"{purpose}|{'last' if last else 'more'}".encode()
