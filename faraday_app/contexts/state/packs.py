"""Packs of GPTs, out and in."""

from typing import Any
from urllib.parse import urlencode

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.pack_views import files_words
from faraday_app.contexts.service import packs
from faraday_app.contexts.state.gpts import GptsState
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Permission
from faraday_app.ui import browser
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import passing

FIELD = "pack-file"
WHERE = "/api/v1/gpts/packs"


@passing
class PacksState(rx.State):
    open: bool = False
    busy: bool = False
    problem: str = ""
    elsewhere: bool = False

    @rx.event
    @allow(Permission.gpts_manage)
    async def set_open(self, open: bool) -> None:
        self.reset()
        self.open = bool(open)

    @rx.event
    @allow(Permission.gpts_manage)
    async def send(self, all_the_same: bool) -> Any:
        """The browser sends the file over HTTP, and then says how it went."""
        self.busy = True
        return browser.asked(
            "send_file", FIELD, f"{WHERE}?from_elsewhere=true" if all_the_same else WHERE, then=PacksState.sent
        )

    @rx.event
    @allow(Permission.gpts_manage)
    async def sent(self, problem: str) -> Any:
        """Nothing here depends on what the browser says: the file was judged where it was received."""
        self.busy, self.problem = False, str(problem)[:400]
        self.elsewhere = "was made elsewhere" in self.problem
        if self.problem:
            return None
        self.open = False
        return [ui.notify("It is among your GPTs."), GptsState.refresh]


@passing
class PackExportState(rx.State):
    """What would travel in a pack, chosen before it is exported."""

    open: bool = False
    id: str = ""
    name: str = ""
    files: str = ""
    memories: int = 0
    too_large: str = ""

    @rx.event
    @allow(Permission.gpts_manage)
    async def begin(self, gpt_id: str) -> None:
        """For a GPT of one's own."""
        async with acting(self) as (session, actor):
            found = await packs.outlook(session, actor, parse_id(gpt_id))
        self.id, self.name, self.memories = str(parse_id(gpt_id)), found.name, found.memories
        self.files, self.too_large = files_words(found), found.too_large
        self.open = True

    @rx.event
    @allow(Permission.gpts_manage)
    async def set_open(self, open: bool) -> None:
        if not open:
            self.reset()

    @rx.event
    @allow(Permission.gpts_manage)
    async def export(self, form: dict) -> Any:
        """The browser downloads it; what is left out is left out there. Files that do not fit keep the dialog open."""
        if self.too_large and form.get("with_knowledge"):
            return None
        wanted = {name: "true" if form.get(f"with_{name}") else "false" for name in ("knowledge", "memory")}
        gpt_id = parse_id(self.id)
        self.reset()
        return rx.download(url=f"/api/v1/gpts/{gpt_id}/pack?{urlencode(wanted)}")
