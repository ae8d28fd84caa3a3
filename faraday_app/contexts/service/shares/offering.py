"""Give of a GPT to another, accept it, renew it, and end it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import any_, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Gone, Gpt, GptShare, MemoryKind, SharePart, ShareStatus
from faraday_app.contexts.service import forgotten, gpts
from faraday_app.contexts.service.shares.packing import ADOPTED, fingerprint, gathered, sealed, unsealed
from faraday_app.contexts.service.shares.rules import LIVE, get_share, own_gpt, still_given, tell
from faraday_app.contexts.service.tools import TOOLS
from faraday_app.core import notices
from faraday_app.core.authorization import Resource
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, LimitReached, NotFound
from faraday_app.core.permissions import Actor, Permission
from faraday_app.core.vault import Unreadable

MOST = 20  # that a GPT gives, and that it gets
LONGEST = timedelta(days=3_660)
OVER = "This share is over or was changed meanwhile. Look at it again."


@dataclass(frozen=True, slots=True)
class Offer:
    """Which parts, of memory which kinds, and until when; None: until somebody ends it."""

    parts: frozenset[SharePart]
    memory_kinds: frozenset[MemoryKind] = frozenset()
    until: datetime | None = None


async def offer(session: AsyncSession, actor: Actor, source_id: UUID, target_id: UUID, wanted: Offer) -> GptShare:
    """Of a GPT of one's own. To another of one's own it is given at once; somebody else has to accept it."""
    source = await own_gpt(session, actor, source_id, lock=True)
    target = await gpts.get(session, actor, target_id)
    _check(source, target, wanted)
    mine = target.owner_id == actor.user_id
    if not mine:
        resource = Resource("gpt", source.id, actor.organization, actor.user, actor.department_id)
        actor.must(Permission.gpts_share, resource)
    await _refuse_another(session, source, target)
    share = GptShare(
        organization_id=actor.organization,
        source_id=source.id,
        target_id=target.id,
        offered_by=actor.user,
        decided_by=actor.user if mine else None,
        decided_at=now() if mine else None,
        status=ShareStatus.active if mine else ShareStatus.offered,
        packed_at=now(),
        packed_from="",
        parts=[],
    )
    await _pack(session, share, source, wanted)
    session.add(share)
    await session.flush()
    tell(session, actor, "active" if mine else "offered", share, source, target)
    if not mine:
        title = f"{actor.name} would give something of “{source.name}” to your GPT “{target.name}”"
        told = notices.Notice(actor.organization, (target.owner_id,), "gpt.share_offered", title, link="/gpts")
        await notices.tell(session, told)
    return share


async def accept(session: AsyncSession, actor: Actor, share_id: UUID, version: int) -> GptShare:
    """For the owner of the target. Of two who decide at once one wins."""
    share, source, target = await _decided(session, actor, share_id, version, ShareStatus.active)
    tell(session, actor, "active", share, source, target)
    return share


async def decline(session: AsyncSession, actor: Actor, share_id: UUID, version: int) -> None:
    share, source, target = await _decided(session, actor, share_id, version, ShareStatus.declined)
    share.sealed_payload, share.ended_at, share.noted_at = None, now(), now()
    await forgotten.note(session, actor.organization, Gone.share, share.id)
    tell(session, actor, "declined", share, source, target)


async def renew(
    session: AsyncSession, actor: Actor, share_id: UUID, version: int, wanted: Offer | None = None
) -> GptShare:
    """Give the source as it is now; with other parts or another end where they are named. For its owner.

    More than was accepted has to be accepted again.
    """
    share, source, target = await _live(session, actor, share_id, version)
    await own_gpt(session, actor, source.id)
    before = set(share.parts), set(share.memory_kinds)
    parts = frozenset(SharePart(part) for part in share.parts)
    kept = Offer(parts, frozenset(MemoryKind(kind) for kind in share.memory_kinds), share.until)
    _check(source, target, wanted or kept)
    await _pack(session, share, source, wanted or kept)
    more = set(share.parts) - before[0] or set(share.memory_kinds) - before[1]
    if more and target.owner_id != actor.user_id:
        share.status, share.decided_by, share.decided_at = ShareStatus.offered, None, None
    share.version += 1
    tell(session, actor, "renewed", share, source, target)
    return share


async def end(session: AsyncSession, actor: Actor, share_id: UUID) -> None:
    """At once, by either side. The copy is erased."""
    share, source, target = await get_share(session, actor, share_id, lock=True)
    if share.status not in LIVE:
        return
    share.status, share.ended_at, share.sealed_payload = ShareStatus.ended, now(), None
    share.noted_at = now() if target.owner_id == actor.user_id else None
    await forgotten.note(session, actor.organization, Gone.share, share.id)
    share.version += 1
    tell(session, actor, "ended", share, source, target)


async def note(session: AsyncSession, actor: Actor, share_id: UUID) -> None:
    """The owner of the target knows that it is over, by whomever it ended: it is not told again."""
    share, source, target = await get_share(session, actor, share_id, lock=True)
    await own_gpt(session, actor, target.id)
    if share.status == ShareStatus.active and share.until is not None and share.until <= now():
        share.status, share.ended_at, share.sealed_payload = ShareStatus.ended, now(), None
        await forgotten.note(session, actor.organization, Gone.share, share.id)
    if share.status == ShareStatus.ended and share.noted_at is None:
        share.noted_at = now()
        share.version += 1
        tell(session, actor, "noted", share, source, target)


async def take_over(session: AsyncSession, actor: Actor, share_id: UUID, version: int) -> Gpt:
    """Give the target the parameters and tools that were given, under its owner's rights: a change like any other.

    Conflict where the share does not hold any more, or gives none.
    """
    share, source, target = await _live(session, actor, share_id, version)
    await own_gpt(session, actor, target.id)
    values = next((entry.values for entry in await unsealed(share) if entry.values), None)
    if values is None or share.status != ShareStatus.active or source.archived_at is not None:
        raise Conflict(OVER)
    wanted = {name: values[name] for name in ADOPTED if name in values}
    tools = tuple(name for name in TOOLS if name in wanted.pop("tools", ()))
    gpt = await gpts.owned(session, actor, target.id)
    changed = await gpts.change(session, actor, gpt.id, gpt.version, replace(gpts.draft_of(gpt), **wanted, tools=tools))
    tell(session, actor, "taken_over", share, source, target)
    return changed


async def erase() -> int:
    """The copies of shares that have run out, and what others hold of memories and files that are gone.

    Neither is used any more already. How many have run out.
    """
    async with transaction(Actor.system()) as session:
        over = update(GptShare).where(col(GptShare.until) <= now(), col(GptShare.sealed_payload).is_not(None))
        gone = over.values(sealed_payload=None, status=ShareStatus.ended, ended_at=now())
        rows = (await session.execute(gone.returning(col(GptShare.id), col(GptShare.organization_id)))).all()
        for share_id, organization_id in rows:
            await forgotten.note(session, organization_id, Gone.share, share_id)
    async with transaction(Actor.system()) as session:
        fleeting = (SharePart.memory, SharePart.knowledge)
        with_them = (
            or_(*(literal(part.value) == any_(col(GptShare.parts)) for part in fleeting)),
            col(GptShare.sealed_payload).is_not(None),
        )
        query = select(GptShare, Gpt).join(Gpt, col(Gpt.id) == col(GptShare.source_id)).where(*with_them)
        for share, source in (await session.execute(query.with_for_update(of=GptShare))).all():
            try:
                entries = await unsealed(share)
            except Unreadable:
                share.sealed_payload = None
                continue
            left = await still_given(session, entries, source)
            if len(left) < len(entries):
                share.sealed_payload = await sealed(share, left)
    return len(rows)


async def _decided(
    session: AsyncSession, actor: Actor, share_id: UUID, version: int, status: ShareStatus
) -> tuple[GptShare, Gpt, Gpt]:
    share, source, target = await _live(session, actor, share_id, version)
    await own_gpt(session, actor, target.id)
    if share.status != ShareStatus.offered:
        raise Conflict(OVER)
    share.status, share.decided_by, share.decided_at = status, actor.user, now()
    share.version += 1
    return share, source, target


async def _live(session: AsyncSession, actor: Actor, share_id: UUID, version: int) -> tuple[GptShare, Gpt, Gpt]:
    share, source, target = await get_share(session, actor, share_id, lock=True)
    ran_out = share.until is not None and share.until <= now()
    if share.status not in LIVE or share.version != version or ran_out:
        raise Conflict(OVER)
    return share, source, target


def _check(source: Gpt, target: Gpt, wanted: Offer) -> None:
    if source.id == target.id:
        raise Invalid("A GPT has what is its own already. Choose another one.", field="target_id")
    if source.archived_at or target.archived_at:
        raise NotFound("One of these GPTs is archived.")
    if not wanted.parts:
        raise Invalid("Choose at least one part to give.", field="parts")
    if SharePart.memory in wanted.parts and not wanted.memory_kinds:
        raise Invalid("Choose which kinds of memory to give.", field="memory_kinds")
    if wanted.until is not None and not now() < wanted.until < now() + LONGEST:
        raise Invalid("Choose an end that is still to come, within ten years, or none.", field="until")


async def _pack(session: AsyncSession, share: GptShare, source: Gpt, wanted: Offer) -> None:
    kinds: Collection[MemoryKind] = wanted.memory_kinds if SharePart.memory in wanted.parts else ()
    entries = await gathered(session, source, wanted.parts, kinds)
    share.parts, share.memory_kinds, share.until = sorted(wanted.parts), sorted(kinds), wanted.until
    share.sealed_payload = await sealed(share, entries)
    share.packed_at, share.packed_from = now(), fingerprint(entries)


async def _refuse_another(session: AsyncSession, source: Gpt, target: Gpt) -> None:
    """The source is locked: two offers at once come here one after the other."""
    over = (col(GptShare.status).in_(LIVE), or_(col(GptShare.until).is_(None), col(GptShare.until) > now()))
    there = select(GptShare).where(col(GptShare.source_id) == source.id, col(GptShare.target_id) == target.id)
    live = await session.scalar(there.where(col(GptShare.status).in_(LIVE)))
    if live is not None and (live.until is None or live.until > now()):
        raise Conflict(f"“{source.name}” gives to “{target.name}” already. Change or end that first.")
    if live is not None:
        live.status, live.ended_at, live.sealed_payload = ShareStatus.ended, now(), None
        live.noted_at = now()  # another one takes its place
        await forgotten.note(session, live.organization_id, Gone.share, live.id)
        await session.flush()
    for column, gpt in ((col(GptShare.source_id), source), (col(GptShare.target_id), target)):
        count = select(func.count()).select_from(GptShare).where(column == gpt.id, *over)
        if (await session.scalar(count) or 0) >= MOST:
            raise LimitReached(f"“{gpt.name}” has {MOST} shares already. End some that are of no use any more.")
