"""How long records are kept, and who is to be erased: for administrators."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.core.errors import Conflict, FaradayError, Invalid
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.organizations.service import people
from faraday_app.organizations.views.roles import NOBODY, CandidateView
from faraday_app.privacy.service import requests, retention
from faraday_app.privacy.views import ErasureView, erasure_view
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.paging import Paged
from faraday_app.ui.session import Viewer, initials_of, passing, tone_of
from faraday_app.ui.times import short


@passing
class PrivacyState(Paged, rx.State):
    rows: list[ErasureView] = []
    loading: bool = True
    error: str = ""
    years: str = ""
    years_error: str = ""
    choosing: bool = False
    erasing: bool = False
    query: str = ""
    found: list[CandidateView] = []
    chosen: CandidateView = NOBODY
    problem: str = ""

    _version: int = 0

    @rx.event
    @allow(Permission.privacy_manage)
    async def enter(self) -> None:
        if actor := await viewer_of(self):
            topics = {topic("privacy", actor.organization): PrivacyState.refresh}
            await live.watch(self, "page.privacy", topics, actor.user)
        self._pages = []
        await self._load()

    @rx.event
    @allow(Permission.privacy_manage)
    async def refresh(self) -> None:
        await self._load()

    @rx.event
    @allow(Permission.privacy_manage)
    async def set_choosing(self, open: bool) -> None:
        self.choosing, self.years_error = bool(open), ""

    @rx.event
    @allow(Permission.privacy_manage)
    async def keep(self, form: dict[str, Any]) -> Any:
        """How many years; nothing: until somebody decides."""
        said = str(form.get("years", "") if isinstance(form, dict) else "").strip()
        try:
            if said and not (said.isascii() and said.isdigit() and len(said) < 5):
                raise Invalid("Say the years as a whole number, or leave it empty.", field="years")
            async with acting(self) as (session, actor):
                await retention.set_policy(session, actor, int(said) if said else None, self._version)
        except FaradayError as error:
            self.years_error = error.message
            return None
        self.choosing, self.years_error = False, ""
        return ui.notify("How long records are kept is changed.")

    @rx.event
    @allow(Permission.privacy_manage)
    async def set_erasing(self, open: bool) -> None:
        self.erasing, self.problem, self.chosen = bool(open), "", NOBODY
        await self._search("")

    @rx.event
    @allow(Permission.privacy_manage)
    async def search(self, text: str) -> None:
        await self._search(str(text).replace("\x00", "")[:120])

    @rx.event
    @allow(Permission.privacy_manage)
    async def choose(self, person_id: str) -> None:
        async with acting(self) as (session, actor):
            self.chosen = _person(await people.get_person(session, actor, parse_id(person_id)))

    @rx.event
    @allow(Permission.privacy_manage)
    async def choose_another(self) -> None:
        self.chosen = NOBODY
        await self._search("")

    @rx.event
    @allow(Permission.privacy_manage)
    async def take_out(self) -> Any:
        person_id = parse_id(self.chosen.id)
        async with acting(self) as (session, actor):
            await requests.may_export(session, actor, person_id)
        return rx.download(url=f"/api/v1/people/{person_id}/data", filename="record.zip")

    @rx.event
    @allow(Permission.privacy_manage)
    async def erase(self, form: dict[str, Any]) -> Any:
        """Once the administrator has shown that it is them."""
        reason = str(form.get("reason", "") if isinstance(form, dict) else "").replace("\x00", "")
        self.problem = ""
        if not self.chosen.id:
            self.problem = "Choose who shall be erased."
            return None
        try:
            async with acting(self) as (session, actor):
                await requests.ask_erasure(session, actor, parse_id(self.chosen.id), reason)
        except (Invalid, Conflict) as error:
            self.problem = error.message
            return None
        name = self.chosen.name
        self.erasing, self.chosen = False, NOBODY
        return ui.notify(f"{name} can no longer sign in, and will be erased in three days.")

    @rx.event
    @allow(Permission.privacy_manage)
    async def cancel(self, erasure_id: str) -> Any:
        async with acting(self) as (session, actor):
            await requests.cancel(session, actor, parse_id(erasure_id))
        return ui.notify("Taken back. To let the person in again, activate them on the page of people.")

    @rx.event
    @allow(Permission.privacy_manage)
    async def next_page(self) -> None:
        if self._turn_on():
            await self._load()

    @rx.event
    @allow(Permission.privacy_manage)
    async def previous_page(self) -> None:
        self._turn_back()
        await self._load()

    async def _load(self) -> None:
        self.loading, self.error = True, ""
        zone = (await self.get_state(Viewer)).zone
        try:
            async with acting(self) as (session, actor):
                years, self._version = await retention.policy(session, actor)
                found = await requests.erasures(session, actor, self._page_after(), requests.PAGE + 1)
            self.years = str(years or "")
            self.rows = [
                erasure_view(erasure, name, short(erasure.due_at, zone), short(erasure.finished_at, zone))
                for erasure, name in found[: requests.PAGE]
            ]
            self._place(len(found), requests.PAGE)
        except FaradayError as error:
            self.error = error.message
        self.loading = False

    async def _search(self, text: str) -> None:
        self.query = text
        async with acting(self) as (session, actor):
            self.found = [_person(person) for person in await people.colleagues(session, actor, text)]


def _person(person: people.Person) -> CandidateView:
    about = " · ".join(part for part in (person.role.label, person.department, person.email) if part)
    return CandidateView(str(person.user_id), person.name, about, initials_of(person.name), tone_of(person.user_id))
