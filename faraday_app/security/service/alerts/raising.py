"""Raising alerts: each cause once, however many workers find it, and the people it concerns told with it."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core import notices
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor
from faraday_app.security.models import SecurityAlert
from faraday_app.security.service import alert_settings
from faraday_app.security.service.alerts.detectors import detect
from faraday_app.security.service.alerts.facts import read_window
from faraday_app.security.service.alerts.pending import looked_until, note_look
from faraday_app.security.service.alerts.window import Cause

LOOK_BACK = timedelta(hours=1)
CATCH_UP = timedelta(hours=24)
LATE = timedelta(minutes=10)  # after it happened, something may come to be seen


async def raise_alerts(organization_id: UUID) -> int:
    """Look at what happened in an organisation since the last look and alert; how many causes were new."""
    began = now()
    async with transaction(Actor.system(organization_id)) as session:
        limits = await alert_settings.of(session, organization_id)
        since = _since(began, await looked_until(session, organization_id))
        causes = detect(await read_window(session, organization_id, limits, since), limits)
        raised: list[Cause] = []
        if causes:
            told = [each.user_id for each in await alert_settings.audience(session, organization_id, limits)]
            raised = [cause for cause in causes if await _raise(session, organization_id, cause, told)]
        if raised:
            publish_on_commit(session, topic("alerts", organization_id))
        await note_look(session, organization_id, began)
    return len(raised)


def _since(began: datetime, looked: datetime | None) -> datetime:
    """An hour, and farther back where nobody has looked for longer: never more than a day."""
    furthest = began - CATCH_UP
    return furthest if looked is None else min(began - LOOK_BACK, max(looked - LATE, furthest))


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
