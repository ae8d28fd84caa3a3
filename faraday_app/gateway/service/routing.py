"""Which deployments are asked, and in which order. Pure: the same facts give the same route.

A route is a chain: the deployments of the model that was asked for, by rank and within a rank by the strategy, then
those of its fallbacks. Whatever is left out says why.
"""

import math
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from faraday_app.gateway.service.cooling import Cooling
from faraday_app.gateway.service.measures import Measure
from faraday_app.gateway.views import Capability, Deployment, Model, Offered, Privacy, Strategy, Task

AUTO = "auto"  # the name under which a policy chooses the model
SLOW = 30.0  # seconds that a failed call costs
ANSWER_EXPECTED = 400  # tokens, for comparing costs


class Reason(StrEnum):
    """Why a deployment is not asked."""

    cooling = "cooling"
    too_small = "too_small"
    too_dear = "too_dear"
    lacks = "lacks"

    @property
    def words(self) -> str:
        return {
            "cooling": "Failed lately and is left alone for a moment",
            "too_small": "The text does not fit its window",
            "too_dear": "It could cost more than the budget",
            "lacks": "It cannot do what is asked",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a call needs. ``name``: a model, or ``AUTO``; ``most`` are micro-credits that it may cost, None: any.

    ``guarded``: names are hidden from whoever answers, also from those who may be told who the people are.
    """

    name: str
    prompt: int
    answer: int = ANSWER_EXPECTED
    needs: frozenset[Capability] = frozenset()
    task: Task = Task.chat
    most: int | None = None
    private: bool = True
    guarded: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known at this moment; ``quality`` is what a learning router thinks of a model for the task, 0 to 1."""

    measure: Callable[[Deployment], Measure]
    cooling: Callable[[Deployment], Cooling | None]
    quality: Callable[[Model], float] | None = None
    chance: Callable[[], float] = field(default=random.random)


@dataclass(frozen=True, slots=True)
class Step:
    """A deployment in the chain, or one that was left out. ``score``: the lower, the earlier within its rank."""

    model: Model
    deployment: Deployment
    rank: int
    score: float = 0.0
    left_out: Reason | None = None
    detail: str = ""
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    strategy: Strategy
    chain: tuple[Step, ...]
    left_out: tuple[Step, ...]


def route(asked: Asked, offered: Offered, allowed: Callable[[Model], bool], facts: Facts) -> Route:
    """The chain for a call. Empty when nothing can be asked: what was left out tells why."""
    steps: list[Step] = []
    for place, model in enumerate(_models(asked, offered, allowed, facts)):
        steps += [_step(asked, offered, facts, place, model, each) for each in model.deployments]
    ready = sorted((step for step in steps if not step.left_out), key=lambda step: (step.rank, step.score))
    left = [step for step in steps if step.left_out]
    if not ready:  # Better to ask somebody who failed a moment ago than nobody: one of them may work again.
        last = sorted((step for step in left if step.left_out is Reason.cooling), key=lambda step: step.rank)[:1]
        return Route(offered.policy.strategy, tuple(last), tuple(left))
    return Route(offered.policy.strategy, tuple(ready), tuple(left))


def after_context(route: Route, model: Model) -> list[Step]:
    """What is left of a chain when the text did not fit this model after all: those with larger windows."""
    return [step for step in route.chain if step.model.context > model.context]


def after_refusal(route: Route, model: Model) -> list[Step]:
    """What is left when the provider's content policy refused: those the model names for that."""
    return [step for step in route.chain if step.model.name in model.laxer]


def _models(asked: Asked, offered: Offered, allowed: Callable[[Model], bool], facts: Facts) -> Sequence[Model]:
    """The model that was asked for, then its fallbacks, each once; for AUTO all, as the policy orders them."""
    usable = [model for model in offered.models if allowed(model) and model.category.answers]
    if asked.name == AUTO:
        return _ordered(asked, offered, usable, facts)
    first = next((model for model in offered.models if model.name == asked.name and allowed(model)), None)
    if first is None:
        return ()
    names = (*first.fallbacks, *first.larger, *first.laxer)
    others = [model for name in names for model in offered.models if model.name == name and allowed(model)]
    kind = first.category.answers
    return _each_once([first, *(model for model in others if model.category.answers == kind)])


def _ordered(asked: Asked, offered: Offered, usable: list[Model], facts: Facts) -> Sequence[Model]:
    """Those the policy names for the task come first."""
    named = offered.policy.tasks.get(asked.task, ())
    preferred = [model for name in named for model in usable if model.name == name]
    rest = [model for model in usable if model not in preferred]
    if offered.policy.learning and facts.quality is not None:
        quality = facts.quality
        return _each_once([*preferred, *sorted(rest, key=lambda model: -quality(model))])
    match offered.policy.strategy:
        case Strategy.cheapest:
            rest.sort(key=lambda model: model.least(asked.prompt, asked.answer))
        case Strategy.best_value:
            rest.sort(key=lambda model: (-model.tier, model.least(asked.prompt, asked.answer)))
        case Strategy.fastest:
            rest.sort(key=lambda model: min((_wait(facts.measure(each)) for each in model.deployments), default=SLOW))
        case Strategy.least_busy:
            rest.sort(key=lambda model: min((facts.measure(each).open for each in model.deployments), default=0))
        case Strategy.weighted | Strategy.order:
            pass
    return _each_once([*preferred, *rest])


def _each_once(models: Iterable[Model]) -> Sequence[Model]:
    return list({model.name: model for model in models}.values())


def _step(asked: Asked, offered: Offered, facts: Facts, place: int, model: Model, deployment: Deployment) -> Step:
    rank = place * 1_000 + deployment.rank
    masked = asked.guarded or (asked.private and not is_trusted(offered, deployment))
    reason, detail = _left_out(asked, facts, model, deployment)
    score = _score(asked, offered.policy.strategy, facts, deployment)
    return Step(model, deployment, rank, score, reason, detail, masked)


def is_trusted(offered: Offered, deployment: Deployment) -> bool:
    """Whether this provider may be told who the people of the organisation are."""
    provider, policy = deployment.provider, offered.policy
    if provider.privacy is Privacy.own:
        return True
    same_region = not policy.region or provider.region == policy.region
    return same_region and policy.privacy.trusts(provider.privacy)


def _left_out(asked: Asked, facts: Facts, model: Model, deployment: Deployment) -> tuple[Reason | None, str]:
    if asked.prompt + 16 >= model.context:
        return Reason.too_small, f"{model.context:,} tokens"
    if missing := asked.needs - model.capabilities:
        return Reason.lacks, ", ".join(sorted(missing))
    if (
        asked.most is not None
        and deployment.price.cost(asked.prompt, min(asked.answer, model.longest_answer)) > asked.most
    ):
        return Reason.too_dear, ""
    if cooling := facts.cooling(deployment):
        return Reason.cooling, f"{cooling.why}: {cooling.seconds:.0f} s more"
    return None, ""


def _score(asked: Asked, strategy: Strategy, facts: Facts, deployment: Deployment) -> float:
    measure = facts.measure(deployment)
    match strategy:
        case Strategy.cheapest | Strategy.best_value:
            return float(deployment.price.cost(asked.prompt, asked.answer))
        case Strategy.fastest:
            return _wait(measure)
        case Strategy.least_busy:
            return measure.open + measure.failing
        case Strategy.weighted:
            # The exponential race: each is first with the probability of its share of the weights.
            return _exponential(facts.chance()) / max(deployment.weight, 1)
        case Strategy.order:
            return 0.0


def _exponential(chance: float) -> float:
    return -math.log(1.0 - chance) if chance < 1.0 else math.inf


def _wait(measure: Measure) -> float:
    """Expected seconds to a first token; failures count as lost time. Untried ones are tried before slow ones."""
    return (measure.first_token or 0.0) + measure.failing * SLOW
