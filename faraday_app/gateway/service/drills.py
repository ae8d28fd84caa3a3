"""Failover drills: what would happen if a provider failed now, found out before it does.

Each way to a model that has more than one is broken on purpose, in each way that it can break, and a short question is
asked of the others for real. Nothing of it touches what the worker thinks of the deployments.
"""

import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.clock import now
from faraday_app.core.database import as_faraday, transaction
from faraday_app.core.errors import FaradayError
from faraday_app.core.jobs import defer
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gateway.models import FailoverDrill
from faraday_app.gateway.service import catalogue, trials, upstream
from faraday_app.gateway.service.asking import Call, answer
from faraday_app.gateway.service.faults import Faulty, Trouble
from faraday_app.gateway.service.receipts import Receipt
from faraday_app.gateway.service.routing import Asked, Facts, route
from faraday_app.gateway.service.standing import Standing
from faraday_app.gateway.service.trials import Told
from faraday_app.gateway.views import Deployment, Model, Offered, Schedule
from faraday_app.security.service import record

QUESTION = "Count from one to ten in words."
LONGEST = 40  # tokens of an answer
PATIENCE = 0.2  # seconds that a silent deployment is waited for, in place of a minute
MOST_MODELS = 20
TASK = "gateway:drill_asked"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One trouble of one model's first choice. ``added_ms`` and ``extra_cost`` beside an undisturbed answer."""

    model: str
    trouble: str
    recovered: bool
    answered_by: str
    added_ms: int
    extra_cost: int


@dataclass(frozen=True, slots=True)
class Report:
    outcomes: tuple[Outcome, ...]
    alone: tuple[str, ...]  # models that nobody stands in for

    @property
    def recovered_percent(self) -> int:
        return 100 * sum(each.recovered for each in self.outcomes) // len(self.outcomes) if self.outcomes else 0

    @property
    def added_ms(self) -> int:
        """The median of what recovering took."""
        return round(statistics.median([each.added_ms for each in self.outcomes if each.recovered] or [0]))


async def drill(organization_id: UUID, wire: upstream.Upstream | None = None, told: Told | None = None) -> Report:
    """Break every first choice in every way."""
    offered = await catalogue.offered(organization_id)
    asked = [model for model in offered.models if model.category.answers][:MOST_MODELS]
    chains = {model.name: _chain(offered, model) for model in asked}
    held = [model for model in asked if len(chains[model.name]) > 1]
    outcomes: list[Outcome] = []
    for number, model in enumerate(held):
        if told:
            await told(number, len(held))
        outcomes += await _of_model(organization_id, model, chains[model.name][0], wire or upstream.real)
    return Report(tuple(outcomes), tuple(model.name for model in asked if model not in held))


def _chain(offered: Offered, model: Model) -> list[Deployment]:
    standing = Standing()
    facts = Facts(lambda each: standing.measures.of(each.id), lambda _: None)
    found = route(Asked(model.name, len(QUESTION), LONGEST), offered, lambda _: True, facts)
    return [step.deployment for step in found.chain]


async def _of_model(organization_id: UUID, model: Model, first: Deployment, wire: upstream.Upstream) -> list[Outcome]:
    calm, calm_ms, _ = await _asked(organization_id, model, wire, {})
    found = []
    for trouble in Trouble:
        receipt, took_ms, recovered = await _asked(organization_id, model, wire, {first.id: trouble})
        last = receipt.last
        found.append(
            Outcome(
                model.name,
                str(trouble),
                recovered,
                f"{last.model} at {last.deployment.provider.name}" if last and recovered else "",
                max(0, round(took_ms - calm_ms)),
                max(0, receipt.cost - calm.cost),
            )
        )
    return found


async def _asked(
    organization_id: UUID, model: Model, wire: upstream.Upstream, troubles: Mapping[UUID, Trouble]
) -> tuple[Receipt, float, bool]:
    asked = Asked(model.name, len(QUESTION), LONGEST)
    body = {"messages": [{"role": "user", "content": QUESTION}], "max_tokens": LONGEST, "temperature": 0}
    receipt = Receipt("drill", asked)
    call = Call(organization_id, body, receipt, wire=Faulty(wire, troubles, PATIENCE), standing=Standing())
    began, text = time.perf_counter(), ""
    try:
        async for piece in answer(call):
            text += piece.text
    except FaradayError:
        return receipt, (time.perf_counter() - began) * 1000, False
    return receipt, (time.perf_counter() - began) * 1000, bool(text.strip())


async def ask(session: AsyncSession, actor: Actor) -> FailoverDrill:
    """Have a drill done now. For those who manage models; Conflict while one is going on."""
    row = await _open(session, actor)
    record(session, actor, "models.drill_asked", row)
    async with as_faraday(session):
        await defer(session, TASK, TASK)
    return row


async def run(actor: Actor) -> UUID:
    """Drill an organisation to the end, as it is done by the clock."""
    async with transaction(actor) as session:
        row = await _open(session, actor)
        row.lease_until = now() + trials.LEASE
    await trials.carry_out(row, report)
    return row.id


async def _open(session: AsyncSession, actor: Actor) -> FailoverDrill:
    actor.must(Permission.models_manage)
    row = FailoverDrill(organization_id=actor.organization, started_by=actor.user_id)
    await trials.open_one(session, row, "A drill is going on. Its report comes in a moment.")
    return row


async def report(row: FailoverDrill, told: Told) -> dict[str, Any]:
    """What is kept of a drill."""
    found = await drill(row.organization_id, told=told)
    actor = Actor.system(row.organization_id)
    async with transaction(actor) as session:
        record(session, actor, "models.drilled", row, recovered_percent=found.recovered_percent)
    return {
        "recovered_percent": found.recovered_percent,
        "outcomes": [_told(each) for each in found.outcomes],
        "alone": list(found.alone),
        "extra_cost": sum(each.extra_cost for each in found.outcomes),
        "added_ms": found.added_ms,
    }


async def newest(session: AsyncSession, actor: Actor, limit: int = trials.PAGE) -> list[FailoverDrill]:
    """The newest reports first."""
    return await trials.newest(session, actor, FailoverDrill, limit=limit)


def is_due(schedule: Schedule, day: date) -> bool:
    """Whether a drill belongs into this night: weekly ones into that of Sunday, monthly ones into the first."""
    match schedule:
        case Schedule.daily:
            return True
        case Schedule.weekly:
            return day.isoweekday() == 7
        case Schedule.monthly:
            return day.day == 1
        case Schedule.never:
            return False


def _told(outcome: Outcome) -> dict[str, str | int | bool]:
    return {
        "model": outcome.model,
        "trouble": outcome.trouble,
        "recovered": outcome.recovered,
        "answered_by": outcome.answered_by,
        "added_ms": outcome.added_ms,
        "extra_cost": outcome.extra_cost,
    }
