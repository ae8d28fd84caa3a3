"""When an organisation is alerted, and whom."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid
from faraday_app.core.ids import new_id
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.models import SecuritySettings
from faraday_app.security.service.audit import record
from faraday_app.security.service.directory import Named, directory

# Each threshold with the least and the most it can be.
BOUNDS = {
    "accounts_per_address": (2, 1_000),
    "addresses_per_account": (2, 100),
    "window_minutes": (1, 120),
    "travel_speed": (100, 10_000),
    "exports_minimum": (1, 1_000),
    "exports_factor": (1, 100),
    "refusals": (5, 10_000),
}


async def of(session: AsyncSession, organization_id: UUID) -> SecuritySettings:
    """Those of the organisation; the defaults, not stored, where it never changed them."""
    query = select(SecuritySettings).where(col(SecuritySettings.organization_id) == organization_id)
    return await session.scalar(query) or SecuritySettings(organization_id=organization_id)


async def get_settings(session: AsyncSession, actor: Actor) -> SecuritySettings:
    actor.must(Permission.security_read)
    return await of(session, actor.organization)


async def audience(session: AsyncSession, organization_id: UUID, limits: SecuritySettings) -> list[Named]:
    """Who is told: those chosen who may still see the security centre; everybody who may, where none is left."""
    guardians = await directory.guardians(session, organization_id)
    return [each for each in guardians if each.user_id in limits.recipients] or guardians


async def change_settings(
    session: AsyncSession, actor: Actor, version: int, recipients: Sequence[UUID], thresholds: Mapping[str, int]
) -> SecuritySettings:
    """New thresholds and recipients. Conflict when somebody else was faster."""
    actor.must(Permission.security_manage)
    for name, value in thresholds.items():
        least, most = BOUNDS[name]
        if not least <= value <= most:
            raise Invalid(f"Enter a number from {least:,} to {most:,}.", field=name)
    guardians = {each.user_id for each in await directory.guardians(session, actor.organization)}
    if not guardians.issuperset(recipients):
        raise Invalid("Choose only people who may see the security centre.", field="recipients")
    row = await _locked(session, actor.organization)
    if row.version != version:
        raise Conflict("Somebody else changed these settings meanwhile. Look again and repeat your change.")
    before = {name: getattr(row, name) for name in thresholds}
    for name, value in thresholds.items():
        setattr(row, name, value)
    row.recipients, row.version = sorted(set(recipients)), version + 1
    changed = {name: value for name, value in thresholds.items() if before[name] != value}
    record(session, actor, "security_settings.changed", row, after=changed, recipients=[str(id) for id in recipients])
    publish_on_commit(session, topic("alerts", actor.organization))
    return row


async def _locked(session: AsyncSession, organization_id: UUID) -> SecuritySettings:
    fresh = SecuritySettings(organization_id=organization_id).model_dump() | {"id": new_id(), "created_at": now()}
    await session.execute(insert(SecuritySettings).values(**fresh).on_conflict_do_nothing())
    query = select(SecuritySettings).where(col(SecuritySettings.organization_id) == organization_id)
    return (await session.scalars(query.with_for_update())).one()
