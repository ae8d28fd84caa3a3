"""The page of everything one was told."""

from typing import Any

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app import ui
from faraday_app.core.clock import now
from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.notifications import service
from faraday_app.notifications.models import Notification
from faraday_app.notifications.views import NotificationView, count_text, view_of
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.paging import Paged
from faraday_app.ui.session import Viewer
from faraday_app.ui.times import ago


class InboxState(Paged, rx.State):
    rows: list[NotificationView] = []
    unread_only: bool = False
    unread: str = ""
    loading: bool = True
    error: str = ""

    @rx.event
    @allow(Permission.notifications_read)
    async def enter(self) -> None:
        if actor := await viewer_of(self):
            topics = {topic("notifications", actor.user): InboxState.refresh}
            await live.watch(self, "page.notifications", topics, actor.user)
        self._pages = []
        await self._load()

    @rx.event
    @allow(Permission.notifications_read)
    async def refresh(self) -> None:
        await self._load()

    @rx.event
    @allow(Permission.notifications_read)
    async def show(self, which: str) -> None:
        self.unread_only, self._pages = which == "unread", []
        await self._load()

    @rx.event
    @allow(Permission.notifications_read)
    async def take(self, notification_id: str) -> None:
        """One was opened, or its person has seen enough of it."""
        async with acting(self) as (session, actor):
            await service.mark_read(session, actor, [parse_id(notification_id)])

    @rx.event
    @allow(Permission.notifications_read)
    async def mark_all(self) -> Any:
        async with acting(self) as (session, actor):
            await service.mark_all_read(session, actor)
        await self._load()
        return ui.notify("Everything is marked as read.")

    @rx.event
    @allow(Permission.notifications_read)
    async def next_page(self) -> None:
        if self._turn_on():
            await self._load()

    @rx.event
    @allow(Permission.notifications_read)
    async def previous_page(self) -> None:
        self._turn_back()
        await self._load()

    async def _load(self) -> None:
        """Read the page again. One that became empty gives way to the first."""
        self.loading, self.error = True, ""
        try:
            async with acting(self) as (session, actor):
                self.unread = count_text(await service.unread_count(session, actor))
                found = await self._found(session, actor)
                if not found and self._pages:
                    self._pages = []
                    found = await self._found(session, actor)
            await self._show(found)
        except FaradayError as error:
            self.error = error.message
        self.loading = False

    async def _found(self, session: AsyncSession, actor: Actor) -> list[Notification]:
        before = self._page_after()
        return await service.mine(session, actor, unread=self.unread_only, before=before, limit=service.PAGE + 1)

    async def _show(self, found: list[Notification]) -> None:
        zone = (await self.get_state(Viewer)).zone
        self.rows = [view_of(row, ago(row.created_at, now(), zone)) for row in found[: service.PAGE]]
        self._place(len(found), service.PAGE)
