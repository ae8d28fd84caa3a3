"""Who gives, who takes, and whether a share holds at this moment."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from faraday_app.contexts.models import (
    Gpt,
    GptShare,
    KnowledgeFile,
    Memory,
    MemoryScope,
    MemoryStatus,
    ShareStatus,
)
from faraday_app.contexts.service import gpts
from faraday_app.contexts.service.shares.packing import Entry
from faraday_app.core.authorization import Resource
from faraday_app.core.clock import now
from faraday_app.core.database import as_faraday
from faraday_app.core.errors import NotFound, NotPermitted
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.organizations.models import Membership
from faraday_app.security.service import record

LIVE = (ShareStatus.offered, ShareStatus.active)


async def own_gpt(session: AsyncSession, actor: Actor, gpt_id: UUID, *, lock: bool = False) -> Gpt:
    """NotFound for what one cannot see, NotPermitted for what is somebody else's."""
    gpt = await gpts.get(session, actor, gpt_id)
    if gpt.owner_id != actor.user_id:
        raise NotPermitted("Only its owner decides what this GPT gives and gets.")
    actor.must(Permission.gpts_manage, Resource("gpt", gpt.id, actor.organization, actor.user, actor.department_id))
    if lock:
        await session.refresh(gpt, with_for_update=True)
    return gpt


async def get_share(
    session: AsyncSession, actor: Actor, share_id: UUID, *, lock: bool = False
) -> tuple[GptShare, Gpt, Gpt]:
    """A share with its source and target, for the owner of either. To anybody else it does not exist."""
    actor.must_at_all(Permission.gpts_manage)
    source, target = aliased(Gpt), aliased(Gpt)
    query = (
        select(GptShare, source, target)
        .join(source, col(source.id) == col(GptShare.source_id))
        .join(target, col(target.id) == col(GptShare.target_id))
        .where(
            col(GptShare.id) == share_id,
            col(GptShare.organization_id) == actor.organization,
            or_(col(source.owner_id) == actor.user, col(target.owner_id) == actor.user),
        )
    )
    if lock:
        query = query.with_for_update(of=GptShare).execution_options(populate_existing=True)
    found = (await session.execute(query)).one_or_none()
    if found is None:
        raise NotFound("This share does not exist.")
    return found[0], found[1], found[2]


def holds(source: type[Gpt]) -> ColumnElement[bool]:
    """At this moment: accepted, not run out, and the source is still somebody's who is here."""
    return and_(
        col(GptShare.status) == ShareStatus.active,
        or_(col(GptShare.until).is_(None), col(GptShare.until) > now()),
        col(GptShare.sealed_payload).is_not(None),
        col(source.archived_at).is_(None),
        here(source),
    )


def here(source: type[Gpt]) -> ColumnElement[bool]:
    """Whether whoever owns it is still a member."""
    return (
        select(col(Membership.id))
        .where(
            col(Membership.user_id) == col(source.owner_id),
            col(Membership.organization_id) == col(source.organization_id),
            col(Membership.deactivated_at).is_(None),
        )
        .exists()
    )


async def still_given(session: AsyncSession, entries: Sequence[Entry], source: Gpt) -> list[Entry]:
    """What of them there is at this moment: without memories and files that are gone from the source."""
    return await _still_known(session, await still_remembered(session, entries, source.owner_id), source.id)


async def _still_known(session: AsyncSession, entries: Sequence[Entry], source_id: UUID) -> list[Entry]:
    ids = {UUID(entry.known_id) for entry in entries if entry.known_id}
    if not ids:
        return list(entries)
    query = select(col(KnowledgeFile.id)).where(
        col(KnowledgeFile.id).in_(ids), col(KnowledgeFile.gpt_id) == source_id, col(KnowledgeFile.removed_at).is_(None)
    )
    there = {str(id) for id in (await session.scalars(query)).all()}
    return [entry for entry in entries if not entry.known_id or entry.known_id in there]


async def still_remembered(session: AsyncSession, entries: Sequence[Entry], owner_id: UUID) -> list[Entry]:
    """Without memories that were forgotten since, or changed: their words are not as they were given."""
    ids = {UUID(entry.memory_id) for entry in entries if entry.memory_id}
    if not ids:
        return list(entries)
    async with as_faraday(session):  # whoever asks may not read another's memory; only whether it is there counts
        rows = await session.execute(
            select(col(Memory.id), col(Memory.version)).where(
                col(Memory.id).in_(ids),
                col(Memory.owner_id) == owner_id,
                col(Memory.scope) == MemoryScope.person,
                col(Memory.status) == MemoryStatus.kept,
                col(Memory.forgotten_at).is_(None),
            )
        )
        there = {(str(id), version) for id, version in rows.all()}
    return [entry for entry in entries if not entry.memory_id or (entry.memory_id, entry.version) in there]


def tell(session: AsyncSession, actor: Actor, done: str, share: GptShare, source: Gpt, target: Gpt) -> None:
    """In the trail of both GPTs, and in the open pages of both owners."""
    about = {"share_id": str(share.id), "parts": list(share.parts)}
    record(session, actor, f"gpt.gives_{done}", source, name=source.name, to=target.name, **about)
    record(session, actor, f"gpt.gets_{done}", target, name=target.name, source=source.name, **about)
    for owner_id in {source.owner_id, target.owner_id}:
        publish_on_commit(session, topic("shares", owner_id))
