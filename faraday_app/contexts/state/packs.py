"""Packs of GPTs, out and in."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.service import gpts
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

    @rx.event
    @allow(Permission.gpts_manage)
    async def export(self, gpt_id: str) -> Any:
        async with acting(self) as (session, actor):
            gpt = await gpts.owned(session, actor, parse_id(gpt_id))
        return rx.download(url=f"/api/v1/gpts/{gpt.id}/pack")
