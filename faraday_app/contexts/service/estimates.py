"""What an answer will probably cost: by what was sent, and by how long answers have come out lately.

An estimate is kept with its run, so that it can be held against what the answer cost in the end.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.service.prompts import ROUNDS, Ready
from faraday_app.core.clock import now
from faraday_app.core.ids import first_id_of
from faraday_app.core.permissions import Actor
from faraday_app.gateway import service as gateway
from faraday_app.gateway.views import Capability, Model

ENOUGH = 5  # answers from which a habit is told
LOOKED_AT = 50  # answers, the newest
SINCE = timedelta(days=90)
USUAL = 200  # tokens of an answer where nothing is known
RATIO = 0.75  # a token has four bytes; the bound counts three
USUAL_ROUNDS = 1  # of tools in an answer that has some, where nothing is known


@dataclass(frozen=True, slots=True)
class Habit:
    """Tokens of a short answer (one of ten is shorter) and of the middle one, counted from so many answers.

    ``ratio``: of the tokens that a prompt can have at most so many are read in the end. With tools it is read anew in
    each of so many ``rounds``; None: how often is not known yet.
    """

    few: int
    middle: int
    ratio: float | None = None
    answers: int = 0
    rounds: int = 0


# By model, and whether there were tools.
Habits = dict[tuple[str, bool], Habit]


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


# The newest answers of one model to one person, or to everybody in the organisation where they have too few. Answers
# that had tools are told apart from those that had none: they read their prompt several times.
_HABIT = """
select count(*), percentile_cont(array[0.1, 0.5]) within group (order by answer_tokens),
    percentile_cont(0.5) within group (order by prompt_tokens::float / most_prompt) filter (where most_prompt > 0),
    percentile_disc(0.5) within group (order by rounds)
from (
    select message.answer_tokens, message.prompt_tokens, run.most_prompt, used.rounds
    from runs run join messages message on message.id = run.message_id
    cross join lateral (
        select coalesce(max(coalesce((each ->> 'round')::int, 1)), 0) as rounds
        from jsonb_array_elements(message.tools) each
    ) used
    where run.organization_id = :organization and run.id >= :since {whose}
        and message.model = :model and message.status = 'complete' and message.answer_tokens > 0
        and (:any or :tools = (jsonb_array_length(coalesce(run.prompt -> 'tools', '[]')) > 0))
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


async def habit(session: AsyncSession, actor: Actor, model: Model, tools: bool = False) -> Habit:
    """The actor's own where they have asked often enough, else everybody's, else what is usual."""
    values = {
        "organization": actor.organization,
        "person": actor.user,
        "since": first_id_of(now() - SINCE),
        "model": model.name,
        "most": LOOKED_AT,
        "tools": tools,
        "any": Capability.tools not in model.capabilities,  # whatever a GPT has, this model was offered none
    }
    for query in (_OWN, _ANYBODYS):
        count, lengths, ratio, rounds = (await session.execute(query, values)).one()
        if count >= ENOUGH:
            few, middle = lengths
            read = float(ratio or RATIO)
            return Habit(round(few), round(middle), read if tools else min(read, 1.0), count, rounds if tools else 0)
    middle = min(USUAL, model.longest_answer)
    return Habit(max(1, middle // 8), middle, rounds=USUAL_ROUNDS if tools else 0)


async def of(session: AsyncSession, actor: Actor, ready: Ready, habits: Habits | None = None) -> Estimate:
    """By the model that stands first among those that may answer. ``habits`` is filled with what was looked up, and
    spares looking it up again for others that are asked at the same moment.
    """
    model = await first_of(actor, ready)
    if model is None:
        return Estimate(0, 0, ready.most)
    habits, key = {} if habits is None else habits, (model.name, bool(ready.tools))
    if key not in habits:
        habits[key] = await habit(session, actor, model, bool(ready.tools))
    return estimated(ready, model, habits[key])


async def first_of(actor: Actor, ready: Ready) -> Model | None:
    usable = {model.name: model for model in await gateway.models_for(actor)}
    return next((usable[name] for name in ready.models if name in usable), None)


def estimated(ready: Ready, model: Model, known: Habit) -> Estimate:
    """Pure: the same prompt, model and habit give the same figures. At least no tool is used, at most all rounds."""
    longest = min(ready.longest, model.longest_answer)
    once = round((ready.most_prompt + ready.offered) * min(known.ratio or RATIO, RATIO if ready.tools else 1.0))
    read = round(ready.most_prompt * known.ratio) if known.ratio is not None else _read(ready, known.rounds)
    likely = min(model.most(read, min(known.middle, longest)), ready.most)
    return Estimate(min(model.least(min(once, read), min(known.few, longest)), likely), likely, ready.most)


def _read(ready: Ready, rounds: int) -> int:
    """Tokens that so many rounds of tools and the answer after them read, each with what the earlier ones brought."""
    results = ready.results // ROUNDS
    brought = sum(place * results for place in range(rounds + 1))
    return round(((ready.most_prompt + ready.offered) * (rounds + 1) + brought) * RATIO)


async def accuracy(session: AsyncSession, actor: Actor, days: int = 30) -> Accuracy:
    """Of the actor's own answers in the last days."""
    values = {"organization": actor.organization, "person": actor.user}
    since = first_id_of(now() - timedelta(days=days))
    percent, answers = (await session.execute(_ACCURACY, {**values, "since": since})).one()
    return Accuracy(None if percent is None else float(percent), answers)
