"""Who is signed in to the organisation, a page at a time."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.core.clock import now
from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.service import overview
from faraday_app.security.service.countries import name_of
from faraday_app.security.views import OpenSessionView, device_words
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.paging import Paged
from faraday_app.ui.session import Viewer, initials_of, passing, tone_of
from faraday_app.ui.times import ago


class OpenSessionsState(Paged, rx.State):
    rows: list[OpenSessionView] = []
    loading: bool = True
    error: str = ""

    @rx.event
    @allow(Permission.security_read)
    async def enter(self) -> Any:
        self._pages = []
        if actor := await viewer_of(self):
            topics = {topic("audit", actor.organization): OpenSessionsState.refresh}
            await live.watch(self, "page.sessions", topics, actor.user, most_often=5, after=0.5)
        return OpenSessionsState.refresh

    @rx.event
    @allow(Permission.security_read)
    async def refresh(self) -> None:
        await self._load()

    @rx.event
    @allow(Permission.security_read)
    async def next_page(self) -> None:
        if self._turn_on():
            await self._load()

    @rx.event
    @allow(Permission.security_read)
    async def previous_page(self) -> None:
        self._turn_back()
        await self._load()

    async def _load(self) -> None:
        self.error = ""
        zone = (await self.get_state(Viewer)).zone
        try:
            async with acting(self) as (session, actor):
                found = await self._read(session, actor)
        except FaradayError as error:
            self.error = error.message
        else:
            self.rows = [_view(each, actor, zone) for each in found[: overview.PAGE]]
            self._place(len(found), overview.PAGE)
        self.loading = False

    async def _read(self, session: Any, actor: Actor) -> list[overview.OpenSession]:
        """A page that became empty gives way to the one before it."""
        while True:
            before = self._page_after()
            found = await overview.open_sessions(session, actor, overview.PAGE + 1, before)
            if found or not self._pages:
                return found
            self._turn_back()


@passing
class EndSessionState(rx.State):
    """The question before somebody is signed out."""

    asking: bool = False
    name: str = ""

    _session_id: str = ""

    @rx.event
    @allow(Permission.security_manage)
    async def ask(self, session_id: str) -> None:
        self._session_id = str(parse_id(session_id))
        rows = (await self.get_state(OpenSessionsState)).rows
        self.name = next((row.name for row in rows if row.id == self._session_id), "them")
        self.asking = True

    @rx.event
    @allow(Permission.security_manage)
    async def set_asking(self, open: bool) -> None:
        self.asking = bool(open)

    @rx.event
    @allow(Permission.security_manage)
    async def end(self) -> Any:
        self.asking = False
        async with acting(self) as (session, actor):
            await overview.end_session(session, actor, parse_id(self._session_id))
        return [OpenSessionsState.refresh, ui.notify(f"{self.name} is signed out of that browser.")]


def _view(each: overview.OpenSession, actor: Actor, zone: str) -> OpenSessionView:
    place = f"{name_of(each.country)} · {each.address}" if each.address else name_of("")
    return OpenSessionView(
        str(each.id),
        each.name,
        initials_of(each.name),
        tone_of(each.user_id),
        device_words(each.user_agent),
        place,
        ago(each.last_seen_at, now(), zone),
        each.id == actor.session_id,
    )
