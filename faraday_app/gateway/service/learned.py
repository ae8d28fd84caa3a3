"""What the learning router thinks of the models, and how sure it is: for people to read."""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass

from faraday_app.core.permissions import Actor, Permission
from faraday_app.gateway.service import catalogue, learning
from faraday_app.gateway.service.learning import Belief
from faraday_app.gateway.views import Model, Task

DRAWS = 1_000
MOST_MODELS = 12  # of a task, the best


@dataclass(frozen=True, slots=True)
class Learned:
    """A model at a kind of task. All but ``judged`` are shares, 0 to 1.

    ``mean`` of its answers are thought to be worth it; nine times in ten the truth lies from ``low`` to ``high``.
    ``first``: how often Auto would ask it before all others.
    """

    model: str
    label: str
    judged: int
    mean: float
    low: float
    high: float
    first: float


async def learned(actor: Actor) -> dict[Task, list[Learned]]:
    """By kind of task, those of which something was judged; the likeliest first. For those who manage models."""
    actor.must(Permission.models_manage)
    offered = await catalogue.offered(actor.organization)
    beliefs = await learning.beliefs_of(actor.organization)
    models = [model for model in offered.models if model.category.answers]
    tasks = [task for task in Task if any(about == task for about, _ in beliefs)]
    return await asyncio.to_thread(lambda: {task: _of_task(task, models, beliefs) for task in tasks})


def _of_task(task: Task, models: list[Model], beliefs: Mapping[tuple[str, str], Belief]) -> list[Learned]:
    """Drawn as the router draws, often and always alike."""
    known = [(model, beliefs.get((str(task), model.name), Belief())) for model in models]
    known = sorted(known, key=lambda each: -_mean(*each))[:MOST_MODELS]
    chance = random.Random(0)  # nosec B311
    draws = [[chance.betavariate(*belief.shape(model.tier)) for _ in range(DRAWS)] for model, belief in known]
    firsts = [max(range(len(known)), key=lambda place: draws[place][turn]) for turn in range(DRAWS)] if known else []
    found = []
    for place, (model, belief) in enumerate(known):
        drawn = sorted(draws[place])
        low, high = drawn[DRAWS // 20], drawn[-DRAWS // 20]
        first = firsts.count(place) / DRAWS
        found.append(Learned(model.name, model.label, belief.judged, _mean(model, belief), low, high, first))
    return found


def _mean(model: Model, belief: Belief) -> float:
    good, bad = belief.shape(model.tier)
    return good / (good + bad)
