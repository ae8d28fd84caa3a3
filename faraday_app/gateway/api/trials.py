"""What is tried out: failover drills, another policy on the calls of the past, and what the router has learned."""

from datetime import datetime
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.paging import Cursor, Limit, Page, page, parsed
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gateway.models import FailoverDrill, RoutingReplay, State
from faraday_app.gateway.service import drills, learned, replaying, trials
from faraday_app.gateway.service.managing import policies
from faraday_app.gateway.views import Schedule, Strategy, Task

router = APIRouter(tags=["routing"])
Keeper = Annotated[Actor, Depends(signed_in(Permission.models_manage))]


class TrialOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    created_at: datetime
    started_by: UUID | None = Field(description="Null: it was due.")
    status: State
    done: int = Field(description="How much of `total` is done.")
    total: int
    error: str
    finished_at: datetime | None


class DrillOutcome(BaseModel):
    """One trouble of one model's first choice, beside an undisturbed answer."""

    model: str
    trouble: str = Field(examples=["unreachable"])
    recovered: bool
    answered_by: str
    added_ms: int
    extra_cost: int = Field(description="Micro-credits.")


class DrillOut(TrialOut):
    recovered_percent: int
    added_ms: int = Field(description="The median of what recovering took.")
    extra_cost: int = Field(description="Micro-credits, of all of it.")
    alone: list[str] = Field(description="Models that nobody stands in for.")
    outcomes: list[DrillOutcome]


Shown = TypeVar("Shown", bound=TrialOut)


class DrillSchedule(BaseModel):
    schedule: Schedule = Field(description="How often a drill is done by itself, at night.")


class SumOut(BaseModel):
    calls: int
    cost: int = Field(description="Micro-credits.")
    first_token_ms: int = Field(description="The median.")
    failing: float = Field(description="The share of calls that failed, 0 to 1.")
    margin: float = Field(description="The half width of its 95 % interval.")


class ForecastOut(BaseModel):
    real: SumOut
    under: SumOut
    moved: int = Field(description="Calls that would have gone elsewhere.")
    guessed: int = Field(description="Those of them that would have gone where too few went to know.")


class ReplayIn(BaseModel):
    days: int = Field(7, ge=1, le=replaying.MOST_DAYS)
    strategy: Strategy = Strategy.cheapest
    learned: bool = Field(False, description="Go by what was learned where no model was chosen.")


class ReplayOut(TrialOut):
    days: int
    strategy: Strategy
    learned: bool
    forecast: ForecastOut | None


class LearnedOut(BaseModel):
    """A model at a kind of task; shares from 0 to 1."""

    model_config = ConfigDict(from_attributes=True)

    model: str
    label: str
    judged: int = Field(description="Answers that were judged, older ones counting less.")
    mean: float = Field(description="The share of its answers that are thought to be worth it.")
    low: float = Field(description="Nine times in ten the truth lies above…")
    high: float = Field(description="… and below.")
    first: float = Field(description="How often it would be asked before all others.")


class LearningSwitch(BaseModel):
    on: bool = Field(description="Whether Auto goes by what was learned.")


class LearningOut(LearningSwitch):
    tasks: dict[Task, list[LearnedOut]]


@router.get("/failover-drills", summary="List failover drills", responses=problems(422))
async def list_drills(actor: Keeper, limit: Limit = 10, cursor: Cursor = "") -> Page[DrillOut]:
    """Newest first."""
    return await _listed(actor, FailoverDrill, DrillOut, limit, cursor)


@router.post("/failover-drills", status_code=202, summary="Drill now", responses=problems(409))
async def start_drill(actor: Keeper) -> DrillOut:
    """Breaks every first choice on purpose, in each way it can break, and asks the others for real."""
    async with transaction(actor) as session:
        return DrillOut.model_validate(await drills.ask(session, actor))


@router.get("/failover-drills/{drill_id}", summary="Get a failover drill", responses=problems(404, 422))
async def get_drill(actor: Keeper, drill_id: UUID) -> DrillOut:
    async with transaction(actor) as session:
        return DrillOut.model_validate(await trials.get(session, actor, FailoverDrill, drill_id))


@router.get("/failover-drill-schedule", summary="Get the schedule of drills")
async def get_schedule(actor: Keeper) -> DrillSchedule:
    async with transaction(actor) as session:
        policy, _ = await policies.get_policy(session, actor)
    return DrillSchedule(schedule=policy.drills)


@router.put("/failover-drill-schedule", summary="Set the schedule of drills", responses=problems(422))
async def set_schedule(actor: Keeper, wanted: DrillSchedule) -> DrillSchedule:
    async with transaction(actor) as session:
        await policies.set_drills(session, actor, wanted.schedule)
    return wanted


@router.get("/routing-replays", summary="List replays", responses=problems(422))
async def list_replays(actor: Keeper, limit: Limit = 10, cursor: Cursor = "") -> Page[ReplayOut]:
    """Newest first."""
    return await _listed(actor, RoutingReplay, ReplayOut, limit, cursor)


@router.post("/routing-replays", status_code=202, summary="Replay the last days", responses=problems(409, 422))
async def start_replay(actor: Keeper, wanted: ReplayIn) -> ReplayOut:
    """What another policy would have done with the calls of the last days: from their receipts, asking nobody.

    Done in the answer where there are few calls; else `status` tells, and how far it is.
    """
    row = await replaying.ask(actor, wanted.days, wanted.strategy, learned=wanted.learned)
    return ReplayOut.model_validate(row)


@router.get("/routing-replays/{replay_id}", summary="Get a replay", responses=problems(404, 422))
async def get_replay(actor: Keeper, replay_id: UUID) -> ReplayOut:
    async with transaction(actor) as session:
        return ReplayOut.model_validate(await trials.get(session, actor, RoutingReplay, replay_id))


@router.get("/learned-routing", summary="What was learned")
async def get_learned(actor: Keeper) -> LearningOut:
    """By kind of task: how good the models are thought to be, and how sure that is."""
    async with transaction(actor) as session:
        policy, _ = await policies.get_policy(session, actor)
    found = await learned.learned(actor)
    tasks = {task: [LearnedOut.model_validate(each) for each in models] for task, models in found.items()}
    return LearningOut(on=policy.learning, tasks=tasks)


@router.put("/learned-routing", summary="Go by what was learned", responses=problems(422))
async def set_learned(actor: Keeper, wanted: LearningSwitch) -> LearningSwitch:
    """Off: Auto goes by the order of the policy. Judgements are learned from either way."""
    async with transaction(actor) as session:
        await policies.set_learning(session, actor, wanted.on)
    return wanted


async def _listed(actor: Actor, table: type[trials.Trial], shown: type[Shown], limit: int, cursor: str) -> Page[Shown]:
    after = parsed(cursor, UUID)
    async with transaction(actor) as session:
        found = await trials.newest(session, actor, table, after[0] if after else None, limit + 1)
    return page(found, limit, shown.model_validate, "id")
