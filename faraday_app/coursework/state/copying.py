"""Bring work of another class into this one."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Permission
from faraday_app.coursework.service import copying, reading
from faraday_app.coursework.state.class_work import ClassWorkState
from faraday_app.coursework.words import joined, worth
from faraday_app.coursework.work_views import SourceView
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import Viewer, passing, zone_of


@passing
class CopyState(rx.State):
    open: bool = False
    sources: list[SourceView] = []
    source: str = ""
    work: list[SourceView] = []
    problem: str = ""

    @rx.event
    @allow(Permission.coursework_manage)
    async def begin(self) -> None:
        self.reset()
        here = parse_id((await self.get_state(ClassWorkState))._id)
        async with acting(self) as (session, actor):
            found = await copying.sources(session, actor, here)
        self.sources = [
            SourceView(str(each.school_class.id), each.school_class.name, joined(each.term.name, _count(each.work)))
            for each in found
        ]
        self.open = True

    @rx.event
    @allow(Permission.coursework_manage)
    async def set_open(self, open: bool) -> None:
        self.open = bool(open)

    @rx.event
    @allow(Permission.coursework_manage)
    async def choose(self, class_id: str) -> None:
        """All of its work, to leave out what is not wanted."""
        async with acting(self) as (session, actor):
            found = await reading.of_class(session, actor, parse_id(class_id))
        names = {each.id: each.name for each in found.groups}
        self.source = str(class_id)
        self.work = [
            SourceView(str(each.id), each.title, joined(names.get(each.group_id, ""), worth(each)), chosen=True)
            for each in found.work[:100]
        ]

    @rx.event
    @allow(Permission.coursework_manage)
    async def back(self) -> None:
        self.source, self.work, self.problem = "", [], ""

    @rx.event
    @allow(Permission.coursework_manage)
    async def toggle(self, assignment_id: str) -> None:
        self.work = [
            SourceView(each.id, each.name, each.about, each.chosen != (each.id == assignment_id)) for each in self.work
        ]

    @rx.event
    @allow(Permission.coursework_manage)
    async def copy(self) -> Any:
        here, zone = parse_id((await self.get_state(ClassWorkState))._id), (await self.get_state(Viewer)).zone
        ids = [parse_id(each.id) for each in self.work if each.chosen]
        try:
            async with acting(self) as (session, actor):
                made = await copying.copy(session, actor, here, parse_id(self.source), ids, zone_of(zone))
        except FaradayError as error:
            self.problem = error.message
            return None
        self.open = False
        return [ClassWorkState.refresh, ui.notify(f"{_count(len(made)).capitalize()} copied as drafts.")]


def _count(work: int) -> str:
    return f"{work} assignment{'s' * (work != 1)}"
