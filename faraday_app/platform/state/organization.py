"""One organisation in numbers."""

from typing import Any

import reflex as rx

from faraday_app.core.clock import now
from faraday_app.core.errors import Invalid, NotFound
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Permission
from faraday_app.credits.views import credits_text
from faraday_app.platform.service import overview
from faraday_app.platform.views import FigureView
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import Viewer
from faraday_app.ui.times import ago, short


class OrganizationState(rx.State):
    id: str = ""
    name: str = ""
    missing: bool = False
    loaded: bool = False
    empty: bool = False
    people: str = ""
    signed_in: str = ""
    issued: str = ""
    spent: str = ""
    roles: list[FigureView] = []
    facts: list[FigureView] = []

    @rx.event
    @allow(Permission.platform_read)
    async def enter(self) -> Any:
        self.reset()
        self.id = str(self.router.url.path).rstrip("/").rsplit("/", 1)[-1][:40]
        return OrganizationState.refresh

    @rx.event
    @allow(Permission.platform_read)
    async def refresh(self) -> None:
        zone = (await self.get_state(Viewer)).zone
        try:
            async with acting(self) as (session, actor):
                found = await overview.figures(session, actor, parse_id(self.id))
        except (Invalid, NotFound):
            self.missing = self.loaded = True
            return
        self.name, self.empty, self.loaded = found.name, found.people + found.deactivated == 0, True
        self.people, self.signed_in = f"{found.people:,}", f"{found.signed_in:,}"
        self.issued, self.spent = credits_text(found.credits.issued), credits_text(found.credits.spent)
        self.roles = [FigureView(role.label, f"{count:,}") for role, count in found.roles.items()]
        self.facts = [
            FigureView("Created", short(found.created_at, zone)),
            FigureView("Last activity", ago(found.active_at, now(), zone)),
            FigureView("Time zone", found.time_zone),
            FigureView("Departments", f"{found.departments:,}"),
            FigureView("Open invitations", f"{found.invited:,}"),
            FigureView("Deactivated people", f"{found.deactivated:,}"),
            FigureView("Conversations", f"{found.conversations:,}"),
            FigureView("Credits left to grant", credits_text(found.credits.pool)),
            FigureView("Credits people hold", credits_text(found.credits.wallets)),
        ]
