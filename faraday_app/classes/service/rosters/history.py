"""What was imported, and what a file that waits would change, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.classes.models import RosterChange, RosterImport, RosterState
from faraday_app.classes.service.rosters.applying import get_import
from faraday_app.core.permissions import Actor, Permission

PAGE = 25


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Empty fields do not narrow. ``after`` and ``before`` are positions at the edge of the page shown."""

    file: str = ""
    action: str = ""
    after: int | None = None
    before: int | None = None


async def changes_of(
    session: AsyncSession, actor: Actor, import_id: UUID, wanted: Narrowing | None = None, limit: int = PAGE
) -> list[RosterChange]:
    """In the order of the files and their rows."""
    wanted = wanted or Narrowing()
    await get_import(session, actor, import_id)
    query = select(RosterChange).where(col(RosterChange.import_id) == import_id)
    if wanted.file:
        query = query.where(col(RosterChange.file) == wanted.file)
    if wanted.action:
        query = query.where(col(RosterChange.action) == wanted.action)
    place = col(RosterChange.position)
    if wanted.before is not None:
        found = await session.scalars(query.where(place < wanted.before).order_by(place.desc()).limit(limit))
        return list(reversed(found.all()))
    if wanted.after is not None:
        query = query.where(place > wanted.after)
    return list(await session.scalars(query.order_by(place).limit(limit)))


async def waiting(session: AsyncSession, actor: Actor) -> RosterImport | None:
    """The newest that was looked at or refused, unless something newer was applied or discarded."""
    newest = next(iter(await imports(session, actor, limit=1)), None)
    return newest if newest and newest.state in (RosterState.checked, RosterState.refused) else None


async def imports(
    session: AsyncSession, actor: Actor, before: UUID | None = None, limit: int = PAGE
) -> list[RosterImport]:
    """Newest first."""
    actor.must(Permission.rosters_manage)
    query = select(RosterImport).where(col(RosterImport.organization_id) == actor.organization)
    if before:
        query = query.where(col(RosterImport.id) < before)
    return list(await session.scalars(query.order_by(col(RosterImport.id).desc()).limit(limit)))


async def senders(session: AsyncSession, rows: Sequence[RosterImport]) -> dict[UUID, str]:
    """The names of who sent them."""
    ids = {row.sent_by for row in rows if row.sent_by}
    found = await session.execute(select(col(User.id), col(User.name)).where(col(User.id).in_(ids)))
    return {row[0]: row[1] for row in found}
