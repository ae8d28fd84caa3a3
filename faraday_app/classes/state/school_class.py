"""One class: what stands over it, who teaches it, and its sections."""

from typing import Any
from uuid import UUID

import reflex as rx

from faraday_app import ui
from faraday_app.classes.models import StaffRole
from faraday_app.classes.service import classes, roster, sections, staff
from faraday_app.classes.service.access import standing
from faraday_app.classes.service.heading import heading_of
from faraday_app.classes.service.staff import StaffMember
from faraday_app.classes.views import NO_CLASS, ClassHead, SectionView, StaffRow
from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.session import initials_of, tone_of

WORDS = {StaffRole.teacher: "Teacher", StaffRole.aide: "Aide"}


class ClassState(rx.State):
    head: ClassHead = NO_CLASS
    staff: list[StaffRow] = []
    sections: list[SectionView] = []
    section_options: list[tuple[str, str]] = []
    people: str = ""
    changing: bool = False
    may_settle: bool = False  # also what is archived: to bring it back
    error: str = ""

    _id: str = ""

    @rx.event
    @allow(Permission.classes_read)
    async def enter(self) -> None:
        asked = str(self.router.url.query_parameters.get("id", ""))[:40]
        if asked != self._id:
            self.reset()
        self._id = asked
        if actor := await viewer_of(self):
            here = {
                topic("class", asked): ClassState.refresh,
                topic("rights", actor.user): ClassState.refresh,
            }
            await live.watch(self, "page.class", here, actor.user)
        await self._load()

    @rx.event
    @allow(Permission.classes_read)
    async def refresh(self) -> None:
        await self._load()

    @rx.event
    @allow(Permission.classes_manage)
    async def set_role(self, user_id: str, role: str) -> Any:
        async with acting(self) as (session, actor):
            await staff.change_role(session, actor, self._class_id(), parse_id(user_id), StaffRole(role))
        return ui.notify("Changed. It holds from their next click.")

    @rx.event
    @allow(Permission.classes_manage)
    async def remove_staff(self, user_id: str) -> Any:
        async with acting(self) as (session, actor):
            await staff.remove(session, actor, self._class_id(), parse_id(user_id))
            me = actor.user == parse_id(user_id)
        return rx.redirect("/classes") if me else ui.notify("Removed from this class.")

    @rx.event
    @allow(Permission.classes_manage)
    async def archive(self) -> Any:
        async with acting(self) as (session, actor):
            await classes.archive(session, actor, self._class_id())
        return ui.notify("Archived. It can still be read, and you can bring it back.")

    @rx.event
    @allow(Permission.classes_manage)
    async def unarchive(self) -> Any:
        async with acting(self) as (session, actor):
            await classes.unarchive(session, actor, self._class_id())
        return ui.notify("Back among your classes.")

    def _class_id(self) -> UUID:
        return parse_id(self._id)

    async def _load(self) -> None:
        self.error = ""
        try:
            async with acting(self) as (session, actor):
                found = await standing(session, actor, self._class_id())
                self.head = await heading_of(session, actor, found)
                self.staff = [
                    _member(each, actor.user) for each in await staff.listed(session, actor, self._class_id())
                ]
                parts = await sections.of_class(session, self._class_id()) if found.is_staff else []
                self.sections = [SectionView(str(each.id), each.name) for each in parts]
                self.section_options = [(each.id, each.name) for each in self.sections]
                counts = await roster.counts(session, actor, self._class_id())
                self.may_settle = found.grades and actor.could(Permission.classes_manage)
                self.changing = self.may_settle and not self.head.archived
            self.people = ", ".join(f"{count:,} {status}" for status, count in counts.items() if count)
        except FaradayError as error:
            self.head, self.staff, self.sections = NO_CLASS, [], []
            self.may_settle = self.changing = False
            self.error = error.message


def _member(each: StaffMember, me: UUID) -> StaffRow:
    return StaffRow(
        str(each.user_id),
        each.name,
        each.email,
        initials_of(each.name),
        tone_of(each.user_id),
        each.role.value,
        WORDS[each.role],
        each.user_id == me,
    )
