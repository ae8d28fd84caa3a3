"""Files in object storage: a folder under FARADAY_DATA, or what OBJECT_STORE_URL names.

Each is compressed where that helps and encrypted (AES-256-GCM) under a key of its own. Whoever keeps a file seals that
key with the organisation's: a rotation leaves the files alone, and erasing the organisation's keys takes them with it.
They are stored under ids of ours; what people call a file is nowhere in the store.
"""

import asyncio
import base64
import binascii
import os
import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

import obstore
import structlog
import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import LocalStore, ObjectStore, S3Store, from_url

from faraday_app.core.errors import Invalid, Unavailable
from faraday_app.core.settings import settings

LARGEST = 20 * 1024 * 1024  # bytes
WITHIN = 30.0  # seconds
LISTED = 1_000  # files at once
REFUSED = (
    "The store of files refuses Faraday. Nothing was changed; whoever runs Faraday has to look at its keys"
    " (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) and at what they may do in the bucket."
)
NO_BUCKET = (
    "The store of files has no bucket of this name. Nothing was changed; whoever runs Faraday has to make it, or to"
    " correct OBJECT_STORE_URL."
)
AWAY = "The store of files does not answer. Nothing was changed; please try again."
_NAME = re.compile("([0-9a-f]{32})/([0-9a-f]{32})")
_NO_BUCKET, _FORBIDDEN = "NoSuchBucket", "403 Forbidden"  # so S3 calls it
_NONCE_BYTES = 12
_PLAIN, _COMPRESSED = b"\x00", b"\x01"
_log = structlog.get_logger(__name__)
Given = TypeVar("Given")


class Gone(Unavailable):
    """The file is not in the store, or cannot be decrypted."""

    title = "This file can no longer be read"


async def keep(organization_id: UUID, file_id: UUID, content: bytes) -> str:
    """Store it; the key without which nobody reads it again. Invalid for more than 20 MiB."""
    if len(content) > LARGEST:
        raise Invalid(f"A file can have {LARGEST // 1024**2} MB at most.", field="file")
    key = AESGCM.generate_key(256)
    await _within(lambda: store().put(name(organization_id, file_id), _closed(key, file_id, content)))
    return base64.b64encode(key).decode()


async def read(organization_id: UUID, file_id: UUID, key: str) -> bytes:
    """Gone when it is not there, or was changed by anybody but us."""
    try:
        return await _within(lambda: _opened(key, file_id, _got(organization_id, file_id)))
    except (FileNotFoundError, InvalidTag, binascii.Error, zstandard.ZstdError, ValueError) as error:
        _log.warning("file_gone", file_id=str(file_id), error=type(error).__name__)
        raise Gone from None


async def exists(organization_id: UUID, file_id: UUID) -> bool:
    """Whether it is in the store. A store that does not answer has it, as far as anybody knows."""
    try:
        await _within(lambda: store().head(name(organization_id, file_id)))
    except FileNotFoundError:
        return False
    except Unavailable:
        return True
    return True


async def remove(organization_id: UUID, file_id: UUID) -> None:
    """For good. One that is gone already is no error."""
    try:
        await _within(lambda: store().delete(name(organization_id, file_id)))
    except FileNotFoundError:
        return


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it lies in the store: whose, which one, how many bytes, and since when."""

    organization_id: UUID
    file_id: UUID
    size: int
    since: datetime


async def pages() -> AsyncIterator[list[Kept]]:
    """All files of all organisations, some at a time. What lies elsewhere in the store is none of ours."""
    listing = await _within(lambda: iter(obstore.list(store(), chunk_size=LISTED)))
    while (found := await _within(lambda: next(listing, None))) is not None:
        yield [kept for each in found if (kept := _kept(each))]


@lru_cache(maxsize=1)
def store() -> ObjectStore:
    url = settings().object_store_url.get_secret_value()
    if url.startswith("s3"):
        plain = (os.environ.get("AWS_ENDPOINT") or os.environ.get("AWS_ENDPOINT_URL") or "").startswith("http://")
        return S3Store.from_url(
            url,
            client_options={"allow_http": plain},
            retry_config={"max_retries": 4, "retry_timeout": timedelta(seconds=20)},
        )
    if url:
        return from_url(url)
    return LocalStore(settings().data.resolve() / "files", mkdir=True)


async def _within(work: Callable[[], Given]) -> Given:
    """In a thread: disks and networks block, and so does encrypting."""
    try:
        async with asyncio.timeout(WITHIN):
            return await asyncio.to_thread(work)
    except FileNotFoundError as error:
        if _NO_BUCKET in str(error):
            raise failed(error) from None
        raise
    except (BaseError, TimeoutError, PermissionError) as error:
        raise failed(error) from None


def failed(error: Exception) -> Unavailable:
    """What a person reads when the store failed; what the store said is for the log."""
    _log.warning("store_failed", error=type(error).__name__)
    if isinstance(error, PermissionDeniedError | UnauthenticatedError) or _FORBIDDEN in str(error):
        return Unavailable(REFUSED)
    return Unavailable(NO_BUCKET if _NO_BUCKET in str(error) else AWAY)


def name(organization_id: UUID, file_id: UUID) -> str:
    return f"{organization_id.hex}/{file_id.hex}"


def _kept(told: Mapping[str, Any]) -> Kept | None:
    if not (parts := _NAME.fullmatch(told["path"])):
        return None
    return Kept(UUID(hex=parts[1]), UUID(hex=parts[2]), int(told["size"]), told["last_modified"])


def _got(organization_id: UUID, file_id: UUID) -> bytes:
    return bytes(store().get(name(organization_id, file_id)).bytes())


def _closed(key: bytes, file_id: UUID, content: bytes) -> bytes:
    smaller = zstandard.ZstdCompressor(level=3).compress(content)
    plain = _COMPRESSED + smaller if len(smaller) < len(content) else _PLAIN + content
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, file_id.bytes)


def _opened(key: str, file_id: UUID, closed: bytes) -> bytes:
    raw = base64.b64decode(key, validate=True)
    plain = AESGCM(raw).decrypt(closed[:_NONCE_BYTES], closed[_NONCE_BYTES:], file_id.bytes)
    if plain[:1] == _PLAIN:
        return plain[1:]
    return zstandard.ZstdDecompressor().decompress(plain[1:], max_output_size=LARGEST)
