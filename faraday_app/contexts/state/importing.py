"""Bringing conversations from elsewhere."""

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.import_views import ImportView, import_view
from faraday_app.contexts.service import importing
from faraday_app.contexts.service.importing.receiving import progress_topic
from faraday_app.core.permissions import Permission
from faraday_app.ui import browser
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.live import live
from faraday_app.ui.session import Viewer, passing

SHOWN = 5
FIELD = "import-file"


@passing
class ImportingState(rx.State):
    open: bool = False
    items: list[ImportView] = []
    sending: bool = False
    problem: str = ""

    @rx.event
    @allow(Permission.assistant_use)
    async def set_open(self, open: bool):
        self.open, self.problem, self.sending = bool(open), "", False
        if not self.open:
            await live.leave(self, "page.imports")
            return None
        async with acting(self) as (_, actor):
            watched = {progress_topic(actor.user): ImportingState.refresh}
            await live.watch(self, "page.imports", watched, actor.user, most_often=0.5)
        return ImportingState.refresh

    @rx.event
    @allow(Permission.assistant_use)
    async def refresh(self):
        zone = (await self.get_state(Viewer)).zone
        async with acting(self) as (session, actor):
            found = await importing.listed(session, actor, limit=SHOWN)
        self.items = [import_view(row, zone) for row in found]

    @rx.event
    @allow(Permission.assistant_use)
    async def send(self):
        """The browser sends the file over HTTP, and then says how it went."""
        self.sending, self.problem = True, ""
        return browser.asked("send_file", FIELD, "/api/v1/imports", then=ImportingState.sent)

    @rx.event
    @allow(Permission.assistant_use)
    async def sent(self, problem: str):
        self.sending, self.problem = False, str(problem or "")[:300]
        if self.problem:
            return None
        return [ImportingState.refresh, ui.notify("The file is here. You can go on meanwhile.")]
