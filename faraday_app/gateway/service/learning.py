"""Which model is good at what, learned from people's judgement, from waiting and from cost.

For each kind of task and each model there is a Beta distribution over "this answer was worth it". A choice draws from
all of them and takes the highest: Thompson sampling, which tries what it knows little of and stops trying what is bad.
One call adds one observation, between 0 and 1.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.database import transaction
from faraday_app.core.ids import new_id
from faraday_app.core.kept import Kept
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor
from faraday_app.gateway.models import ModelLearning
from faraday_app.gateway.views import Model, Task

TOPIC = "learning"
QUALITY, SPEED, COST = 0.7, 0.15, 0.15  # what an observation consists of
SLOW = 10.0  # seconds to a first token that are worth nothing
REMEMBERED = 200.0  # observations; older ones fade, so that a model that changed is found out
PRIOR = 2.0  # observations that a newcomer is believed to have, by its tier
MOST_LOADED = 50_000

# One statement: two judgements at once both count.
_LEARN = text("""
insert into model_learning (id, created_at, organization_id, task, model, good, bad)
values (:id, now(), :organization, :task, :model, :worth, 1 - :worth)
on conflict (organization_id, task, model) do update set
    good = model_learning.good * least(1, :remembered / (model_learning.good + model_learning.bad + 1)) + :worth,
    bad = model_learning.bad * least(1, :remembered / (model_learning.good + model_learning.bad + 1)) + 1 - :worth
""")


@dataclass(frozen=True, slots=True)
class Belief:
    """Observations for and against a model at a task."""

    good: float = 0.0
    bad: float = 0.0

    @property
    def judged(self) -> int:
        return round(self.good + self.bad)

    def shape(self, tier: int) -> tuple[float, float]:
        """Of the Beta distribution; a model that nobody judged is believed in by its tier."""
        prior = PRIOR * tier / 5
        return self.good + prior + 0.5, self.bad + PRIOR - prior + 0.5


Beliefs = dict[tuple[UUID, str, str], Belief]
_beliefs: Kept[Beliefs] = Kept(TOPIC, {})


def worth(quality: float, first_token: float | None, cost: int, dearest: int) -> float:
    """What an answer was worth, 0 to 1: judged ``quality``, seconds waited, and cost beside the dearest choice."""
    speed = max(0.0, 1 - (first_token if first_token is not None else SLOW) / SLOW)
    thrift = 1 - min(1.0, cost / dearest) if dearest > 0 else 1.0
    return QUALITY * quality + SPEED * speed + COST * thrift


async def learn(session: AsyncSession, organization_id: UUID, task: str, model: str, worth: float) -> None:
    """Add an observation to this transaction, which is Faraday's own."""
    values = {"organization": organization_id, "task": task, "model": model[:120], "remembered": REMEMBERED}
    await session.execute(_LEARN, {**values, "worth": min(1.0, max(0.0, worth)), "id": new_id()})
    publish_on_commit(session, topic(TOPIC, organization_id))


async def sampled(organization_id: UUID, task: Task) -> Callable[[Model], float]:
    """A draw for each model, the same one however often it is asked for within a call."""
    beliefs: Beliefs = await _beliefs.fresh()
    draws: dict[str, float] = {}

    def draw(model: Model) -> float:
        if model.name not in draws:
            belief = beliefs.get((organization_id, str(task), model.name), Belief())
            draws[model.name] = random.betavariate(*belief.shape(model.tier))
        return draws[model.name]

    return draw


async def expected(organization_id: UUID) -> Callable[[Task, Model], float]:
    """What is thought of a model for a task, without trying anything out."""
    beliefs = await beliefs_of(organization_id)

    def mean(task: Task, model: Model) -> float:
        good, bad = beliefs.get((str(task), model.name), Belief()).shape(model.tier)
        return good / (good + bad)

    return mean


async def beliefs_of(organization_id: UUID) -> dict[tuple[str, str], Belief]:
    """What has been learned, by task and model."""
    known = await _beliefs.fresh()
    return {(task, model): belief for (owner, task, model), belief in known.items() if owner == organization_id}


async def load() -> Beliefs:
    async with transaction(Actor.system()) as session:
        rows = await session.scalars(select(ModelLearning).order_by(col(ModelLearning.id)).limit(MOST_LOADED))
        return {(row.organization_id, row.task, row.model): Belief(row.good, row.bad) for row in rows}


def install() -> None:
    """Once per process."""
    _beliefs.install(load)
