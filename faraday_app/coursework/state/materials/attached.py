"""What is needed for an assignment: shown to those who may read it, chosen by its teachers."""

from typing import Any
from uuid import UUID

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app import ui
from faraday_app.classes.service.sections import of_class as sections_of
from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.material_views import MaterialRow, material_row
from faraday_app.coursework.service import materials, reading
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import Viewer, passing

FOUND = 30  # materials in the dialog


class AttachedState(rx.State):
    """``rows`` are what the viewer may read of what is attached, in its order. To the staff each says what keeps it
    from the class, such as the moment from which it is shown."""

    id: str = ""
    class_id: str = ""
    is_staff: bool = False
    rows: list[MaterialRow] = []

    @rx.event
    @allow(Permission.materials_read)
    async def show_for(self, assignment_id: str) -> None:
        self.reset()
        self.id = str(parse_id(assignment_id))
        await self._load()

    @rx.event
    @allow(Permission.materials_read)
    async def refresh(self) -> None:
        if self.id:
            await self._load()

    @rx.event
    @allow(Permission.coursework_manage)
    async def move(self, material_id: str, steps: int) -> None:
        async with acting(self) as (session, actor):
            await materials.attaching.move(session, actor, parse_id(self.id), parse_id(material_id), int(steps))
        await self._load()

    @rx.event
    @allow(Permission.coursework_manage)
    async def take_away(self, material_id: str) -> Any:
        async with acting(self) as (session, actor):
            await materials.attaching.take_away(session, actor, parse_id(self.id), parse_id(material_id))
        await self._load()
        return ui.notify("No longer attached. It is still in the library.")

    async def _load(self) -> None:
        zone = (await self.get_state(Viewer)).zone
        try:
            async with acting(self) as (session, actor):
                await self._read(session, actor, zone)
        except FaradayError:  # the page says itself why there is nothing to see
            self.rows, self.class_id = [], ""

    async def _read(self, session: AsyncSession, actor: Actor, zone: str) -> None:
        seen = await reading.get(session, actor, parse_id(self.id))
        staff = seen.standing.is_staff
        found = await materials.attached_to(session, actor, seen.work.id)
        names = {each.id: each.name for each in await sections_of(session, seen.work.class_id)} if staff else {}
        self.class_id, self.is_staff = str(seen.work.class_id), staff
        self.rows = [material_row(each, zone, staff=staff, sections=names) for each in found]


@passing
class AttachState(rx.State):
    """Choose from the library of the class. ``chosen`` are in the order in which they were chosen; what is attached
    already is not offered."""

    open: bool = False
    search: str = ""
    found: list[MaterialRow] = []
    chosen: list[str] = []
    nothing: str = ""
    problem: str = ""

    @rx.event
    @allow(Permission.coursework_manage)
    async def begin(self) -> None:
        self.reset()
        await self._load()
        self.open = True

    @rx.event
    @allow(Permission.coursework_manage)
    async def set_open(self, open: bool) -> None:
        self.open = bool(open)

    @rx.event
    @allow(Permission.coursework_manage)
    async def set_search(self, text: str) -> None:
        self.search = str(text).replace("\x00", "")[:200]
        await self._load()

    @rx.event
    @allow(Permission.coursework_manage)
    async def toggle(self, material_id: str) -> None:
        id = str(parse_id(material_id))
        left = [each for each in self.chosen if each != id]
        self.chosen = left if id in self.chosen else [*left, id][: materials.attaching.MOST]

    @rx.event
    @allow(Permission.coursework_manage)
    async def attach(self) -> Any:
        page = await self.get_state(AttachedState)
        try:
            async with acting(self) as (session, actor):
                ids = [parse_id(each) for each in self.chosen]
                await materials.attaching.add(session, actor, parse_id(page.id), ids)
        except FaradayError as error:
            self.problem = error.message
            return None
        count, self.open = len(self.chosen), False
        await page._load()
        return ui.notify(f"{count} material{'s' * (count != 1)} attached.")

    async def _load(self) -> None:
        page, zone = await self.get_state(AttachedState), (await self.get_state(Viewer)).zone
        there = {UUID(each.id) for each in page.rows}
        async with acting(self) as (session, actor):
            seen = await reading.get(session, actor, parse_id(page.id))
            seen.standing.must_grade()
            class_id = seen.work.class_id
            most = FOUND + len(there)
            found = await materials.search(session, actor, self.search, class_id=class_id, limit=most)
            names = {each.id: each.name for each in await sections_of(session, class_id)}
        left = [each for each in found if each.material.id not in there][:FOUND]
        self.found = [material_row(each, zone, staff=True, sections=names) for each in left]
        self.nothing = "Nothing is found by these words." if self.search else "The library has nothing else yet."
