"""A file comes in, sealed as it comes."""

import asyncio
from collections.abc import AsyncIterable
from pathlib import PurePath
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Import
from faraday_app.contexts.service import reach
from faraday_app.core import files, sealed_streams
from faraday_app.core.clock import now
from faraday_app.core.database import as_faraday, transaction
from faraday_app.core.errors import Invalid, LimitReached, NotFound
from faraday_app.core.ids import new_id
from faraday_app.core.jobs import defer
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.service import record

WORK = "contexts:import"
LARGEST = 200_000_000  # bytes of a file as it is sent
MOST_WAITING = 5  # files of one person
PAGE = 20


def purpose_of(import_id: UUID) -> str:
    return f"import:{import_id}"


async def receive(actor: Actor, name: str, content: AsyncIterable[bytes]) -> Import:
    """Kept sealed, and read in the background. Invalid for an empty or a very large file: then nothing is kept."""
    actor.must(Permission.assistant_use, reach.of_ones_own(actor))
    async with transaction(actor) as session:
        waiting = await session.scalar(
            select(func.count()).where(col(Import.owner_id) == actor.user, col(Import.finished_at).is_(None))
        )
    if (waiting or 0) >= MOST_WAITING:
        raise LimitReached(f"{MOST_WAITING} files of yours are waiting to be read. Wait until one is done.")
    import_id = new_id()
    path = files.name(actor.organization, import_id)
    size = await _keep(actor.organization, import_id, path, content)
    found = Import(
        id=import_id,
        organization_id=actor.organization,
        owner_id=actor.user,
        name=_clean_name(name),
        path=path,
        size=size,
        lease_until=now(),
    )
    async with transaction(actor) as session:
        session.add(found)
        record(session, actor, "import.begun", found, size=size)
        publish_on_commit(session, progress_topic(actor.user))
        async with as_faraday(session):
            await defer(session, WORK, queueing_lock=WORK)
    return found


async def listed(session: AsyncSession, actor: Actor, before: UUID | None = None, limit: int = PAGE) -> list[Import]:
    """One's own, newest first."""
    actor.must_at_all(Permission.assistant_use)
    query = select(Import).where(col(Import.owner_id) == actor.user, col(Import.organization_id) == actor.organization)
    if before:
        query = query.where(col(Import.id) < before)
    return list(await session.scalars(query.order_by(col(Import.id).desc()).limit(limit)))


async def one(session: AsyncSession, actor: Actor, import_id: UUID) -> Import:
    actor.must_at_all(Permission.assistant_use)
    found = await session.get(Import, import_id)
    if found is None or found.owner_id != actor.user or found.organization_id != actor.organization:
        raise NotFound("This import does not exist.")
    return found


def progress_topic(user_id: UUID) -> str:
    return topic("imports", user_id)


async def _keep(organization_id: UUID, import_id: UUID, path: str, content: AsyncIterable[bytes]) -> int:
    purpose, size = purpose_of(import_id), 0
    key, head = await sealed_streams.key_for(organization_id, purpose)
    with sealed_streams.writer(path) as target, sealed_streams.Sealing(target.write, key, head, purpose) as sealing:
        async for piece in content:
            size += len(piece)
            if size > LARGEST:
                raise Invalid(f"This file is too large: {LARGEST // 1_000_000} MB at most.", field="file")
            await asyncio.to_thread(sealing.write, piece)
        if not size:
            raise Invalid("This file is empty.", field="file")
    return size


def _clean_name(name: str) -> str:
    own = PurePath(name.replace("\\", "/")).name
    return "".join(sign for sign in own if sign.isprintable())[:200] or "file"
