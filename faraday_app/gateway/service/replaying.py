"""Replays of the last days under another policy: asked for, done at once when they are few, else as a job."""

import asyncio
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.database import as_faraday, transaction
from faraday_app.core.errors import Invalid
from faraday_app.core.ids import first_id_of
from faraday_app.core.jobs import defer
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gateway.models import RouteReceipt, RoutingReplay
from faraday_app.gateway.service import catalogue, learning, trials
from faraday_app.gateway.service.replay import Past, Replaying
from faraday_app.gateway.service.trials import Told
from faraday_app.gateway.views import Strategy, Task
from faraday_app.security.service import record

TASK = "gateway:replay_asked"
MOST_DAYS = 90
MOST_CALLS = 200_000  # the newest; some seconds of work
FEW_CALLS = 2_000  # are replayed while somebody waits
AT_ONCE = 2_000
_READ = (
    col(RouteReceipt.id),
    col(RouteReceipt.asked),
    col(RouteReceipt.task),
    col(RouteReceipt.prompt_tokens),
    col(RouteReceipt.answer_tokens),
    col(RouteReceipt.deployment_id),
    col(RouteReceipt.cost),
    col(RouteReceipt.first_token_ms),
    col(RouteReceipt.outcome),
)


async def ask(actor: Actor, days: int, strategy: Strategy, *, learned: bool = False) -> RoutingReplay:
    """Have the calls of the last days routed anew. Finished already where they are few. Conflict while one goes on."""
    actor.must(Permission.models_manage)
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(f"Choose from 1 to {MOST_DAYS} days.", field="days")
    row = RoutingReplay(
        organization_id=actor.organization, started_by=actor.user_id, days=days, strategy=strategy, learned=learned
    )
    async with transaction(actor) as session:
        row.total = await _count(session, row)
        at_once = row.total <= FEW_CALLS
        row.lease_until = now() + trials.LEASE if at_once else None
        await trials.open_one(session, row, "A replay is going on. Its result comes in a moment.")
        record(session, actor, "routing.replayed", row, days=days, strategy=strategy.value, learned=learned)
        if not at_once:
            async with as_faraday(session):
                await defer(session, TASK, TASK)
    if at_once:
        await trials.carry_out(row, forecast)
    return row


async def forecast(row: RoutingReplay, told: Told) -> dict[str, Any]:
    """What is kept of a replay."""
    offered = await catalogue.offered(row.organization_id)
    policy = replace(offered.policy, strategy=Strategy(row.strategy), learning=row.learned)
    quality = await learning.expected(row.organization_id) if row.learned else None
    past = await _past(row)
    replaying = await asyncio.to_thread(Replaying, past, offered, policy, quality)
    while replaying.done < len(past):
        await asyncio.to_thread(replaying.go_on, AT_ONCE)
        if len(past) > FEW_CALLS:
            await told(replaying.done, len(past))
    found = await asyncio.to_thread(replaying.forecast)
    return {"forecast": asdict(found), "done": len(past), "total": len(past)}


async def _count(session: AsyncSession, row: RoutingReplay) -> int:
    some = select(col(RouteReceipt.id)).where(*_within(row)).limit(MOST_CALLS)
    return await session.scalar(select(func.count()).select_from(some.subquery())) or 0


async def _past(row: RoutingReplay) -> list[Past]:
    """The newest calls, some at a time, so that nobody else waits for them."""
    found: list[Past] = []
    last: UUID | None = None
    while len(found) < MOST_CALLS:
        query = select(*_READ).where(*_within(row)).order_by(col(RouteReceipt.id).desc()).limit(AT_ONCE)
        async with transaction(Actor.system(row.organization_id)) as session:
            rows = (await session.execute(query if last is None else query.where(col(RouteReceipt.id) < last))).all()
        found += [_call(*row) for row in rows]
        if len(rows) < AT_ONCE:
            break
        last = rows[-1][0]
    return found


def _within(row: RoutingReplay) -> list[ColumnElement[bool]]:
    """Ids carry their time."""
    since = first_id_of(now() - timedelta(days=row.days))
    return [col(RouteReceipt.organization_id) == row.organization_id, col(RouteReceipt.id) >= since]


def _call(_id: UUID, asked: str, task: str, prompt: int, answer: int, *rest: Any) -> Past:
    deployment, cost, first_token, outcome = rest
    known = Task(task) if task in set(Task) else Task.chat
    return Past(asked, known, prompt, answer, deployment, cost, first_token, outcome == "failed")
