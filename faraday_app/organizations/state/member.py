"""What an administrator changes about one person."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.core.errors import Conflict, FaradayError
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Permission
from faraday_app.organizations.service import people, two_factor
from faraday_app.organizations.service.looking import open_person
from faraday_app.organizations.state.choices import parse_department, parse_role
from faraday_app.organizations.state.people import PeopleState
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import passing


@passing
class MemberState(rx.State):
    editing: bool = False
    deactivating: bool = False
    signing_out: bool = False
    resetting: bool = False
    name: str = ""
    role: str = ""
    department: str = ""
    error: str = ""

    _user_id: str = ""
    _version: int = 0

    @rx.event
    @allow(Permission.people_manage)
    async def edit(self, user_id: str) -> None:
        async with acting(self) as (session, actor):
            person = await open_person(session, actor, parse_id(user_id))
        self._hold(person)
        self.role, self.department = person.role.value, str(person.department_id or "")
        self.editing = True

    @rx.event
    @allow(Permission.people_manage)
    async def set_editing(self, open: bool) -> None:
        self.editing = bool(open)

    @rx.event
    @allow(Permission.people_manage)
    async def save(self, form: dict[str, Any]) -> Any:
        try:
            role, department = parse_role(form.get("member_role")), parse_department(form.get("member_department"))
            async with acting(self) as (session, actor):
                await people.change_member(session, actor, parse_id(self._user_id), self._version, role, department)
        except Conflict:
            await self._tell_what_it_is_now()
        except FaradayError as error:
            self.error = error.message
        else:
            self.editing = False
            return [PeopleState.refresh, ui.notify(f"{self.name} is now {role.label.lower()}.")]
        return None

    @rx.event
    @allow(Permission.people_manage)
    async def ask_deactivate(self, user_id: str) -> None:
        await self._take(user_id)
        self.deactivating = True

    @rx.event
    @allow(Permission.people_manage)
    async def set_deactivating(self, open: bool) -> None:
        self.deactivating = bool(open)

    @rx.event
    @allow(Permission.people_manage)
    async def deactivate(self) -> Any:
        self.deactivating = False
        async with acting(self) as (session, actor):
            await people.deactivate(session, actor, parse_id(self._user_id))
        return [PeopleState.refresh, ui.notify(f"{self.name} is deactivated and signed out everywhere.")]

    @rx.event
    @allow(Permission.people_manage)
    async def ask_sign_out(self, user_id: str) -> None:
        await self._take(user_id)
        self.signing_out = True

    @rx.event
    @allow(Permission.people_manage)
    async def set_signing_out(self, open: bool) -> None:
        self.signing_out = bool(open)

    @rx.event
    @allow(Permission.people_manage)
    async def sign_out_everywhere(self) -> Any:
        self.signing_out = False
        async with acting(self) as (session, actor):
            ended = await people.sign_out_everywhere(session, actor, parse_id(self._user_id))
        if not ended:
            return ui.notify(f"{self.name} was not signed in anywhere.", "info")
        return ui.notify(f"{self.name} is signed out on {ended} device{'s' * (ended != 1)}.")

    @rx.event
    @allow(Permission.people_manage)
    async def reactivate(self, user_id: str) -> Any:
        async with acting(self) as (session, actor):
            await people.reactivate(session, actor, parse_id(user_id))
            person = await people.get_person(session, actor, parse_id(user_id))
        return [PeopleState.refresh, ui.notify(f"{person.name} can sign in again.")]

    @rx.event
    @allow(Permission.people_manage)
    async def ask_reset(self, user_id: str) -> None:
        await self._take(user_id)
        self.resetting = True

    @rx.event
    @allow(Permission.people_manage)
    async def set_resetting(self, open: bool) -> None:
        self.resetting = bool(open)

    @rx.event
    @allow(Permission.people_manage)
    async def reset_factors(self) -> Any:
        self.resetting = False
        async with acting(self) as (session, actor):
            await two_factor.reset(session, actor, parse_id(self._user_id))
        return [PeopleState.refresh, ui.notify(f"{self.name} signs in with the password alone until they set up anew.")]

    async def _take(self, user_id: str) -> people.Person:
        async with acting(self) as (session, actor):
            person = await people.get_person(session, actor, parse_id(user_id))
        self._hold(person)
        return person

    def _hold(self, person: people.Person) -> None:
        self.name, self.error = person.name, ""
        self._user_id, self._version = str(person.user_id), person.version

    async def _tell_what_it_is_now(self) -> None:
        """Somebody was faster: the choice made here stays, and saving again means it."""
        person = await self._take(self._user_id)
        where = f", {person.department}" if person.department else ""
        self.error = f"Somebody else meanwhile made this person {person.role.label.lower()}{where}. Save to replace it."
