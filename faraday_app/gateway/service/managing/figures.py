"""How each deployment fares: counted from the receipts of all workers, and what this worker knows of the moment.

A call that went straight to its answer is counted from an index that holds all that is counted; one that needed
several attempts, which are few, attempt by attempt.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.clock import now
from faraday_app.core.ids import first_id_of
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gateway.service.cooling import Cooling
from faraday_app.gateway.service.standing import here


class Span(StrEnum):
    hour = "hour"
    day = "day"
    week = "week"

    @property
    def length(self) -> timedelta:
        return {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}[self.value]

    @property
    def label(self) -> str:
        return {"hour": "Last hour", "day": "Last 24 hours", "week": "Last 7 days"}[self.value]


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one deployment in a span. Milliseconds to the first token; tokens per second while it answered.

    ``liked`` and ``disliked`` are what people said of its answers in the span.
    """

    calls: int = 0
    failed: int = 0
    first_p50: int | None = None
    first_p95: int | None = None
    speed: float | None = None
    prompt_tokens: int = 0
    answer_tokens: int = 0
    cost: int = 0
    liked: int = 0
    disliked: int = 0


@dataclass(frozen=True, slots=True)
class Moment:
    """What this worker has open there, and whether it leaves it alone for a while."""

    open: int
    cooling: Cooling | None


# Ids carry their time, so that the span is a range of the index.
_COUNTED = text("""
with calls as (
    select deployment_id, outcome = 'failed' as failed, first_token_ms::float as first_ms, answer_tokens,
        prompt_tokens, cost, (total_ms - first_token_ms)::float as answering_ms
    from route_receipts
    where organization_id = :organization and id >= :since and jsonb_array_length(attempts) <= 1
        and deployment_id is not null
    union all
    select (each.attempt->>'deployment')::uuid, each.attempt->>'fault' <> '' , (each.attempt->>'first_token_ms')::float,
        (each.attempt->>'answer_tokens')::int, (each.attempt->>'prompt_tokens')::int,
        (each.attempt->>'cost')::bigint,
        (each.attempt->>'took_ms')::float - (each.attempt->>'first_token_ms')::float
    from route_receipts, jsonb_array_elements(attempts) as each(attempt)
    where organization_id = :organization and id >= :since and jsonb_array_length(attempts) > 1
)
select deployment_id, count(*), count(*) filter (where failed),
    percentile_cont(array[0.5, 0.95]) within group (order by first_ms),
    sum(answer_tokens) filter (where answering_ms > 0) * 1000.0
        / nullif(sum(answering_ms) filter (where answering_ms > 0), 0),
    sum(prompt_tokens), sum(answer_tokens), sum(cost)
from calls group by deployment_id limit 2000
""")

_JUDGED = text("""
select deployment_id, count(*) filter (where good), count(*) filter (where not good)
from answer_ratings where organization_id = :organization and id >= :since and deployment_id is not null
group by deployment_id limit 2000
""")


async def figures_of(session: AsyncSession, actor: Actor, span: Span) -> dict[UUID, Figures]:
    """Of each deployment that was asked in the span."""
    actor.must(Permission.models_manage)
    since = first_id_of(now() - span.length)
    values = {"organization": actor.organization, "since": since}
    found = {row[0]: _figures(row) for row in await session.execute(_COUNTED, values)}
    for deployment, liked, disliked in await session.execute(_JUDGED, values):
        found[deployment] = replace(found.get(deployment, Figures()), liked=liked, disliked=disliked)
    return found


def moment_of(actor: Actor, deployment_id: UUID) -> Moment:
    actor.must(Permission.models_manage)
    return Moment(here.measures.of(deployment_id).open, here.deployments.cooling(deployment_id))


def _figures(row: Any) -> Figures:
    _, calls, failed, firsts, speed, prompt, answer, cost = row
    p50, p95 = firsts or (None, None)
    return Figures(
        calls,
        failed,
        None if p50 is None else round(p50),
        None if p95 is None else round(p95),
        None if speed is None else float(speed),
        int(prompt or 0),
        int(answer or 0),
        int(cost or 0),
    )
