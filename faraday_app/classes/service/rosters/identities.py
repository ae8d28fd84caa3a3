"""What a school's own system calls our classes, people and terms, and the other way round."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import RosterRecord
from faraday_app.classes.oneroster import File


async def our_id(session: AsyncSession, organization_id: UUID, file: File, sourced_id: str) -> UUID | None:
    """Of a row of a roster, or our own id as it is given out for what no roster speaks of."""
    query = select(col(RosterRecord.record_id)).where(
        col(RosterRecord.organization_id) == organization_id,
        col(RosterRecord.file) == file.value,
        col(RosterRecord.sourced_id) == sourced_id,
        col(RosterRecord.record_id).is_not(None),
    )
    found = await session.scalar(query.order_by(col(RosterRecord.active).desc(), col(RosterRecord.id)).limit(1))
    if found is not None:
        return found
    try:
        return UUID(sourced_id)
    except ValueError:
        return None


async def their_ids(
    session: AsyncSession, organization_id: UUID, file: File, ids: Collection[UUID]
) -> Mapping[UUID, str]:
    """By our id; what no roster speaks of has our own."""
    query = select(col(RosterRecord.record_id), col(RosterRecord.sourced_id)).where(
        col(RosterRecord.organization_id) == organization_id,
        col(RosterRecord.file) == file.value,
        col(RosterRecord.active).is_(True),
        col(RosterRecord.record_id).in_(ids),
    )
    found = {id: str(id) for id in ids}
    for id, sourced_id in await session.execute(query.order_by(col(RosterRecord.id).desc())):
        if id is not None:
            found[id] = sourced_id
    return found
