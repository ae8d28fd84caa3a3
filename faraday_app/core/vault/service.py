"""Seal and unseal: AES-256-GCM under the organisation's current data key.

A sealed text is ``v1.<id of the data key>.<nonce and ciphertext, base64>``. The purpose is authenticated with it:
what was sealed for one place cannot be opened in another.
"""

import base64
import binascii
import os
from uuid import UUID

from cryptography.exceptions import InvalidTag

from faraday_app.core.vault.keys import Unreadable, keys

VERSION = "v1"
_NONCE_BYTES = 12


async def seal(organization_id: UUID | None, text: str, purpose: str) -> str:
    """Encrypted under the organisation's key; None: under Faraday's own, for what belongs to a person."""
    key_id, cipher = await keys.current(organization_id)
    nonce = os.urandom(_NONCE_BYTES)
    sealed = nonce + cipher.encrypt(nonce, text.encode(), purpose.encode())
    return f"{VERSION}.{key_id.hex}.{base64.urlsafe_b64encode(sealed).decode()}"


async def unseal(sealed: str, purpose: str) -> str:
    """The text that was sealed for this purpose, else Unreadable."""
    try:
        version, key_id, encoded = sealed.split(".")
        if version != VERSION:
            raise Unreadable
        raw = base64.urlsafe_b64decode(encoded)
        cipher = await keys.of(UUID(hex=key_id))
        return cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], purpose.encode()).decode()
    except (ValueError, binascii.Error, InvalidTag):
        raise Unreadable from None
