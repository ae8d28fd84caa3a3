"""Ask, retry, edit, stop: each answer is a run with its own hold on the asker's credits."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Author, Context, Message, Orchestration, Run, Status
from faraday_app.contexts.service import (
    assembly,
    branches,
    estimates,
    gathering,
    gpts,
    languages,
    prompts,
    summaries,
)
from faraday_app.contexts.service.assembly import Occasion
from faraday_app.contexts.service.conversations import UNTITLED, announce, get_context, title_from
from faraday_app.contexts.service.memory import giving
from faraday_app.contexts.service.prompts import Prompt, Ready
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor
from faraday_app.credits import service as credits
from faraday_app.security.service import record

LEASE = timedelta(seconds=30)
LONGEST_RUN = timedelta(minutes=10)


async def ask(session: AsyncSession, actor: Actor, context_id: UUID, text: str, request_key: str | None = None) -> Run:
    """Add a message and begin the answer to it. The same request key again gives the same run."""
    context, _ = await get_context(session, actor, context_id, write=True, lock=True)
    if request_key and (earlier := await run_of_request(session, context, request_key)):
        return earlier
    await refuse_while_answering(session, context)
    asked = await say(session, actor, context, context.leaf_id, branches.clean_text(text), request_key)
    return await _begin(session, actor, context, asked)


async def edit(session: AsyncSession, actor: Actor, context_id: UUID, message_id: UUID, text: str) -> Run:
    """Say something else in place of an earlier message: a new branch beside the old one."""
    context, _ = await get_context(session, actor, context_id, write=True, lock=True)
    await refuse_while_answering(session, context)
    earlier = await branches.get_message(session, context, message_id)
    if earlier.author != Author.person:
        raise Invalid("Only what a person wrote can be edited.")
    asked = await say(session, actor, context, earlier.parent_id, branches.clean_text(text))
    return await _begin(session, actor, context, asked)


async def retry(session: AsyncSession, actor: Actor, context_id: UUID, message_id: UUID) -> Run:
    """Another answer to the same message, beside the earlier one."""
    context, _ = await get_context(session, actor, context_id, write=True, lock=True)
    await refuse_while_answering(session, context)
    answered = await branches.get_message(session, context, message_id)
    if answered.author != Author.model or answered.parent_id is None:
        raise Invalid("Only an answer can be tried again.")
    return await _begin(session, actor, context, await branches.get_message(session, context, answered.parent_id))


async def stop(session: AsyncSession, actor: Actor, context_id: UUID) -> None:
    """End whatever is being written; what came so far is kept and paid for."""
    context, _ = await get_context(session, actor, context_id, write=True)
    orchestration = await open_orchestration(session, context.id, lock=True)
    if orchestration:
        orchestration.status = Status.stopped
        record(session, actor, "orchestration.stopped", orchestration)
    for run in await open_runs(session, context.id):
        publish_on_commit(session, topic("stop", run.id))
        if not orchestration:
            record(session, actor, "run.stopped", run)


async def open_run(session: AsyncSession, context_id: UUID) -> Run | None:
    """The answer that is being written; of several GPTs at once, the part of the first."""
    return next(iter(await open_runs(session, context_id)), None)


async def open_runs(session: AsyncSession, context_id: UUID) -> list[Run]:
    query = select(Run).where(col(Run.context_id) == context_id, col(Run.finished_at).is_(None)).order_by(col(Run.id))
    return list((await session.scalars(query)).all())


async def open_orchestration(session: AsyncSession, context_id: UUID, *, lock: bool = False) -> Orchestration | None:
    query = select(Orchestration).where(
        col(Orchestration.context_id) == context_id, col(Orchestration.finished_at).is_(None)
    )
    return await session.scalar(query.with_for_update() if lock else query)


async def refuse_while_answering(session: AsyncSession, context: Context) -> None:
    """The context row is locked: two people cannot both be first."""
    if await open_run(session, context.id) or await open_orchestration(session, context.id):
        raise Conflict("An answer is still being written. Wait for it or stop it first.")


async def run_of_request(session: AsyncSession, context: Context, request_key: str) -> Run | None:
    answer = select(col(Message.id)).where(
        col(Message.parent_id)
        == select(col(Message.id))
        .where(col(Message.context_id) == context.id, col(Message.request_key) == request_key)
        .scalar_subquery()
    )
    return await session.scalar(select(Run).where(col(Run.message_id).in_(answer)).order_by(col(Run.id)).limit(1))


async def say(
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
    gpt = next(iter(await gpts.answering(session, context)), None)
    occasion = Occasion(context, gpt, asked.content, asked.id)
    prompt = Prompt.of(gpt) if gpt else Prompt(context.model)
    prompt = languages.spoken(prompt, await languages.of(session, actor, context))
    prompt = replace(prompt, given=await gathering.gather(session, actor, occasion))
    ready = await prompts.ready(actor, await branches.turns_to(session, asked.id), prompt)
    answer = empty_answer(asked, ready.prompt.model, gpt_id=gpt.id if gpt else None)
    run = await begin_run(session, actor, answer, ready)
    context.leaf_id, context.updated_at = answer.id, now()
    context.version += 1
    await session.flush()
    record(session, actor, "run.started", run, model=answer.model)
    await announce(session, context)
    return run


def empty_answer(asked: Message, model: str, **more: Any) -> Message:
    return Message(
        organization_id=asked.organization_id,
        context_id=asked.context_id,
        parent_id=asked.id,
        author=Author.model,
        status=Status.running,
        model=model,
        **more,
    )


async def begin_run(session: AsyncSession, actor: Actor, answer: Message, ready: Ready) -> Run:
    """Set the credits aside and add the answer with its run."""
    (run,) = await begin_runs(session, actor, [(answer, ready)])
    return run


async def begin_runs(session: AsyncSession, actor: Actor, wanted: Sequence[tuple[Message, Ready]]) -> list[Run]:
    """The same for answers that begin at one moment: each with its own hold, and all of them written together."""
    holds: list[UUID] = []
    habits: estimates.Habits = {}
    expected: list[estimates.Estimate] = []
    for answer, ready in wanted:
        holds.append((await credits.hold(session, actor, ready.most, LONGEST_RUN)).id)
        answer.given = assembly.receipt(ready.prompt.given)
        answer.spread = ready.spread.told() if ready.spread else {}
        expected.append(await estimates.of(session, actor, ready, habits))
    session.add_all(answer for answer, _ in wanted)
    await session.flush()
    runs = [
        _run_of(actor, answer, ready, hold, estimate)
        for (answer, ready), hold, estimate in zip(wanted, holds, expected, strict=True)
    ]
    for run, (_, ready) in zip(runs, wanted, strict=True):
        await giving.note_used(session, ready.prompt.given)
        run.sealed_given = await assembly.sealed(run.organization_id, run.id, ready.prompt.given)
    session.add_all(runs)
    await session.flush()
    for run, (answer, ready) in zip(runs, wanted, strict=True):
        await summaries.wish(session, actor, run.context_id, answer.parent_id, ready)
    return runs


def _run_of(actor: Actor, answer: Message, ready: Ready, hold_id: UUID, expected: estimates.Estimate) -> Run:
    return Run(
        organization_id=answer.organization_id,
        context_id=answer.context_id,
        message_id=answer.id,
        started_by=actor.user,
        hold_id=hold_id,
        models=list(ready.models),
        lease_until=now() + LEASE,
        prompt=ready.prompt.kept(),
        likely_cost=expected.likely,
        most_cost=expected.most,
        most_prompt=ready.most_prompt,
    )
