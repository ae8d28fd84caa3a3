"""The page of everything one was told."""

from typing import Any
from uuid import UUID

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
from faraday_app.ui.session import Viewer
from faraday_app.ui.times import ago


class InboxState(rx.State):
    rows: list[NotificationView] = []
    unread_only: bool = False
    unread: str = ""
    shown: str = ""
    has_next: bool = False
    has_previous: bool = False
    loading: bool = True
    error: str = ""

    _pages: list[UUID] = []

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
        if self.has_next and self.rows:
            self._pages = [*self._pages, UUID(self.rows[-1].id)]
            await self._load()

    @rx.event
    @allow(Permission.notifications_read)
    async def previous_page(self) -> None:
        self._pages = self._pages[:-1]
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
        before = self._pages[-1] if self._pages else None
        return await service.mine(session, actor, unread=self.unread_only, before=before, limit=service.PAGE + 1)

    async def _show(self, found: list[Notification]) -> None:
        zone, first = (await self.get_state(Viewer)).zone, len(self._pages) * service.PAGE
        shown = found[: service.PAGE]
        self.rows = [view_of(row, ago(row.created_at, now(), zone)) for row in shown]
        self.shown = f"{first + 1:,}–{first + len(shown):,}" if shown else ""
        self.has_previous, self.has_next = bool(self._pages), len(found) > service.PAGE
