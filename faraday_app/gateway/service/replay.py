"""What another policy would have done with the calls of the last days, from their receipts alone.

Each call is routed anew by the policy; what it would have cost, how long its first token would have taken and whether
it would have failed is expected from how the chosen deployment fared with all of the calls it had. Calls whose choice
stays the same keep what really happened.
"""

import itertools
import math
import statistics
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from faraday_app.gateway.service.measures import Measure
from faraday_app.gateway.service.routing import Asked, Facts, route
from faraday_app.gateway.views import Deployment, Model, Offered, Policy, Task

USUAL_WAIT = 1.0  # seconds to a first token of a deployment that nobody ever asked
FEW = 20  # calls below which an estimate is said to be a guess
Quality = Callable[[Task, Model], float]


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


def replay(past: Sequence[Past], offered: Offered, policy: Policy, quality: Quality | None = None) -> Forecast:
    """Pure. ``offered`` as it is now: what is no longer offered cannot be chosen."""
    replaying = Replaying(past, offered, policy, quality)
    replaying.go_on(len(past))
    return replaying.forecast()


class Replaying:
    """The same in parts, for many calls. ``quality``: what was learned, for a policy that goes by that."""

    def __init__(self, past: Sequence[Past], offered: Offered, policy: Policy, quality: Quality | None = None) -> None:
        self._past, self._under, self._quality = past, replace(offered, policy=policy), quality
        self._fared = _fared(past)
        self._facts = _facts(self._fared)
        self._expected: list[tuple[int, float, float]] = []
        self._moved = self._guessed = 0

    @property
    def done(self) -> int:
        return len(self._expected)

    def go_on(self, count: int) -> None:
        """The next so many calls."""
        for call in self._past[self.done : self.done + count]:
            self._expected.append(self._expect(call))

    def forecast(self) -> Forecast:
        real = [(call.cost, _wait_of(call), float(call.failed)) for call in self._past[: self.done]]
        return Forecast(_sum(real), _sum(self._expected), self._moved, self._guessed)

    def _expect(self, call: Past) -> tuple[int, float, float]:
        chosen = self._choice(call)
        if chosen is None or chosen.id == call.deployment:
            return call.cost, _wait_of(call), float(call.failed)
        known = self._fared.get(chosen.id)
        self._moved += 1
        self._guessed += known is None or known.calls < FEW
        cost = chosen.price.cost(call.prompt, call.answer)
        return cost, known.wait if known else USUAL_WAIT, known.failing if known else 0.0

    def _choice(self, call: Past) -> Deployment | None:
        asked, facts, quality = Asked(call.asked, call.prompt, call.answer, task=call.task), self._facts, self._quality
        if quality is not None:
            facts = replace(facts, quality=lambda model: quality(call.task, model))
        found = route(asked, self._under, lambda _: True, facts)
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
