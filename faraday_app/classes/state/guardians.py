"""Whose child somebody is: the list, linking and unlinking."""

from typing import Any

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app import ui
from faraday_app.classes.service import choosing, guardians
from faraday_app.classes.service.guardians import Guarded
from faraday_app.classes.state.adding import person_of
from faraday_app.classes.views import NO_PERSON, GuardianRow, PersonView
from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.paging import Paged
from faraday_app.ui.session import initials_of, passing, tone_of

MOST_SHOWN = 3  # of each of the two lists in the dialog


class GuardiansState(Paged, rx.State):
    rows: list[GuardianRow] = []
    search: str = ""
    student: str = ""
    student_name: str = ""
    loading: bool = True
    error: str = ""

    @rx.event
    @allow(Permission.guardians_manage)
    async def enter(self) -> None:
        """All of them, or with ``?student=`` those of one student."""
        self.student, self._pages = str(self.router.url.query_parameters.get("student", ""))[:40], []
        if actor := await viewer_of(self):
            here = {topic("guardians", actor.organization): GuardiansState.refresh}
            await live.watch(self, "page.guardians", here, actor.user, most_often=0.5)
        await self._load()

    @rx.event
    @allow(Permission.guardians_manage)
    async def refresh(self) -> None:
        await self._load()

    @rx.event
    @allow(Permission.guardians_manage)
    async def set_search(self, text: str) -> None:
        self.search, self._pages = str(text).replace("\x00", "")[:100], []
        await self._load()

    @rx.event
    @allow(Permission.guardians_manage)
    async def show_all(self) -> None:
        self.student = self.student_name = self.search = ""
        self._pages = []
        await self._load()

    @rx.event
    @allow(Permission.guardians_manage)
    async def next_page(self) -> None:
        if self._turn_on():
            await self._load()

    @rx.event
    @allow(Permission.guardians_manage)
    async def previous_page(self) -> None:
        self._turn_back()
        await self._load()

    async def _load(self) -> None:
        self.loading, self.error = True, ""
        try:
            async with acting(self) as (session, actor):
                found = await self._found(session, actor)
                if not found and self._pages:
                    self._pages = []
                    found = await self._found(session, actor)
                if self.student:
                    one = await choosing.student(session, actor, parse_id(self.student))
                    self.student_name = one.name
            self.rows = [_row(each) for each in found[: guardians.PAGE]]
            self._place(len(found), guardians.PAGE)
        except FaradayError as error:
            self.rows, self.error = [], error.message
        self.loading = False

    async def _found(self, session: AsyncSession, actor: Actor) -> list[Guarded]:
        return await guardians.listed(
            session,
            actor,
            sought=self.search,
            student_id=parse_id(self.student) if self.student else None,
            after=self._page_after(),
            limit=guardians.PAGE + 1,
        )


@passing
class LinkingState(rx.State):
    """Saying whose child somebody is."""

    open: bool = False
    child: PersonView = NO_PERSON
    guardian: PersonView = NO_PERSON
    child_query: str = ""
    guardian_query: str = ""
    children: list[PersonView] = []
    guardians: list[PersonView] = []
    error: str = ""
    unlinking: bool = False
    unlinked: str = ""

    _unlinking_id: str = ""

    @rx.event
    @allow(Permission.guardians_manage)
    async def set_open(self, open: bool) -> None:
        """Of the student whose guardians are shown, where it is one."""
        self.open, self.error = bool(open), ""
        if not self.open:
            return
        self.child = self.guardian = NO_PERSON
        self.child_query = self.guardian_query = ""
        page = await self.get_state(GuardiansState)
        async with acting(self) as (session, actor):
            if page.student:
                self.child = person_of(await choosing.student(session, actor, parse_id(page.student)))
            self.children = await _people(session, actor, "", children=True)
            self.guardians = await _people(session, actor, "", children=False)

    @rx.event
    @allow(Permission.guardians_manage)
    async def find_child(self, text: str) -> None:
        self.child_query = str(text).replace("\x00", "")[:100]
        async with acting(self) as (session, actor):
            self.children = await _people(session, actor, self.child_query, children=True)

    @rx.event
    @allow(Permission.guardians_manage)
    async def find_guardian(self, text: str) -> None:
        self.guardian_query = str(text).replace("\x00", "")[:100]
        async with acting(self) as (session, actor):
            self.guardians = await _people(session, actor, self.guardian_query, children=False)

    @rx.event
    @allow(Permission.guardians_manage)
    async def choose_child(self, person_id: str) -> None:
        self.child = next((each for each in self.children if each.id == person_id), NO_PERSON)

    @rx.event
    @allow(Permission.guardians_manage)
    async def choose_guardian(self, person_id: str) -> None:
        self.guardian = next((each for each in self.guardians if each.id == person_id), NO_PERSON)

    @rx.event
    @allow(Permission.guardians_manage)
    async def link(self, form: dict[str, Any]) -> Any:
        if not self.child.id or not self.guardian.id:
            self.error = "Choose a student and a guardian."
            return None
        said = str(form.get("link_relationship") or "")
        try:
            async with acting(self) as (session, actor):
                await guardians.link(session, actor, parse_id(self.guardian.id), parse_id(self.child.id), said)
        except FaradayError as error:
            self.error = error.message
            return None
        self.open = False
        return [
            GuardiansState.refresh,
            ui.notify(f"{self.guardian.name} sees what is released about {self.child.name}."),
        ]

    @rx.event
    @allow(Permission.guardians_manage)
    async def ask_unlink(self, guardianship_id: str) -> None:
        page = await self.get_state(GuardiansState)
        row = next((each for each in page.rows if each.id == guardianship_id), None)
        if row:
            self._unlinking_id, self.unlinked = row.id, f"{row.guardian} and {row.student}"
            self.unlinking = True

    @rx.event
    @allow(Permission.guardians_manage)
    async def set_unlinking(self, open: bool) -> None:
        self.unlinking = bool(open)

    @rx.event
    @allow(Permission.guardians_manage)
    async def unlink(self) -> Any:
        self.unlinking = False
        async with acting(self) as (session, actor):
            await guardians.unlink(session, actor, parse_id(self._unlinking_id))
        return [GuardiansState.refresh, ui.notify(f"{self.unlinked} are no longer linked.")]


async def _people(session: AsyncSession, actor: Actor, text: str, *, children: bool) -> list[PersonView]:
    return [
        person_of(each) for each in await choosing.family(session, actor, text, children=children, limit=MOST_SHOWN)
    ]


def _row(each: Guarded) -> GuardianRow:
    return GuardianRow(
        str(each.id),
        each.guardian,
        each.guardian_email,
        initials_of(each.guardian),
        tone_of(each.guardian_id),
        each.student,
        each.student_email,
        each.relationship,
    )
