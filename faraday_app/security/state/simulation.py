"""What a limit would have done to the last 24 hours."""

from typing import Any

import reflex as rx

from faraday_app.core.errors import FaradayError
from faraday_app.core.limits import Rule
from faraday_app.core.permissions import Permission
from faraday_app.security.service import limits, traffic
from faraday_app.security.state.limits import endpoint_of_form, whole
from faraday_app.security.views import RefusedView
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import Viewer, passing
from faraday_app.ui.times import short


@passing
class SimulationState(rx.State):
    answer: str = ""
    basis: str = ""
    refusals: list[RefusedView] = []
    problem: str = ""

    @rx.event
    @allow(Permission.limits_manage)
    async def run(self, form: dict[str, Any]) -> None:
        self.answer = self.problem = self.basis = ""
        self.refusals = []
        zone = (await self.get_state(Viewer)).zone
        try:
            endpoint = endpoint_of_form(form.get("sim_endpoint"))
            rate = whole(form.get("sim_rate"), "per_minute", limits.MOST_PER_MINUTE)
            burst = whole(form.get("sim_burst"), "burst", limits.MOST_BURST)
            async with acting(self) as (session, actor):
                done = await traffic.simulate(session, actor, endpoint, Rule.of(rate, burst))
        except FaradayError as error:
            self.problem = error.message
            return
        self._show(done, zone)

    def _show(self, done: traffic.Simulated, zone: str) -> None:
        if not done.calls:
            self.answer = "There were no such calls in the last 24 hours."
            return
        self.answer = f"{done.refused:,} of {done.calls:,} calls would have been refused."
        some = " At busy times only one caller in eight was recorded, each of them whole." if done.thinned else ""
        people = f"{done.callers:,} caller{'s' if done.callers != 1 else ''}"
        self.basis = f"Replayed from {people} since {short(done.since, zone)}, to the millisecond.{some}"
        self.refusals = [
            RefusedView(str(number), each.name, f"{each.refused:,} of {each.calls:,} calls")
            for number, each in enumerate(done.refusals)
        ]
