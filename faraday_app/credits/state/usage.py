"""How much each day."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from faraday_app.core.permissions import Permission
from faraday_app.credits import service as credits
from faraday_app.credits.service import DayUsage
from faraday_app.credits.views import CREDIT, credits_text
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import Viewer, zone_of

DAYS = 30


@dataclass(frozen=True, slots=True)
class DayView:
    day: str
    label: str
    spent: float  # credits, for the height of a bar only
    text: str


class UsageState(rx.State):
    """How much each day: the viewer or, for administrators, everyone."""

    days: list[DayView] = []
    everyone: bool = False
    total: str = ""
    used: bool = False
    summary: str = ""

    @rx.event
    @allow(Permission.credits_read)
    async def load(self) -> None:
        zone = zone_of((await self.get_state(Viewer)).zone)
        async with acting(self) as (session, actor):
            own = await credits.daily_usage(session, actor, DAYS, zone)
            self.everyone = self.everyone and actor.may(Permission.credits_grant)
            shown = await credits.daily_usage(session, actor, DAYS, zone, everyone=True) if self.everyone else own
        self.total = credits_text(sum(day.spent for day in own))
        self.used = any(day.spent for day in shown)
        self.days = [day_view(day) for day in shown]
        self.summary = summary_of(shown, self.everyone)

    @rx.event
    @allow(Permission.credits_grant)
    async def choose(self, whose: str) -> Any:
        self.everyone = whose == "everyone"
        return UsageState.load


def day_view(day: DayUsage) -> DayView:
    text = f"{credits_text(day.spent)} credits"
    return DayView(day.day.isoformat(), f"{day.day.day} {day.day:%B}", day.spent / CREDIT, text)


def summary_of(days: list[DayUsage], everyone: bool) -> str:
    """The chart in a sentence, for who does not see it."""
    total, most = sum(day.spent for day in days), max(days, key=lambda day: day.spent)
    who = "Everyone together" if everyone else "You"
    if not total:
        return f"{who} used no credits in the last {len(days)} days."
    peak = f"{most.day.day} {most.day:%B}: {credits_text(most.spent)}"
    return f"{who} used {credits_text(total)} credits in the last {len(days)} days, most on {peak}."
