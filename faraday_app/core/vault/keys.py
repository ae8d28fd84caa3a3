"""The unwrapped data keys of this process, remembered for a minute at most."""

import os
import time
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
from faraday_app.core.facts import Fact, listener
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor
from faraday_app.core.settings import settings
from faraday_app.core.vault.models import DataKey

CHANGED = "vault:keys"
REMEMBERED_FOR = 60.0  # seconds; a fact ends it at once
MOST_REMEMBERED = 10_000
_NONCE_BYTES = 12


class Unreadable(Unavailable):
    """The key is erased or missing, or the text was not sealed for this purpose."""

    title = "This can no longer be read"


class Keys:
    """One that is not known yet is looked up; a fact that says that keys have changed empties all of it."""

    def __init__(self) -> None:
        self._ciphers: dict[UUID, tuple[float, AESGCM]] = {}
        self._current: dict[UUID | None, tuple[float, UUID, AESGCM]] = {}
        self._changes = 0

    def listen(self) -> None:
        listener.on_fact(self._hear)
        listener.on_gap(self.forget)

    async def current(self, organization_id: UUID | None) -> tuple[UUID, AESGCM]:
        """The key for what is new, made at first use."""
        known = self._current.get(organization_id)
        if known and known[0] > time.monotonic():
            return known[1:]
        changes = self._changes
        async with transaction(Actor.system()) as session:
            row = await current_row(session, organization_id) or await make(session, organization_id)
        cipher = AESGCM(unwrapped(row))
        if changes == self._changes:
            self._make_room()
            self._current[organization_id] = (time.monotonic() + REMEMBERED_FOR, row.id, cipher)
        return row.id, cipher

    async def of(self, key_id: UUID) -> AESGCM:
        known = self._ciphers.get(key_id)
        if known and known[0] > time.monotonic():
            return known[1]
        changes = self._changes
        async with transaction(Actor.system()) as session:
            row = await session.get(DataKey, key_id)
        if row is None:
            raise Unreadable
        cipher = AESGCM(unwrapped(row))
        if changes == self._changes:
            self._make_room()
            self._ciphers[key_id] = (time.monotonic() + REMEMBERED_FOR, cipher)
        return cipher

    def forget(self) -> None:
        """What is being looked up at this moment is not remembered either: the change may not be in it."""
        self._changes += 1
        self._ciphers.clear()
        self._current.clear()

    def _make_room(self) -> None:
        if len(self._ciphers) + len(self._current) >= MOST_REMEMBERED:
            self._ciphers.clear()
            self._current.clear()

    def _hear(self, fact: Fact) -> None:
        if fact["topic"] == CHANGED:
            self.forget()


keys = Keys()


async def current_row(session: AsyncSession, organization_id: UUID | None, *, lock: bool = False) -> DataKey | None:
    query = select(DataKey).where(
        col(DataKey.organization_id).is_not_distinct_from(organization_id), col(DataKey.retired_at).is_(None)
    )
    return await session.scalar(query.with_for_update() if lock else query)


async def make(session: AsyncSession, organization_id: UUID | None) -> DataKey:
    """One, however many ask at once."""
    name, master = newest_master()
    key_id = new_id()
    values = {
        "id": key_id,
        "created_at": now(),
        "organization_id": organization_id,
        "wrapped": wrapped(key_id, AESGCM.generate_key(256), master),
        "master_key": name,
    }
    await session.execute(insert(DataKey).values(**values).on_conflict_do_nothing())
    row = await current_row(session, organization_id)
    assert row
    return row


def newest_master() -> tuple[str, bytes]:
    return next(iter(settings().masters.items()))


def wrapped(key_id: UUID, key: bytes, master: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(master).encrypt(nonce, key, key_id.bytes)


def unwrapped(row: DataKey) -> bytes:
    """The data key itself; Unreadable when it is erased or its master key is not here."""
    master = settings().masters.get(row.master_key)
    if row.wrapped is None or master is None:
        raise Unreadable
    try:
        return AESGCM(master).decrypt(row.wrapped[:_NONCE_BYTES], row.wrapped[_NONCE_BYTES:], row.id.bytes)
    except InvalidTag:
        raise Unreadable from None
