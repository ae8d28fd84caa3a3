"""Raising alerts: each cause once, however many workers find it, and the people it concerns told with it."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core import notices
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.ids import first_id_of
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor
from faraday_app.security.models import AuditEvent, SecurityAlert, Session
from faraday_app.security.service import alert_settings
from faraday_app.security.service.alerts.detectors import detect
from faraday_app.security.service.alerts.facts import read_window
from faraday_app.security.service.alerts.window import Cause

LOOK_BACK = timedelta(hours=1)
CATCH_UP = timedelta(hours=24)


async def raise_alerts(organization_id: UUID, look_back: timedelta = LOOK_BACK) -> int:
    """Look at what happened in an organisation and alert; how many causes were new."""
    async with transaction(Actor.system(organization_id)) as session:
        limits = await alert_settings.of(session, organization_id)
        window = await read_window(session, organization_id, limits, now() - look_back)
        causes = detect(window, limits)
        if not causes:
            return 0
        told = [each.user_id for each in await alert_settings.audience(session, organization_id, limits)]
        raised = [cause for cause in causes if await _raise(session, organization_id, cause, told)]
        if raised:
            publish_on_commit(session, topic("alerts", organization_id))
    return len(raised)


async def active_organizations(since: datetime) -> Sequence[UUID]:
    """Those in which anything happened since."""
    async with transaction(Actor.system()) as session:
        happened = select(col(AuditEvent.organization_id)).where(
            col(AuditEvent.id) >= first_id_of(since), col(AuditEvent.organization_id).is_not(None)
        )
        opened = select(col(Session.organization_id)).where(col(Session.id) >= first_id_of(since))
        return [id for id in (await session.scalars(happened.union(opened))).all() if id]


async def _raise(session: AsyncSession, organization_id: UUID, cause: Cause, told: Collection[UUID]) -> bool:
    """Whether nobody else has raised it; then it is told."""
    row = SecurityAlert(
        **asdict(cause) | {"title": cause.title[:200], "text": cause.text[:1_000], "evidence": list(cause.evidence)},
        organization_id=organization_id,
        told=list(told),
    )
    added = (
        insert(SecurityAlert)
        .values(**row.model_dump())
        .on_conflict_do_nothing(index_elements=["organization_id", "key"])
    )
    if await session.scalar(added.returning(col(SecurityAlert.id))) is None:
        return False
    await notices.tell(
        session,
        notices.Notice(
            organization_id,
            tuple(told),
            f"security.{cause.kind}",
            row.title,
            row.text,
            "/security",
            urgent=cause.severity != "low",
        ),
    )
    return True
