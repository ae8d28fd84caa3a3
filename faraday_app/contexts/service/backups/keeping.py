"""Backups that are due by themselves are begun, and those that are too many go."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import Select, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Backup, BackupSchedule, BackupState, Context, Every, Restore
from faraday_app.contexts.models.backups import KEPT
from faraday_app.contexts.service.backups import managing
from faraday_app.contexts.service.backups.schedule import due_by, due_since
from faraday_app.core import sealed_streams
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import FaradayError
from faraday_app.core.permissions import Actor
from faraday_app.organizations.models import Organization
from faraday_app.security.service import record

AT_ONCE = 1_000
MEANWHILE = timedelta(minutes=5)
_log = structlog.get_logger(__name__)


async def begin_due(organization_id: UUID | None = None) -> int:
    """One for each organisation, or for this one, that has none since it was due; how many.

    The first is due in the night after the first conversation began. Only those that are due are locked, and by day,
    when each has its backup, none is read.
    """
    at, begun, after = now(), 0, UUID(int=0)
    while True:
        async with transaction(Actor.system()) as session:
            page = (await session.execute(_candidates(due_by(at), after, organization_id))).all()
            due = [row[0] for row in page if _is_due(row[0], row[1], row[2], at)]
            for id in await _locked(session, due, at):
                await managing.add(session, id, None)
                begun += 1
        if len(page) < AT_ONCE:
            return begun
        after = page[-1][0]


def _candidates(latest: datetime, after: UUID, organization_id: UUID | None) -> Select[UUID, str, datetime]:
    """Organisations whose newest backup by itself, or else first conversation, is of before this moment."""
    newest = (
        select(func.max(col(Backup.created_at)))
        .where(col(Backup.organization_id) == col(Organization.id), col(Backup.started_by).is_(None))
        .correlate(Organization)
        .scalar_subquery()
    )
    oldest = (
        select(func.min(col(Context.created_at)))
        .where(col(Context.organization_id) == col(Organization.id))
        .correlate(Organization)
        .scalar_subquery()
    )
    kept_since = func.coalesce(newest, oldest)
    query = (
        select(col(Organization.id), col(BackupSchedule.every), kept_since)
        .outerjoin(BackupSchedule, col(BackupSchedule.organization_id) == col(Organization.id))
        .where(
            col(Organization.id) > after,
            func.coalesce(col(BackupSchedule.every), Every.day.value) != Every.off.value,
            kept_since < latest,
        )
    )
    if organization_id:
        query = query.where(col(Organization.id) == organization_id)
    return query.order_by(col(Organization.id)).limit(AT_ONCE)


def _is_due(organization_id: UUID, every: str | None, kept_since: datetime, at: datetime) -> bool:
    since = due_since(Every(every or Every.day), organization_id, at)
    return since is not None and kept_since < since


async def _locked(session: AsyncSession, due: Sequence[UUID], at: datetime) -> list[UUID]:
    """Those of them that no other worker begins at this moment or has begun meanwhile."""
    if not due:
        return []
    lock = select(col(Organization.id)).where(col(Organization.id).in_(due)).with_for_update(skip_locked=True)
    mine = list(await session.scalars(lock))
    lately = select(col(Backup.organization_id)).where(
        col(Backup.organization_id).in_(mine),
        col(Backup.started_by).is_(None),
        col(Backup.created_at) >= at - MEANWHILE,
    )
    begun = set(await session.scalars(lately))
    return [id for id in mine if id not in begun]


async def forget_old(organization_id: UUID) -> int:
    """All but the newest good ones, and what failed before them; how many went. One being brought back stays."""
    async with transaction(Actor.system()) as session:
        schedule = await session.scalar(
            select(BackupSchedule).where(col(BackupSchedule.organization_id) == organization_id)
        )
        keep = schedule.keep if schedule else KEPT
        good = (
            select(col(Backup.id))
            .where(col(Backup.organization_id) == organization_id, col(Backup.state) == BackupState.good)
            .order_by(col(Backup.id).desc())
            .limit(keep)
        )
        kept = list(await session.scalars(good))
        if len(kept) < keep:
            return 0
        used = exists().where(col(Restore.backup_id) == col(Backup.id), col(Restore.finished_at).is_(None))
        old = select(Backup).where(
            col(Backup.organization_id) == organization_id,
            col(Backup.finished_at).is_not(None),
            col(Backup.id) < min(kept),
            ~used,
        )
        gone = list(await session.scalars(old))
        for backup in gone:
            for restore in await session.scalars(select(Restore).where(col(Restore.backup_id) == backup.id)):
                await session.delete(restore)
            await session.flush()
            record(session, Actor.system(organization_id), "backup.removed", backup, made_at=str(backup.as_of))
            await session.delete(backup)
    for backup in gone:
        try:
            await asyncio.to_thread(sealed_streams.remove, backup.path)
        except FaradayError as error:
            _log.warning("archive_not_removed", error=error.message)
    return len(gone)
