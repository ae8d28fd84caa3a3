"""Failover drills, and another policy on the calls of the past."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.gateway.models import FailoverDrill, RoutingReplay
from faraday_app.gateway.service import drills, replaying, trials
from faraday_app.gateway.service.managing import policies
from faraday_app.gateway.state.forms import text_of, whole
from faraday_app.gateway.views import Schedule, Strategy
from faraday_app.gateway.views.trials import (
    DrillView,
    OutcomeView,
    ReplayView,
    drill_summary,
    drill_view,
    outcome_views,
    replay_view,
)
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.session import Viewer

OFTEN = 1.0  # seconds between two looks at how far it is


class DrillsState(rx.State):
    """``shown`` and what follows is the report that is open."""

    rows: list[DrillView] = []
    loading: bool = True
    schedule: str = "weekly"
    going_on: bool = False
    open: bool = False
    summary: str = ""
    outcomes: list[OutcomeView] = []

    @rx.event
    @allow(Permission.models_manage)
    async def enter(self) -> Any:
        async with acting(self) as (_, actor):
            topics = {topic("drills", actor.organization): DrillsState.refresh}
            await live.watch(self, "page.drills", topics, actor.user, most_often=OFTEN)
        return DrillsState.refresh

    @rx.event
    @allow(Permission.models_manage)
    async def refresh(self) -> None:
        zone = (await self.get_state(Viewer)).zone
        async with acting(self) as (session, actor):
            found = await trials.newest(session, actor, FailoverDrill)
            policy, _ = await policies.get_policy(session, actor)
        self.rows, self.schedule = [drill_view(row, zone) for row in found], policy.drills.value
        self.going_on = any(row.finished_at is None for row in found)
        self.loading = False

    @rx.event
    @allow(Permission.models_manage)
    async def start(self) -> Any:
        async with acting(self) as (session, actor):
            await drills.ask(session, actor)
        return [DrillsState.refresh, ui.notify("The drill begins. Nobody is disturbed by it.")]

    @rx.event
    @allow(Permission.models_manage)
    async def set_schedule(self, schedule: str) -> Any:
        wanted = Schedule(schedule) if schedule in set(Schedule) else Schedule.weekly
        async with acting(self) as (session, actor):
            await policies.set_drills(session, actor, wanted)
        self.schedule = wanted.value
        return ui.notify("Saved.")

    @rx.event
    @allow(Permission.models_manage)
    async def show(self, drill_id: str) -> None:
        async with acting(self) as (session, actor):
            row = await trials.get(session, actor, FailoverDrill, parse_id(drill_id))
        self.summary, self.outcomes, self.open = drill_summary(row), outcome_views(row)[:100], True

    @rx.event
    @allow(Permission.models_manage)
    async def set_open(self, open: bool) -> None:
        self.open = bool(open)


class ReplayState(rx.State):
    rows: list[ReplayView] = []
    loading: bool = True
    going_on: bool = False

    @rx.event
    @allow(Permission.models_manage)
    async def enter(self) -> Any:
        async with acting(self) as (_, actor):
            topics = {topic("replays", actor.organization): ReplayState.refresh}
            await live.watch(self, "page.replays", topics, actor.user, most_often=OFTEN)
        return ReplayState.refresh

    @rx.event
    @allow(Permission.models_manage)
    async def refresh(self) -> None:
        zone = (await self.get_state(Viewer)).zone
        async with acting(self) as (session, actor):
            found = await trials.newest(session, actor, RoutingReplay)
        self.rows = [replay_view(row, zone) for row in found]
        self.going_on = any(row.finished_at is None for row in found)
        self.loading = False

    @rx.event
    @allow(Permission.models_manage)
    async def start(self, form: dict[str, Any]) -> Any:
        strategy = text_of(form, "replay_strategy")
        wanted = Strategy(strategy) if strategy in set(Strategy) else Strategy.cheapest
        if actor := await viewer_of(self):
            days, learned = whole(form, "replay_days", "days"), bool(form.get("replay_learned"))
            await replaying.ask(actor, days, wanted, learned=learned)
        return ReplayState.refresh
