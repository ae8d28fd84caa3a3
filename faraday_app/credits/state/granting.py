"""Giving credits."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any, ClassVar

import reflex as rx

from faraday_app import ui
from faraday_app.core.errors import FaradayError, Invalid, NotFound
from faraday_app.core.ids import new_id, parse_id
from faraday_app.core.permissions import Permission
from faraday_app.credits import service as credits
from faraday_app.credits.views import credits_text, parse_credits
from faraday_app.organizations.service import people
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import initials_of, passing, tone_of


@dataclass(frozen=True, slots=True)
class PersonView:
    id: str
    name: str
    about: str
    initials: str
    tone: str


NOBODY = PersonView("", "", "", "", "")


@passing
class GrantState(rx.State):
    """The dialog in which an administrator gives credits."""

    FIELDS: ClassVar = ("person", "amount", "memo")

    open: bool = False
    busy: bool = False
    query: str = ""
    found: list[PersonView] = []
    chosen: PersonView = NOBODY
    person_error: str = ""
    amount_error: str = ""
    memo_error: str = ""
    problem: str = ""

    _key: str = ""  # of this opening of the dialog: sending it twice grants once

    @rx.event
    @allow(Permission.credits_grant)
    async def show(self) -> None:
        self.reset()
        self.open = True
        self._key = str(new_id())
        await self._search("")

    @rx.event
    @allow(Permission.credits_grant)
    async def set_open(self, open: bool) -> None:
        if not open:
            self.reset()

    @rx.event
    @allow(Permission.credits_grant)
    async def search(self, text: str) -> None:
        await self._search(str(text).replace("\x00", "")[:120])

    @rx.event
    @allow(Permission.credits_grant)
    async def choose(self, person_id: str) -> None:
        async with acting(self) as (session, actor):
            self.chosen = person_view(await people.get_person(session, actor, parse_id(person_id)))
        self.person_error = ""

    @rx.event
    @allow(Permission.credits_grant)
    async def choose_another(self) -> None:
        self.chosen = NOBODY
        await self._search("")

    @rx.event
    @allow(Permission.credits_grant)
    async def send(self, form: dict[str, Any]) -> AsyncGenerator[Any, None]:
        form = form if isinstance(form, dict) else {}
        self._clear()
        self.busy = True
        yield
        try:
            yield await self._grant(str(form.get("amount", "")), str(form.get("memo", "")))
        except FaradayError as error:
            self._explain(error)
        finally:
            self.busy = False

    async def _grant(self, amount: str, memo: str) -> Any:
        if not self.chosen.id:
            raise Invalid("Choose who shall get the credits.", field="person")
        micro = parse_credits(amount)
        async with acting(self) as (session, actor):
            await credits.grant(session, actor, parse_id(self.chosen.id), micro, memo, self._key)
        name = self.chosen.name
        self.reset()
        return ui.notify(f"{name} got {credits_text(micro)} credits.")

    async def _search(self, text: str) -> None:
        self.query = text
        async with acting(self) as (session, actor):
            found = await people.colleagues(session, actor, text)
            if text.strip() and text.strip().lower() in actor.name.lower():
                found = [await people.get_person(session, actor, actor.user), *found]
        self.found = [person_view(person) for person in found]

    def _clear(self) -> None:
        self.person_error = self.amount_error = self.memo_error = self.problem = ""

    def _explain(self, error: FaradayError) -> None:
        """Beside the field it concerns, else above them all."""
        field = error.field if isinstance(error, Invalid) else "person" if isinstance(error, NotFound) else ""
        if field in self.FIELDS:
            setattr(self, f"{field}_error", error.message)
        else:
            self.problem = error.message


def person_view(person: people.Person) -> PersonView:
    about = " · ".join(part for part in (person.role.label, person.department, person.email) if part)
    return PersonView(str(person.user_id), person.name, about, initials_of(person.name), tone_of(person.user_id))
