"""What an answer will probably cost: by what was sent, and by how long answers have come out lately.

An estimate is kept with its run, so that it can be held against what the answer cost in the end.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.service.prompts import Ready
from faraday_app.core.clock import now
from faraday_app.core.ids import first_id_of
from faraday_app.core.permissions import Actor
from faraday_app.gateway import service as gateway
from faraday_app.gateway.views import Model

ENOUGH = 5  # answers from which a habit is told
LOOKED_AT = 50  # answers, the newest
SINCE = timedelta(days=90)
USUAL = 200  # tokens of an answer where nothing is known
RATIO = 0.75  # a token has four bytes; the bound counts three


@dataclass(frozen=True, slots=True)
class Habit:
    """Tokens of a short answer (one of ten is shorter) and of the middle one, counted from so many answers.

    ``ratio``: of the tokens that a prompt can have at most so many are found in the end.
    """

    few: int
    middle: int
    ratio: float = RATIO
    answers: int = 0


@dataclass(frozen=True, slots=True)
class Estimate:
    """Micro-credits: of a short answer, of the middle one, and what is set aside. ``least <= likely <= most``."""

    least: int
    likely: int
    most: int

    def __add__(self, other: "Estimate") -> "Estimate":
        return Estimate(self.least + other.least, self.likely + other.likely, self.most + other.most)


@dataclass(frozen=True, slots=True)
class Accuracy:
    """By how many percent estimates were off at the median, of so many answers; None: there were none."""

    percent: float | None
    answers: int


# The newest answers of one model to one person, or to everybody in the organisation where they have too few.
_HABIT = """
select count(*), percentile_cont(array[0.1, 0.5]) within group (order by answer_tokens),
    percentile_cont(0.5) within group (order by prompt_tokens::float / most_prompt) filter (where most_prompt > 0)
from (
    select message.answer_tokens, message.prompt_tokens, run.most_prompt
    from runs run join messages message on message.id = run.message_id
    where run.organization_id = :organization and run.id >= :since {whose}
        and message.model = :model and message.status = 'complete' and message.answer_tokens > 0
    order by run.id desc limit :most
) newest
"""
_OWN = text(_HABIT.format(whose="and run.started_by = :person"))
_ANYBODYS = text(_HABIT.format(whose=""))

_ACCURACY = text("""
select percentile_cont(0.5) within group (order by abs(message.cost - run.likely_cost) * 100.0 / message.cost), count(*)
from runs run join messages message on message.id = run.message_id
where run.organization_id = :organization and run.started_by = :person and run.id >= :since
    and run.likely_cost is not null and message.status = 'complete' and message.cost > 0
""")


async def habit(session: AsyncSession, actor: Actor, model: Model) -> Habit:
    """The actor's own where they have asked often enough, else everybody's, else what is usual."""
    values = {
        "organization": actor.organization,
        "person": actor.user,
        "since": first_id_of(now() - SINCE),
        "model": model.name,
        "most": LOOKED_AT,
    }
    for query in (_OWN, _ANYBODYS):
        count, lengths, ratio = (await session.execute(query, values)).one()
        if count >= ENOUGH:
            few, middle = lengths
            return Habit(round(few), round(middle), min(float(ratio or RATIO), 1.0), count)
    middle = min(USUAL, model.longest_answer)
    return Habit(max(1, middle // 8), middle)


async def of(session: AsyncSession, actor: Actor, ready: Ready) -> Estimate:
    """By the model that stands first among those that may answer."""
    model = await first_of(actor, ready)
    return Estimate(0, 0, ready.most) if model is None else estimated(ready, model, await habit(session, actor, model))


async def first_of(actor: Actor, ready: Ready) -> Model | None:
    usable = {model.name: model for model in await gateway.models_for(actor)}
    return next((usable[name] for name in ready.models if name in usable), None)


def estimated(ready: Ready, model: Model, known: Habit) -> Estimate:
    """Pure: the same prompt, model and habit give the same figures."""
    prompt, longest = round(ready.most_prompt * known.ratio), min(ready.longest, model.longest_answer)
    likely = min(model.most(prompt, min(known.middle, longest)), ready.most)
    return Estimate(min(model.least(prompt, min(known.few, longest)), likely), likely, ready.most)


async def accuracy(session: AsyncSession, actor: Actor, days: int = 30) -> Accuracy:
    """Of the actor's own answers in the last days."""
    values = {"organization": actor.organization, "person": actor.user}
    since = first_id_of(now() - timedelta(days=days))
    percent, answers = (await session.execute(_ACCURACY, {**values, "since": since})).one()
    return Accuracy(None if percent is None else float(percent), answers)
