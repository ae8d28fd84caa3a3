"""The students of a class: narrowed, paged, chosen and changed."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any
from uuid import UUID

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app import ui
from faraday_app.classes.models import Enrolled
from faraday_app.classes.service import enrolments, roster
from faraday_app.classes.service.enrolments import EnrolmentDraft
from faraday_app.classes.service.roster import Learner, RosterFilter
from faraday_app.classes.views import StudentRow
from faraday_app.core.errors import FaradayError, Invalid, NotFound
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.paging import Paged
from faraday_app.ui.session import initials_of, tone_of

WORDS: dict[Enrolled, tuple[str, str]] = {
    Enrolled.active: ("Active", "green"),
    Enrolled.withdrawn: ("Withdrawn", "amber"),
    Enrolled.completed: ("Completed", "neutral"),
}


class RosterState(Paged, rx.State):
    rows: list[StudentRow] = []
    search: str = ""
    status: str = ""
    section: str = ""
    chosen: list[str] = []
    moving: bool = False
    done: str = ""  # what was done with several at once, as long as it can be taken back
    loading: bool = True
    error: str = ""

    _id: str = ""
    _before: dict[str, tuple[str, str]] = {}

    @rx.event
    @allow(Permission.classes_read)
    async def enter(self) -> None:
        asked = str(self.router.url.query_parameters.get("id", ""))[:40]
        if asked != self._id:
            self.reset()
        self._id = asked
        if actor := await viewer_of(self):
            here = {
                topic("class", asked): RosterState.refresh,
                topic("guardians", actor.organization): RosterState.refresh,
                topic("rights", actor.user): RosterState.refresh,
            }
            await live.watch(self, "page.roster", here, actor.user)
        await self._load()

    @rx.event
    @allow(Permission.classes_read)
    async def refresh(self) -> None:
        await self._load()

    @rx.event
    @allow(Permission.classes_read)
    async def set_search(self, text: str) -> None:
        self.search = str(text).replace("\x00", "")[:100]
        await self._load_first()

    @rx.event
    @allow(Permission.classes_read)
    async def set_status(self, status: str) -> None:
        self.status = status if status in set(Enrolled) else ""
        await self._load_first()

    @rx.event
    @allow(Permission.classes_read)
    async def set_section(self, section: str) -> None:
        self.section = str(parse_id(section)) if section else ""
        await self._load_first()

    @rx.event
    @allow(Permission.classes_read)
    async def clear(self) -> None:
        self.search = self.status = self.section = ""
        await self._load_first()

    @rx.event
    @allow(Permission.classes_read)
    async def next_page(self) -> None:
        if self._turn_on():
            await self._load()

    @rx.event
    @allow(Permission.classes_read)
    async def previous_page(self) -> None:
        self._turn_back()
        await self._load()

    @rx.event
    @allow(Permission.classes_manage)
    async def choose(self, student_id: str, on: bool) -> None:
        """Tick a student, or take the tick away."""
        others = [each for each in self.chosen if each != student_id]
        self._choose([*others, str(parse_id(student_id))] if on else others)

    @rx.event
    @allow(Permission.classes_manage)
    async def choose_none(self) -> None:
        self._choose([])

    @rx.event
    @allow(Permission.classes_manage)
    async def change_status(self, student_id: str, status: str) -> Any:
        """Of one student, as long as nobody else changed their place meanwhile."""
        row = next((each for each in self.rows if each.id == student_id), None)
        if row is None:
            raise NotFound("This student is not in the class.")
        draft = EnrolmentDraft(_status(status), parse_id(row.section_id) if row.section_id else None)
        async with acting(self) as (session, actor):
            await enrolments.change(session, actor, parse_id(row.place), row.version, draft)
        return ui.notify(f"{row.name} is {WORDS[draft.status][0].lower()} now.")

    @rx.event
    @allow(Permission.classes_manage)
    async def change_chosen(self, status: str) -> None:
        async with acting(self) as (session, actor):
            await self._remember(session, actor)
            count = await enrolments.set_status(session, actor, self._class_id(), self._ids(), _status(status))
        self._choose([])
        self.done = f"{_students(count)} marked as {WORDS[_status(status)][0].lower()}."

    @rx.event
    @allow(Permission.classes_manage)
    async def ask_move(self, student_id: str) -> None:
        """To which section: one student by the row, or all that are ticked."""
        if student_id:
            self._choose([str(parse_id(student_id))])
        self.moving = True

    @rx.event
    @allow(Permission.classes_manage)
    async def set_moving(self, open: bool) -> None:
        self.moving = bool(open)

    @rx.event
    @allow(Permission.classes_manage)
    async def move(self, form: dict[str, Any]) -> None:
        section = str(form.get("move_section") or "")
        async with acting(self) as (session, actor):
            where = parse_id(section) if section else None
            await self._remember(session, actor)
            count = await enrolments.move(session, actor, self._class_id(), self._ids(), where)
        self.moving = False
        self._choose([])
        self.done = f"{_students(count)} moved."

    @rx.event
    @allow(Permission.classes_manage)
    async def undo(self) -> Any:
        """Put those who were changed together back to where they were."""
        before, self._before, self.done = self._before, {}, ""
        wanted = {
            parse_id(id): EnrolmentDraft(Enrolled(status), parse_id(section) if section else None)
            for id, (status, section) in before.items()
        }
        async with acting(self) as (session, actor):
            count = await enrolments.put_back(session, actor, self._class_id(), wanted)
        return ui.notify(f"{_students(count)} put back.")

    @rx.event
    @allow(Permission.classes_manage)
    async def forget_done(self) -> None:
        self._before, self.done = {}, ""

    async def _remember(self, session: AsyncSession, actor: Actor) -> None:
        there = await enrolments.places(session, actor, self._class_id(), self._ids())
        self._before = {str(id): (each.status.value, str(each.section_id or "")) for id, each in there.items()}

    def _class_id(self) -> UUID:
        return parse_id(self._id)

    def _ids(self) -> Collection[UUID]:
        return [parse_id(each) for each in self.chosen]

    def _choose(self, student_ids: list[str]) -> None:
        self.chosen = student_ids[: roster.PAGE * 4]
        self.rows = [_ticked(row, self.chosen) for row in self.rows]

    async def _load_first(self) -> None:
        self._pages = []
        await self._load()

    async def _load(self) -> None:
        """Read the page again. A page that became empty gives way to the first."""
        self.loading, self.error = True, ""
        try:
            async with acting(self) as (session, actor):
                found = await self._found(session, actor)
                if not found and self._pages:
                    self._pages = []
                    found = await self._found(session, actor)
            self.rows = [_row(each, self.chosen) for each in found[: roster.PAGE]]
            self._place(len(found), roster.PAGE)
        except FaradayError as error:
            self.rows, self.error = [], error.message
        self.loading = False

    async def _found(self, session: AsyncSession, actor: Actor) -> list[Learner]:
        section = parse_id(self.section) if self.section else None
        wanted = RosterFilter(self.search, self.status, section, self._page_after())
        return await roster.listed(session, actor, self._class_id(), wanted, roster.PAGE + 1)


def _status(status: str) -> Enrolled:
    if status not in set(Enrolled):
        raise Invalid("Choose what becomes of the student.")
    return Enrolled(status)


def _students(count: int) -> str:
    return f"{count:,} student{'s' * (count != 1)}"


def _row(each: Learner, chosen: list[str]) -> StudentRow:
    word, tone = WORDS[each.status]
    return StudentRow(
        str(each.student_id),
        str(each.id),
        each.name,
        each.email,
        initials_of(each.name),
        tone_of(each.student_id),
        str(each.section_id or ""),
        each.section,
        each.status.value,
        word,
        tone,
        ", ".join(other.guardian for other in each.guardians),
        ", ".join(f"{other.guardian}: {other.relationship or 'guardian'}" for other in each.guardians),
        str(each.student_id) in chosen,
        each.version,
    )


def _ticked(row: StudentRow, chosen: list[str]) -> StudentRow:
    return replace(row, chosen=row.id in chosen)
