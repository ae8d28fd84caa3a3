"""Which organisations have something to be looked at: one question for all of them, answered in pages."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.ids import first_id_of, new_id
from faraday_app.core.permissions import Actor
from faraday_app.security.models import AlertLook
from faraday_app.security.service.alerts.detectors import EXPORTS, FAILURES, REFUSALS, WATCHED
from faraday_app.security.service.alerts.facts import TRAVEL
from faraday_app.security.service.sightings import KEY_SEEN

PAGE = 500
_NOBODY = UUID(int=0)

# Only what a detector looks at counts. A sign-in does once the person has signed in from another address, too.
_PENDING = text(
    "with news as ("
    " select organization_id, max(created_at) as newest from audit_events"
    "  where id >= :since and organization_id > :after and action = any(:actions) group by organization_id"
    " union all"
    " select s.organization_id, max(s.created_at) from sessions s"
    "  where s.id >= :since and s.organization_id > :after and exists (select 1 from sessions o"
    "   where o.user_id = s.user_id and o.organization_id = s.organization_id and o.address <> s.address"
    "   and o.id >= :before) group by s.organization_id"
    ") select news.organization_id from news left join alert_looks l on l.organization_id = news.organization_id"
    " where l.looked_until is null or news.newest > l.looked_until - cast(:margin as interval)"
    " group by 1 order by 1 limit :page"
)


async def waiting(back: timedelta, margin: timedelta, after: UUID | None = None) -> list[UUID]:
    """Those in which something happened within this time that was not looked at yet, by id, the next ``PAGE`` of them.

    What happened so shortly before the last look counts too: it may not have been there to be seen.
    """
    since = now() - back
    async with transaction(Actor.system()) as session:
        found = await session.scalars(
            _PENDING,
            {
                "since": first_id_of(since),
                "before": first_id_of(since - TRAVEL),
                "after": after or _NOBODY,
                "actions": sorted(EXPORTS | FAILURES | REFUSALS | WATCHED | {KEY_SEEN}),
                "margin": margin,
                "page": PAGE,
            },
        )
        return list(found)


async def looked_until(session: AsyncSession, organization_id: UUID) -> datetime | None:
    query = select(col(AlertLook.looked_until)).where(col(AlertLook.organization_id) == organization_id)
    return await session.scalar(query)


async def note_look(session: AsyncSession, organization_id: UUID, until: datetime) -> None:
    """With what the look has raised, or not at all. It never goes back."""
    added = insert(AlertLook).values(id=new_id(), created_at=until, organization_id=organization_id, looked_until=until)
    later = {"looked_until": added.excluded.looked_until}
    await session.execute(
        added.on_conflict_do_update(
            index_elements=["organization_id"],
            set_=later,
            where=col(AlertLook.looked_until) < added.excluded.looked_until,
        )
    )
