"""“Please confirm that it is you”: one dialog for all pages, and then what was wanted happens after all."""

import asyncio
from typing import Any

import reflex as rx
from reflex_base.event import Event

from faraday_app.core.errors import ConfirmationNeeded
from faraday_app.core.permissions import Permission
from faraday_app.ui import browser
from faraday_app.ui.guard import allow, viewer_of
from faraday_app.ui.primitives.button import ghost_button, primary_button
from faraday_app.ui.primitives.feedback import callout
from faraday_app.ui.primitives.field import password_field, text_field
from faraday_app.ui.primitives.overlay import dialog

WAYS = {
    "passkey": "Use a passkey",
    "app": "Use the authenticator app",
    "backup": "Use a backup code",
    "password": "Use your password",  # pragma: allowlist secret
}
_FORM = "confirm_form"
_HEARD_WITHIN = 3.0  # seconds from the answer over HTTP to the fact that tells this worker


class Confirming(rx.State):
    """The event that waits for the proof, and what the browser may show. The proof itself goes over HTTP."""

    open: bool = False
    ways: list[str] = []
    way: str = ""
    problem: str = ""

    _event: str = ""
    _payload: dict[str, Any] = {}

    @rx.event
    @allow(Permission.account_manage)
    async def ask(self, event: str, payload: dict[str, Any]) -> None:
        """Repeated, the event passes the guard like any other: to name one here gains nobody anything."""
        self._event, self._payload = str(event), payload if isinstance(payload, dict) else {}
        self.ways, self.way, self.problem, self.open = [], "", "", True

    @rx.event
    @allow(Permission.account_manage)
    async def show(self, ways: list[str]) -> None:
        self.ways = [way for way in WAYS if way in ways] if isinstance(ways, list) else []
        self.way = self.ways[0] if self.ways else ""
        self.problem = "" if self.ways else "Faraday cannot be reached. Please try again."

    @rx.event
    @allow(Permission.account_manage)
    async def choose(self, way: str) -> None:
        self.way, self.problem = way if way in self.ways else self.way, ""

    @rx.event
    @allow(Permission.account_manage)
    async def set_open(self, open: bool) -> None:
        self.open = bool(open)

    @rx.event
    @allow(Permission.account_manage)
    async def done(self, problem: str) -> Any:
        """Believes the session, not the page."""
        if problem:
            self.problem = str(problem)[:300]
            return None
        if not await self._confirmed():
            self.problem = "This was not confirmed. Please try again."
            return None
        self.open = False
        wanted, payload, self._event, self._payload = self._event, self._payload, "", {}
        return Event(name=wanted, payload=payload) if wanted else None

    async def _confirmed(self) -> bool:
        """Also waits for the fact by which this worker learns of it."""
        for _ in range(int(_HEARD_WITHIN / 0.1)):
            actor = await viewer_of(self)
            try:
                if actor:
                    actor.must_be_confirmed()
                    return True
            except ConfirmationNeeded:
                pass
            await asyncio.sleep(0.1)
        return False


@rx.memo
def confirmation_dialog() -> rx.Component:
    """Opened by ``guard.explain``; closing it leaves everything as it was."""
    return dialog(
        "Please confirm that it is you",
        "What you want to do is protected. You are not asked again for ten minutes.",
        rx.el.form(
            # Asked anew each time the dialog opens: what a person has may have changed.
            rx.el.span(on_mount=browser.asked("ways", then=Confirming.show), hidden=True),
            rx.el.input(type="hidden", name="way", value=Confirming.way, read_only=True),
            rx.match(
                Confirming.way,
                ("password", password_field("confirm_password", "Password", auto_focus=True)),
                ("passkey", rx.el.p("Your browser asks for your finger, face, PIN or key.", class_name="muted")),
                ("backup", _code("confirm_backup", "Backup code", input_mode="text")),
                _code("confirm_app", "Code of the authenticator app", input_mode="numeric"),
            ),
            rx.cond(Confirming.problem, rx.el.div(callout(Confirming.problem, "red"), role="alert"), rx.fragment()),
            rx.el.div(primary_button("Confirm", type="submit"), class_name="dialog-foot"),
            id=_FORM,
            on_submit=browser.asked("confirm", _FORM, then=Confirming.done),
            class_name="stack",
        ),
        _other_ways(),
        open=Confirming.open,
        on_open_change=Confirming.set_open,
    )


def _code(name: str, label: str, *, input_mode: str) -> rx.Component:
    return text_field(name, label, auto_complete="one-time-code", input_mode=input_mode, auto_focus=True)


def _other_ways() -> rx.Component:
    def other(way: str, text: str) -> rx.Component:
        there = Confirming.ways.contains(way) & (Confirming.way != way)
        button = ghost_button(text, size="small", on_click=Confirming.choose(way))
        return rx.cond(there, button, rx.fragment())

    return rx.cond(
        Confirming.ways.length() > 1,
        rx.el.div(*[other(way, text) for way, text in WAYS.items()], class_name="row wrap"),
        rx.fragment(),
    )
