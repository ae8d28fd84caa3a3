"""What an organisation has decided about its rosters."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import RosterSettings
from faraday_app.core import turns
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.service import record


async def settings_of(session: AsyncSession, organization_id: UUID) -> RosterSettings:
    """As they are, or as they are where nobody has decided anything."""
    query = select(RosterSettings).where(col(RosterSettings.organization_id) == organization_id)
    return await session.scalar(query) or RosterSettings(organization_id=organization_id)


async def read_settings(session: AsyncSession, actor: Actor) -> RosterSettings:
    actor.must(Permission.rosters_manage)
    return await settings_of(session, actor.organization)


async def set_demographics(session: AsyncSession, actor: Actor, on: bool) -> RosterSettings:
    """Whether files of demographics are opened. They are checked then, and not stored in either case."""
    actor.must(Permission.rosters_manage)
    await turns.one_at_a_time(session, "rosters", actor.organization)
    found = await settings_of(session, actor.organization)
    if found.demographics == on:
        return found
    found.demographics = on
    found.version += 1
    session.add(found)
    await session.flush()
    record(session, actor, "roster.settings_changed", found, demographics=on)
    publish_on_commit(session, topic("rosters", actor.organization))
    return found
