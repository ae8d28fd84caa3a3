"""The alerts of an organisation, newest first."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.errors import NotFound
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.models import SecurityAlert

PAGE = 25


async def list_alerts(
    session: AsyncSession, actor: Actor, limit: int = PAGE, before: UUID | None = None
) -> list[SecurityAlert]:
    """``before`` is the id of the last one shown."""
    actor.must(Permission.security_read)
    query = select(SecurityAlert).where(col(SecurityAlert.organization_id) == actor.organization)
    if before:
        query = query.where(col(SecurityAlert.id) < before)
    return list((await session.scalars(query.order_by(col(SecurityAlert.id).desc()).limit(limit))).all())


async def get_alert(session: AsyncSession, actor: Actor, alert_id: UUID, *, lock: bool = False) -> SecurityAlert:
    actor.must(Permission.security_read)
    query = select(SecurityAlert).where(
        col(SecurityAlert.id) == alert_id, col(SecurityAlert.organization_id) == actor.organization
    )
    alert = await session.scalar(query.with_for_update() if lock else query)
    if alert is None:
        raise NotFound("This alert does not exist.")
    return alert
