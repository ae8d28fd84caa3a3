"""The audit trail: narrowed, paged, and running on while one looks at its newest page."""

from datetime import datetime, timedelta

import reflex as rx

from faraday_app.core.clock import now
from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.security.models import AuditEvent
from faraday_app.security.service import audit
from faraday_app.security.views import EventView, action_words, actions_meant, detail_lines, target_words
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.paging import Paged
from faraday_app.ui.session import Viewer, initials_of, passing, tone_of, zone_of

DAYS = {"today": 0, "7": 7, "30": 30}


class AuditState(Paged, rx.State):
    rows: list[EventView] = []
    kinds: list[tuple[str, str]] = []
    loading: bool = True
    error: str = ""
    tailing: bool = True
    behind: bool = False

    search: str = ""
    kind: str = ""
    since: str = ""

    @rx.event
    @allow(Permission.audit_read)
    async def enter(self) -> None:
        self._pages = []
        if actor := await viewer_of(self):
            await live.watch(self, "page.audit", {topic("audit", actor.organization): AuditState.follow}, actor.user)
        await self._load()

    @rx.event
    @allow(Permission.audit_read)
    async def refresh(self) -> None:
        await self._load()

    @rx.event
    @allow(Permission.audit_read)
    async def follow(self) -> None:
        """Something happened: show it on top, unless one reads older pages or asked for stillness."""
        if self.tailing and not self._pages:
            await self._load()
        else:
            self.behind = True

    @rx.event
    @allow(Permission.audit_read)
    async def set_search(self, text: str) -> None:
        self.search = str(text)[:100]
        await self._load_first()

    @rx.event
    @allow(Permission.audit_read)
    async def set_kind(self, kind: str) -> None:
        self.kind = str(kind)[:80]
        await self._load_first()

    @rx.event
    @allow(Permission.audit_read)
    async def set_since(self, since: str) -> None:
        self.since = since if since in DAYS else ""
        await self._load_first()

    @rx.event
    @allow(Permission.audit_read)
    async def clear(self) -> None:
        self.search = self.kind = self.since = ""
        await self._load_first()

    @rx.event
    @allow(Permission.audit_read)
    async def toggle_tail(self) -> None:
        self.tailing = not self.tailing
        if self.tailing:
            await self._load_first()

    @rx.event
    @allow(Permission.audit_read)
    async def newest(self) -> None:
        await self._load_first()

    @rx.event
    @allow(Permission.audit_read)
    async def next_page(self) -> None:
        if self._turn_on():
            await self._load()

    @rx.event
    @allow(Permission.audit_read)
    async def previous_page(self) -> None:
        self._turn_back()
        await self._load()

    async def _load_first(self) -> None:
        self._pages = []
        await self._load()

    async def _load(self) -> None:
        self.loading, self.error = True, ""
        zone = (await self.get_state(Viewer)).zone
        try:
            async with acting(self) as (session, actor):
                found = await audit.search(session, actor, self._wanted(zone), audit.PAGE + 1)
                kinds = await audit.actions(session, actor)
        except FaradayError as error:
            self.error = error.message
        else:
            self._show(found, zone)
            self.kinds = sorted(((kind, action_words(kind)) for kind in kinds), key=lambda kind: kind[1])
        self.loading = False

    def _wanted(self, zone: str) -> audit.AuditFilter:
        return audit.AuditFilter(
            text=self.search.strip(),
            meant=actions_meant(self.search),
            action=self.kind,
            since=_since(self.since, zone),
            before=self._page_after(),
        )

    def _show(self, found: list[AuditEvent], zone: str) -> None:
        self.rows = [_view(event, zone) for event in found[: audit.PAGE]]
        self._place(len(found), audit.PAGE)
        self.behind = self.behind and self.has_previous


@passing
class EventState(rx.State):
    """One event, in full."""

    open: bool = False
    what: str = ""
    lines: list[tuple[str, str]] = []

    @rx.event
    @allow(Permission.audit_read)
    async def show(self, event_id: str) -> None:
        zone = (await self.get_state(Viewer)).zone
        async with acting(self) as (session, actor):
            event = await audit.get_event(session, actor, parse_id(event_id))
        self.what, self.open = action_words(event.action), True
        self.lines = [
            ("When", f"{_moment(event.created_at, zone)} ({zone})"),
            ("Who", event.actor_name or "Nobody signed in"),
            ("Action", event.action),
            ("Target", " ".join(filter(None, [event.target_type, str(event.target_id or "")]))),
            ("Address", event.address or "none"),
            *detail_lines(event.details),
            ("Event", str(event.id)),
        ]

    @rx.event
    @allow(Permission.audit_read)
    async def set_open(self, open: bool) -> None:
        self.open = bool(open)


def _since(choice: str, zone: str) -> datetime | None:
    """The beginning of a day in the viewer's zone."""
    if choice not in DAYS:
        return None
    here = now().astimezone(zone_of(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    return here - timedelta(days=DAYS[choice])


def _moment(moment: datetime, zone: str) -> str:
    """To the second; with the year when it is not this one."""
    here, today = moment.astimezone(zone_of(zone)), now().astimezone(zone_of(zone))
    return f"{here.day} {here:%b}{f' {here.year}' if here.year != today.year else ''} {here:%H:%M:%S}"


def _view(event: AuditEvent, zone: str) -> EventView:
    return EventView(
        str(event.id),
        _moment(event.created_at, zone),
        event.actor_name or "Nobody signed in",
        initials_of(event.actor_name) or "–",
        tone_of(event.actor_id),
        action_words(event.action),
        target_words(event.target_type, event.target_id, event.details),
        event.address,
    )
