"""Before an answer is asked for: who may give it, what they see, and the most that it can cost."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from faraday_app.core.permissions import Actor
from faraday_app.gateway.errors import ModelUnavailable, ModelUnknown
from faraday_app.gateway.service import catalogue, routing
from faraday_app.gateway.service.asking import facts
from faraday_app.gateway.service.routing import AUTO, Asked, Reason
from faraday_app.gateway.service.standing import here
from faraday_app.gateway.service.tasks import task_of
from faraday_app.gateway.service.tokens import fitted, most_tokens
from faraday_app.gateway.views import Capability, Model, Offered, Turn


@dataclass(frozen=True, slots=True)
class Plan:
    """``models`` are all that may answer, whoever fails; ``most`` the micro-credits of the dearest of them."""

    models: tuple[str, ...]
    most: int


@dataclass(frozen=True, slots=True)
class Rounds:
    """An answer in several calls, between which tools are used: how many, and what each may have more to read."""

    calls: int = 1
    more: int = 0  # tokens


async def plan(
    actor: Actor,
    name: str,
    turns: list[Turn],
    longest: int = 0,
    needs: frozenset[Capability] = frozenset(),
    rounds: Rounds = Rounds(),
) -> Plan:
    """For an answer to these turns by the model of this name or its stand-ins, or by whom the policy chooses.

    ``longest`` are the tokens that it may have, in all its rounds; none: as many as each model gives.

    ModelUnknown when the actor may use none of that name, Invalid when the text is too long for them.
    """
    offered = await catalogue.offered(actor.organization_id)
    allowed = partial(catalogue.may_use, actor)
    asked, _ = asked_for(offered, name, turns, allowed)
    return _planned(offered, replace(asked, needs=needs), longest, allowed, rounds)


def asked_for(
    offered: Offered, name: str, turns: list[Turn], allowed: Callable[[Model], bool]
) -> tuple[Asked, list[Turn]]:
    """The request, and those of the turns that it can hold: as many as fit the model, or the largest of all."""
    usable = [model for model in offered.models if model.category.answers and allowed(model)]
    named = [model for model in usable if name in (AUTO, model.name)]
    if not named:
        raise ModelUnknown(name)
    widest = max(named, key=lambda model: model.context)
    kept = fitted(widest, turns)
    answer = routing.ANSWER_EXPECTED if name == AUTO else widest.longest_answer
    return Asked(name, most_tokens(kept), answer, task=task_of(kept[-1]["content"])), kept


def _planned(offered: Offered, asked: Asked, longest: int, allowed: Callable[[Model], bool], rounds: Rounds) -> Plan:
    found = routing.route(asked, offered, allowed, facts(here))
    # Whoever is left alone for a moment may be back when the answer is asked for.
    steps = [*found.chain, *(step for step in found.left_out if step.left_out is Reason.cooling)]
    if not steps:
        raise ModelUnavailable(asked.name)
    read = rounds.calls * (asked.prompt + rounds.more)
    most = max(
        step.deployment.price.cost(read, min(longest or step.model.longest_answer, step.model.longest_answer))
        for step in steps
    )
    return Plan(tuple(dict.fromkeys(step.model.name for step in steps)), most)
