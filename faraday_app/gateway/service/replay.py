"""What another policy would have done with the calls of the last days, from their receipts alone.

Each call is routed anew by the policy; what it would have cost, how long its first token would have taken and whether
it would have failed is expected from how the chosen deployment fared with all of the calls it had. Calls whose choice
stays the same keep what really happened.
"""

import itertools
import math
import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from faraday_app.gateway.service.measures import Measure
from faraday_app.gateway.service.routing import Asked, Facts, route
from faraday_app.gateway.views import Deployment, Offered, Policy, Task

USUAL_WAIT = 1.0  # seconds to a first token of a deployment that nobody ever asked
FEW = 20  # calls below which an estimate is said to be a guess


@dataclass(frozen=True, slots=True)
class Past:
    """A call as its receipt tells it. Milliseconds, micro-credits; ``deployment`` None where nobody could be asked."""

    asked: str
    task: Task
    prompt: int
    answer: int
    deployment: UUID | None
    cost: int
    first_token_ms: int | None
    failed: bool


@dataclass(frozen=True, slots=True)
class Sum:
    """``first_token_ms`` is the median, ``failing`` a share; ``margin`` is the half width of its 95 % interval."""

    calls: int
    cost: int
    first_token_ms: int
    failing: float
    margin: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """``moved`` calls would have gone elsewhere; ``guessed`` of them to where too few went to know."""

    real: Sum
    under: Sum
    moved: int
    guessed: int


@dataclass(frozen=True, slots=True)
class _Fared:
    """How a deployment fared."""

    calls: int
    wait: float
    failing: float


def replay(past: Sequence[Past], offered: Offered, policy: Policy) -> Forecast:
    """Pure. ``offered`` as it is now: what is no longer offered cannot be chosen."""
    fared = _fared(past)
    facts = _facts(fared)
    under = replace(offered, policy=policy)
    expected: list[tuple[int, float, float]] = []
    moved = guessed = 0
    for call in past:
        chosen = _choice(call, under, facts)
        if chosen is None or chosen.id == call.deployment:
            expected.append((call.cost, _wait_of(call), float(call.failed)))
            continue
        known = fared.get(chosen.id)
        moved += 1
        guessed += known is None or known.calls < FEW
        cost = chosen.price.cost(call.prompt, call.answer)
        expected.append((cost, known.wait if known else USUAL_WAIT, known.failing if known else 0.0))
    real = [(call.cost, _wait_of(call), float(call.failed)) for call in past]
    return Forecast(_sum(real), _sum(expected), moved, guessed)


def _choice(call: Past, offered: Offered, facts: Facts) -> Deployment | None:
    asked = Asked(call.asked, call.prompt, call.answer, task=call.task)
    found = route(asked, offered, lambda _: True, facts)
    return found.chain[0].deployment if found.chain else None


def _fared(past: Sequence[Past]) -> dict[UUID, _Fared]:
    calls: dict[UUID, list[Past]] = defaultdict(list)
    for call in past:
        if call.deployment:
            calls[call.deployment].append(call)
    return {
        id: _Fared(
            len(each),
            statistics.median([_wait_of(call) for call in each if call.first_token_ms is not None] or [USUAL_WAIT]),
            sum(call.failed for call in each) / len(each),
        )
        for id, each in calls.items()
    }


def _facts(fared: Mapping[UUID, _Fared]) -> Facts:
    """Deployments as they fared over the whole time; the draws of weights repeat themselves."""
    measures: dict[UUID, Measure] = {id: _Steady(each.wait, each.failing) for id, each in fared.items()}
    draws = itertools.cycle([(number * 0.618034) % 1.0 for number in range(1, 1_000)])
    return Facts(
        lambda deployment: measures.get(deployment.id) or Measure(), lambda _: None, chance=lambda: next(draws)
    )


class _Steady(Measure):
    """A measure that is known and does not change."""

    def __init__(self, wait: float, failing: float) -> None:
        super().__init__()
        self._wait, self._share = wait, failing

    @property
    def first_token(self) -> float | None:
        return self._wait

    @property
    def failing(self) -> float:
        return self._share


def _wait_of(call: Past) -> float:
    return call.first_token_ms / 1000 if call.first_token_ms is not None else USUAL_WAIT


def _sum(calls: Sequence[tuple[int, float, float]]) -> Sum:
    if not calls:
        return Sum(0, 0, 0, 0.0, 0.0)
    failing = sum(each[2] for each in calls) / len(calls)
    return Sum(
        len(calls),
        sum(each[0] for each in calls),
        round(statistics.median(each[1] for each in calls) * 1000),
        failing,
        1.96 * math.sqrt(failing * (1 - failing) / len(calls)),
    )
