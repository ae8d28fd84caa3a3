"""Making the parts of a step ready to be asked: how each is asked, what it may cost, and whether the budget holds."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Context, Gpt, Message, Orchestration, Part
from faraday_app.contexts.orchestration.plans import Ask, Question, Wanted
from faraday_app.contexts.service import forms, gathering, languages, prompts
from faraday_app.contexts.service.assembly import Item, Occasion
from faraday_app.contexts.service.prompts import Prompt, Ready
from faraday_app.core.errors import FaradayError, Invalid, LimitReached
from faraday_app.core.permissions import Actor
from faraday_app.credits.views import credits_text
from faraday_app.gateway import service as gateway
from faraday_app.gateway.service import Turn

NO_ROOM_TO_CHOOSE = "The budget of this question leaves no room to ask who fits."
LONGEST_CHOICE = forms.TOKENS[forms.ROUTE]
_BESIDE = 200  # tokens for the words around the quotes


@dataclass(frozen=True, slots=True)
class Table:
    """The GPTs of an orchestration around their question, as all of it is in one transaction."""

    context: Context
    orchestration: Orchestration
    asked: Message
    lanes: list[Gpt]
    gathered: gathering.Same = field(default_factory=dict)
    spoken: list[str] = field(default_factory=list)

    def gpt_of(self, part: str, lane: int) -> Gpt | None:
        """Who gives this part; nobody's where a model alone is asked."""
        return None if part == Part.route else self.lanes[lane]

    async def language(self, session: AsyncSession, actor: Actor) -> str:
        """In which all of them answer, looked up once."""
        if not self.spoken:
            self.spoken.append(await languages.of(session, actor, self.context))
        return self.spoken[0]


async def question_of(actor: Actor, table: Table) -> Question:
    return Question(
        table.asked.content,
        tuple(gpt.name for gpt in table.lanes),
        tuple(gpt.instructions for gpt in table.lanes),
        await _room(actor, table),
        table.orchestration.step_limit,
    )


async def readied(
    session: AsyncSession, actor: Actor, table: Table, step: Ask, turns: list[Turn]
) -> list[Ready | FaradayError]:
    """Each part, or why it cannot be asked. LimitReached when together they could cost more than the budget has."""
    found = [await _ready(session, actor, table, part, turns) for part in step.parts]
    most = sum(each.most for each in found if isinstance(each, Ready))
    if step.parts[0].part is Part.route and not await _can_choose(session, actor, table, most, turns):
        return [LimitReached(NO_ROOM_TO_CHOOSE)]
    await keep_to_budget(session, table.orchestration, most)
    return found


async def keep_to_budget(session: AsyncSession, orchestration: Orchestration, most: int) -> None:
    left = await _left(session, orchestration)
    if left is not None and most > left:
        raise LimitReached(
            f"This step may cost {credits_text(most)} credits, and the budget of this question has"
            f" {credits_text(max(0, left))} left. What had come is kept."
        )


async def given(session: AsyncSession, actor: Actor, table: Table, gpt: Gpt) -> tuple[Item, ...]:
    occasion = Occasion(table.context, gpt, table.asked.content, table.asked.id)
    return await gathering.gather(session, actor, occasion, table.gathered)


async def prompt_of(session: AsyncSession, actor: Actor, table: Table, part: Wanted) -> Prompt:
    if table.gpt_of(part.part, part.lane):
        prompt = Prompt.of(table.lanes[part.lane], part.words, part.choices, part.form)
        return languages.spoken(prompt, await table.language(session, actor))
    model = await _cheapest(actor)
    return Prompt(model, "", part.words, 0.0, LONGEST_CHOICE, part.choices, form=forms.ROUTE)


async def _ready(
    session: AsyncSession, actor: Actor, table: Table, part: Wanted, turns: Sequence[Turn]
) -> Ready | FaradayError:
    """A router sees the question alone: who fits is no matter of what was said before."""
    try:
        prompt = await prompt_of(session, actor, table, part)
        if gpt := table.gpt_of(part.part, part.lane):
            prompt = replace(prompt, given=await given(session, actor, table, gpt))
        return await prompts.ready(actor, list(turns) if gpt else list(turns[-1:]), prompt)
    except Invalid as refusal:
        return refusal


async def _cheapest(actor: Actor) -> str:
    """The model that chooses, of those that answer."""
    models = [model for model in await gateway.models_for(actor) if model.category.answers]
    if not models:
        raise Invalid("There is no model that could choose.")
    return min(models, key=lambda model: model.most(1_000, LONGEST_CHOICE)).name


async def _can_choose(session: AsyncSession, actor: Actor, table: Table, most: int, turns: list[Turn]) -> bool:
    """Whether the budget has enough to ask who fits, and then whoever it is."""
    left = await _left(session, table.orchestration)
    if left is None:
        return True
    lanes = [Wanted(lane, 2, Part.final) for lane in range(len(table.lanes))]
    answers = [await _ready(session, actor, table, part, turns) for part in lanes]
    return most + max((each.most for each in answers if isinstance(each, Ready)), default=0) <= left


async def _left(session: AsyncSession, orchestration: Orchestration) -> int | None:
    """Micro-credits of the budget; None where there is no limit."""
    if orchestration.budget is None:
        return None
    query = select(func.coalesce(func.sum(col(Message.cost)), 0)).where(
        col(Message.orchestration_id) == orchestration.id
    )
    return orchestration.budget - int(await session.scalar(query) or 0)


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
