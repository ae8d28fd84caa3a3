"""Where the viewer is signed in."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.core import geo
from faraday_app.core.clock import now
from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.models import Session
from faraday_app.security.service import sessions
from faraday_app.security.views import SessionView, session_view
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.session import Viewer, passing
from faraday_app.ui.times import ago, short


@passing
class DevicesState(rx.State):
    rows: list[SessionView] = []
    others: int = 0
    error: str = ""
    ending: bool = False
    ended: str = ""

    _ending_id: str = ""

    @rx.event
    @allow(Permission.account_manage)
    async def enter(self) -> None:
        if actor := await viewer_of(self):
            topics = {topic("sessions", actor.user): DevicesState.refresh}
            await live.watch(self, "page.devices", topics, actor.user)
        await self._load()

    @rx.event
    @allow(Permission.account_manage)
    async def refresh(self) -> None:
        await self._load()

    @rx.event
    @allow(Permission.account_manage)
    async def ask_end(self, session_id: str) -> None:
        """Of one device, or of all others when none is named."""
        self._ending_id = str(parse_id(session_id)) if session_id else ""
        self.ended = next((row.device for row in self.rows if row.id == self._ending_id), "")
        self.ending = True

    @rx.event
    @allow(Permission.account_manage)
    async def set_ending(self, open: bool) -> None:
        self.ending = bool(open)

    @rx.event
    @allow(Permission.account_manage)
    async def end(self) -> Any:
        self.ending = False
        async with acting(self) as (session, actor):
            if self._ending_id:
                await sessions.end_mine(session, actor, parse_id(self._ending_id))
            else:
                await sessions.end_others(session, actor)
        await self._load()
        return ui.notify(f"{self.ended or 'Every other device'} is signed out.")

    async def _load(self) -> None:
        self.error = ""
        try:
            async with acting(self) as (session, actor):
                found = await sessions.mine(session, actor)
            await self._show(actor, found)
        except FaradayError as error:
            self.error = error.message

    async def _show(self, actor: Actor, found: list[Session]) -> None:
        """This device first."""
        zone = (await self.get_state(Viewer)).zone
        countries = await geo.country_names({row.country for row in found})
        found.sort(key=lambda row: row.id != actor.session_id)
        self.rows = [
            session_view(
                row,
                here=row.id == actor.session_id,
                country=countries.get(row.country, ""),
                seen=ago(row.last_seen_at, now(), zone),
                since=short(row.created_at, zone),
            )
            for row in found
        ]
        self.others = sum(not row.here for row in self.rows)
