"""Ask, edit, retry and keep, by one GPT or by several: whoever the conversation names."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Author, Context, Gpt, Message, Mode, Orchestration, Part, Run, Status
from faraday_app.contexts.orchestration import plans, steps
from faraday_app.contexts.orchestration.readying import Table, question_of
from faraday_app.contexts.service import branches, gpts, runs, validation
from faraday_app.contexts.service.conversations import announce, get_context
from faraday_app.contexts.service.runs import LEASE
from faraday_app.core.clock import now
from faraday_app.core.errors import Invalid, NotFound
from faraday_app.core.permissions import Actor
from faraday_app.gateway import service as gateway
from faraday_app.security.service import record


@dataclass(frozen=True, slots=True)
class Started:
    """What was begun in this transaction, to be launched after it: the runs, and who drives them on."""

    context_id: UUID
    runs: list[Run]
    orchestration: Orchestration | None = None


async def ask(session: AsyncSession, actor: Actor, context_id: UUID, text: str, key: str | None = None) -> Started:
    """Add a message and have it answered. The same request key again begins nothing and gives what it began."""
    context, _ = await get_context(session, actor, context_id, write=True, lock=True)
    await validation.refuse_unsound(session, actor, context)
    lanes = await _several(session, context)
    if not lanes:
        return Started(context.id, [await runs.ask(session, actor, context_id, text, key)])
    if key and (earlier := await _asked_before(session, context, key)):
        return earlier
    await runs.refuse_while_answering(session, context)
    asked = await runs.say(session, actor, context, context.leaf_id, branches.clean_text(text), key)
    return await _begin(session, actor, context, asked, lanes)


async def edit(session: AsyncSession, actor: Actor, context_id: UUID, message_id: UUID, text: str) -> Started:
    """Say something else in place of an earlier message: a new branch beside the old one."""
    context, _ = await get_context(session, actor, context_id, write=True, lock=True)
    await validation.refuse_unsound(session, actor, context)
    lanes = await _several(session, context)
    if not lanes:
        return Started(context.id, [await runs.edit(session, actor, context_id, message_id, text)])
    await runs.refuse_while_answering(session, context)
    earlier = await branches.get_message(session, context, message_id)
    if earlier.author != Author.person:
        raise Invalid("Only what a person wrote can be edited.")
    asked = await runs.say(session, actor, context, earlier.parent_id, branches.clean_text(text))
    return await _begin(session, actor, context, asked, lanes)


async def retry(session: AsyncSession, actor: Actor, context_id: UUID, message_id: UUID) -> Started:
    """Another answer beside the earlier one. Of several GPTs' parts that one alone; what waited for it goes on."""
    context, _ = await get_context(session, actor, context_id, write=True, lock=True)
    earlier = await branches.get_message(session, context, message_id)
    if earlier.orchestration_id is None:
        return Started(context.id, [await runs.retry(session, actor, context_id, message_id)])
    await runs.refuse_while_answering(session, context)
    table = await opened(session, context, earlier.orchestration_id)
    run = await steps.again(session, actor, table, earlier)
    orchestration = table.orchestration
    orchestration.status, orchestration.error, orchestration.finished_at = Status.running, "", None
    orchestration.lease_until, orchestration.started_by = now() + LEASE, actor.user
    record(session, actor, "run.retried", run, lane=earlier.lane)
    await announce(session, context)
    return Started(context.id, [run], orchestration)


async def keep(session: AsyncSession, actor: Actor, context_id: UUID, message_id: UUID) -> None:
    """Go on from this part: the best of what the GPTs said."""
    context, _ = await get_context(session, actor, context_id, write=True, lock=True)
    message = await branches.get_message(session, context, message_id)
    if message.orchestration_id is None or not message.content or not steps.answers(message):
        raise Invalid("Only an answer by one of several GPTs can be kept.")
    table = await opened(session, context, message.orchestration_id)
    if table.orchestration.finished_at is None:
        raise Invalid("Wait until all have answered, or stop them first.")
    context.leaf_id = table.orchestration.shown_id = message.id
    table.orchestration.kept_at = now()
    context.version += 1
    others = [each.id for each in await steps.parts_of(session, table.orchestration.id) if _beside(each, message)]
    await gateway.prefer(session, actor, message.id, others)
    record(session, actor, "context.best_kept", context, gpt_id=str(message.gpt_id), model=message.model)
    await announce(session, context)


def _beside(other: Message, kept: Message) -> bool:
    """Whether it answered the same question as the kept one, to its end, and was not kept."""
    same = (other.step, other.part) == (kept.step, kept.part)
    return same and other.lane != kept.lane and other.status == Status.complete


async def opened(session: AsyncSession, context: Context, orchestration_id: UUID) -> Table:
    """One of this conversation, locked."""
    query = select(Orchestration).where(
        col(Orchestration.id) == orchestration_id, col(Orchestration.context_id) == context.id
    )
    orchestration = await session.scalar(query.with_for_update())
    if orchestration is None:
        raise NotFound("These answers do not exist.")
    return await steps.around(session, context, orchestration)


async def _several(session: AsyncSession, context: Context) -> list[Gpt]:
    """Who answers together; nobody when one alone does."""
    if context.mode == Mode.single:
        return []
    found = await gpts.answering(session, context)
    return found if len(found) > 1 else []


async def _begin(session: AsyncSession, actor: Actor, context: Context, asked: Message, lanes: list[Gpt]) -> Started:
    orchestration = Orchestration(
        organization_id=context.organization_id,
        context_id=context.id,
        asked_id=asked.id,
        mode=context.mode,
        gpt_ids=[gpt.id for gpt in lanes],
        budget=context.budget,
        step_limit=context.step_limit,
        started_by=actor.user,
        lease_until=now() + LEASE,
    )
    session.add(orchestration)
    await session.flush()
    context.leaf_id = asked.id
    table = Table(context, orchestration, asked, lanes)
    first = plans.following(Mode(context.mode), await question_of(actor, table), [])
    assert isinstance(first, plans.Ask)
    begun = await steps.begin(session, actor, table, first)
    if not begun and first.parts[0].part is Part.route:  # who fits is found out without a model then
        begun = await steps.go_on(session, actor, table) or []
    if not begun:
        await _refuse(session, orchestration)
    record(session, actor, "orchestration.started", orchestration, mode=context.mode, gpts=len(lanes))
    return Started(context.id, begun, orchestration)


async def _refuse(session: AsyncSession, orchestration: Orchestration) -> None:
    """Nobody can be asked: say why, and begin nothing."""
    parts = await steps.parts_of(session, orchestration.id)
    raise Invalid(parts[-1].error, field="message")


async def _asked_before(session: AsyncSession, context: Context, key: str) -> Started | None:
    """What this request key began; launching that again changes nothing."""
    query = select(col(Message.id)).where(col(Message.context_id) == context.id, col(Message.request_key) == key)
    asked_id = await session.scalar(query)
    if asked_id is None:
        return None
    begun = select(Orchestration).where(col(Orchestration.asked_id) == asked_id).order_by(col(Orchestration.id))
    if orchestration := await session.scalar(begun.limit(1)):
        return Started(context.id, [], orchestration)
    alone = await runs.run_of_request(session, context, key)
    return Started(context.id, [alone] if alone else [])
