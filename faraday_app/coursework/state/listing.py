"""Work of all one's classes: what is due, and for teachers what waits to be graded."""

from typing import Any
from uuid import UUID

import reflex as rx

from faraday_app.core.errors import FaradayError
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.coursework.service import overview, peers
from faraday_app.coursework.views import WorkSection, sections_of, taught_of
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.live import live
from faraday_app.ui.session import Viewer


class WorkState(rx.State):
    """``children`` are those whose work can be looked at, oneself included; ``child`` is whose is shown."""

    sections: list[WorkSection] = []
    taught: list[WorkSection] = []
    children: list[tuple[str, str]] = []
    child: str = ""
    loaded: bool = False
    error: str = ""

    @rx.event
    @allow(Permission.coursework_read)
    async def enter(self) -> Any:
        await self._load()
        async with acting(self) as (_, actor):
            topics = {topic("coursework", id): WorkState.refresh for id in self._classes}
            await live.watch(self, "page.work", topics, actor.user, most_often=1.0)

    @rx.event
    @allow(Permission.coursework_read)
    async def refresh(self) -> None:
        await self._load()

    @rx.event
    @allow(Permission.coursework_read)
    async def show(self, child: str) -> None:
        """Another of one's children."""
        if str(child) in [id for id, _ in self.children]:
            self.child = str(child)
            await self._load()

    _classes: list[str] = []

    async def _load(self) -> None:
        self.error = ""
        zone = (await self.get_state(Viewer)).zone
        try:
            async with acting(self) as (session, actor):
                learners = await overview.learners(session, actor)
                self.children = [(str(id), name) for id, name in learners]
                if self.child not in [id for id, _ in self.children]:
                    self.child = self.children[0][0] if self.children else ""
                due = await overview.due_for(session, actor, UUID(self.child)) if self.child else []
                owed = await peers.due_for(session, actor, UUID(self.child)) if self.child else []
                taught = await overview.taught(session, actor)
        except FaradayError as error:
            self.error, self.loaded = error.message, True
            return
        self.sections, self.taught = sections_of(due, zone, owed), taught_of(taught, zone)
        self._classes = sorted({str(each.work.class_id) for each in (*due, *taught, *owed)})
        self.loaded = True
