"""Read the files that wait. Whoever is killed leaves a lease that lapses; what is here already is not added again."""

import asyncio
import tempfile
from datetime import timedelta
from typing import BinaryIO
from uuid import UUID

import structlog
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Import, ImportState
from faraday_app.contexts.service.importing import adding
from faraday_app.contexts.service.importing.adding import Came
from faraday_app.contexts.service.importing.drafts import Draft
from faraday_app.contexts.service.importing.reading import Reading, Unread, read
from faraday_app.contexts.service.importing.receiving import progress_topic, purpose_of
from faraday_app.core import sealed_streams
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gateway import service as gateway
from faraday_app.organizations.service.identity import member
from faraday_app.security.service import record

LEASE = timedelta(minutes=2)
MOST_TOLD = 100  # problems that are kept one by one
_log = structlog.get_logger(__name__)


async def work() -> int:
    """All files that wait, one after the other; how many were read."""
    done = 0
    while (found := await _take()) is not None:
        await _read(found)
        done += 1
    return done


async def _take() -> Import | None:
    """One that nobody reads, now ours."""
    async with transaction(Actor.system()) as session:
        query = (
            select(Import)
            .where(
                col(Import.finished_at).is_(None),
                or_(col(Import.state) == ImportState.waiting, col(Import.lease_until) < now()),
            )
            .order_by(col(Import.id))
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        found = await session.scalar(query)
        if found:
            found.state, found.lease_until = ImportState.running, now() + LEASE
            found.done = found.unread = 0
            found.problems = []
            publish_on_commit(session, progress_topic(found.owner_id))
        return found


async def _read(found: Import) -> None:
    try:
        await _add_all(found)
    except FaradayError as error:
        await _end(found.id, ImportState.failed, error.message)
    except Exception:
        _log.exception("import_failed", import_id=str(found.id))
        await _end(found.id, ImportState.failed, "Something failed on our side. What has come so far stays.")
    try:
        await asyncio.to_thread(sealed_streams.remove, found.path)
    except FaradayError:
        _log.warning("import_not_removed", import_id=str(found.id))


async def _add_all(found: Import) -> None:
    actor = await _owner(found)
    model = await gateway.name_of_choice(actor)
    with tempfile.TemporaryFile() as file:
        await _unseal(found, file)
        reading = await asyncio.to_thread(read, file, found.name, actor.name)
        await _note(found.id, total=reading.total, source=reading.source[:40])
        while (draft := await asyncio.to_thread(next, reading.drafts, None)) is not None:
            await _add(actor, found.id, reading, draft, model)
    await _end(found.id, ImportState.done)


async def _owner(found: Import) -> Actor:
    """With their rights of now: a person who has left brings nothing any more."""
    async with transaction(Actor.system(found.organization_id)) as session:
        actor = await member(session, found.owner_id, found.organization_id)
    if actor is None:
        raise Invalid("Whoever sent this file is no longer a member.")
    actor.must_at_all(Permission.assistant_use)
    return actor


async def _unseal(found: Import, target: BinaryIO) -> None:
    source = await asyncio.to_thread(sealed_streams.reader, found.path)
    head = await asyncio.to_thread(sealed_streams.head_of, source)
    key = await sealed_streams.key_in(head, purpose_of(found.id))

    def copy() -> None:
        for piece in sealed_streams.opened(source, key, purpose_of(found.id)):
            target.write(piece)
        target.seek(0)

    await asyncio.to_thread(copy)


async def _add(actor: Actor, import_id: UUID, reading: Reading, draft: Draft | Unread, model: str) -> None:
    """Each in a transaction of its own, together with how far it has come."""
    async with transaction(actor) as session:
        row = await session.get_one(Import, import_id, with_for_update=True)
        if isinstance(draft, Unread):
            row.unread += 1
            if len(row.problems) < MOST_TOLD:
                row.problems = [*row.problems, {"place": draft.place, "why": draft.why}]
        else:
            came, messages = await adding.add(session, actor, reading.source, draft, model)
            _count(row, came, messages)
            if draft.unplaced and len(row.problems) < MOST_TOLD:
                why = f"{draft.unplaced} messages follow each other in a circle and were left out"
                row.problems = [*row.problems, {"place": f"“{draft.title[:80]}”", "why": why}]
        row.done += 1
        row.lease_until = now() + LEASE
        _tell(session, row)


def _count(row: Import, came: Came, messages: int) -> None:
    row.messages += messages
    match came:
        case Came.new:
            row.added += 1
        case Came.grown:
            row.grown += 1
        case Came.known:
            row.known += 1


async def _note(import_id: UUID, *, total: int, source: str) -> None:
    async with transaction(Actor.system()) as session:
        row = await session.get_one(Import, import_id)
        row.total, row.source, row.lease_until = total, source, now() + LEASE
        _tell(session, row)


async def _end(import_id: UUID, state: ImportState, error: str = "") -> None:
    async with transaction(Actor.system()) as session:
        row = await session.get_one(Import, import_id, with_for_update=True)
        row.state, row.error, row.finished_at = state, error[:500], now()
        told = {"added": row.added, "grown": row.grown, "known": row.known, "unread": row.unread}
        by = Actor(row.owner_id, row.organization_id)
        record(session, by, "import.finished" if state is ImportState.done else "import.failed", row, **told)
        _tell(session, row)


def _tell(session: AsyncSession, row: Import) -> None:
    publish_on_commit(session, progress_topic(row.owner_id))
    publish_on_commit(session, topic("conversations", row.owner_id))
