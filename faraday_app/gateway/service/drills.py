"""Failover drills: what would happen if a provider failed now, found out before it does.

Each way to a model that has more than one is broken on purpose, in each way that it can break, and a short question is
asked of the others for real. Nothing of it touches what the worker thinks of the deployments.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.database import transaction
from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gateway.models import FailoverDrill
from faraday_app.gateway.service import catalogue, upstream
from faraday_app.gateway.service.asking import Call, answer
from faraday_app.gateway.service.faults import Faulty, Trouble
from faraday_app.gateway.service.receipts import Receipt
from faraday_app.gateway.service.routing import Asked, Facts, route
from faraday_app.gateway.service.standing import Standing
from faraday_app.gateway.views import Deployment, Model, Offered
from faraday_app.security.service import record

QUESTION = "Count from one to ten in words."
LONGEST = 40  # tokens of an answer
PATIENCE = 0.2  # seconds that a silent deployment is waited for, in place of a minute
MOST_MODELS = 20


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


async def drill(organization_id: UUID, wire: upstream.Upstream | None = None) -> Report:
    """Break every first choice in every way."""
    offered = await catalogue.offered(organization_id)
    outcomes: list[Outcome] = []
    alone: list[str] = []
    for model in [each for each in offered.models if each.category.answers][:MOST_MODELS]:
        chain = _chain(offered, model)
        if len(chain) < 2:
            alone.append(model.name)
            continue
        outcomes += await _of_model(organization_id, model, chain[0], wire or upstream.real)
    return Report(tuple(outcomes), tuple(alone))


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


async def run(actor: Actor) -> UUID:
    """Drill an organisation and keep the report. For those who manage models, and for Faraday itself."""
    actor.must(Permission.models_manage)
    report = await drill(actor.organization)
    if not report.outcomes and not report.alone:
        raise Invalid("There is no model to drill.")
    async with transaction(actor) as session:
        row = FailoverDrill(
            organization_id=actor.organization,
            started_by=actor.user_id,
            recovered_percent=report.recovered_percent,
            outcomes=[_told(each) for each in report.outcomes],
            alone=list(report.alone),
            extra_cost=sum(each.extra_cost for each in report.outcomes),
        )
        session.add(row)
        record(session, actor, "models.drilled", row, recovered_percent=report.recovered_percent)
        publish_on_commit(session, topic("drills", actor.organization))
        return row.id


async def newest(session: AsyncSession, actor: Actor, limit: int = 12) -> list[FailoverDrill]:
    """The newest reports first."""
    actor.must(Permission.models_manage)
    query = select(FailoverDrill).where(col(FailoverDrill.organization_id) == actor.organization)
    return list((await session.scalars(query.order_by(col(FailoverDrill.id).desc()).limit(limit))).all())


def _told(outcome: Outcome) -> dict[str, str | int | bool]:
    return {
        "model": outcome.model,
        "trouble": outcome.trouble,
        "recovered": outcome.recovered,
        "answered_by": outcome.answered_by,
        "added_ms": outcome.added_ms,
        "extra_cost": outcome.extra_cost,
    }
