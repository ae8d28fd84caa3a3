"""The data of the open conversation."""

from uuid import UUID

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.data_views import DataView, data_view
from faraday_app.contexts.service import data
from faraday_app.core.errors import NotFound
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.live import live
from faraday_app.ui.session import Viewer


class DataState(rx.State):
    """``removed`` can still be brought back with one click."""

    items: list[DataView] = []
    loaded: bool = False
    removed: str = ""
    removed_title: str = ""

    _context_id: str = ""

    @rx.event
    @allow(Permission.assistant_use)
    async def watch(self, context_id: str):
        """Follow the data of a conversation; of one that is still to begin there is none."""
        self.reset()
        if not context_id:
            self.loaded = True
            return None
        self._context_id = str(parse_id(context_id))
        async with acting(self) as (_, actor):
            topics = {topic("data", self._context_id): DataState.refresh}
            await live.watch(self, "page.data", topics, actor.user, after=0.2)
        return DataState.refresh

    @rx.event
    @allow(Permission.assistant_use)
    async def refresh(self):
        if not self._context_id:
            return
        try:
            async with acting(self) as (session, actor):
                found = await data.listed(session, actor, UUID(self._context_id))
        except NotFound:
            self.reset()
            return
        zone = (await self.get_state(Viewer)).zone
        self.items, self.loaded = [data_view(each, zone) for each in found], True

    @rx.event
    @allow(Permission.assistant_use)
    async def toggle(self, item_id: str):
        """Leave it out of what models are given, or take it in again."""
        wanted = next((each for each in self.items if each.id == item_id), None)
        async with acting(self) as (session, actor):
            out = not (wanted and wanted.left_out)
            await data.leave_out(session, actor, parse_id(self._context_id), parse_id(item_id), out)
        return DataState.refresh

    @rx.event
    @allow(Permission.assistant_use)
    async def remove(self, item_id: str):
        async with acting(self) as (session, actor):
            await data.remove(session, actor, parse_id(self._context_id), parse_id(item_id))
        gone = next((each for each in self.items if each.id == item_id), None)
        self.removed, self.removed_title = str(parse_id(item_id)), gone.title if gone else "It"
        return DataState.refresh

    @rx.event
    @allow(Permission.assistant_use)
    async def undo(self):
        async with acting(self) as (session, actor):
            await data.bring_back(session, actor, parse_id(self._context_id), parse_id(self.removed))
        self.removed = self.removed_title = ""
        return DataState.refresh

    @rx.event
    @allow(Permission.assistant_use)
    async def forget_removed(self):
        self.removed = self.removed_title = ""

    @rx.event
    @allow(Permission.assistant_use)
    async def read_again(self, item_id: str):
        async with acting(self) as (session, actor):
            await data.read_again(session, actor, parse_id(self._context_id), parse_id(item_id))
        return DataState.refresh

    @rx.event
    @allow(Permission.assistant_use)
    async def read_page(self, item_id: str):
        """Have the page that a link leads to read; models are given its text then."""
        async with acting(self) as (_, actor):
            pass
        await data.read_page(actor, parse_id(self._context_id), parse_id(item_id))
        return [DataState.refresh, ui.notify("The page is being read.")]
