"""What a question to one or to several would cost: the first step, and all that could come after it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.models import Context, Gpt, Mode
from faraday_app.contexts.orchestration import plans
from faraday_app.contexts.orchestration.plans import Ask, Question, Said
from faraday_app.contexts.service import estimates, gpts, quotes
from faraday_app.contexts.service.branches import LONGEST_MESSAGE
from faraday_app.contexts.service.estimates import Accuracy, Estimate
from faraday_app.contexts.service.quotes import Cheaper, One, Payer, together
from faraday_app.core.permissions import Actor

FILLER = "x"  # stands for an answer that is still to come; its length is counted, not its words


@dataclass(frozen=True, slots=True)
class Quote:
    """``whole`` is what the question can come to, ``first`` its first step; the same for one who answers alone.

    ``one`` is the question put to the first of them: what the meter shows. So many answers, ``calls``, may be given in
    all. For one of them tools are used in ``likely_rounds`` as a rule and in ``rounds`` at most; none where nobody has
    tools.
    """

    one: One
    whole: Estimate
    first: Estimate
    calls: int
    mode: Mode
    budget: int | None
    payer: Payer | None
    cheaper: Cheaper | None
    accuracy: Accuracy
    language: str
    rounds: int = 0
    likely_rounds: int = 0

    @property
    def affordable(self) -> bool:
        """Whether the first step can be set aside now."""
        return self.payer is None or self.first.most <= self.payer.available


async def quote(session: AsyncSession, actor: Actor, context_id: UUID | None, text: str, model: str = "") -> Quote:
    """For the text as it is, in an open conversation or in one that is still to begin."""
    context = await quotes.situation(session, actor, context_id, model)
    turns = await quotes.turns_with(session, context, text[:LONGEST_MESSAGE])
    lanes = await gpts.answering(session, context)
    several = lanes if len(lanes) > 1 and context.mode != Mode.single else []
    asked: list[Gpt | None] = [*(several or lanes[:1])] or [None]
    ones = [await quotes.of_one(session, actor, context, turns, gpt) for gpt in asked]
    steps = _steps(context, text, several) if several else [[0]]
    sums = [_step(number, lanes_of, ones) for number, lanes_of in enumerate(steps)]
    return Quote(
        one=ones[0],
        whole=together(sums),
        first=sums[0],
        calls=sum(len(each) for each in steps),
        mode=Mode(context.mode) if several else Mode.single,
        budget=context.budget if several else None,
        payer=await quotes.payer(session, actor),
        cheaper=await quotes.cheaper(actor, ones[0]) if _may_choose(context, lanes) else None,
        accuracy=await estimates.accuracy(session, actor),
        language=context.answer_language,
        rounds=max(each.ready.rounds for each in ones),
        likely_rounds=max(each.rounds for each in ones),
    )


def _may_choose(context: Context, lanes: list[Gpt]) -> bool:
    """The model of a GPT is its owner's to choose."""
    return not lanes


def _steps(context: Context, text: str, lanes: list[Gpt]) -> list[list[int]]:
    """Who is asked in each step, as the plan has it when everybody answers, within the limit of steps."""
    names, about = tuple(gpt.name for gpt in lanes), tuple(gpt.instructions for gpt in lanes)
    question = Question(text, names, about, steps=context.step_limit)
    said: list[Said] = []
    steps: list[list[int]] = []
    while len(steps) < context.step_limit and isinstance(
        following := plans.following(Mode(context.mode), question, said), Ask
    ):
        steps.append([part.lane for part in following.parts])
        said += [Said(part.lane, part.step, part.part, FILLER) for part in following.parts]
    return steps


def _step(number: int, lanes: list[int], ones: list[One]) -> Estimate:
    """A later step tells the answers of the step before: so many tokens more, as far as the window holds them."""
    return together([_later(ones[lane], number and sum(each.answer for each in ones)) for lane in lanes])


def _later(one: One, more: int) -> Estimate:
    if not more or one.model is None:
        return one.estimate
    room = max(0, one.model.context - one.ready.most_prompt - one.ready.longest)
    dearest = one.model.most(room * (one.ready.rounds + 1), 0)  # each round of tools reads them again
    said = one.model.most(min(more, room) * (one.rounds + 1), 0)
    estimate = one.estimate
    return Estimate(estimate.least, min(estimate.likely + said, estimate.most + dearest), estimate.most + dearest)
