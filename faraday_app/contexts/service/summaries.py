"""Summaries of old turns: which are wanted, and how they are given in place of the turns.

One is made for the branch up to a message, once, by a job: nobody waits for it. Until it is there the oldest turns are
left out, and the receipt of the answer says so. The turns themselves stay, and are told again where they fit.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Context, Given, Message, Stage, TurnSummary
from faraday_app.contexts.service import branches
from faraday_app.contexts.service.assembly import Item, Occasion
from faraday_app.contexts.service.prompts import Ready
from faraday_app.core.clock import now
from faraday_app.core.database import as_faraday
from faraday_app.core.jobs import defer
from faraday_app.core.permissions import Actor
from faraday_app.core.vault import unseal
from faraday_app.gateway.service import most_tokens

JOB = "contexts:summarise"
WEIGHT = 10.0
TITLE = "What was said before, in short"
PATIENCE = timedelta(minutes=10)  # after which one that nobody finished is begun anew
LONGEST = 400  # tokens of a summary
MOST_AT_ONCE = 12_000  # tokens of turns in one summary


@dataclass(frozen=True, slots=True)
class Kept:
    """A summary that is there, and how many of the turns of a branch it covers."""

    row: TurnSummary
    covers: int

    async def text(self) -> str:
        return await text_of(self.row)


async def text_of(row: TurnSummary) -> str:
    return await unseal(row.sealed_text, f"summary {row.id}") if row.sealed_text else ""


async def source(session: AsyncSession, _: Actor, occasion: Occasion) -> list[Item]:
    """The furthest summary of the branch that is asked in."""
    end = occasion.asked_id or occasion.context.leaf_id
    if end is None or not await _any(session, occasion.context.id):
        return []
    found = await furthest(session, occasion.context.id, await branches.said_to(session, end))
    if found is None:
        return []
    text = await found.text()
    return [Item(Given.summary, str(found.row.id), 1, TITLE, text, WEIGHT, found.covers)]


async def wish(session: AsyncSession, actor: Actor, context_id: UUID, asked_id: UUID | None, ready: Ready) -> None:
    """Have the turns that found no place summarised, at the cost of whoever asks, where nobody does it already.

    Half of those that did find one go along, so that it lasts for a while.
    """
    left_out = ready.spread.turns_left_out if ready.spread else 0
    if not left_out or await _is_waiting(session, context_id):
        return
    said = await branches.said_to(session, asked_id)
    found = await furthest(session, context_id, said)
    if found and await _is_left_out(session, context_id, found.row):
        return
    begin = found.covers if found else 0
    wanted = min(begin + left_out + max(0, len(said) - 1 - begin - left_out) // 2, len(said) - 1)
    room, made = room_of(ready.spread.window if ready.spread else 0), False
    while begin < wanted:  # As many as the window needs, each going on from the one before.
        end = _end(said, begin, wanted, room)
        row = _row(actor, context_id, said[end - 1].id, ready.prompt.model, end - begin)
        made = await _added(session, row) or made
        begin = end
    if made:
        await call_the_job(session)


def _row(actor: Actor, context_id: UUID, ends_at_id: UUID, model: str, turns: int) -> TurnSummary:
    return TurnSummary(
        organization_id=actor.organization,
        context_id=context_id,
        ends_at_id=ends_at_id,
        asked_by_id=actor.user,
        model=model,
        turns=turns,
    )


async def _added(session: AsyncSession, row: TurnSummary) -> bool:
    """Whether it is new, or wanted again after it failed a while ago."""
    again = {"stage": Stage.wanted, "asked_by_id": row.asked_by_id, "model": row.model, "begun_at": None}
    failed = (col(TurnSummary.stage) == Stage.failed) & (col(TurnSummary.finished_at) < now() - PATIENCE)
    added = insert(TurnSummary).values(row.model_dump())
    made = added.on_conflict_do_update(index_elements=["context_id", "ends_at_id"], set_=again, where=failed)
    return await session.scalar(made.returning(col(TurnSummary.id))) is not None


async def call_the_job(session: AsyncSession) -> None:
    async with as_faraday(session):
        await defer(session, JOB, queueing_lock=JOB)


async def call_again(session: AsyncSession) -> None:
    """For what is wanted since a while: whoever was at it is gone."""
    late = (col(TurnSummary.stage) == Stage.wanted) & (col(TurnSummary.created_at) < now() - timedelta(minutes=1))
    if await session.scalar(select(col(TurnSummary.id)).where(late).limit(1)):
        await call_the_job(session)


async def furthest(session: AsyncSession, context_id: UUID, said: list[Message]) -> Kept | None:
    """Of the summaries that end in this branch the last one. The question itself is never covered."""
    places = {message.id: place for place, message in enumerate(said[:-1], 1)}
    query = select(TurnSummary).where(
        col(TurnSummary.context_id) == context_id,
        col(TurnSummary.stage) == Stage.ready,
        col(TurnSummary.ends_at_id).in_(places),
    )
    rows = list((await session.scalars(query)).all())
    if not rows:
        return None
    row = max(rows, key=lambda each: places[each.ends_at_id])
    return Kept(row, places[row.ends_at_id])


async def listed(session: AsyncSession, context_id: UUID) -> list[TurnSummary]:
    """Of a conversation that the caller may see, the newest first."""
    query = select(TurnSummary).where(col(TurnSummary.context_id) == context_id)
    return list((await session.scalars(query.order_by(col(TurnSummary.id).desc()).limit(50))).all())


def room_of(window: int) -> int:
    """Tokens of turns that can be summarised at once in such a window, beside what was summarised before."""
    return max(0, min(window - 2 * LONGEST - 200, MOST_AT_ONCE))


def _end(said: list[Message], begin: int, wanted: int, room: int) -> int:
    """How far one summary goes: as far as the turns find room, and one turn at least."""
    most_of_one, end = room // 2, begin
    for message in said[begin:wanted]:
        room -= min(most_tokens([branches.turn_of(message)]), most_of_one)
        if room < 0 and end > begin:
            break
        end += 1
    return end


async def _is_left_out(session: AsyncSession, context_id: UUID, row: TurnSummary) -> bool:
    """Whoever wants no summary gets no others."""
    return f"{Given.summary}:{row.id}" in (await session.get_one(Context, context_id)).left_out


async def _any(session: AsyncSession, context_id: UUID) -> bool:
    query = select(col(TurnSummary.id)).where(
        col(TurnSummary.context_id) == context_id, col(TurnSummary.stage) == Stage.ready
    )
    return await session.scalar(query.limit(1)) is not None


async def _is_waiting(session: AsyncSession, context_id: UUID) -> bool:
    query = select(col(TurnSummary.id)).where(
        col(TurnSummary.context_id) == context_id, col(TurnSummary.stage) == Stage.wanted
    )
    return await session.scalar(query.limit(1)) is not None
