"""Templates in the message box: choose one, fill it in, put it into the box or send it."""

from typing import Any
from uuid import UUID

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.service.templates import shelf, trials, uses
from faraday_app.contexts.service.templates.variables import Filled, checked, fill, read
from faraday_app.contexts.template_views import FieldView, TemplateView, field_views, template_view
from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Actor, Permission
from faraday_app.ui import browser
from faraday_app.ui.guard import acting, allow

OFFERED = 30
BOX = "message"


class PickerState(rx.State):
    open: bool = False
    search: str = ""
    offered: list[TemplateView] = []
    loaded: bool = False
    chosen: str = ""
    name: str = ""
    fields: list[FieldView] = []
    preview: str = ""
    problem: str = ""

    _number: int = 0
    _values: dict[str, str] = {}
    _kept: list[dict[str, Any]] = []
    _text: str = ""
    _pending: tuple[str, str, list[str], list[str]] = ("", "", [], [])

    @rx.event
    @allow(Permission.assistant_use)
    async def begin(self) -> None:
        self._empty()
        self.search, self.open = "", True
        await self._offer()

    @rx.event
    @allow(Permission.assistant_use)
    async def set_open(self, open: bool) -> None:
        self.open = bool(open)

    @rx.event
    @allow(Permission.assistant_use)
    async def set_search(self, text: str) -> None:
        self.search = str(text)[:100]
        await self._offer()

    @rx.event
    @allow(Permission.assistant_use)
    async def back(self) -> None:
        self._empty()

    @rx.event
    @allow(Permission.assistant_use)
    async def choose(self, template_id: str) -> Any:
        """Show its form; one that asks for nothing goes into the box at once."""
        async with acting(self) as (session, actor):
            opened = await trials.drawn(session, actor, parse_id(template_id))
        self.chosen, self.name, self._number = str(opened.template.id), opened.template.name, opened.version.number
        self._kept, self._text, self._values, self.problem = opened.version.variables, opened.version.text, {}, ""
        if not opened.variables:
            return await self._insert({}, send=False)
        self.fields = field_views(opened.variables, {})
        self._show_preview()
        return None

    @rx.event
    @allow(Permission.assistant_use)
    async def enter(self, name: str, value: Any) -> None:
        """On leaving a field: say what is wrong with it, and show what comes of it."""
        variables = read(self._kept)
        variable = next((each for each in variables if each.name == str(name)), None)
        if variable is None:
            return
        text = ("yes" if value else "no") if isinstance(value, bool) else str(value)[:20_000]
        self._values = {**self._values, variable.name: text}
        problems = {each.name: each.problem for each in self.fields} | {variable.name: checked(variable, text).problem}
        self.fields = field_views(variables, self._values, problems)
        self._show_preview()

    @rx.event
    @allow(Permission.assistant_use)
    async def submit(self, form: dict) -> Any:
        """Into the box; with all that is wrong said where it is."""
        return await self._insert(form, send=False)

    @rx.event
    @allow(Permission.assistant_use)
    async def send(self) -> Any:
        """Straight to whoever answers, with what was entered so far."""
        return await self._insert({}, send=True)

    async def _insert(self, form: dict, *, send: bool) -> Any:
        from faraday_app.contexts.state.thread import ThreadState

        given = self._entered(form)
        try:
            async with acting(self) as (session, actor):
                ready = await trials.render(session, actor, parse_id(self.chosen), given, self._number)
        except FaradayError as refusal:
            variables = read(self._kept)
            self._values = {name: str(value) for name, value in given.items()}
            self.fields = field_views(variables, self._values, fill(variables, given).problems)
            self.problem = "" if any(each.problem for each in self.fields) else refusal.message
            return None
        filled = ready.filled
        self._pending = (
            str(ready.opened.version.id),
            ready.text,
            list(filled.at_default),
            list(filled.left_empty),
        )
        self.open = False
        self._empty()
        return ThreadState.ask({BOX: ready.text}) if send else browser.insert(BOX, ready.text)

    def _entered(self, form: dict) -> dict[str, Any]:
        """By the form where it was sent; a box that is not ticked is not in it."""
        if not form:
            return dict(self._values)
        yes_or_no = {each.name for each in self.fields if each.control == "check"}
        return {
            each.name: bool(form.get(f"field-{each.name}"))
            if each.name in yes_or_no
            else str(form.get(f"field-{each.name}", ""))
            for each in self.fields
        }

    async def _remember(self, session: AsyncSession, actor: Actor, context_id: UUID, key: str, sent: str) -> None:
        """With the message that was just sent, if it is still the template's. Called in the transaction of the ask."""
        version_id, rendered, at_default, left_empty = self._pending
        self._pending = ("", "", [], [])
        if not version_id or not uses.still_stands(rendered, sent):
            return
        message_id = await uses.asked_with(session, context_id, key)
        if message_id:
            filled = Filled(at_default=tuple(at_default), left_empty=tuple(left_empty))
            await uses.remember(session, actor, message_id, UUID(version_id), filled)

    async def _offer(self) -> None:
        async with acting(self) as (session, actor):
            found = await shelf.listed(session, actor, self.search, limit=OFFERED)
        self.offered = [template_view(each, actor) for each in found]
        self.loaded = True

    def _show_preview(self) -> None:
        from faraday_app.contexts.service.templates.language import parse, render

        variables = read(self._kept)
        filled = fill(variables, self._values)
        texts = {each.name: filled.texts[each.name] or f"[{each.title}]" for each in variables}
        self.preview = render(parse(self._text), texts, filled.truths)

    def _empty(self) -> None:
        self.chosen = self.name = self.preview = self.problem = self._text = ""
        self.fields, self._values, self._kept, self._number = [], {}, [], 0
