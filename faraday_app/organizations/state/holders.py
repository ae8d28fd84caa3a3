"""The people who have a role: give it, until when, and take it away."""

from typing import Any
from uuid import UUID

import reflex as rx

from faraday_app import ui
from faraday_app.core.clock import now
from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission, Role
from faraday_app.organizations.service import assignments, people, what_if
from faraday_app.organizations.state.differences import shown
from faraday_app.organizations.state.limits import end_of
from faraday_app.organizations.state.role import RoleState
from faraday_app.organizations.views.roles import NOBODY, CandidateView, HolderView
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.session import Viewer, initials_of, passing, tone_of
from faraday_app.ui.times import short


@passing
class HoldersState(rx.State):
    rows: list[HolderView] = []
    has_next: bool = False
    has_previous: bool = False
    giving: bool = False
    query: str = ""
    found: list[CandidateView] = []
    chosen: CandidateView = NOBODY
    gains: str = ""
    losses: str = ""
    problem: str = ""
    withdrawing: bool = False
    withdrawn: str = ""

    _key: str = ""
    _pages: list[tuple[str, UUID]] = []
    _withdrawing_id: str = ""

    @rx.event
    @allow(Permission.roles_read)
    async def enter(self) -> Any:
        self._key, self._pages = str(self.router.url.query_parameters.get("role", ""))[:40], []
        if actor := await viewer_of(self):
            here = topic("roles", actor.organization)
            await live.watch(self, "page.role", {here: HoldersState.refresh}, actor.user, most_often=0.5)
        return HoldersState.refresh

    @rx.event
    @allow(Permission.roles_read)
    async def refresh(self) -> Any:
        await self._load()
        return RoleState.refresh

    @rx.event
    @allow(Permission.roles_read)
    async def next_page(self) -> None:
        if self.has_next and self.rows:
            self._pages = [*self._pages, (self.rows[-1].name, UUID(self.rows[-1].id))]
            await self._load()

    @rx.event
    @allow(Permission.roles_read)
    async def previous_page(self) -> None:
        self._pages = self._pages[:-1]
        await self._load()

    @rx.event
    @allow(Permission.roles_manage)
    async def set_giving(self, open: bool) -> None:
        self.giving, self.chosen, self.problem = bool(open), NOBODY, ""
        if self.giving:
            await self._search("")

    @rx.event
    @allow(Permission.roles_manage)
    async def search(self, text: str) -> None:
        await self._search(str(text).replace("\x00", "")[:120])

    @rx.event
    @allow(Permission.roles_manage)
    async def choose(self, person_id: str) -> None:
        """Show what the person would gain."""
        async with acting(self) as (session, actor):
            person = await people.get_person(session, actor, parse_id(person_id))
            found = await what_if.if_given(session, actor, parse_id(self._key), person.user_id)
        difference = next(iter(shown(found)), None)
        self.gains, self.losses = (difference.gains, difference.losses) if difference else ("", "")
        self.chosen, self.problem = candidate(person), ""

    @rx.event
    @allow(Permission.roles_manage)
    async def choose_another(self) -> None:
        self.chosen = NOBODY
        await self._search("")

    @rx.event
    @allow(Permission.roles_manage)
    async def give(self, form: dict[str, Any]) -> Any:
        try:
            if not self.chosen.id:
                raise Invalid("Choose who shall have the role.")
            until = end_of(form.get("until"), (await self.get_state(Viewer)).zone)
            async with acting(self) as (session, actor):
                await assignments.give_role(session, actor, parse_id(self._key), parse_id(self.chosen.id), until)
        except FaradayError as error:
            self.problem = error.message
            return None
        self.giving = False
        return [HoldersState.refresh, ui.notify(f"{self.chosen.name} has the role now.")]

    @rx.event
    @allow(Permission.roles_manage)
    async def ask_withdraw(self, person_id: str) -> None:
        self._withdrawing_id = str(parse_id(person_id))
        self.withdrawn = next((row.name for row in self.rows if row.id == self._withdrawing_id), "")
        self.withdrawing = True

    @rx.event
    @allow(Permission.roles_manage)
    async def set_withdrawing(self, open: bool) -> None:
        self.withdrawing = bool(open)

    @rx.event
    @allow(Permission.roles_manage)
    async def withdraw(self) -> Any:
        self.withdrawing = False
        async with acting(self) as (session, actor):
            await assignments.withdraw_role(session, actor, parse_id(self._key), parse_id(self._withdrawing_id))
        return [HoldersState.refresh, ui.notify(f"{self.withdrawn} no longer has the role.")]

    async def _search(self, text: str) -> None:
        self.query = text
        async with acting(self) as (session, actor):
            self.found = [candidate(person) for person in await people.candidates(session, actor, text)]

    async def _load(self) -> None:
        """Those who have a role of ours; who has a built-in one is on the people page."""
        if not self._key or self._key in set(Role):
            self.rows = []
            return
        zone, size = (await self.get_state(Viewer)).zone, assignments.PAGE
        after = self._pages[-1] if self._pages else None
        try:
            async with acting(self) as (session, actor):
                found = await assignments.holders(session, actor, parse_id(self._key), size + 1, after)
        except FaradayError:  # the role itself says why it is not there
            found = []
        self.rows = [_view(holder, zone) for holder in found[:size]]
        self.has_previous, self.has_next = bool(self._pages), len(found) > size


def candidate(person: people.Person) -> CandidateView:
    about = " · ".join(part for part in (person.role.label, person.department) if part)
    return CandidateView(str(person.user_id), person.name, about, initials_of(person.name), tone_of(person.user_id))


def _view(holder: assignments.Holder, zone: str) -> HolderView:
    over = holder.expires_at is not None and holder.expires_at <= now()
    until = short(holder.expires_at, zone)
    words = f"{'ended' if over else 'until'} {until}" if until else "for good"
    return HolderView(str(holder.user_id), holder.name, initials_of(holder.name), tone_of(holder.user_id), words, over)
