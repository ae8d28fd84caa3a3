"""How the shares of a GPT stand: whether they still give what was meant, and if not, why."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from faraday_app.contexts.models import Gpt, GptShare, ShareStatus
from faraday_app.contexts.service.shares.finding import SHOWN, is_stale
from faraday_app.contexts.service.shares.packing import unsealed
from faraday_app.contexts.service.shares.rules import here
from faraday_app.core.clock import now
from faraday_app.core.vault.keys import Unreadable


class Standing(StrEnum):
    sound = "sound"
    stale = "stale"
    run_out = "run_out"
    withdrawn = "withdrawn"
    archived = "archived"
    left = "left"
    unreadable = "unreadable"


@dataclass(frozen=True, slots=True)
class Stands:
    """A share of the GPT that was looked at, with the ``other`` one; ``gives``: that one gets it."""

    share: GptShare
    source: Gpt
    other: Gpt
    standing: Standing
    gives: bool


async def of(session: AsyncSession, gpt: Gpt, *, giving: bool) -> list[Stands]:
    """What it gets, with what ended from the other side and nobody took note of; what it gives too, where wanted."""
    source, target = aliased(Gpt), aliased(Gpt)
    ended = and_(col(GptShare.status) == ShareStatus.ended, col(GptShare.noted_at).is_(None))
    got = and_(col(GptShare.target_id) == gpt.id, or_(col(GptShare.status) == ShareStatus.active, ended))
    given = and_(col(GptShare.source_id) == gpt.id, col(GptShare.status) == ShareStatus.active)
    query = (
        select(GptShare, source, target, here(source).label("here"))
        .join(source, col(source.id) == col(GptShare.source_id))
        .join(target, col(target.id) == col(GptShare.target_id))
        .where(or_(got, given) if giving else got)
        .order_by(col(GptShare.id).desc())
        .limit(SHOWN)
    )
    return [
        Stands(share, giver, taker if giver.id == gpt.id else giver, await _standing(session, share, giver, is_here),
               giver.id == gpt.id)
        for share, giver, taker, is_here in (await session.execute(query)).all()
    ]  # fmt: skip


async def _standing(session: AsyncSession, share: GptShare, source: Gpt, is_here: bool) -> Standing:
    if share.until is not None and share.until <= now():
        return Standing.run_out
    if share.status == ShareStatus.ended:
        return Standing.withdrawn
    if source.archived_at is not None:
        return Standing.archived
    if not is_here:
        return Standing.left
    try:
        await unsealed(share)
    except Unreadable:
        return Standing.unreadable
    return Standing.stale if await is_stale(session, share, source) else Standing.sound
