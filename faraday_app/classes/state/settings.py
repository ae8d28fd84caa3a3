"""What a class is called and where it belongs, its sections, and people from another class."""

from typing import Any
from uuid import UUID

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app import ui
from faraday_app.classes.service import classes, copying, listing, sections, terms
from faraday_app.classes.service.access import standing
from faraday_app.classes.service.listing import ClassFilter
from faraday_app.classes.state.making import draft_of
from faraday_app.core.errors import Conflict, FaradayError
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Actor, Permission
from faraday_app.organizations.service import list_departments
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import passing


@passing
class SettingsState(rx.State):
    editing: bool = False
    name: str = ""
    subject: str = ""
    code: str = ""
    room: str = ""
    term: str = ""
    department: str = ""
    terms: list[tuple[str, str]] = []
    departments: list[tuple[str, str]] = []
    error: str = ""
    section_id: str = ""
    section_was: str = ""
    naming: bool = False
    copying: bool = False
    sources: list[tuple[str, str]] = []
    removing: bool = False
    archiving: bool = False

    _id: str = ""
    _version: int = 0

    @rx.event
    @allow(Permission.classes_manage)
    async def edit(self) -> None:
        self._here()
        async with acting(self) as (session, actor):
            await self._hold(session, actor)
        self.editing, self.error = True, ""

    @rx.event
    @allow(Permission.classes_manage)
    async def set_editing(self, open: bool) -> None:
        self.editing = bool(open)

    @rx.event
    @allow(Permission.classes_manage)
    async def save(self, form: dict[str, Any]) -> Any:
        """Whoever was slower is told what it is now; saving again means it."""
        try:
            async with acting(self) as (session, actor):
                await classes.change(session, actor, self._class_id(), self._version, draft_of(form))
        except Conflict as conflict:
            async with acting(self) as (session, actor):
                there = (await standing(session, actor, self._class_id())).school_class
            self._version = there.version
            self.error = f"{conflict.message} It is “{there.name}” now. Save to replace it."
        except FaradayError as error:
            self.error = error.message
        else:
            self.editing = False
            return ui.notify("Saved.")
        return None

    @rx.event
    @allow(Permission.classes_manage)
    async def name_section(self, section_id: str, name: str) -> None:
        """A new section, or another name for one."""
        self._here()
        self.section_id, self.section_was = str(section_id)[:40], str(name)[:80]
        self.naming, self.error = True, ""

    @rx.event
    @allow(Permission.classes_manage)
    async def set_naming(self, open: bool) -> None:
        self.naming = bool(open)

    @rx.event
    @allow(Permission.classes_manage)
    async def save_section(self, form: dict[str, Any]) -> None:
        name = str(form.get("section_name") or "")
        try:
            async with acting(self) as (session, actor):
                if self.section_id:
                    await sections.rename(session, actor, parse_id(self.section_id), self.section_was, name)
                else:
                    await sections.add(session, actor, self._class_id(), name)
        except FaradayError as error:
            self.error = error.message
        else:
            self.naming = False

    @rx.event
    @allow(Permission.classes_manage)
    async def ask_remove(self, section_id: str, name: str) -> None:
        self.section_id, self.section_was, self.removing = str(section_id)[:40], str(name)[:80], True

    @rx.event
    @allow(Permission.classes_manage)
    async def set_removing(self, open: bool) -> None:
        self.removing = bool(open)

    @rx.event
    @allow(Permission.classes_manage)
    async def remove_section(self) -> Any:
        self.removing = False
        async with acting(self) as (session, actor):
            await sections.remove(session, actor, parse_id(self.section_id))
        return ui.notify("The section is gone; its students stay in the class.")

    @rx.event
    @allow(Permission.classes_manage)
    async def ask_copy(self) -> None:
        """From which class: those of this term, then archived ones."""
        self._here()
        async with acting(self) as (session, actor):
            found = await listing.listed(session, actor, ClassFilter())
            found += await listing.listed(session, actor, ClassFilter(archived=True))
        self.sources = [(str(each.id), f"{each.school_class.name} · {each.term}") for each in found
                        if str(each.id) != self._id and each.standing in ("Teacher", "Overseer")]  # fmt: skip
        self.copying, self.error = True, ""

    @rx.event
    @allow(Permission.classes_manage)
    async def set_copying(self, open: bool) -> None:
        self.copying = bool(open)

    @rx.event
    @allow(Permission.classes_manage)
    async def copy(self, form: dict[str, Any]) -> Any:
        try:
            async with acting(self) as (session, actor):
                source, staff = parse_id(form.get("copy_from")), bool(form.get("copy_staff"))
                done = await copying.copy_people(session, actor, self._class_id(), source, with_staff=staff)
        except FaradayError as error:
            self.error = error.message
            return None
        self.copying = False
        also = f" and {done.staff} of the staff" if staff else ""
        return ui.notify(f"{done.students} student{'s' * (done.students != 1)}{also} copied.")

    @rx.event
    @allow(Permission.classes_manage)
    async def set_archiving(self, open: bool) -> None:
        self.archiving = bool(open)

    def _here(self) -> None:
        self._id = str(self.router.url.query_parameters.get("id", ""))[:40]

    def _class_id(self) -> UUID:
        return parse_id(self._id)

    async def _hold(self, session: AsyncSession, actor: Actor) -> None:
        there = (await standing(session, actor, self._class_id(), Permission.classes_manage)).school_class
        self.name, self.subject, self.code, self.room = there.name, there.subject, there.code, there.room
        self.term, self.department = str(there.term_id), str(there.department_id or "")
        self._version = there.version
        self.terms = [(str(each.id), each.name) for each in await terms.listed(session, actor)]
        self.departments = [(str(each.id), each.name) for each in await list_departments(session, actor)]
