"""Bringing in rosters: what a package would change, and what became of those before."""

from typing import Any
from urllib.parse import urlencode

import reflex as rx

from faraday_app import ui
from faraday_app.classes.models import RosterState
from faraday_app.classes.oneroster import Action, File, Version
from faraday_app.classes.roster_views import (
    NO_ROSTER,
    ChangeView,
    CountView,
    FindingView,
    HistoryView,
    RosterView,
    change_view,
    count_views,
    finding_views,
    history_view,
    roster_view,
)
from faraday_app.classes.service import rosters
from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Permission
from faraday_app.core.settings import settings
from faraday_app.ui import browser
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.live import live
from faraday_app.ui.session import Viewer

FIELD = "roster-file"
SHOWN_HISTORY = 10


class RostersState(rx.State):
    found: RosterView = NO_ROSTER
    counts: list[CountView] = []
    findings: list[FindingView] = []
    rows: list[ChangeView] = []
    history: list[HistoryView] = []
    loading: bool = True
    error: str = ""
    file: str = ""
    action: str = ""
    shown: str = ""
    has_next: bool = False
    has_previous: bool = False
    sending: bool = False
    applying: bool = False
    problem: str = ""
    asking: bool = False
    sweeping: bool = False
    administrators: bool = False
    invite: bool = False
    taking_back: str = ""
    demographics: bool = False
    version: str = Version.v1_2.value

    _pages: list[int] = []
    _last: int = 0

    @rx.event
    @allow(Permission.rosters_manage)
    async def enter(self) -> Any:
        self._pages, self.file, self.action, self.asking, self.sending, self.applying = [], "", "", False, False, False
        async with acting(self) as (_, actor):
            watched = {rosters.roster_topic(actor.organization): RostersState.refresh}
            await live.watch(self, "page", watched, actor.user)
        await self._load()

    @rx.event
    @allow(Permission.rosters_manage)
    async def refresh(self) -> None:
        await self._load()

    @rx.event
    @allow(Permission.rosters_manage)
    async def send(self) -> Any:
        """The browser sends the file over HTTP, and then says how it went."""
        self.sending, self.problem = True, ""
        return browser.asked("send_file", FIELD, "/api/v1/rosters/imports", then=RostersState.sent)

    @rx.event
    @allow(Permission.rosters_manage)
    async def sent(self, problem: str) -> Any:
        self.sending, self.problem = False, str(problem or "")[:300]
        self._pages, self.file, self.action = [], "", ""
        return None if self.problem else RostersState.refresh

    @rx.event
    @allow(Permission.rosters_manage)
    async def set_file(self, file: str) -> None:
        self.file = file if file in {each.value for each in File} else ""
        await self._load_first()

    @rx.event
    @allow(Permission.rosters_manage)
    async def set_action(self, action: str) -> None:
        self.action = action if action in {each.value for each in Action} else ""
        await self._load_first()

    @rx.event
    @allow(Permission.rosters_manage)
    async def next_page(self) -> None:
        if self.has_next:
            self._pages = [*self._pages, self._last]
            await self._load()

    @rx.event
    @allow(Permission.rosters_manage)
    async def previous_page(self) -> None:
        self._pages = self._pages[:-1]
        await self._load()

    @rx.event
    @allow(Permission.rosters_manage)
    async def set_asking(self, open: bool) -> None:
        self.asking = bool(open)
        self.sweeping, self.administrators, self.invite = False, False, False

    @rx.event
    @allow(Permission.rosters_manage)
    async def set_sweeping(self, on: bool) -> None:
        self.sweeping = bool(on)

    @rx.event
    @allow(Permission.rosters_manage)
    async def set_administrators(self, on: bool) -> None:
        self.administrators = bool(on)

    @rx.event
    @allow(Permission.rosters_manage)
    async def set_invite(self, on: bool) -> None:
        self.invite = bool(on)

    @rx.event
    @allow(Permission.rosters_manage)
    async def apply(self) -> Any:
        """Who would make administrators shows first who they are; then the page says that it is working."""
        async with acting(self) as (_, actor):
            if self.administrators:
                actor.must_be_confirmed()
        self.asking, self.applying = False, True
        return RostersState.work

    @rx.event
    @allow(Permission.rosters_manage)
    async def work(self) -> Any:
        async with acting(self) as (_, actor):
            pass
        confirmed = rosters.Confirmed(self.sweeping, self.administrators, self.invite)
        site = settings().site(str(self.router.url.origin))
        try:
            await rosters.apply(actor, parse_id(self.found.id), self.found.digest, confirmed, site)
        finally:
            self.applying = False
        await self._load_first()
        return ui.notify("The roster is applied.")

    @rx.event
    @allow(Permission.rosters_manage)
    async def discard(self) -> Any:
        async with acting(self) as (_, actor):
            pass
        await rosters.discard(actor, parse_id(self.found.id))
        await self._load_first()
        return ui.notify("Nothing of it was applied.")

    @rx.event
    @allow(Permission.rosters_manage)
    async def ask_back(self, id: str) -> None:
        """Which import's grades are meant."""
        self.taking_back = str(parse_id(id))

    @rx.event
    @allow(Permission.rosters_manage)
    async def keep_them(self, _open: bool = False) -> None:
        self.taking_back = ""

    @rx.event
    @allow(Permission.rosters_manage)
    async def take_back(self) -> Any:
        async with acting(self) as (_, actor):
            pass
        id, self.taking_back = self.taking_back, ""
        done = await rosters.take_grades_back(actor, parse_id(id))
        await self._load()
        return ui.notify(f"Grades taken back: {done.made['grades taken back']:,}.")

    @rx.event
    @allow(Permission.rosters_manage)
    async def set_demographics(self, on: bool) -> None:
        async with acting(self) as (session, actor):
            self.demographics = (await rosters.set_demographics(session, actor, bool(on))).demographics

    @rx.event
    @allow(Permission.rosters_manage)
    async def set_version(self, version: str) -> None:
        self.version = version if version in {each.value for each in Version} else Version.v1_2.value

    @rx.event
    @allow(Permission.rosters_manage)
    async def export(self) -> Any:
        return rx.download(
            url=f"/api/v1/rosters/export?{urlencode({'version': self.version})}", filename="oneroster.zip"
        )

    async def _load_first(self) -> None:
        self._pages = []
        await self._load()

    async def _load(self) -> None:
        zone = (await self.get_state(Viewer)).zone
        wanted = rosters.Narrowing(self.file, self.action, self._pages[-1] if self._pages else None)
        try:
            async with acting(self) as (session, actor):
                past = await rosters.imports(session, actor, limit=SHOWN_HISTORY)
                names = await rosters.senders(session, past)
                self.demographics = (await rosters.read_settings(session, actor)).demographics
                newest = past[0] if past and past[0].state in (RosterState.checked, RosterState.refused) else None
                rows = await rosters.changes_of(session, actor, newest.id, wanted, rosters.PAGE + 1) if newest else []
        except FaradayError as error:
            self.error = error.message
            return
        self.loading, self.error = False, ""
        self.found = roster_view(newest) if newest else NO_ROSTER
        self.counts = count_views(newest) if newest else []
        self.findings = finding_views(newest) if newest else []
        page = rows[: rosters.PAGE]
        self.rows = [change_view(row) for row in page]
        self._last = page[-1].position if page else 0
        before = len(self._pages) * rosters.PAGE
        self.shown = f"{before + 1:,}–{before + len(page):,}" if page else ""
        self.has_previous, self.has_next = bool(self._pages), len(rows) > rosters.PAGE
        self.history = [history_view(each, names.get(each.sent_by, "Faraday"), zone) for each in past]
