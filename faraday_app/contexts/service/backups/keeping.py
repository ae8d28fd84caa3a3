"""Backups that are due by themselves are begun, and those that are too many go."""

import asyncio
from uuid import UUID

import structlog
from sqlalchemy import exists, func, select
from sqlmodel import col

from faraday_app.contexts.models import Backup, BackupSchedule, BackupState, Context, Every, Restore
from faraday_app.contexts.models.backups import KEPT
from faraday_app.contexts.service.backups import managing
from faraday_app.contexts.service.backups.schedule import due_since
from faraday_app.core import sealed_streams
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import FaradayError
from faraday_app.core.permissions import Actor
from faraday_app.organizations.models import Organization
from faraday_app.security.service import record

_log = structlog.get_logger(__name__)


async def begin_due(organization_id: UUID | None = None) -> int:
    """One for each organisation, or for this one, that has none since it was due; how many.

    The first is due in the night after the first conversation began.
    """
    at, begun = now(), 0
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
    query = (
        select(col(Organization.id), col(BackupSchedule.every), func.coalesce(newest, oldest))
        .outerjoin(BackupSchedule, col(BackupSchedule.organization_id) == col(Organization.id))
        .with_for_update(of=Organization, skip_locked=True)
    )
    if organization_id:
        query = query.where(col(Organization.id) == organization_id)
    async with transaction(Actor.system()) as session:
        for id, every, kept_since in (await session.execute(query)).all():
            since = due_since(Every(every or Every.day), id, at)
            if since and kept_since and kept_since < since:
                await managing.add(session, id, None)
                begun += 1
    return begun


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
