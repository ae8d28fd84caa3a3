"""What a GPT gives and gets, for its owner."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.contexts.models import Gpt, GptShare
from faraday_app.contexts.service.shares.packing import Entry, fingerprint, gathered, unsealed
from faraday_app.contexts.service.shares.rules import LIVE, get_share, own_gpt, still_given
from faraday_app.core.clock import now
from faraday_app.core.database import as_faraday
from faraday_app.core.permissions import Actor

SHOWN = 60


@dataclass(frozen=True, slots=True)
class Shared:
    """A share between two GPTs. ``stale``: the source is another since it was packed; ``over``: it has run out."""

    share: GptShare
    source: Gpt
    target: Gpt
    other_owner: str
    stale: bool
    over: bool


async def gives(session: AsyncSession, actor: Actor, gpt_id: UUID) -> list[Shared]:
    """What a GPT of one's own gives to others, newest first; what is over is not among it."""
    gpt = await own_gpt(session, actor, gpt_id)
    return await _listed(session, gpt, giving=True)


async def gets(session: AsyncSession, actor: Actor, gpt_id: UUID) -> list[Shared]:
    """What a GPT of one's own gets from others, with what waits to be accepted."""
    gpt = await own_gpt(session, actor, gpt_id)
    return await _listed(session, gpt, giving=False)


async def read(session: AsyncSession, actor: Actor, share_id: UUID) -> tuple[Shared, list[Entry]]:
    """With its words: whoever accepts it can see before what it is."""
    share, source, target = await get_share(session, actor, share_id)
    other = target.owner_id if source.owner_id == actor.user_id else source.owner_id
    name = await session.scalar(select(col(User.name)).where(col(User.id) == other)) or ""
    entries = await still_given(session, await unsealed(share), source)
    return await _shared(session, share, source, target, name), entries


async def _listed(session: AsyncSession, gpt: Gpt, *, giving: bool) -> list[Shared]:
    other = aliased(Gpt)
    mine, theirs = (GptShare.source_id, GptShare.target_id) if giving else (GptShare.target_id, GptShare.source_id)
    query = (
        select(GptShare, other, func.coalesce(col(User.name), ""))
        .join(other, col(other.id) == col(theirs))
        .outerjoin(User, col(User.id) == col(other.owner_id))
        .where(col(mine) == gpt.id, col(GptShare.status).in_(LIVE))
        .order_by(col(GptShare.id).desc())
        .limit(SHOWN)
    )
    return [
        await _shared(session, share, gpt if giving else each, each if giving else gpt, name)
        for share, each, name in (await session.execute(query)).all()
    ]


async def _shared(session: AsyncSession, share: GptShare, source: Gpt, target: Gpt, name: str) -> Shared:
    over = share.until is not None and share.until <= now()
    return Shared(share, source, target, name, await is_stale(session, share, source), over)


async def is_stale(session: AsyncSession, share: GptShare, source: Gpt) -> bool:
    """Compared by versions: whoever gets it learns that the source changed, and no word of it."""
    async with as_faraday(session):
        entries = await gathered(session, source, share.parts, share.memory_kinds)
    return fingerprint(entries) != share.packed_from
