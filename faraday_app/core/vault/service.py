"""Seal and unseal: AES-256-GCM under the organisation's current data key.

A sealed text is ``v1.<id of the data key>.<nonce and ciphertext, base64>``. The purpose is authenticated with it:
what was sealed for one place cannot be opened in another.
"""

import base64
import binascii
import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Unavailable
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor
from faraday_app.core.settings import settings
from faraday_app.core.vault.models import DataKey

_VERSION = "v1"
_NONCE_BYTES = 12


class Unreadable(Unavailable):
    """The key is erased or missing, or the text was not sealed for this purpose."""

    title = "This can no longer be read"


class Keys:
    """The unwrapped data keys of this process."""

    def __init__(self) -> None:
        self._ciphers: dict[UUID, AESGCM] = {}
        self._current: dict[UUID | None, UUID] = {}

    async def current(self, organization_id: UUID | None) -> tuple[UUID, AESGCM]:
        """The key for what is new, made at first use."""
        key_id = self._current.get(organization_id)
        if key_id is None:
            async with transaction(Actor.system()) as session:
                row = await _current_row(session, organization_id) or await _make(session, organization_id)
            key_id = self._current[organization_id] = row.id
            self._ciphers[row.id] = _unwrapped(row)
        return key_id, self._ciphers[key_id]

    async def of(self, key_id: UUID) -> AESGCM:
        if key_id not in self._ciphers:
            async with transaction(Actor.system()) as session:
                row = await session.get(DataKey, key_id)
            if row is None:
                raise Unreadable
            self._ciphers[key_id] = _unwrapped(row)
        return self._ciphers[key_id]

    def forget(self) -> None:
        self._ciphers.clear()
        self._current.clear()


keys = Keys()


async def seal(organization_id: UUID | None, text: str, purpose: str) -> str:
    """Encrypted under the organisation's key; None: under Faraday's own, for what belongs to a person."""
    key_id, cipher = await keys.current(organization_id)
    nonce = os.urandom(_NONCE_BYTES)
    sealed = nonce + cipher.encrypt(nonce, text.encode(), purpose.encode())
    return f"{_VERSION}.{key_id.hex}.{base64.urlsafe_b64encode(sealed).decode()}"


async def unseal(sealed: str, purpose: str) -> str:
    """The text that was sealed for this purpose, else Unreadable."""
    try:
        version, key_id, encoded = sealed.split(".")
        if version != _VERSION:
            raise Unreadable
        raw = base64.urlsafe_b64decode(encoded)
        cipher = await keys.of(UUID(hex=key_id))
        return cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], purpose.encode()).decode()
    except (ValueError, binascii.Error, InvalidTag):
        raise Unreadable from None


async def _current_row(session: AsyncSession, organization_id: UUID | None) -> DataKey | None:
    return await session.scalar(
        select(DataKey).where(
            col(DataKey.organization_id).is_not_distinct_from(organization_id), col(DataKey.retired_at).is_(None)
        )
    )


async def _make(session: AsyncSession, organization_id: UUID | None) -> DataKey:
    """One, however many ask at once."""
    name, master = next(iter(settings().masters.items()))
    key_id = new_id()
    values = {
        "id": key_id,
        "created_at": now(),
        "organization_id": organization_id,
        "wrapped": _wrapped(key_id, AESGCM.generate_key(256), master),
        "master_key": name,
    }
    await session.execute(insert(DataKey).values(**values).on_conflict_do_nothing())
    row = await _current_row(session, organization_id)
    assert row
    return row


def _wrapped(key_id: UUID, key: bytes, master: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(master).encrypt(nonce, key, key_id.bytes)


def _unwrapped(row: DataKey) -> AESGCM:
    master = settings().masters.get(row.master_key)
    if row.wrapped is None or master is None:
        raise Unreadable
    try:
        return AESGCM(AESGCM(master).decrypt(row.wrapped[:_NONCE_BYTES], row.wrapped[_NONCE_BYTES:], row.id.bytes))
    except InvalidTag:
        raise Unreadable from None
