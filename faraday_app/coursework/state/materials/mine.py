"""The materials of all of one's classes."""

from typing import Any
from uuid import UUID

import reflex as rx

from faraday_app.core.errors import FaradayError
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.coursework.material_views import MaterialRow, material_row
from faraday_app.coursework.models import MaterialKind
from faraday_app.coursework.service import materials
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.paging import Paged
from faraday_app.ui.session import Viewer

PAGE = 50
MOST_WATCHED = 100


class MyMaterialsState(Paged, rx.State):
    """The newest first; with words the best first, on one page."""

    rows: list[MaterialRow] = []
    tags: list[tuple[str, str]] = []
    search: str = ""
    kind: str = ""
    tag: str = ""
    loading: bool = True
    error: str = ""

    @rx.event
    @allow(Permission.materials_read)
    async def enter(self) -> None:
        self.reset()
        if actor := await viewer_of(self):
            async with acting(self) as (session, actor):
                classes = await materials.classes_of(session, actor, MOST_WATCHED)
            topics: dict[str, Any] = {topic("coursework", each): MyMaterialsState.refresh for each in classes}
            topics[topic("rights", actor.user)] = MyMaterialsState.refresh
            await live.watch(self, "page.my_materials", topics, actor.user, most_often=0.5)
        await self._load()

    @rx.event
    @allow(Permission.materials_read)
    async def refresh(self) -> None:
        await self._load()

    @rx.event
    @allow(Permission.materials_read)
    async def set_search(self, text: str) -> None:
        self.search, self._pages = str(text).replace("\x00", "")[:200], []
        await self._load()

    @rx.event
    @allow(Permission.materials_read)
    async def set_kind(self, kind: str) -> None:
        self.kind, self._pages = kind if kind in set(MaterialKind) else "", []
        await self._load()

    @rx.event
    @allow(Permission.materials_read)
    async def set_tag(self, tag: str) -> None:
        self.tag, self._pages = str(tag)[:40], []
        await self._load()

    @rx.event
    @allow(Permission.materials_read)
    async def clear(self) -> None:
        self.search = self.kind = self.tag = ""
        self._pages = []
        await self._load()

    @rx.event
    @allow(Permission.materials_read)
    async def next_page(self) -> None:
        if not self.search and self._turn_on():
            await self._load()

    @rx.event
    @allow(Permission.materials_read)
    async def previous_page(self) -> None:
        self._turn_back()
        await self._load()

    async def _load(self) -> None:
        try:
            async with acting(self) as (session, actor):
                found = await materials.search(
                    session, actor, self.search, kind=self.kind, tag=self.tag, after=self._page_after(), limit=PAGE + 1
                )
                self.tags = [(each, each) for each in await materials.tags_of(session, actor)]
                staffed: set[UUID] = set(await materials.classes_of(session, actor, 1_000, staffed=True))
            self.error = ""
        except FaradayError as error:
            found, staffed, self.error = [], set(), error.message
        zone = (await self.get_state(Viewer)).zone
        self._place(min(len(found), PAGE) if self.search else len(found), PAGE)
        self.rows = [material_row(each, zone, staff=each.material.class_id in staffed) for each in found[:PAGE]]
        self.loading = False
