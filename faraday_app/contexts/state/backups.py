"""Backups, for administrators."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.backup_views import (
    BackupView,
    FoundView,
    RestoreView,
    backup_view,
    found_views,
    restore_view,
)
from faraday_app.contexts.models import Backup
from faraday_app.contexts.service import backups
from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Permission
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.paging import Paged
from faraday_app.ui.session import Viewer, passing, zone_of
from faraday_app.ui.times import short

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@passing
class BackupsState(Paged, rx.State):
    rows: list[BackupView] = []
    loading: bool = True
    error: str = ""
    making: bool = False
    every: str = "day"
    keep: int = 7
    next_at: str = ""
    choosing: bool = False
    choosing_moment: bool = False
    picked: str = ""
    picked_made: str = ""
    note: str = ""
    asking: bool = False
    problem: str = ""
    restore: RestoreView = RestoreView()
    found: list[FoundView] = []

    _version: int = 1

    @rx.event
    @allow(Permission.backups_manage)
    async def enter(self) -> Any:
        self._pages = []
        if actor := await viewer_of(self):
            topics = {backups.progress_topic(actor.organization): BackupsState.refresh}
            await live.watch(self, "page.backups", topics, actor.user, most_often=0.5)
        return BackupsState.refresh

    @rx.event
    @allow(Permission.backups_manage)
    async def refresh(self) -> None:
        self.error = ""
        zone = (await self.get_state(Viewer)).zone
        try:
            async with acting(self) as (session, actor):
                listed = await backups.listed(session, actor, self._page_after(), backups.PAGE + 1)
                chosen = await backups.schedule(session, actor)
                newest = await backups.newest_restore(session, actor)
                of = await session.get(Backup, newest.backup_id) if newest else None
        except FaradayError as error:
            self.error = error.message
        else:
            self.rows = [backup_view(row, zone) for row in listed[: backups.PAGE]]
            self._place(len(listed), backups.PAGE)
            self.making = any(row.is_open for row in self.rows)
            self.every, self.keep, self._version = chosen.every.value, chosen.keep, chosen.version
            self.next_at = short(chosen.next_at, zone)
            self.restore, self.found = restore_view(newest, of, zone), found_views(newest)
        self.loading = False

    @rx.event
    @allow(Permission.backups_manage)
    async def next_page(self) -> Any:
        return BackupsState.refresh if self._turn_on() else None

    @rx.event
    @allow(Permission.backups_manage)
    async def previous_page(self) -> Any:
        self._turn_back()
        return BackupsState.refresh

    @rx.event
    @allow(Permission.backups_manage)
    async def make(self) -> Any:
        async with acting(self) as (session, actor):
            await backups.begin(session, actor)
        return [BackupsState.refresh, ui.notify("The backup is being made. You can go on meanwhile.")]

    @rx.event
    @allow(Permission.backups_manage)
    async def set_choosing(self, open: bool) -> None:
        self.choosing, self.problem = bool(open), ""

    @rx.event
    @allow(Permission.backups_manage)
    async def choose(self, form: dict[str, Any]) -> Any:
        try:
            keep = str(form.get("keep") or "")
            if not keep.isdecimal():
                raise Invalid("Say how many to keep, as a number.", field="keep")
            async with acting(self) as (session, actor):
                await backups.choose_schedule(session, actor, str(form.get("every")), int(keep[:6]), self._version)
        except FaradayError as error:
            self.problem = error.message
            return None
        self.choosing = False
        return [BackupsState.refresh, ui.notify("The schedule is kept.")]

    @rx.event
    @allow(Permission.backups_manage)
    async def set_choosing_moment(self, open: bool) -> None:
        self.choosing_moment, self.problem = bool(open), ""

    @rx.event
    @allow(Permission.backups_manage)
    async def pick_moment(self, form: dict[str, Any]) -> None:
        """The newest good backup of before; what was written between the two is not in it, and that is said."""
        zone = (await self.get_state(Viewer)).zone
        try:
            moment = _moment(str(form.get("moment") or ""), zone)
            async with acting(self) as (session, actor):
                found = await backups.nearest(session, actor, moment)
        except FaradayError as error:
            self.problem = error.message
            return
        self.choosing_moment = False
        self._pick(found.id, short(found.as_of, zone))
        self.note = "This is the newest good backup before that moment. What was written between the two is not in it."

    @rx.event
    @allow(Permission.backups_manage)
    async def pick(self, backup_id: str) -> None:
        row = next((row for row in self.rows if row.id == str(backup_id) and row.is_good), None)
        if row:
            self._pick(UUID(row.id), row.made)

    @rx.event
    @allow(Permission.backups_manage)
    async def set_asking(self, open: bool) -> None:
        self.asking, self.problem = bool(open), ""

    @rx.event
    @allow(Permission.backups_manage)
    async def compare(self, form: dict[str, Any]) -> Any:
        """Have it found out what would happen."""
        try:
            context_id = _conversation(str(form.get("conversation") or ""))
            put_back = bool(form.get("put_back"))
            async with acting(self) as (session, actor):
                await backups.compare(session, actor, parse_id(self.picked), context_id, put_back=put_back)
        except FaradayError as error:
            self.problem = error.message
            return None
        self.asking = False
        return BackupsState.refresh

    @rx.event
    @allow(Permission.backups_manage)
    async def confirm(self) -> Any:
        """Asks who is there once more, and is then repeated."""
        async with acting(self) as (session, actor):
            await backups.confirm(session, actor, parse_id(self.restore.id))
        return BackupsState.refresh

    @rx.event
    @allow(Permission.backups_manage)
    async def call_off(self) -> Any:
        async with acting(self) as (session, actor):
            await backups.call_off(session, actor, parse_id(self.restore.id))
        return BackupsState.refresh

    def _pick(self, backup_id: UUID, made: str) -> None:
        self.picked, self.picked_made, self.note, self.problem, self.asking = str(backup_id), made, "", "", True


def _moment(text: str, zone: str) -> datetime:
    try:
        return datetime.fromisoformat(text[:30]).replace(tzinfo=zone_of(zone))
    except ValueError:
        raise Invalid("Choose a day and a time.", field="moment") from None


def _conversation(text: str) -> UUID | None:
    """From the address of a conversation, or its id; nothing for all of them."""
    if not text.strip():
        return None
    found = _ID.search(text)
    if not found:
        raise Invalid("Paste the address of the conversation, as it stands in the browser.", field="conversation")
    return UUID(found[0])
