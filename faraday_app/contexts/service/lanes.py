"""The answers of several GPTs to one question, side by side."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Access, Gpt, Message, Orchestration, Run
from faraday_app.contexts.service import gpts
from faraday_app.contexts.service.conversations import get_context
from faraday_app.core.errors import NotFound
from faraday_app.core.permissions import Actor


@dataclass(frozen=True, slots=True)
class Lanes:
    """``parts``: the newest of each lane and step, in their order; ``runs``: those being written, by their message."""

    orchestration: Orchestration
    access: Access
    gpts: list[Gpt]
    parts: list[Message]
    runs: dict[UUID, UUID]


async def read(session: AsyncSession, actor: Actor, orchestration_id: UUID) -> Lanes:
    """Those of a conversation the actor is a member of."""
    orchestration = await session.get(Orchestration, orchestration_id)
    if orchestration is None or orchestration.organization_id != actor.organization:
        raise NotFound("These answers do not exist.")
    _, access = await get_context(session, actor, orchestration.context_id)
    rows = await session.scalars(
        select(Message).where(col(Message.orchestration_id) == orchestration_id).order_by(col(Message.id))
    )
    newest = {(each.step, each.lane): each for each in rows}
    parts = [newest[place] for place in sorted(newest)]
    found = await session.execute(
        select(col(Run.message_id), col(Run.id)).where(
            col(Run.message_id).in_([part.id for part in parts]), col(Run.finished_at).is_(None)
        )
    )
    known = await gpts.of(session, orchestration.gpt_ids)
    lanes = [known[id] for id in orchestration.gpt_ids]
    runs: dict[UUID, UUID] = dict(found.all())
    return Lanes(orchestration, access, lanes, parts, runs)
