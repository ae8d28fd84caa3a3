"""Seal and unseal: AES-256-GCM under the organisation's current data key.

A sealed text is ``v1.<id of the data key>.<nonce and ciphertext, base64>``. The purpose is authenticated with it:
what was sealed for one place cannot be opened in another. What is long is compressed (zstd) before.
"""

import base64
import binascii
import os
from uuid import UUID

import zstandard
from cryptography.exceptions import InvalidTag

from faraday_app.core.errors import Invalid
from faraday_app.core.vault.keys import Unreadable, keys

VERSION = "v1"
LONG = 1024  # bytes from which compressing is worth it
LARGEST = 64 * 1024 * 1024  # bytes that a sealed text can have
_NONCE_BYTES = 12
_COMPRESSED = b"\x28\xb5\x2f\xfd"  # how zstd begins, and no text can: the second byte is no UTF-8 there


async def seal(organization_id: UUID | None, text: str, purpose: str) -> str:
    """Encrypted under the organisation's key; None: under Faraday's own, for what belongs to a person.

    Invalid for more than 64 MiB.
    """
    plain = text.encode()
    if len(plain) > LARGEST:
        raise Invalid("This is too large to be kept in one piece.")
    key_id, cipher = await keys.current(organization_id)
    nonce = os.urandom(_NONCE_BYTES)
    sealed = nonce + cipher.encrypt(nonce, _smaller(plain), purpose.encode())
    return f"{VERSION}.{key_id.hex}.{base64.urlsafe_b64encode(sealed).decode()}"


async def unseal(sealed: str, purpose: str) -> str:
    """The text that was sealed for this purpose, else Unreadable."""
    try:
        version, key_id, encoded = sealed.split(".")
        if version != VERSION:
            raise Unreadable
        raw = base64.urlsafe_b64decode(encoded)
        cipher = await keys.of(UUID(hex=key_id))
        return _whole(cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], purpose.encode())).decode()
    except (ValueError, binascii.Error, InvalidTag, zstandard.ZstdError):
        raise Unreadable from None


def _smaller(plain: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=6).compress(plain) if len(plain) >= LONG else plain


def _whole(plain: bytes) -> bytes:
    if not plain.startswith(_COMPRESSED):
        return plain
    return zstandard.ZstdDecompressor().decompress(plain, max_output_size=LARGEST)
