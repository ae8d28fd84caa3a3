"""Who is viewing: the one state that every page shares."""

import asyncio
from contextvars import Context
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import reflex as rx

from faraday_app.core.clock import now
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Actor
from faraday_app.ui import browser
from faraday_app.ui.guard import ENROLMENT, PUBLIC, allow, cookie_of, viewer_of
from faraday_app.ui.live import live

RECONNECTS_AFTER = 2.0  # seconds, in which the answer with the new cookie arrives
TONES = ("iris", "green", "amber", "cyan")


def initials_of(name: str) -> str:
    """The first letters of the first and the last name."""
    parts = name.split()
    return "".join(part[0] for part in ([parts[0], parts[-1]] if len(parts) > 1 else parts[:1])).upper()


def tone_of(id: UUID | None) -> str:
    """The colour in which a person is always shown."""
    return TONES[id.int % len(TONES)] if id else TONES[0]


def zone_of(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


_PASSING: list[type[rx.State]] = []


def passing(state: type[rx.State]) -> type[rx.State]:
    """Mark a state as the page's own: open dialogs and what they hold are gone when another page is opened.

    A lost connection or a reload of the same page keeps them.
    """
    _PASSING.append(state)
    return state


class Viewer(rx.State):
    """The person in front of this tab, as far as their own browser may know them."""

    ready: bool = False
    name: str = ""
    initials: str = ""
    tone: str = "iris"
    role: str = ""
    role_label: str = ""
    email: str = ""
    department: str = ""
    organization: str = ""
    greeting: str = ""
    today: str = ""
    permissions: list[str] = []
    must_enrol: bool = False
    zone: str = "UTC"

    _session_id: str = ""
    _path: str = ""
    _socket_id: str = ""

    @rx.event
    @allow(PUBLIC)
    async def enter(self) -> Any:
        """First on every page for members: show who is here, or ask them to sign in."""
        actor = await viewer_of(self)
        if actor is None or actor.user_id is None:
            return browser.sign_in()
        self.zone = zone_of(cookie_of(self, "zone")).key
        self._show(actor)
        await live.leave(self, "page")
        await live.watch(
            self,
            "viewer",
            {
                topic("session", str(actor.session_id)): Viewer.check,
                topic("rights", actor.user_id): Viewer.check,
                # The guard looks at where each event comes from: one is enough to find out.
                topic("addresses", actor.organization): Viewer.check,
                topic("addresses", "all"): Viewer.check,
                topic("address_blocks", "all"): Viewer.check,
            },
            actor.user_id,
            present=topic("organization", actor.organization),
        )
        again = {topic("session", str(actor.session_id)): Viewer.reconnect}
        await live.watch(self, "viewer.socket", again, actor.user_id, after=RECONNECTS_AFTER)
        self.ready = True
        return rx.redirect(ENROLMENT) if actor.must_enrol and str(self.router.url.path) != ENROLMENT else None

    @rx.event
    @allow(PUBLIC)
    async def check(self) -> Any:
        """The session or the person's rights changed: leave, or show what they may do now."""
        actor = await viewer_of(self)
        if actor is None:
            # Signed out, or the session went on under another token in another tab: the sign-in page knows which.
            return browser.sign_in()
        if self.role != str(actor.role):
            return browser.reload()
        self._show(actor)
        return None

    @rx.event
    @allow(PUBLIC)
    async def reconnect(self) -> None:
        """The session has a new token, and the browser its cookie by now: open the websocket anew, with that one."""
        actor = await viewer_of(self)
        if actor and actor.token_replaced:
            await live.disconnect(self)

    @rx.event
    @allow(PUBLIC)
    async def sign_out(self) -> Any:
        return browser.sign_out()

    async def _close_dialogs(self) -> None:
        """Of the page before, with the first event from another: what that opens is this page's own, and stays."""
        path = str(self.router.url.path).rstrip("/")
        if self._path not in ("", path):
            for state in _PASSING:
                (await self.get_state(state)).reset()
        if self._path != path:
            self._path = path

    def _show(self, actor: Actor) -> None:
        _follow_the_clock(actor)
        self.name = actor.name
        self.initials = initials_of(actor.name)
        self.tone = tone_of(actor.user_id)
        self.role = str(actor.role)
        self.role_label = actor.role.label if actor.role else ""
        self.email = actor.email
        self.department = actor.department
        self.organization = actor.organization_name
        self.permissions = sorted(actor.permissions)
        self.must_enrol = actor.must_enrol
        self._greet()

    def _greet(self) -> None:
        here = datetime.now(zone_of(self.zone))
        part = "morning" if here.hour < 12 else "afternoon" if here.hour < 18 else "evening"
        self.greeting = f"Good {part}, {self.name.split(' ')[0]}"
        self.today = f"{here:%A} {here.day} {here:%B}"


_DUE: dict[UUID, datetime] = {}
LONGEST_AHEAD = 6 * 3600.0  # seconds


def _follow_the_clock(actor: Actor) -> None:
    """Have the person's open pages look again when time alone changes what they may."""
    due = actor.changes_at
    if due is None or actor.user_id is None or _DUE.get(actor.user_id) == due:
        return
    _DUE[actor.user_id] = due
    seconds = min(max((due - now()).total_seconds(), 0.0) + 0.1, LONGEST_AHEAD)
    # Nothing of this event, its cookie least, may reach those that follow.
    asyncio.get_running_loop().call_later(seconds, _look_again, actor.user_id, context=Context())


def _look_again(user_id: UUID) -> None:
    _DUE.pop(user_id, None)
    live.signal(topic("rights", user_id))
