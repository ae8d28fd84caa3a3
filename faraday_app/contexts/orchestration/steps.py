"""One step of a question to several GPTs, in one transaction: see what came, begin what comes next, or end."""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Context, Gpt, Message, Mode, Orchestration, Part, Run, Status
from faraday_app.contexts.orchestration import plans
from faraday_app.contexts.orchestration.plans import Ask, End, Question, Said, Wanted
from faraday_app.contexts.service import branches, gathering, gpts, prompts
from faraday_app.contexts.service.assembly import Item, Occasion
from faraday_app.contexts.service.conversations import announce
from faraday_app.contexts.service.prompts import Prompt, Ready
from faraday_app.contexts.service.runs import begin_run, empty_answer
from faraday_app.core.clock import now
from faraday_app.core.errors import FaradayError, Invalid, LimitReached
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor
from faraday_app.credits.views import credits_text
from faraday_app.gateway.service import Turn

NOBODY = "None of the GPTs answered. You can try each of them again."
TOO_MANY_STEPS = "The limit of steps was reached. What had come is kept."
_BESIDE = 200  # tokens for the words around the quotes


@dataclass(frozen=True, slots=True)
class Table:
    """The GPTs of an orchestration around their question."""

    context: Context
    orchestration: Orchestration
    asked: Message
    lanes: list[Gpt]


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
    parts = await parts_of(session, orchestration.id)
    if orchestration.status == Status.stopped:
        await end(session, table, Status.stopped)
        return None
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
    wanted = [await _ready(session, actor, table, part, turns) for part in step.parts]
    await _keep_to_budget(session, table.orchestration, sum(each.most for each in wanted if isinstance(each, Ready)))
    begun: list[Run] = []
    for part, found in zip(step.parts, wanted, strict=True):
        gpt = table.lanes[part.lane]
        place = {"orchestration_id": table.orchestration.id, "lane": part.lane, "step": part.step, "part": part.part}
        answer = empty_answer(table.asked, gpt.model, gpt_id=gpt.id, **place)
        if isinstance(found, Ready):
            begun.append(await begin_run(session, actor, answer, found))
        else:
            answer.status, answer.error, answer.finished_at = Status.failed, found.message[:300], now()
            session.add(answer)
            await session.flush()
        if part.shown or (part.part == Part.answer and part.lane == 0):
            await show(session, table, answer.id)
    table.context.updated_at = now()
    await announce(session, table.context)
    return begun


async def again(session: AsyncSession, actor: Actor, table: Table, earlier: Message) -> Run:
    """One part once more, with the same words, beside what came of it before."""
    asked = await session.scalar(select(Run).where(col(Run.message_id) == earlier.id))
    gpt = table.lanes[earlier.lane]
    prompt = Prompt.read(asked.prompt) if asked and asked.prompt else Prompt.of(gpt)
    prompt = replace(prompt, given=await _given(session, actor, table, gpt))
    ready = await prompts.ready(actor, await branches.turns_to(session, table.asked.id), prompt)
    await _keep_to_budget(session, table.orchestration, ready.most)
    place = {"orchestration_id": table.orchestration.id, "lane": earlier.lane, "step": earlier.step}
    answer = empty_answer(table.asked, gpt.model, gpt_id=gpt.id, part=earlier.part, **place)
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


async def question_of(actor: Actor, table: Table) -> Question:
    return Question(
        table.asked.content,
        tuple(gpt.name for gpt in table.lanes),
        tuple(gpt.instructions for gpt in table.lanes),
        await _room(actor, table),
    )


async def _next(session: AsyncSession, actor: Actor, table: Table, parts: list[Message]) -> plans.Next:
    said = [Said(each.lane, each.step, Part(each.part), _came(each)) for each in parts]
    return plans.following(Mode(table.orchestration.mode), await question_of(actor, table), said)


async def _room(actor: Actor, table: Table) -> int:
    """Bytes that fit the narrowest window beside instructions, question and answer: three are a token or more."""
    narrowest = 1_000_000
    for gpt in table.lanes:
        try:
            model = await prompts.window(actor, Prompt.of(gpt))
        except FaradayError:
            continue
        longest = min(gpt.longest_answer or model.longest_answer, model.longest_answer)
        narrowest = min(narrowest, (model.context - longest - _BESIDE) * 3 - len(gpt.instructions.encode()))
    return max(0, narrowest - len(table.asked.content.encode()))


async def _ready(session: AsyncSession, actor: Actor, table: Table, part: Wanted, turns: list[Turn]) -> Ready | Invalid:
    gpt = table.lanes[part.lane]
    prompt = Prompt.of(gpt, part.words, part.choices)
    try:
        prompt = replace(prompt, given=await _given(session, actor, table, gpt))
        return await prompts.ready(actor, turns, prompt)
    except Invalid as refusal:
        return refusal


async def _given(session: AsyncSession, actor: Actor, table: Table, gpt: Gpt) -> tuple[Item, ...]:
    return await gathering.gather(session, actor, Occasion(table.context, gpt, table.asked.content, table.asked.id))


async def _keep_to_budget(session: AsyncSession, orchestration: Orchestration, most: int) -> None:
    if orchestration.budget is None:
        return
    query = select(func.coalesce(func.sum(col(Message.cost)), 0)).where(
        col(Message.orchestration_id) == orchestration.id
    )
    spent = int(await session.scalar(query) or 0)
    if spent + most > orchestration.budget:
        raise LimitReached(
            f"This step may cost {credits_text(most)} credits, and the budget of this question has"
            f" {credits_text(max(0, orchestration.budget - spent))} left. What had come is kept."
        )


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
    said = [each for each in parts if not (each.part == Part.judge and each.step == 2)]  # a vote answers nothing
    return max(said, key=lambda each: (bool(_came(each)), bool(each.content), each.step, -each.lane))
