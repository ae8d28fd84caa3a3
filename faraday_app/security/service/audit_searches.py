"""Searches of the trail that somebody keeps, for themselves or for all who read it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.errors import Invalid, NotFound
from faraday_app.core.ids import new_id
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.models import AuditSearch
from faraday_app.security.service.audit import record

MOST = 50  # of one person
SHOWN = 100
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Kept:
    id: UUID
    owner_id: UUID
    name: str
    shared: bool
    mine: bool
    wanted: dict[str, Any]


async def keep_search(
    session: AsyncSession, actor: Actor, name: str, wanted: dict[str, Any], *, shared: bool = False
) -> UUID:
    """Keep filters under a name; the same name of one's own again replaces what it stood for."""
    actor.must(Permission.audit_read)
    name = " ".join(name.replace("\x00", "").split())
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(f"Give the search a name of up to {LONGEST_NAME} characters.", field="name")
    if not wanted:
        raise Invalid("Choose at least one filter first.", field="name")
    mine = (col(AuditSearch.organization_id) == actor.organization, col(AuditSearch.owner_id) == actor.user)
    others = select(func.count()).where(*mine, col(AuditSearch.name) != name)
    if (await session.scalar(others) or 0) >= MOST:
        raise Invalid(f"You keep {MOST} searches. Remove one you no longer use.", field="name")
    kept = insert(AuditSearch).values(
        id=new_id(),
        created_at=now(),
        organization_id=actor.organization,
        owner_id=actor.user,
        name=name,
        shared=shared,
        wanted=wanted,
    )
    id: UUID | None = await session.scalar(
        kept.on_conflict_do_update(
            index_elements=["organization_id", "owner_id", "name"], set_={"shared": shared, "wanted": wanted}
        ).returning(col(AuditSearch.id))
    )
    assert id
    record(session, actor, "audit_search.kept", await session.get(AuditSearch, id), name=name, shared=shared)
    publish_on_commit(session, topic("audit_searches", actor.organization))
    return id


async def list_searches(session: AsyncSession, actor: Actor) -> list[Kept]:
    """One's own and those that others share, by name; at most ``SHOWN``."""
    actor.must(Permission.audit_read)
    query = select(AuditSearch).where(
        col(AuditSearch.organization_id) == actor.organization,
        or_(col(AuditSearch.owner_id) == actor.user, col(AuditSearch.shared)),
    )
    rows = await session.scalars(query.order_by(col(AuditSearch.name), col(AuditSearch.id)).limit(SHOWN))
    return [Kept(row.id, row.owner_id, row.name, row.shared, row.owner_id == actor.user_id, row.wanted) for row in rows]


async def get_search(session: AsyncSession, actor: Actor, search_id: UUID) -> Kept:
    actor.must(Permission.audit_read)
    row = await _visible(session, actor, search_id)
    return Kept(row.id, row.owner_id, row.name, row.shared, row.owner_id == actor.user_id, row.wanted)


async def remove_search(session: AsyncSession, actor: Actor, search_id: UUID) -> None:
    """One's own; those of others are theirs to remove."""
    actor.must(Permission.audit_read)
    row = await _visible(session, actor, search_id)
    if row.owner_id != actor.user_id:
        raise NotFound("This search is not one of yours.")
    await session.delete(row)
    record(session, actor, "audit_search.removed", row, name=row.name)
    publish_on_commit(session, topic("audit_searches", actor.organization))


async def _visible(session: AsyncSession, actor: Actor, search_id: UUID) -> AuditSearch:
    row = await session.get(AuditSearch, search_id)
    if row is None or row.organization_id != actor.organization or not (row.shared or row.owner_id == actor.user_id):
        raise NotFound("This search does not exist.")
    return row
