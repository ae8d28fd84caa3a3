"""What the learning router has learned, and whether Auto goes by it."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.gateway.service import learned, learning
from faraday_app.gateway.service.managing import policies
from faraday_app.gateway.views.trials import LearnedTask, learned_task
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.live import live

OFTEN = 5.0  # seconds between two readings


class LearnedState(rx.State):
    on: bool = False
    tasks: list[LearnedTask] = []
    loading: bool = True

    @rx.event
    @allow(Permission.models_manage)
    async def enter(self) -> Any:
        async with acting(self) as (_, actor):
            topics = {topic(learning.TOPIC, actor.organization): LearnedState.refresh}
            await live.watch(self, "page.learned", topics, actor.user, most_often=OFTEN)
        return LearnedState.refresh

    @rx.event
    @allow(Permission.models_manage)
    async def refresh(self) -> None:
        async with acting(self) as (session, actor):
            policy, _ = await policies.get_policy(session, actor)
        found = await learned.learned(actor)
        self.on, self.tasks = policy.learning, [learned_task(task, models) for task, models in found.items()]
        self.loading = False

    @rx.event
    @allow(Permission.models_manage)
    async def switch(self, on: bool) -> Any:
        async with acting(self) as (session, actor):
            await policies.set_learning(session, actor, bool(on))
        self.on = bool(on)
        return ui.notify("Auto goes by what was learned." if on else "Auto goes by the order of the policy.")
