"""How often materials are used: counted for each material and day, never for a person.

Whoever teaches a class sees whether a handout is read at all. Who read it is the reader's own affair.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.errors import NotFound
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import MaterialUse
from faraday_app.coursework.service.materials.reaching import Reached, reached

DAYS = 30


@dataclass(frozen=True, slots=True)
class Used:
    day: date
    opened: int
    downloaded: int


async def count(session: AsyncSession, found: Reached, *, downloaded: bool = False) -> None:
    """One more on this day, unless it is the staff that looks at its own."""
    if found.standing.is_staff:
        return
    moment = now()
    values = {
        "id": new_id(),
        "created_at": moment,
        "organization_id": found.material.organization_id,
        "material_id": found.material.id,
        "day": moment.date(),
        "opened": 0 if downloaded else 1,
        "downloaded": 1 if downloaded else 0,
    }
    again = {name: getattr(MaterialUse, name) + values[name] for name in ("opened", "downloaded")}
    await session.execute(
        insert(MaterialUse).values(**values).on_conflict_do_update(index_elements=["material_id", "day"], set_=again)
    )


async def opened(session: AsyncSession, material_ids: Collection[UUID]) -> dict[UUID, int]:
    """How often each was opened or downloaded, ever."""
    if not material_ids:
        return {}
    total = func.sum(col(MaterialUse.opened) + col(MaterialUse.downloaded))
    query = select(col(MaterialUse.material_id), total).where(col(MaterialUse.material_id).in_(material_ids))
    return {row[0]: int(row[1]) for row in (await session.execute(query.group_by(col(MaterialUse.material_id)))).all()}


async def by_day(session: AsyncSession, actor: Actor, material_id: UUID, days: int = DAYS) -> list[Used]:
    """The last days, today the last, also those on which nobody came. For the staff of the class."""
    found = await reached(session, actor, material_id)
    if not found.standing.is_staff:
        raise NotFound
    today = now().date()
    first = today - timedelta(days=days - 1)
    query = select(MaterialUse).where(col(MaterialUse.material_id) == material_id, col(MaterialUse.day) >= first)
    known = {each.day: each for each in await session.scalars(query)}
    wanted = [first + timedelta(days=place) for place in range(days)]
    return [Used(day, known[day].opened, known[day].downloaded) if day in known else Used(day, 0, 0) for day in wanted]
