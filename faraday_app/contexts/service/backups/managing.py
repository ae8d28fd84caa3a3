"""What administrators do with backups: say when, make one now, look, compare, and confirm."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Backup, BackupSchedule, BackupState, Every, Restore, RestoreState
from faraday_app.contexts.service.backups.schedule import next_after
from faraday_app.core import files
from faraday_app.core.clock import now
from faraday_app.core.database import as_faraday
from faraday_app.core.errors import Conflict, Invalid, NotFound
from faraday_app.core.ids import new_id
from faraday_app.core.jobs import defer
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.core.turns import asked_before, one_at_a_time
from faraday_app.security.service import record

WORK = "contexts:backups"
PAGE = 20
MOST_KEPT = 90


@dataclass(frozen=True, slots=True)
class Chosen:
    """When backups are made by themselves, how many good ones stay, and when the next is due."""

    every: Every
    keep: int
    version: int
    next_at: datetime | None


async def schedule(session: AsyncSession, actor: Actor) -> Chosen:
    actor.must(Permission.backups_manage)
    found = await _schedule(session, actor.organization)
    every = Every(found.every)
    return Chosen(every, found.keep, found.version, next_after(every, actor.organization, now()))


async def choose_schedule(session: AsyncSession, actor: Actor, every: str, keep: int, version: int) -> None:
    actor.must(Permission.backups_manage)
    if every not in list(Every):
        raise Invalid("Choose how often: every day, every week, or not by itself.", field="every")
    if not 1 <= keep <= MOST_KEPT:
        raise Invalid(f"Keep between 1 and {MOST_KEPT} backups.", field="keep")
    found = await _schedule(session, actor.organization, lock=True)
    if found.version != version:
        raise Conflict("The schedule was changed meanwhile. Look at it again.")
    before = {"every": found.every, "keep": found.keep}
    found.every, found.keep, found.version = every, keep, version + 1
    session.add(found)
    record(session, actor, "backup.scheduled", found, before=before, after={"every": every, "keep": keep})
    publish_on_commit(session, progress_topic(actor.organization))


async def begin(session: AsyncSession, actor: Actor, key: str | None = None) -> Backup:
    """One now, in the background. Conflict while one is being made; with the key of an earlier call, that one."""
    actor.must(Permission.backups_manage)
    if earlier := await asked_before(session, Backup, "started_by", actor, key):
        return earlier
    await one_at_a_time(session, "backups", actor.organization)
    if await session.scalar(select(func.count()).where(_of(actor), col(Backup.finished_at).is_(None))):
        raise Conflict("A backup is being made already.")
    found = await add(session, actor.organization, actor.user, key)
    record(session, actor, "backup.begun", found)
    async with as_faraday(session):
        await defer(session, WORK, queueing_lock=WORK)
    return found


async def add(session: AsyncSession, organization_id: UUID, started_by: UUID | None, key: str | None = None) -> Backup:
    backup_id = new_id()
    found = Backup(
        id=backup_id,
        organization_id=organization_id,
        started_by=started_by,
        path=files.name(organization_id, backup_id),
        request_key=key,
    )
    session.add(found)
    publish_on_commit(session, progress_topic(organization_id))
    return found


async def listed(session: AsyncSession, actor: Actor, before: UUID | None = None, limit: int = PAGE) -> list[Backup]:
    """Newest first."""
    actor.must(Permission.backups_manage)
    query = select(Backup).where(_of(actor))
    if before:
        query = query.where(col(Backup.id) < before)
    return list(await session.scalars(query.order_by(col(Backup.id).desc()).limit(limit)))


async def nearest(session: AsyncSession, actor: Actor, moment: datetime) -> Backup:
    """The newest good backup of before a moment. What was written between the two cannot be had from it."""
    actor.must(Permission.backups_manage)
    query = select(Backup).where(_of(actor), col(Backup.state) == BackupState.good, col(Backup.as_of) <= moment)
    found = await session.scalar(query.order_by(col(Backup.as_of).desc()).limit(1))
    if found is None:
        raise NotFound("There is no good backup from before that moment.")
    return found


async def get_backup(session: AsyncSession, actor: Actor, backup_id: UUID) -> Backup:
    actor.must(Permission.backups_manage)
    found = await session.get(Backup, backup_id)
    if found is None or found.organization_id != actor.organization:
        raise NotFound("This backup does not exist.")
    return found


async def compare(
    session: AsyncSession,
    actor: Actor,
    backup_id: UUID,
    context_id: UUID | None = None,
    *,
    put_back: bool = False,
    key: str | None = None,
) -> Restore:
    """Find out, in the background, what bringing it back would do. Changes nothing by itself.

    With the key of an earlier call, that one's.
    """
    backup = await get_backup(session, actor, backup_id)
    if earlier := await asked_before(session, Restore, "started_by", actor, key):
        return earlier
    await one_at_a_time(session, "restores", actor.organization)
    if backup.state != BackupState.good:
        raise Conflict("Only a backup that was found good can be brought back.")
    if await _open_restore(session, actor):
        raise Conflict("A restore is under way already. Confirm it or call it off first.")
    found = Restore(
        organization_id=actor.organization,
        backup_id=backup.id,
        started_by=actor.user,
        context_id=context_id,
        put_back=put_back,
        request_key=key,
    )
    session.add(found)
    await session.flush()
    record(session, actor, "restore.compared", found, backup_id=str(backup.id), context_id=str(context_id or ""))
    publish_on_commit(session, progress_topic(actor.organization))
    async with as_faraday(session):
        await defer(session, WORK, queueing_lock=WORK)
    return found


async def confirm(session: AsyncSession, actor: Actor, restore_id: UUID, sentence: str | None = None) -> None:
    """Bring it back, after the person has shown again who they are. Conflict unless it was compared before.

    Whoever says what will happen has to say it as it is (``sentence_of``).
    """
    found = await get_restore(session, actor, restore_id, lock=True)
    actor.must_be_confirmed()
    if found.state != RestoreState.ready:
        raise Conflict("This cannot be confirmed any more. Look at it again.")
    if sentence is not None and sentence.strip() != (wanted := sentence_of(found)):
        raise Invalid(f"To have it brought back, confirm with this sentence: {wanted}", field="confirmation")
    found.state, found.confirmed_by = RestoreState.confirmed, actor.user
    record(session, actor, "restore.confirmed", found, backup_id=str(found.backup_id), put_back=found.put_back)
    publish_on_commit(session, progress_topic(actor.organization))
    async with as_faraday(session):
        await defer(session, WORK, queueing_lock=WORK)


async def call_off(session: AsyncSession, actor: Actor, restore_id: UUID) -> None:
    """Not to be brought back after all. Nothing was changed."""
    actor.must(Permission.backups_manage)
    found = await get_restore(session, actor, restore_id, lock=True)
    if found.state in (RestoreState.confirmed, RestoreState.restoring) or found.finished_at:
        raise Conflict("This cannot be called off any more.")
    found.state, found.error, found.finished_at = RestoreState.failed, "Called off. Nothing was changed.", now()
    record(session, actor, "restore.called_off", found)
    publish_on_commit(session, progress_topic(actor.organization))


async def get_restore(session: AsyncSession, actor: Actor, restore_id: UUID, *, lock: bool = False) -> Restore:
    actor.must(Permission.backups_manage)
    found = await session.get(Restore, restore_id, with_for_update=lock)
    if found is None or found.organization_id != actor.organization:
        raise NotFound("This restore does not exist.")
    return found


async def newest_restore(session: AsyncSession, actor: Actor) -> Restore | None:
    actor.must(Permission.backups_manage)
    query = select(Restore).where(col(Restore.organization_id) == actor.organization)
    return await session.scalar(query.order_by(col(Restore.id).desc()).limit(1))


async def restores(session: AsyncSession, actor: Actor, before: UUID | None = None, limit: int = PAGE) -> list[Restore]:
    """Newest first."""
    actor.must(Permission.backups_manage)
    query = select(Restore).where(col(Restore.organization_id) == actor.organization)
    if before:
        query = query.where(col(Restore.id) < before)
    return list(await session.scalars(query.order_by(col(Restore.id).desc()).limit(limit)))


def sentence_of(restore: Restore) -> str:
    """What will happen when it is confirmed; nothing before it was compared."""
    if restore.state != RestoreState.ready:
        return ""
    tables = restore.found["tables"].values()
    new, changed = (sum(each[kind] for each in tables) for kind in ("new", "changed"))
    what = f"conversation {restore.context_id}" if restore.context_id else "everything"
    back = f"set back {changed}" if restore.put_back else "set back nothing"
    return f"Of {what}, bring back {new} and {back}."


def progress_topic(organization_id: UUID) -> str:
    return topic("backups", organization_id)


def _of(actor: Actor) -> ColumnElement[bool]:
    return col(Backup.organization_id) == actor.organization


async def _open_restore(session: AsyncSession, actor: Actor) -> bool:
    query = select(func.count()).where(
        col(Restore.organization_id) == actor.organization, col(Restore.finished_at).is_(None)
    )
    return bool(await session.scalar(query))


async def _schedule(session: AsyncSession, organization_id: UUID, *, lock: bool = False) -> BackupSchedule:
    """As it was chosen, or as it is where nobody chose: that one is not kept yet."""
    query = select(BackupSchedule).where(col(BackupSchedule.organization_id) == organization_id)
    found = await session.scalar(query.with_for_update() if lock else query)
    return found or BackupSchedule(organization_id=organization_id)
