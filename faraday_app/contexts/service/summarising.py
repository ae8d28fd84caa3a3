"""Making a summary that is wanted: one call to a model, with a hold and a receipt of its own.

The words of the turns are quoted, so that nothing in them instructs whoever summarises.
"""

from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Author, Message, Stage, TurnSummary
from faraday_app.contexts.service import branches, summaries
from faraday_app.contexts.service.conversations import get_context
from faraday_app.contexts.service.quoting import NO_FORCE, quoted
from faraday_app.contexts.service.summaries import LONGEST, PATIENCE
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import FaradayError, NotPermitted
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor
from faraday_app.core.vault import seal
from faraday_app.credits import service as credits
from faraday_app.gateway import service as gateway
from faraday_app.gateway.service import Turn
from faraday_app.organizations.service.identity import member
from faraday_app.security.service import record

TASK = (
    "Summarise this conversation in at most 200 words, in its own language, so that it can go on without the original:"
    " facts, names, numbers, decisions, what was asked for and what is still open. Write only the summary."
)
LASTS = timedelta(minutes=5)
INTERRUPTED = "The summary could not be made."
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Made:
    text: str
    receipt: gateway.Receipt


async def make_all() -> int:
    """Every summary that is wanted and that nobody is making. How many were made."""
    made = 0
    while row := await _taken():
        try:
            await _make(row)
            made += 1
        except FaradayError as error:
            await _fail(row, error.message)
        except Exception:
            _log.exception("summary_failed", summary_id=str(row.id))
            await _fail(row, INTERRUPTED)
    return made


async def _taken() -> TurnSummary | None:
    """The oldest that is wanted, for this worker alone for a while."""
    idle = or_(col(TurnSummary.begun_at).is_(None), col(TurnSummary.begun_at) < now() - PATIENCE)
    oldest = select(col(TurnSummary.id)).where(col(TurnSummary.stage) == Stage.wanted, idle)
    one = oldest.order_by(col(TurnSummary.id)).limit(1).with_for_update(skip_locked=True).scalar_subquery()
    async with transaction(Actor.system()) as session:
        taken = update(TurnSummary).where(col(TurnSummary.id) == one).values(begun_at=now()).returning(TurnSummary)
        return (await session.scalars(taken)).one_or_none()


async def _make(row: TurnSummary) -> None:
    actor = await _asker(row)
    async with transaction(actor) as session:
        await get_context(session, actor, row.context_id, write=True)
        prompt = await _prompt(session, row, await _window(actor, row.model))
        plan = await gateway.plan(actor, row.model, prompt, LONGEST)
        hold = await credits.hold(session, actor, plan.most, LASTS)
    try:
        made = await _asked(actor, row, prompt, plan.models)
    except BaseException:
        async with transaction(Actor.system(row.organization_id)) as session:
            await credits.release(session, hold.id)
        raise
    async with transaction(Actor.system(row.organization_id)) as session:
        await _keep(session, actor, row.id, hold.id, made)


async def _asker(row: TurnSummary) -> Actor:
    """Whoever asked the question that needs it, with the rights of now."""
    async with transaction(Actor.system()) as session:
        actor = await member(session, row.asked_by_id, row.organization_id)
    if actor is None:
        raise NotPermitted("Whoever asked is not a member any more.")
    return actor


async def _prompt(session: AsyncSession, row: TurnSummary, window: int) -> list[Turn]:
    """The summary before this one and the turns since then, as material."""
    said = await branches.said_to(session, row.ends_at_id)
    before = await summaries.furthest(session, row.context_id, said)
    turns = said[before.covers if before else 0 :]
    parts = [NO_FORCE]
    if before:
        parts.append(quoted("What was said before, in short", await before.text(), LONGEST * 4))
    share = max(summaries.room_of(window) * 3 // max(len(turns), 1) - 40, 120)
    parts += [quoted(_who(message), message.content, share) for message in turns]
    return [Turn(role="user", content="\n\n".join([*parts, TASK]))]


async def _window(actor: Actor, name: str) -> int:
    """Tokens of the model's; for “auto” of the widest."""
    models = [model for model in await gateway.models_for(actor) if model.category.answers]
    return max((model.context for model in models if name in (gateway.AUTO, model.name)), default=0)


def _who(message: Message) -> str:
    return "Answer" if message.author == Author.model else "Question"


async def _asked(actor: Actor, row: TurnSummary, prompt: list[Turn], models: tuple[str, ...]) -> _Made:
    asked = gateway.Asked(row.model, gateway.most_tokens(prompt), LONGEST, task=gateway.task_of_messages(prompt))
    receipt = gateway.Receipt("summary", asked)
    body = {"messages": prompt, "max_tokens": LONGEST, "temperature": 0.2}
    call = gateway.Call(actor.organization, body, receipt, lambda model: model.name in models)
    text = ""
    async with aclosing(gateway.answer(call)) as pieces:
        async for piece in pieces:
            text += piece.text
    return _Made(text.strip(), receipt)


async def _keep(session: AsyncSession, actor: Actor, summary_id: UUID, hold_id: UUID, made: _Made) -> None:
    """The text, and the books: what came is paid once, by whoever asked."""
    query = select(TurnSummary).where(col(TurnSummary.id) == summary_id).with_for_update()
    row = (await session.scalars(query)).one()
    gateway.keep_receipt(session, made.receipt, row.organization_id, user_id=actor.user)
    memo = f"Summary by {made.receipt.last.model}" if made.receipt.last else "Summary"
    row.cost = await credits.settle(session, hold_id, made.receipt.cost, memo, f"summary {row.id}")
    row.finished_at = now()
    row.prompt_tokens, row.answer_tokens = made.receipt.prompt_tokens, made.receipt.answer_tokens
    if not made.text:
        row.stage, row.error = Stage.failed, "The model wrote nothing."
        return
    row.sealed_text = await seal(row.organization_id, made.text, f"summary {row.id}")
    row.stage, row.error = Stage.ready, ""
    record(session, actor, "context.summarised", row, turns=row.turns)
    publish_on_commit(session, topic("context", row.context_id))


async def _fail(row: TurnSummary, why: str) -> None:
    async with transaction(Actor.system(row.organization_id)) as session:
        values = {"stage": Stage.failed, "error": why[:300], "finished_at": now()}
        await session.execute(update(TurnSummary).where(col(TurnSummary.id) == row.id).values(**values))
