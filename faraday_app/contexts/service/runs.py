"""Ask, retry, edit, stop: each answer is a run with its own hold on the asker's credits."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Author, Context, Message, Run, Status
from faraday_app.contexts.service import branches
from faraday_app.contexts.service.conversations import UNTITLED, announce, get_context, title_from
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor
from faraday_app.credits import service as credits
from faraday_app.gateway import service as gateway
from faraday_app.security.service import record

LEASE = timedelta(seconds=30)
LONGEST_RUN = timedelta(minutes=10)


async def ask(session: AsyncSession, actor: Actor, context_id: UUID, text: str, request_key: str | None = None) -> Run:
    """Add a message and begin the answer to it. The same request key again gives the same run."""
    context, _ = await get_context(session, actor, context_id, write=True, lock=True)
    if request_key and (earlier := await _run_of_request(session, context, request_key)):
        return earlier
    await _refuse_while_answering(session, context)
    asked = await _say(session, actor, context, context.leaf_id, branches.clean_text(text), request_key)
    return await _begin(session, actor, context, asked)


async def edit(session: AsyncSession, actor: Actor, context_id: UUID, message_id: UUID, text: str) -> Run:
    """Say something else in place of an earlier message: a new branch beside the old one."""
    context, _ = await get_context(session, actor, context_id, write=True, lock=True)
    await _refuse_while_answering(session, context)
    earlier = await branches.get_message(session, context, message_id)
    if earlier.author != Author.person:
        raise Invalid("Only what a person wrote can be edited.")
    asked = await _say(session, actor, context, earlier.parent_id, branches.clean_text(text))
    return await _begin(session, actor, context, asked)


async def retry(session: AsyncSession, actor: Actor, context_id: UUID, message_id: UUID) -> Run:
    """Another answer to the same message, beside the earlier one."""
    context, _ = await get_context(session, actor, context_id, write=True, lock=True)
    await _refuse_while_answering(session, context)
    answered = await branches.get_message(session, context, message_id)
    if answered.author != Author.model or answered.parent_id is None:
        raise Invalid("Only an answer can be tried again.")
    return await _begin(session, actor, context, await branches.get_message(session, context, answered.parent_id))


async def stop(session: AsyncSession, actor: Actor, context_id: UUID) -> None:
    """End the answer that is being written; what came so far is kept and paid for."""
    context, _ = await get_context(session, actor, context_id, write=True)
    if run := await open_run(session, context.id):
        publish_on_commit(session, topic("stop", run.id))
        record(session, actor, "run.stopped", run)


async def open_run(session: AsyncSession, context_id: UUID) -> Run | None:
    return await session.scalar(
        select(Run).where(col(Run.context_id) == context_id, col(Run.finished_at).is_(None)).limit(1)
    )


async def _refuse_while_answering(session: AsyncSession, context: Context) -> None:
    """The context row is locked: two people cannot both be first."""
    if await open_run(session, context.id):
        raise Conflict("An answer is still being written. Wait for it or stop it first.")


async def _run_of_request(session: AsyncSession, context: Context, request_key: str) -> Run | None:
    answer = select(col(Message.id)).where(
        col(Message.parent_id)
        == select(col(Message.id))
        .where(col(Message.context_id) == context.id, col(Message.request_key) == request_key)
        .scalar_subquery()
    )
    return await session.scalar(select(Run).where(col(Run.message_id).in_(answer)).order_by(col(Run.id)).limit(1))


async def _say(
    session: AsyncSession, actor: Actor, context: Context, parent_id: UUID | None, text: str, key: str | None = None
) -> Message:
    message = Message(
        organization_id=context.organization_id,
        context_id=context.id,
        parent_id=parent_id,
        author=Author.person,
        author_id=actor.user,
        content=text,
        request_key=key,
        finished_at=now(),
    )
    session.add(message)
    await session.flush()
    if context.title == UNTITLED:
        context.title = title_from(text)
    return message


async def _begin(session: AsyncSession, actor: Actor, context: Context, asked: Message) -> Run:
    if context.model != gateway.AUTO:
        actor.must_use(context.model)
    plan = await gateway.plan(actor, context.model, await branches.turns_to(session, asked.id))
    hold = await credits.hold(session, actor, plan.most, LONGEST_RUN)
    answer = Message(
        organization_id=context.organization_id,
        context_id=context.id,
        parent_id=asked.id,
        author=Author.model,
        status=Status.running,
        model=context.model,
    )
    session.add(answer)
    await session.flush()
    run = Run(
        organization_id=context.organization_id,
        context_id=context.id,
        message_id=answer.id,
        started_by=actor.user,
        hold_id=hold.id,
        models=list(plan.models),
        lease_until=now() + LEASE,
    )
    session.add(run)
    context.leaf_id, context.updated_at = answer.id, now()
    context.version += 1
    await session.flush()
    record(session, actor, "run.started", run, model=context.model)
    await announce(session, context)
    return run
