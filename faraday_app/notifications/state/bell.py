"""The bell in the top bar of every page."""

import reflex as rx

from faraday_app.core.clock import now
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.notifications import service
from faraday_app.notifications.views import NotificationView, bell_label, count_text, view_of
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.session import Viewer
from faraday_app.ui.times import ago

SHOWN = 8


class BellState(rx.State):
    """How much is unread, and the newest of it while the bell is open."""

    count: str = ""
    label: str = bell_label(0)
    rows: list[NotificationView] = []
    open: bool = False

    @rx.event
    @allow(Permission.notifications_read)
    async def load(self) -> None:
        """On every page: show how much is unread, and keep it true."""
        self.open = False
        if actor := await viewer_of(self):
            topics = {topic("notifications", actor.user): BellState.refresh}
            await live.watch(self, "bell", topics, actor.user)
        await self._read()

    @rx.event
    @allow(Permission.notifications_read)
    async def refresh(self) -> None:
        await self._read()

    @rx.event
    @allow(Permission.notifications_read)
    async def set_open(self, open: bool) -> None:
        self.open = bool(open)
        await self._read()

    @rx.event
    @allow(Permission.notifications_read)
    async def take(self, notification_id: str) -> None:
        """One was opened: it is read, and the bell closes over it."""
        self.open = False
        async with acting(self) as (session, actor):
            await service.mark_read(session, actor, [parse_id(notification_id)])

    @rx.event
    @allow(Permission.notifications_read)
    async def mark_all(self) -> None:
        async with acting(self) as (session, actor):
            await service.mark_all_read(session, actor)
        await self._read()

    async def _read(self) -> None:
        zone = (await self.get_state(Viewer)).zone
        async with acting(self) as (session, actor):
            unread = await service.unread_count(session, actor)
            found = await service.mine(session, actor, limit=SHOWN) if self.open else []
        self.count, self.label = count_text(unread), bell_label(unread)
        self.rows = [view_of(row, ago(row.created_at, now(), zone)) for row in found]
