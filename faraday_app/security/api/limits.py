"""HTTP: how often may be called."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import Text
from faraday_app.core.limits import Endpoint, Rule, Subject, limiter
from faraday_app.core.limits.adaptive import adaptive
from faraday_app.core.limits.policies import DEFAULTS
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.service import limits, traffic

router = APIRouter(tags=["limits"])
Keeper = Annotated[Actor, Depends(signed_in(Permission.limits_manage))]


class RuleOut(BaseModel):
    endpoint: Endpoint
    subject: Subject
    per_minute: int
    burst: int


class RateLimitsOut(BaseModel):
    """``percent`` of their rate and burst is in force: less than 100 while Faraday is overloaded."""

    percent: int
    reason: str
    degraded: bool = Field(description="Redis is away: each worker counts alone.")
    defaults: list[RuleOut]


class OverrideOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    endpoint: Endpoint
    subject: Subject
    value: str
    per_minute: int
    burst: int
    note: str
    expires_at: datetime


class OverrideIn(BaseModel):
    endpoint: Endpoint
    subject: Subject
    value: Annotated[Text, Field(max_length=60)] = Field(
        "", description="Id of the person or key, or an address. For the organisation, nothing."
    )
    per_minute: int = Field(ge=1, le=limits.MOST_PER_MINUTE)
    burst: int = Field(ge=1, le=limits.MOST_BURST)
    note: Annotated[Text, Field(max_length=200)] = ""
    expires_at: AwareDatetime


class SimulationIn(BaseModel):
    endpoint: Endpoint
    per_minute: int = Field(ge=1, le=limits.MOST_PER_MINUTE)
    burst: int = Field(ge=1, le=limits.MOST_BURST)


class RefusedOut(BaseModel):
    caller: str
    refused: int
    calls: int


class SimulationOut(BaseModel):
    """What the limit would have done. ``since`` is when the record begins; ``sampled``: not every caller is in it."""

    calls: int
    refused: int
    callers: int
    since: datetime | None
    sampled: bool
    most_refused: list[RefusedOut]


@router.get("/rate-limits", summary="What is in force?")
async def get_rate_limits(actor: Keeper) -> RateLimitsOut:
    return RateLimitsOut(
        percent=adaptive.percent,
        reason=adaptive.load.reason,
        degraded=limiter.degraded,
        defaults=[
            RuleOut(endpoint=endpoint, subject=subject, per_minute=rule.per_minute, burst=rule.burst)
            for (endpoint, subject), rule in DEFAULTS.items()
        ],
    )


@router.get("/rate-limits/overrides", summary="List exceptions")
async def list_overrides(actor: Keeper) -> list[OverrideOut]:
    """Those that last, newest first; there are at most 200."""
    async with transaction(actor) as session:
        return [OverrideOut.model_validate(row) for row in await limits.list_overrides(session, actor)]


@router.put("/rate-limits/overrides", summary="Set an exception", responses=problems(404, 422))
async def set_override(actor: Keeper, wanted: OverrideIn) -> OverrideOut:
    """Holds at once. For the same kind of call and the same caller it takes the place of what was set before."""
    async with transaction(actor) as session:
        return OverrideOut.model_validate(
            await limits.set_override(session, actor, limits.Wanted(**wanted.model_dump()))
        )


@router.delete(
    "/rate-limits/overrides/{override_id}", status_code=204, summary="Remove an exception", responses=problems(404, 422)
)
async def remove_override(actor: Keeper, override_id: UUID) -> None:
    async with transaction(actor) as session:
        await limits.remove_override(session, actor, override_id)


@router.post("/rate-limits/simulation", summary="What would a limit have done?", responses=problems(422))
async def simulate(actor: Keeper, wanted: SimulationIn) -> SimulationOut:
    """Replays when each caller of the organisation came in the last 24 hours, as a limit for each caller."""
    async with transaction(actor) as session:
        done = await traffic.simulate(session, actor, wanted.endpoint, Rule.of(wanted.per_minute, wanted.burst))
    return SimulationOut(
        calls=done.calls,
        refused=done.refused,
        callers=done.callers,
        since=done.since,
        sampled=done.thinned,
        most_refused=[RefusedOut(caller=each.name, refused=each.refused, calls=each.calls) for each in done.refusals],
    )
