"""One step of a question to several GPTs, in one transaction: see what came, begin what comes next, or end."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Context, Message, Mode, Orchestration, Part, Run, Status
from faraday_app.contexts.orchestration import plans
from faraday_app.contexts.orchestration.plans import Ask, End, Said
from faraday_app.contexts.orchestration.readying import Table, given, keep_to_budget, question_of, readied
from faraday_app.contexts.service import branches, gpts, prompts
from faraday_app.contexts.service.conversations import announce
from faraday_app.contexts.service.prompts import Prompt, Ready
from faraday_app.contexts.service.runs import begin_run, begin_runs, empty_answer
from faraday_app.core.clock import now
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor

NOBODY = "None of the GPTs answered. You can try each of them again."
TOO_MANY_STEPS = "The limit of steps was reached. What had come is kept."


async def around(session: AsyncSession, context: Context, orchestration: Orchestration) -> Table:
    found = await gpts.of(session, orchestration.gpt_ids)
    asked = await session.get_one(Message, orchestration.asked_id)
    return Table(context, orchestration, asked, [found[id] for id in orchestration.gpt_ids])


async def advance(session: AsyncSession, actor: Actor, table: Table) -> list[Run] | None:
    """The runs to wait for, begun now or before; None when it has ended. Its row is locked by the caller."""
    orchestration = table.orchestration
    if orchestration.finished_at:
        return None
    if waiting := await _open(session, orchestration.id):
        if orchestration.status == Status.stopped:
            for run in waiting:
                publish_on_commit(session, topic("stop", run.id))
        return waiting
    if orchestration.status == Status.stopped:
        await end(session, table, Status.stopped)
        return None
    return await go_on(session, actor, table)


async def go_on(session: AsyncSession, actor: Actor, table: Table) -> list[Run] | None:
    """Begin what comes after the parts so far, or end; None then."""
    orchestration = table.orchestration
    parts = await parts_of(session, orchestration.id)
    found = await _next(session, actor, table, parts)
    if isinstance(found, End):
        failed = found.shown is None
        await end(session, table, Status.failed if failed else Status.complete, NOBODY if failed else "", found.shown)
        return None
    if found.parts[0].step > orchestration.step_limit:
        await end(session, table, Status.complete, TOO_MANY_STEPS)
        return None
    return await begin(session, actor, table, found)


async def begin(session: AsyncSession, actor: Actor, table: Table, step: Ask) -> list[Run]:
    """Every part with its own hold. One whose GPT cannot be asked fails by itself. LimitReached beyond the budget."""
    turns = await branches.turns_to(session, table.asked.id)
    wanted = await readied(session, actor, table, step, turns)
    answers: list[Message] = []
    asked: list[tuple[Message, Ready]] = []
    for part, found in zip(step.parts, wanted, strict=True):
        gpt = table.gpt_of(part.part, part.lane)
        place = {"orchestration_id": table.orchestration.id, "lane": part.lane, "step": part.step, "part": part.part}
        answer = empty_answer(table.asked, gpt.model if gpt else "", gpt_id=gpt.id if gpt else None, **place)
        if isinstance(found, Ready):
            answer.model = found.prompt.model
            asked.append((answer, found))
        else:
            answer.status, answer.error, answer.finished_at = Status.failed, found.message[:300], now()
            session.add(answer)
        answers.append(answer)
    begun = await begin_runs(session, actor, asked)
    for part, answer in zip(step.parts, answers, strict=True):
        if part.shown or (part.part == Part.answer and part.lane == 0):
            await show(session, table, answer.id)
    table.context.updated_at = now()
    await announce(session, table.context)
    return begun


async def again(session: AsyncSession, actor: Actor, table: Table, earlier: Message) -> Run:
    """One part once more, with the same words, beside what came of it before."""
    asked = await session.scalar(select(Run).where(col(Run.message_id) == earlier.id))
    gpt = table.gpt_of(earlier.part, earlier.lane)
    prompt = Prompt.read(asked.prompt) if asked and asked.prompt else Prompt.of(table.lanes[earlier.lane])
    if gpt:
        prompt = replace(prompt, given=await given(session, actor, table, gpt))
    ready = await prompts.ready(actor, await branches.turns_to(session, table.asked.id), prompt)
    await keep_to_budget(session, table.orchestration, ready.most)
    place = {"orchestration_id": table.orchestration.id, "lane": earlier.lane, "step": earlier.step}
    answer = empty_answer(table.asked, prompt.model, gpt_id=gpt.id if gpt else None, part=earlier.part, **place)
    run = await begin_run(session, actor, answer, ready)
    if table.orchestration.shown_id == earlier.id:
        await show(session, table, answer.id)
    return run


async def end(
    session: AsyncSession, table: Table, status: Status, error: str = "", shown: tuple[int, int] | None = None
) -> None:
    """Finish it, with the best of what came in the branch that is shown."""
    orchestration = table.orchestration
    orchestration.status, orchestration.error, orchestration.finished_at = status, error[:300], now()
    parts = await parts_of(session, orchestration.id)
    best = _best(parts, shown)
    if best and not orchestration.kept_at:
        await show(session, table, best.id)
    await announce(session, table.context)


async def show(session: AsyncSession, table: Table, message_id: UUID) -> None:
    """Let the branch go through this part, where it still ends at this question."""
    parts = select(col(Message.id)).where(col(Message.orchestration_id) == table.orchestration.id)
    if table.context.leaf_id in {table.asked.id, *await session.scalars(parts)}:
        table.context.leaf_id = message_id
        table.context.version += 1
    table.orchestration.shown_id = message_id


async def parts_of(session: AsyncSession, orchestration_id: UUID) -> list[Message]:
    """The newest message of each lane and step, in their order."""
    query = select(Message).where(col(Message.orchestration_id) == orchestration_id).order_by(col(Message.id))
    newest = {(each.lane, each.step): each for each in await session.scalars(query)}
    return [newest[place] for place in sorted(newest)]


async def _next(session: AsyncSession, actor: Actor, table: Table, parts: list[Message]) -> plans.Next:
    said = [Said(each.lane, each.step, Part(each.part), _came(each)) for each in _since_the_way(parts)]
    return plans.following(Mode(table.orchestration.mode), await question_of(actor, table), said)


async def _open(session: AsyncSession, orchestration_id: UUID) -> list[Run]:
    query = (
        select(Run)
        .join(Message, col(Message.id) == col(Run.message_id))
        .where(col(Message.orchestration_id) == orchestration_id, col(Run.finished_at).is_(None))
    )
    return list((await session.scalars(query)).all())


def _came(message: Message) -> str:
    """What counts as an answer: one that was written to its end."""
    return message.content.strip() if message.status == Status.complete else ""


def _best(parts: list[Message], shown: tuple[int, int] | None) -> Message | None:
    """The part at that place; else the furthest that came, whole ones before half ones."""
    chosen = next((each for each in parts if (each.lane, each.step) == shown), None)
    if chosen or not parts:
        return chosen
    said = [each for each in parts if answers(each)]
    return max(said, key=lambda each: (bool(_came(each)), bool(each.content), each.step, -each.lane), default=None)


def answers(message: Message) -> bool:
    """Whether a part is an answer to the question: a vote, a plan and the choice of a GPT are none."""
    is_vote = message.part == Part.judge and message.step <= plans.ROUNDS
    return not is_vote and message.part not in plans.ABOUT_THE_WAY


def _since_the_way(parts: list[Message]) -> list[Message]:
    """What was said under an earlier plan or choice is of no use under one that was made anew."""
    ways = [part.id for part in parts if part.part in plans.ABOUT_THE_WAY]
    return [part for part in parts if not ways or part.id >= max(ways)]
