"""After an answer: whether what the person said holds something worth remembering, asked of the same model.

A look is a row, so that a killed worker loses none. It asks under the rights that the person has by then, at their
cost, with a hold and a receipt as any answer.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import and_, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Author, Context, Gpt, LookStatus, MemoryLook, MemoryRights, Message, Run, Status
from faraday_app.contexts.service import gpts, prompts
from faraday_app.contexts.service.conversations import get_context
from faraday_app.contexts.service.memory import extracting
from faraday_app.contexts.service.memory.storing import store
from faraday_app.contexts.service.prompts import Prompt, Ready
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import new_id
from faraday_app.core.jobs import defer
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.credits import service as credits
from faraday_app.gateway import service as gateway
from faraday_app.organizations.service.identity import member
from faraday_app.security.service import record

JOB = "contexts:look"
LEASE = timedelta(minutes=3)
LONGEST_LOOK = 90.0  # seconds
MOST_TRIES = 3
MOST_AT_ONCE = 20
NOT_MEMBER = "Whoever asked is not a member of this conversation any more."
_log = structlog.get_logger(__name__)


async def set_proposing(session: AsyncSession, actor: Actor, context_id: UUID, on: bool) -> None:
    """Let GPTs propose memories from this conversation, or no longer. For whoever may write in it."""
    context, _ = await get_context(session, actor, context_id, write=True, lock=True)
    if context.proposes_memories != on:
        context.proposes_memories = on
        context.version += 1
        record(session, actor, "memory.proposals_on" if on else "memory.proposals_off", context)
        publish_on_commit(session, topic("memory", context_id))


async def look_after(session: AsyncSession, context: Context, run: Run, answer: Message) -> None:
    """Plan a look where the conversation and the GPT let it: one for each message, however many answer it.

    In the transaction that ends the answer, which is Faraday's own.
    """
    if not context.proposes_memories or answer.status != Status.complete or answer.parent_id is None:
        return
    asked = await session.get_one(Message, answer.parent_id)
    if asked.author != Author.person or asked.author_id != run.started_by:
        return
    gpt = await session.get(Gpt, answer.gpt_id) if answer.gpt_id else None
    if gpt and not MemoryRights(gpt.memory_rights).proposes:
        return
    look = {
        "id": new_id(),
        "created_at": now(),
        "organization_id": context.organization_id,
        "context_id": context.id,
        "message_id": asked.id,
        "answer_id": answer.id,
        "user_id": run.started_by,
        "gpt_id": answer.gpt_id,
        "status": LookStatus.waiting,
        **{"tries": 0, "found": 0, "cost": 0, "error": ""},
    }
    await session.execute(insert(MemoryLook).values(**look).on_conflict_do_nothing(index_elements=["message_id"]))
    await defer(session, JOB, JOB)


async def looks_of(session: AsyncSession, actor: Actor, context_id: UUID, limit: int = 10) -> list[MemoryLook]:
    """The newest that one paid for oneself."""
    await get_context(session, actor, context_id)
    query = select(MemoryLook).where(col(MemoryLook.context_id) == context_id, col(MemoryLook.user_id) == actor.user)
    return list((await session.scalars(query.order_by(col(MemoryLook.id).desc()).limit(limit))).all())


async def work_off() -> int:
    """Do all looks that wait, and those whose worker is gone. How many."""
    taken = await _take()
    for look in taken:
        try:
            await _look(look)
        except FaradayError as refusal:
            await _end(look, error=refusal.message)
        except Exception as error:
            _log.error("memory_look_failed", look_id=str(look.id), exc_info=error)
            await _end(look, error="This could not be finished.")
    return len(taken)


async def _take() -> list[MemoryLook]:
    waiting = or_(
        col(MemoryLook.status) == LookStatus.waiting,
        and_(col(MemoryLook.status) == LookStatus.working, col(MemoryLook.lease_until) < now()),
    )
    async with transaction(Actor.system()) as session:
        lost = update(MemoryLook).where(waiting, col(MemoryLook.tries) >= MOST_TRIES)
        await session.execute(lost.values(status=LookStatus.failed, error="This was interrupted too often."))
        some = select(col(MemoryLook.id)).where(waiting).order_by(col(MemoryLook.id)).limit(MOST_AT_ONCE)
        taken = update(MemoryLook).where(col(MemoryLook.id).in_(some.with_for_update(skip_locked=True)))
        values = {"status": LookStatus.working, "lease_until": now() + LEASE, "tries": col(MemoryLook.tries) + 1}
        return list((await session.scalars(taken.values(**values).returning(MemoryLook))).all())


@dataclass(frozen=True, slots=True)
class _Asked:
    """A look that has its credits set aside."""

    actor: Actor
    gpt: Gpt | None
    said: str
    ready: Ready
    hold_id: UUID


async def _look(look: MemoryLook) -> None:
    asked = await _begin(look)
    if asked is None:
        await _end(look)
        return
    call = _call(look, asked.ready)
    text, failure = await gateway.said(call, LONGEST_LOOK)
    found = [] if failure else [each for each in extracting.read(text) if extracting.is_grounded(each, asked.said)]
    async with transaction(Actor.system(look.organization_id)) as session:
        receipt = gateway.keep_receipt(session, call.receipt, look.organization_id, user_id=look.user_id)
        await session.flush()
        cost = await _charge(session, look, asked, call.receipt.cost if text else 0)
        ended = await session.get_one(MemoryLook, look.id)
        ended.receipt_id, ended.cost = receipt.id, cost
        ended.error = failure[:300]
        ended.status = LookStatus.failed if failure else LookStatus.done
        ended.found = await store(session, asked.actor, look, asked.gpt, found)
        publish_on_commit(session, topic("memory", look.user_id))


async def _begin(look: MemoryLook) -> _Asked | None:
    """None where nothing is to be looked for any more."""
    async with transaction(Actor.system()) as session:
        actor = await member(session, look.user_id, look.organization_id)
    if actor is None:
        return None
    actor.must_at_all(Permission.assistant_use)
    async with transaction(actor) as session:
        context, _ = await get_context(session, actor, look.context_id, write=True)
        gpt = (await gpts.of(session, {look.gpt_id})).get(look.gpt_id) if look.gpt_id else None
        if not context.proposes_memories or (gpt and not MemoryRights(gpt.memory_rights).proposes):
            return None
        said = await session.get_one(Message, look.message_id)
        answer = await session.get_one(Message, look.answer_id)
        prompt = Prompt(gpt.model if gpt else context.model, extracting.TASK, longest=extracting.LONGEST_ANSWER)
        turns = [gateway.Turn(role="user", content=extracting.question(said.content, answer.content))]
        ready = await prompts.ready(actor, turns, replace(prompt, temperature=0.0))
        hold = await credits.hold(session, actor, ready.most, LEASE)
    return _Asked(actor, gpt, said.content, ready, hold.id)


def _call(look: MemoryLook, ready: Ready) -> gateway.Call:
    body = {**ready.body, "response_format": extracting.FORMAT}
    asked = gateway.Asked(ready.prompt.model, gateway.most_tokens(ready.turns), ready.longest)
    receipt = gateway.Receipt("memory", asked)
    return gateway.Call(look.organization_id, body, receipt, lambda model: model.name in ready.models)


async def _charge(session: AsyncSession, look: MemoryLook, asked: _Asked, cost: int) -> int:
    if not cost:
        await credits.release(session, asked.hold_id)
        return 0
    return await credits.settle(session, asked.hold_id, cost, "Looking for memories", f"memory look {asked.hold_id}")


async def _end(look: MemoryLook, error: str = "") -> None:
    async with transaction(Actor.system(look.organization_id)) as session:
        row = await session.get_one(MemoryLook, look.id)
        row.status, row.error = LookStatus.failed if error else LookStatus.done, error[:300]
        publish_on_commit(session, topic("memory", look.user_id))
