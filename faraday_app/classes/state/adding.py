"""Adding people to a class, several at once."""

from typing import Any
from uuid import UUID

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app import ui
from faraday_app.classes.models import StaffRole
from faraday_app.classes.service import choosing, enrolments, sections, staff
from faraday_app.classes.service.choosing import Candidate
from faraday_app.classes.views import PersonView
from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Actor, Permission
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import initials_of, passing, tone_of

STUDENT = "student"


def person_of(each: Candidate, *, chosen: bool = False) -> PersonView:
    return PersonView(
        str(each.user_id), each.name, each.email, initials_of(each.name), tone_of(each.user_id), chosen=chosen
    )


@passing
class AddingState(rx.State):
    open: bool = False
    kind: str = STUDENT
    query: str = ""
    found: list[PersonView] = []
    chosen: list[PersonView] = []
    sections: list[tuple[str, str]] = []
    error: str = ""

    _id: str = ""

    @rx.event
    @allow(Permission.classes_manage)
    async def ask(self, kind: str) -> None:
        """Whom to add: students, teachers or aides."""
        self._id = str(self.router.url.query_parameters.get("id", ""))[:40]
        self.kind = kind if kind in set(StaffRole) else STUDENT
        self.query, self.chosen, self.error, self.open = "", [], "", True
        async with acting(self) as (session, actor):
            parts = await sections.listed(session, actor, self._class_id())
            self.sections = [("", "No section"), *((str(each.id), each.name) for each in parts)]
            await self._search(session, actor)

    @rx.event
    @allow(Permission.classes_manage)
    async def set_open(self, open: bool) -> None:
        self.open = bool(open)

    @rx.event
    @allow(Permission.classes_manage)
    async def search(self, text: str) -> None:
        self.query = str(text).replace("\x00", "")[:100]
        async with acting(self) as (session, actor):
            await self._search(session, actor)

    @rx.event
    @allow(Permission.classes_manage)
    async def toggle(self, user_id: str) -> None:
        """Take somebody who was found among those to add, or leave them out again."""
        left = [each for each in self.chosen if each.id != user_id]
        if len(left) == len(self.chosen):
            left = [*self.chosen, *(each for each in self.found if each.id == user_id)]
        self.chosen = left[:100]
        self._mark()

    @rx.event
    @allow(Permission.classes_manage)
    async def save(self, form: dict[str, Any]) -> Any:
        ids, section = [parse_id(each.id) for each in self.chosen], str(form.get("adding_section") or "")
        try:
            async with acting(self) as (session, actor):
                if self.kind == STUDENT:
                    where = parse_id(section) if section else None
                    count = await enrolments.enrol(session, actor, self._class_id(), ids, where)
                else:
                    count = await staff.add(session, actor, self._class_id(), ids, StaffRole(self.kind))
        except FaradayError as error:
            self.error = error.message
            return None
        self.open = False
        return ui.notify(f"{count:,} {self.kind}{'s' * (count != 1)} added.")

    def _class_id(self) -> UUID:
        return parse_id(self._id)

    async def _search(self, session: AsyncSession, actor: Actor) -> None:
        if self.kind == STUDENT:
            found = await choosing.students(session, actor, self._class_id(), self.query)
        else:
            found = await choosing.staff(session, actor, self._class_id(), self.query, StaffRole(self.kind))
        self.found = [person_of(each) for each in found]
        self._mark()

    def _mark(self) -> None:
        taken = {each.id for each in self.chosen}
        self.found = [
            PersonView(each.id, each.name, each.about, each.initials, each.tone, each.id in taken)
            for each in self.found
        ]
