"""The keys that an organisation's data is encrypted with: look at them, rotate them, erase them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.database import as_faraday
from faraday_app.core.errors import Invalid
from faraday_app.core.jobs import defer
from faraday_app.core.permissions import Actor, Permission
from faraday_app.core.vault import rotation
from faraday_app.core.vault.jobs import RESEAL
from faraday_app.core.vault.keys import newest_master
from faraday_app.core.vault.models import DataKey
from faraday_app.security.service.audit import record

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """``sealed`` values in the tables are encrypted with it."""

    id: UUID
    created_at: datetime
    retired_at: datetime | None
    erased_at: datetime | None
    master_key: str
    sealed: int


@dataclass(frozen=True, slots=True)
class Overview:
    """Newest key first. ``masters`` that still wrap a key of the organisation, ``master`` being the one in use."""

    keys: list[KeyInfo]
    master: str
    masters: dict[str, int]

    @property
    def remaining(self) -> int:
        """Values that wait to be sealed anew."""
        return sum(key.sealed for key in self.keys if key.retired_at and not key.erased_at)


async def overview(session: AsyncSession, actor: Actor) -> Overview:
    actor.must(Permission.encryption_manage)
    query = select(DataKey).where(col(DataKey.organization_id) == actor.organization)
    async with as_faraday(session):
        rows = (await session.scalars(query.order_by(col(DataKey.id).desc()).limit(MOST_SHOWN))).all()
        sealed = await rotation.sealed_with(session, [row.id for row in rows])
        masters = await rotation.masters_needed(session, actor.organization)
    found = [
        KeyInfo(row.id, row.created_at, row.retired_at, row.erased_at, row.master_key, sealed[row.id]) for row in rows
    ]
    return Overview(found, newest_master()[0], masters)


async def rotate(session: AsyncSession, actor: Actor) -> None:
    """A new key for what is sealed from now on; a job seals the rest anew. Nothing becomes unreadable."""
    actor.must(Permission.encryption_manage)
    actor.must_be_confirmed()
    async with as_faraday(session):
        row = await rotation.rotate(session, actor.organization)
        await defer(session, RESEAL, queueing_lock=RESEAL)
    record(session, actor, "encryption.rotated", row)


async def erase(session: AsyncSession, actor: Actor, typed_name: str) -> None:
    """Make everything that was ever sealed for the organisation unreadable. Cannot be taken back.

    A backup from before still holds the wrapped keys, for whoever has the master key of its time.
    """
    actor.must(Permission.encryption_manage)
    actor.must_be_confirmed()
    if not actor.organization_name or typed_name.strip() != actor.organization_name:
        raise Invalid(f"Type the name of the organisation, “{actor.organization_name}”.", field="name")
    async with as_faraday(session):
        erased = await rotation.erase(session, actor.organization)
    record(session, actor, "encryption.erased", keys=erased)
