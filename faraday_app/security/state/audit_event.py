"""One event of the trail, in full."""

from typing import Any

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Actor, Permission
from faraday_app.core.settings import settings
from faraday_app.security.models import AuditEvent
from faraday_app.security.service import api_keys, audit, sealed
from faraday_app.security.state.audit import AuditState
from faraday_app.security.state.audit_words import NOBODY, called, moment_to_the_second, target_of
from faraday_app.security.state.narrowing import NOTHING
from faraday_app.security.views import OUTCOMES, ChangeView, FactView, action_words, changes_in, lines_in
from faraday_app.ui import browser
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import Viewer, passing

SHORT = 8  # characters of an id


@passing
class EventState(rx.State):
    open: bool = False
    what: str = ""
    outcome: str = ""
    outcome_tone: str = "neutral"
    seal: str = ""
    is_sealed: bool = False
    link: str = ""
    facts: list[FactView] = []
    changes: list[ChangeView] = []
    same: str = ""
    lines: list[tuple[str, str]] = []
    origin: list[FactView] = []

    _same_as: dict[str, dict[str, str]] = {}

    @rx.event
    @allow(Permission.audit_read)
    async def enter(self) -> None:
        """The address of the page may name an event."""
        if event_id := self.router.url.query_parameters.get("event"):
            await self._show(str(event_id))

    @rx.event
    @allow(Permission.audit_read)
    async def show(self, event_id: str) -> None:
        await self._show(event_id)

    @rx.event
    @allow(Permission.audit_read)
    async def set_open(self, open: bool) -> Any:
        self.open = bool(open)
        return None if self.open else AuditState.settle_address

    @rx.event
    @allow(Permission.audit_read)
    async def copy_link(self) -> Any:
        return browser.copy(self.link)

    @rx.event
    @allow(Permission.audit_read)
    async def only(self, what: str) -> Any:
        """Close, and narrow the trail to what has the same; of one request it is everything."""
        same = self._same_as.get(str(what))
        if same is None:
            return None
        self.open = False
        narrowed = (await self.get_state(AuditState)).narrowed
        return AuditState.show_only(same if what == "request" else {**narrowed, **same})

    async def _show(self, event_id: str) -> None:
        zone = (await self.get_state(Viewer)).zone
        async with acting(self) as (session, actor):
            event = await audit.get_event(session, actor, parse_id(event_id))
            block = (await sealed.block_numbers(session, actor, [event.id])).get(event.id)
            names = await called(session, actor, [event], NOTHING)
            key = await _key_words(session, actor, event)
        self.what, self.open = action_words(event.action), True
        self.outcome, self.outcome_tone = OUTCOMES.get(event.outcome, (event.outcome, "neutral"))
        self.is_sealed = block is not None
        self.seal = f"Sealed in block {block:,}" if block is not None else "Waits to be sealed"
        self.link = f"{settings().site(str(self.router.url.origin))}/audit?event={event.id}"
        self._same_as = _same_as(event)
        self.facts = [
            FactView("When", f"{moment_to_the_second(event.created_at, zone)} ({zone})"),
            self._fact("Who", event.actor_name or NOBODY, "who"),
            self._fact("Target", target_of(event, names) or "—", "target"),
            self._fact("Address", event.address or "—", "address"),
        ]
        self.origin = [
            self._fact("Action", event.action, "action"),
            self._fact("Request", event.request_id or "—", "request"),
            FactView("Session", _short(event.session_id)),
            FactView("API key", key),
            FactView("Event", str(event.id)),
        ]
        self.changes, same = changes_in(event.details)
        self.same = _same_words(same, bool(self.changes))
        self.lines = lines_in(event.details)

    def _fact(self, name: str, value: str, narrows: str) -> FactView:
        return FactView(name, value, narrows if narrows in self._same_as else "")


def _same_words(same: int, beside: bool) -> str:
    if not same:
        return ""
    return f"{same:,} other field{'s' * (same != 1)} stayed the same." if beside else "Everything stayed the same."


def _same_as(event: AuditEvent) -> dict[str, dict[str, str]]:
    """By what the trail can be narrowed from here."""
    found = {"action": {"action": event.action}}
    if event.actor_id:
        found["who"] = {"actor_id": str(event.actor_id)}
    if event.target_type:
        found["target"] = {"target_type": event.target_type, "target_id": str(event.target_id or "")}
    if event.address:
        found["address"] = {"address": event.address}
    if event.request_id:
        found["request"] = {"request_id": event.request_id}
    return found


async def _key_words(session: AsyncSession, actor: Actor, event: AuditEvent) -> str:
    """The key by its name, where the viewer may know it and it still works."""
    if event.api_key_id is None:
        return "—"
    try:
        key = await api_keys.get_api_key(session, actor, event.api_key_id)
    except FaradayError:
        return _short(event.api_key_id)
    return f"{key.name} ({_short(event.api_key_id)})"


def _short(id: object) -> str:
    return f"…{str(id)[-SHORT:]}" if id else "—"
