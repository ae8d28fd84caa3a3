"""What the HTTP API noticed in passing becomes events of the trail: where keys are used."""

from uuid import UUID

from sqlalchemy import String, cast, exists, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.database import transaction
from faraday_app.core.geo import country_of
from faraday_app.core.permissions import Actor
from faraday_app.core.sightings import sightings
from faraday_app.security.models import ApiKey, AuditEvent
from faraday_app.security.service.audit import record

KEY_SEEN = "api_key.seen"


async def write_down() -> None:
    """What was noticed since the last time: one event for each new country of a key."""
    for actor in sightings.take():
        await _note_country(actor)


async def _note_country(actor: Actor) -> None:
    country = await country_of(actor.address)
    if not country or not actor.api_key_id:
        return
    async with transaction(Actor.system(actor.organization_id)) as session:
        await session.execute(text("select pg_advisory_xact_lock(hashtext(:key))"), {"key": f"seen {actor.api_key_id}"})
        row = await session.get(ApiKey, actor.api_key_id)
        if row and not await _was_seen(session, actor.organization, row.id, country):
            record(session, actor, KEY_SEEN, row, name=row.name, country=country)


async def _was_seen(session: AsyncSession, organization_id: UUID, key_id: UUID, country: str) -> bool:
    seen = exists().where(
        col(AuditEvent.organization_id) == organization_id,
        col(AuditEvent.action) == KEY_SEEN,
        col(AuditEvent.target_id) == key_id,
        cast(AuditEvent.details["country"].astext, String) == country,
    )
    return bool(await session.scalar(select(seen)))
