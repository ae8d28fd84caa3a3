"""Runs answers to their end, in the worker that was asked, whatever happens to the tab that asked."""

import asyncio
import contextvars
import time
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Context, Gpt, Message, Run, Status
from faraday_app.contexts.service import assembly, branches, memory, prompts, streams
from faraday_app.contexts.service.assembly import Occasion
from faraday_app.contexts.service.conversations import announce
from faraday_app.contexts.service.prompts import Prompt, Ready
from faraday_app.contexts.service.runs import LEASE
from faraday_app.contexts.service.talking import Ask, talk
from faraday_app.contexts.service.tools import Made, Use, Used, user_of
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import FaradayError
from faraday_app.core.facts import Fact, listener
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor
from faraday_app.core.redis import RedisError
from faraday_app.credits import service as credits
from faraday_app.gateway import service as gateway
from faraday_app.organizations.service.identity import member

FLUSH_EVERY = 0.04  # seconds
INTERRUPTED = "This answer was interrupted. What had come is kept; you can try again."
_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Progress:
    """What an answer has come to so far, and the receipt of its way; none where only the log is left."""

    text: str = ""
    unsent: str = ""
    pieces: int = 0
    tools: list[dict[str, Any]] = field(default_factory=list)
    receipt: gateway.Receipt | None = None
    status: Status = Status.complete
    error: str = ""


class Engine:
    """The runs of this worker."""

    def __init__(self) -> None:
        self._tasks: dict[UUID, asyncio.Task[None]] = {}
        self._answering: set[UUID] = set()
        self._stopping: set[UUID] = set()

    def attach(self) -> None:
        listener.on_fact(self._hear)

    def launch(self, run: Run) -> None:
        """Begin a committed run. Launching the same run again changes nothing."""
        if run.id not in self._tasks and run.finished_at is None:
            # Whoever asked, the run is nobody's event: it takes nothing of theirs along.
            task = asyncio.create_task(self._run(run), name=f"run {run.id}", context=contextvars.Context())
            self._tasks[run.id] = task
            task.add_done_callback(lambda _: self._tasks.pop(run.id, None))

    async def settled(self, run_ids: list[UUID], within: float) -> None:
        """Until this worker is done with these runs, and for so many seconds at most."""
        if mine := [self._tasks[run_id] for run_id in run_ids if run_id in self._tasks]:
            await asyncio.wait(mine, timeout=within)
        else:
            await asyncio.sleep(within)

    async def drain(self) -> None:
        """At shut-down: end what runs as interrupted, with its books closed."""
        for run_id in self._answering:
            self._tasks[run_id].cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _hear(self, fact: Fact) -> None:
        kind, _, id = str(fact["topic"]).partition(":")
        if kind != "stop":
            return
        for run_id in self._answering - self._stopping:
            if str(run_id) == id:
                self._stopping.add(run_id)
                self._tasks[run_id].cancel()

    async def _run(self, run: Run) -> None:
        if not await streams.claim(run.id):
            return
        progress = Progress()
        renewing = asyncio.create_task(_renew(run))
        self._answering.add(run.id)
        try:
            await self._answer(run, progress)
        except asyncio.CancelledError:
            stopped = run.id in self._stopping
            progress.status = Status.stopped if stopped else Status.failed
            progress.error = "" if stopped else INTERRUPTED
        except FaradayError as error:
            progress.status, progress.error = Status.failed, error.message
        except Exception as error:
            _log.error("run_failed", run_id=str(run.id), exc_info=error)
            progress.status, progress.error = Status.failed, INTERRUPTED
        finally:
            self._answering.discard(run.id)
            self._stopping.discard(run.id)
            renewing.cancel()
        await _finish(run, progress)

    async def _answer(self, run: Run, progress: Progress) -> None:
        ready, message = await _prepared(run)
        progress.receipt, flushed = _receipt(ready), 0.0
        ask = _asking(run, ready, progress.receipt)
        async with aclosing(talk(ready, ask, _using(run, ready, message))) as pieces:
            async for piece in pieces:
                if isinstance(piece, Used):
                    await _note_used(run, progress, piece)
                    continue
                progress.text += piece
                progress.unsent += piece
                progress.pieces += 1
                if time.monotonic() - flushed >= FLUSH_EVERY:
                    flushed = time.monotonic()
                    await _flush(run, progress)


async def _prepared(run: Run) -> tuple[Ready, Message]:
    """Only those may answer that were counted on when the answer was asked for."""
    async with transaction(Actor.system(run.organization_id)) as session:
        message = await session.get_one(Message, run.message_id)
        turns = await branches.turns_to(session, message.parent_id)
    given = await assembly.unsealed(run.id, run.sealed_given)
    prompt = Prompt.read(run.prompt, given) if run.prompt else Prompt(message.model)
    allowed = replace(prompt, allowed=tuple(run.models))
    return await prompts.ready(Actor.system(run.organization_id), turns, allowed), message


def _receipt(ready: Ready) -> gateway.Receipt:
    task = gateway.task_of_messages(ready.turns)
    needs = prompts.TOOLS if ready.tools and ready.prompt.model == gateway.AUTO else frozenset()
    most = gateway.most_tokens_of(ready.body)
    return gateway.Receipt("assistant", gateway.Asked(ready.prompt.model, most, ready.longest, needs, task=task))


def _asking(run: Run, ready: Ready, receipt: gateway.Receipt) -> Ask:
    def ask(body: dict[str, Any], goes_on: bool) -> gateway.Call:
        if goes_on:  # from results of tools: whoever knows no tools cannot read them
            asked = replace(receipt.asked, prompt=gateway.most_tokens_of(body), needs=prompts.TOOLS)
            receipt.asked = asked
        return gateway.Call(run.organization_id, body, receipt, lambda model: model.name in run.models)

    return ask


def _using(run: Run, ready: Ready, message: Message) -> Use:
    """Tools work under the rights that whoever asked has at that moment; for somebody who is gone there are none."""

    async def use(made: Made) -> Used:
        faraday = Actor.system(run.organization_id)
        async with transaction(faraday) as session:
            actor = await member(session, run.started_by, run.organization_id)
            context = await session.get_one(Context, run.context_id)
            gpt = await session.get(Gpt, message.gpt_id) if message.gpt_id else None
            asked = await session.get_one(Message, message.parent_id)
        occasion = Occasion(context, gpt, asked.content, asked.id)
        return await user_of(ready.tools if actor else {}, actor or faraday, occasion)(made)

    return use


async def _note_used(run: Run, progress: Progress, used: Used) -> None:
    """Let open pages see it while the answer goes on."""
    progress.tools.append(used.kept())
    try:
        async with transaction(Actor.system(run.organization_id)) as session:
            row = update(Message).where(col(Message.id) == run.message_id)
            await session.execute(row.values(tools=list(progress.tools)))
            publish_on_commit(session, topic("context", run.context_id))
    except FaradayError as error:
        _log.warning("tool_not_noted", run_id=str(run.id), error=error.message)


async def _flush(run: Run, progress: Progress) -> None:
    unsent, progress.unsent = progress.unsent, ""
    if unsent:
        await streams.append(run.id, unsent)


async def _finish(run: Run, progress: Progress) -> None:
    """Write the answer and close the books, trying for as long as the database is away."""
    await _flush(run, progress)
    for pause in (0.2, 0.5, 1, 2, 5, 10, 20):
        try:
            async with transaction(Actor.system(run.organization_id)) as session:
                await close_books(session, run.id, progress)
            break
        except FaradayError as error:
            _log.warning("finish_delayed", run_id=str(run.id), error=error.message)
            await asyncio.sleep(pause)
    await streams.close(run.id)


async def close_books(session: AsyncSession, run_id: UUID, progress: Progress) -> None:
    """End a run once: the message gets its text, the hold is settled for what came or released for nothing."""
    run = await session.scalar(select(Run).where(col(Run.id) == run_id).with_for_update())
    if run is None or run.finished_at:
        return
    message = await session.get_one(Message, run.message_id)
    run.finished_at = message.finished_at = now()
    message.content, message.status, message.error = progress.text, progress.status, progress.error
    message.tools = progress.tools or message.tools
    if progress.text:
        cost = await _count(session, run, message, progress)
        message.cost = await credits.settle(session, run.hold_id, cost, f"Answer by {message.model}", f"run {run.id}")
    else:
        await credits.release(session, run.hold_id)
    if progress.receipt:
        if progress.status is Status.stopped:
            progress.receipt.outcome = "stopped"
        who = {"user_id": run.started_by, "message_id": message.id}
        kept = gateway.keep_receipt(session, progress.receipt, run.organization_id, **who)
        await gateway.keep_sent(session, progress.receipt, kept)
    context = await session.get_one(Context, run.context_id)
    context.updated_at = now()
    await memory.look_after(session, context, run, message)
    await announce(session, context)


async def _count(session: AsyncSession, run: Run, message: Message, progress: Progress) -> int:
    """Who answered, with how many tokens; the micro-credits for it."""
    receipt = progress.receipt
    if receipt is None or receipt.last is None:  # The worker is gone, and with it what it knew.
        message.answer_tokens = progress.pieces
        model = (await gateway.offered(run.organization_id)).named(message.model) or gateway.built_in()
        return model.least(0, progress.pieces)
    message.model = receipt.last.model
    message.prompt_tokens, message.answer_tokens = receipt.prompt_tokens, receipt.answer_tokens
    message.first_token_ms = round(receipt.first_token_ms) if receipt.first_token_ms is not None else None
    return receipt.cost


async def _renew(run: Run) -> None:
    """Keep the lease while this worker lives."""
    while True:
        await asyncio.sleep(LEASE.total_seconds() / 3)
        try:
            async with transaction(Actor.system(run.organization_id)) as session:
                await session.execute(update(Run).where(col(Run.id) == run.id).values(lease_until=now() + LEASE))
        except FaradayError as error:
            _log.warning("lease_not_renewed", run_id=str(run.id), error=error.message)


async def finish_abandoned() -> int:
    """Close the books of runs whose worker is gone, with what their logs still hold. Their number."""
    async with transaction(Actor.system()) as session:
        lapsed = select(Run).where(col(Run.finished_at).is_(None), col(Run.lease_until) < now()).limit(100)
        abandoned = list((await session.scalars(lapsed)).all())
    for run in abandoned:
        try:
            text, pieces = await streams.logged_text(run.id)
        except RedisError:
            text, pieces = "", 0
        progress = Progress(text=text, pieces=pieces, status=Status.failed, error=INTERRUPTED)
        async with transaction(Actor.system(run.organization_id)) as session:
            await close_books(session, run.id, progress)
    return len(abandoned)


engine = Engine()
