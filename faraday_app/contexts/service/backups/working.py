"""Backups are made, checked and brought back here, one at a time. A killed worker leaves a lease that lapses."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import structlog
from sqlalchemy import or_, select
from sqlmodel import col

from faraday_app.contexts.models import Backup, BackupState, Restore, RestoreState
from faraday_app.contexts.service import shares
from faraday_app.contexts.service.backups import copying, keeping, restoring
from faraday_app.contexts.service.backups.comparing import Wanted
from faraday_app.contexts.service.backups.copying import Progress
from faraday_app.contexts.service.backups.managing import progress_topic
from faraday_app.core import sealed_streams
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import FaradayError
from faraday_app.core.outbox import publish_now, publish_on_commit, topic
from faraday_app.core.permissions import Actor
from faraday_app.core.sealed_streams import Damaged
from faraday_app.core.vault import Unreadable
from faraday_app.security.service import record

LEASE = timedelta(minutes=2)
EVERY = 1.0  # seconds between two looks at how far it is
MOST_TRIES = 3
_log = structlog.get_logger(__name__)
Result = TypeVar("Result")
Work = Backup | Restore
# What has been begun, and what may be begun.
_BACKUPS = (BackupState.waiting, BackupState.making, BackupState.checking)
_RESTORES = {
    RestoreState.waiting: RestoreState.comparing,
    RestoreState.comparing: RestoreState.comparing,
    RestoreState.confirmed: RestoreState.restoring,
    RestoreState.restoring: RestoreState.restoring,
}


async def work() -> int:
    """Everything that waits; how many pieces of work that was."""
    done = 0
    while (backup := await _take_backup()) is not None:
        await _attempt(backup, _make)
        done += 1
    while (wanted := await _take_restore()) is not None:
        await _attempt(wanted, _restore if wanted.state == RestoreState.restoring else _compare)
        done += 1
    return done


async def _take_backup() -> Backup | None:
    async with transaction(Actor.system()) as session:
        free = or_(col(Backup.state) == BackupState.waiting, col(Backup.lease_until) < now())
        query = select(Backup).where(col(Backup.finished_at).is_(None), free).order_by(col(Backup.id))
        found = await session.scalar(query.limit(1).with_for_update(skip_locked=True))
        if found:
            found.state, found.lease_until, found.tries = BackupState.making, now() + LEASE, found.tries + 1
            publish_on_commit(session, progress_topic(found.organization_id))
        return found


async def _take_restore() -> Restore | None:
    async with transaction(Actor.system()) as session:
        waits = col(Restore.state).in_([RestoreState.waiting, RestoreState.confirmed])
        lapsed = col(Restore.state).in_(list(_RESTORES)) & (col(Restore.lease_until) < now())
        query = select(Restore).where(col(Restore.finished_at).is_(None), or_(waits, lapsed))
        found = await session.scalar(query.order_by(col(Restore.id)).limit(1).with_for_update(skip_locked=True))
        if found:
            found.state, found.lease_until = _RESTORES[RestoreState(found.state)], now() + LEASE
            found.tries += 1
            publish_on_commit(session, progress_topic(found.organization_id))
        return found


async def _attempt(row: Work, act: Callable[[Work], Awaitable[None]]) -> None:
    """One's trouble is not the others'; why it failed is kept where people look."""
    if row.tries > MOST_TRIES:
        await _fail(row, f"This was begun {MOST_TRIES} times and never came to its end.")
        return
    try:
        await act(row)
    except FaradayError as error:
        await _fail(row, error.message)
    except Exception:
        _log.exception("backup_failed", id=str(row.id), kind=type(row).__name__)
        await _fail(row, "Something failed on our side. Nothing was changed.")


async def _make(row: Work) -> None:
    assert isinstance(row, Backup)
    begun, as_of, purpose = time.monotonic(), now(), copying.purpose_of(row.id)
    key, head = await sealed_streams.key_for(row.organization_id, purpose)
    progress = Progress()
    made = await _followed(
        row, progress, lambda: copying.make(row.path, row.id, row.organization_id, key, head, progress)
    )
    checked = Progress(total=progress.total, stage=BackupState.checking)
    await _followed(row, checked, lambda: copying.check(row.path, row.id, row.organization_id, key, made, checked))
    async with transaction(Actor.system()) as session:
        found = await session.get_one(Backup, row.id, with_for_update=True)
        found.state, found.finished_at, found.as_of = BackupState.good, now(), as_of
        found.done = found.total = progress.total
        found.size, found.plain_size, found.seconds = made.size, made.plain_size, time.monotonic() - begun
        found.tables = {name: {"rows": told.rows, "sha256": told.sha256} for name, told in made.tables.items()}
        found.contexts, found.messages = made.tables["contexts"].rows, made.tables["messages"].rows
        by = Actor(found.started_by, found.organization_id, name="" if found.started_by else "Faraday")
        record(session, by, "backup.made", found, size=made.size, contexts=found.contexts, messages=found.messages)
        publish_on_commit(session, progress_topic(row.organization_id))
    await keeping.forget_old(row.organization_id)


async def _compare(row: Work) -> None:
    assert isinstance(row, Restore)
    outcome = await _with_archive(row, restoring.preview)
    async with transaction(Actor.system()) as session:
        found = await session.get_one(Restore, row.id, with_for_update=True)
        if found.finished_at is None:
            found.state, found.tries = RestoreState.ready, 0
            found.found = {"tables": outcome.found, "busy": outcome.busy}
        publish_on_commit(session, progress_topic(row.organization_id))


async def _restore(row: Work) -> None:
    assert isinstance(row, Restore)
    outcome = await _with_archive(row, restoring.restore)
    async with transaction(Actor.system()) as session:
        found = await session.get_one(Restore, row.id, with_for_update=True)
        found.state, found.finished_at = RestoreState.done, now()
        found.found = {"tables": outcome.found, "busy": outcome.busy}
        by = Actor(found.confirmed_by, found.organization_id)
        record(session, by, "restore.done", found, backup_id=str(found.backup_id), found=outcome.found)
        publish_on_commit(session, progress_topic(row.organization_id))
    await shares.erase()  # what the copies that came back hold of memories that are forgotten; nobody is given it
    await publish_now(*(topic("context", id) for id in outcome.contexts))
    await publish_now(*(topic("conversations", id) for id in outcome.people))


async def _with_archive(row: Restore, act: Callable[[Wanted, Progress], restoring.Outcome]) -> restoring.Outcome:
    async with transaction(Actor.system()) as session:
        backup = await session.get_one(Backup, row.backup_id)
    key = await key_of(backup)
    progress = Progress(total=sum(int(each["rows"]) for each in backup.tables.values()))
    wanted = Wanted(backup.path, backup.id, row.organization_id, key, row.context_id, row.put_back)
    return await _followed(row, progress, lambda: act(wanted, progress))


async def key_of(backup: Backup) -> bytes:
    """Damaged for an archive that is gone or another one's, or whose organisation's keys were erased."""
    source = await asyncio.to_thread(sealed_streams.reader, backup.path)
    head = await asyncio.to_thread(sealed_streams.head_of, source)
    try:
        return await sealed_streams.key_in(head, copying.purpose_of(backup.id))
    except Unreadable:
        raise Damaged("This archive is not of this backup, or the keys it was sealed with were erased.") from None


async def _followed(row: Work, progress: Progress, act: Callable[[], Result]) -> Result:
    """In a thread, while the row says how far it is. Whoever is cancelled stops the thread, too."""
    task = asyncio.create_task(asyncio.to_thread(act))
    try:
        while True:
            done, _ = await asyncio.wait({task}, timeout=EVERY)
            if done:
                return task.result()
            await _note(row, progress)
    finally:
        progress.stopped = True


async def _note(row: Work, progress: Progress) -> None:
    async with transaction(Actor.system()) as session:
        found: Work = await session.get_one(type(row), row.id, with_for_update=True)
        found.done, found.total, found.lease_until = progress.done, progress.total, now() + LEASE
        if isinstance(found, Backup) and progress.stage:
            found.state = progress.stage
        publish_on_commit(session, progress_topic(row.organization_id))


async def _fail(row: Work, why: str) -> None:
    async with transaction(Actor.system()) as session:
        found: Work = await session.get_one(type(row), row.id, with_for_update=True)
        found.state, found.error, found.finished_at = "failed", why[:500], now()
        by = Actor(found.started_by, found.organization_id)
        record(session, by, "backup.failed" if isinstance(found, Backup) else "restore.failed", found, why=why[:200])
        publish_on_commit(session, progress_topic(row.organization_id))
    if isinstance(row, Backup):
        await remove_archive(row.path)


async def remove_archive(path: str) -> None:
    try:
        await asyncio.to_thread(sealed_streams.remove, path)
    except FaradayError as error:
        _log.warning("archive_not_removed", error=error.message)
