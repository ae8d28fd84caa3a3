"""The list of rubrics."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.coursework.rubric_views import RubricRow, rubric_row
from faraday_app.coursework.service.rubrics import keeping, listing
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.live import live
from faraday_app.ui.paging import Paged


class RubricsState(Paged, rx.State):
    rows: list[RubricRow] = []
    search: str = ""
    archived: bool = False
    loading: bool = True

    @rx.event
    @allow(Permission.coursework_manage)
    async def enter(self):
        async with acting(self) as (_, actor):
            own = {topic("rubrics", actor.organization): RubricsState.refresh}
            await live.watch(self, "page.rubrics", own, actor.user, most_often=0.5)
        self._pages = []
        await self._load()

    @rx.event
    @allow(Permission.coursework_manage)
    async def refresh(self):
        await self._load()

    @rx.event
    @allow(Permission.coursework_manage)
    async def set_search(self, text: str):
        self.search = str(text).replace("\x00", "")[:100]
        self._pages = []
        await self._load()

    @rx.event
    @allow(Permission.coursework_manage)
    async def show_archived(self, archived: bool):
        self.archived = bool(archived)
        self._pages = []
        await self._load()

    @rx.event
    @allow(Permission.coursework_manage)
    async def next_page(self):
        if self._turn_on():
            await self._load()

    @rx.event
    @allow(Permission.coursework_manage)
    async def previous_page(self):
        self._turn_back()
        await self._load()

    @rx.event
    @allow(Permission.coursework_manage)
    async def put_away(self, rubric_id: str):
        async with acting(self) as (session, actor):
            await keeping.archive(session, actor, parse_id(rubric_id))
        await self._load()
        return ui.notify("Put away. What is marked by it goes on.")

    @rx.event
    @allow(Permission.coursework_manage)
    async def bring_back(self, rubric_id: str):
        async with acting(self) as (session, actor):
            await keeping.restore(session, actor, parse_id(rubric_id))
        await self._load()

    async def _load(self) -> None:
        async with acting(self) as (session, actor):
            found = await listing.listed(
                session,
                actor,
                self.search,
                archived=self.archived,
                before=self._page_after(),
                limit=listing.PAGE + 1,
            )
        self.rows = [rubric_row(each) for each in found[: listing.PAGE]]
        self._place(len(found), listing.PAGE)
        self.loading = False
