"""The versions of the open conversation, or of a GPT."""

from typing import Any
from uuid import UUID

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app import ui
from faraday_app.contexts.models import Subject
from faraday_app.contexts.service import gpts
from faraday_app.contexts.service.versions import reading, restoring, taking
from faraday_app.contexts.version_views import (
    DifferenceView,
    VersionView,
    difference_views,
    gpt_ids_of,
    version_view,
)
from faraday_app.core.errors import FaradayError, NotFound
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.live import live
from faraday_app.ui.paging import Paged
from faraday_app.ui.session import Viewer, passing

ASIDE = 0.3  # seconds: what was comes after what is


@passing
class HistoryState(Paged, rx.State):
    open: bool = False
    name: str = ""
    rows: list[VersionView] = []
    loading: bool = True
    error: str = ""
    compared: str = ""
    differences: list[DifferenceView] = []
    labelling: str = ""

    _kind: str = ""
    _subject_id: str = ""

    @rx.event
    @allow(Permission.assistant_use)
    async def watch(self, context_id: str) -> Any:
        """Follow the versions of a conversation."""
        await self._follow(Subject.conversation, str(parse_id(context_id)))
        return HistoryState.refresh

    @rx.event
    @allow(Permission.gpts_manage)
    async def show_gpt(self, gpt_id: str) -> Any:
        """Open the versions of a GPT of one's own."""
        async with acting(self) as (session, actor):
            gpt = await gpts.owned(session, actor, parse_id(gpt_id))
            await taking.keep(session, actor, gpt)
        self.reset()
        self.name, self.open = gpt.name, True
        await self._follow(Subject.gpt, str(gpt.id))
        return HistoryState.refresh

    @rx.event
    @allow(Permission.assistant_use)
    async def set_open(self, open: bool) -> None:
        self.open = bool(open)
        if not self.open:
            self.reset()
            await live.leave(self, "page.versions")

    @rx.event
    @allow(Permission.assistant_use)
    async def refresh(self) -> None:
        if not self._subject_id:
            return
        self.error = ""
        try:
            async with acting(self) as (session, actor):
                found = await self._found(session, actor)
                newest = await taking.newest(session, UUID(self._subject_id))
        except NotFound:
            self.reset()
            return
        except FaradayError as error:
            self.error, self.loading = error.message, False
            return
        zone = (await self.get_state(Viewer)).zone
        current = newest[0].id if newest else None
        self.rows = [version_view(each, zone, each.version.id == current) for each in found[: reading.PAGE]]
        self._place(len(found), reading.PAGE)
        self.loading = False

    @rx.event
    @allow(Permission.assistant_use)
    async def compare(self, version_id: str) -> None:
        """Show what a version made different; once more hides it."""
        if self.compared == version_id:
            self.compared, self.differences = "", []
            return
        async with acting(self) as (session, actor):
            found = await reading.differences(session, actor, None, parse_id(version_id))
            named = await gpts.of(session, gpt_ids_of(found))
        self.compared, self.differences = str(parse_id(version_id)), difference_views(found, named)

    @rx.event
    @allow(Permission.assistant_use)
    async def restore(self, version_id: str) -> Any:
        async with acting(self) as (session, actor):
            made = await restoring.restore(session, actor, parse_id(version_id))
        self._pages = []
        return [ui.notify(f"Restored as version {made.number}. What it replaced stays here."), HistoryState.refresh]

    @rx.event
    @allow(Permission.assistant_use)
    async def branch(self, version_id: str) -> Any:
        async with acting(self) as (session, actor):
            made = await restoring.branch(session, actor, parse_id(version_id))
        if made.kind is Subject.gpt:
            return ui.notify("A new GPT of yours begins as this version.")
        told = "A conversation of yours begins as this version."
        if made.left_behind:
            told += f" {len(made.left_behind)} of its GPTs are not shared with you and stayed behind."
        return [ui.notify(told), rx.redirect(f"/assistant/{made.id}")]

    @rx.event
    @allow(Permission.assistant_use)
    async def start_labelling(self, version_id: str) -> None:
        self.labelling = str(parse_id(version_id)) if version_id else ""

    @rx.event
    @allow(Permission.assistant_use)
    async def label(self, form: dict) -> Any:
        async with acting(self) as (session, actor):
            await reading.label(session, actor, parse_id(self.labelling), str(form.get("label", "")))
        self.labelling = ""
        return HistoryState.refresh

    @rx.event
    @allow(Permission.assistant_use)
    async def next_page(self) -> Any:
        return HistoryState.refresh if self._turn_on() else None

    @rx.event
    @allow(Permission.assistant_use)
    async def previous_page(self) -> Any:
        self._turn_back()
        return HistoryState.refresh

    async def _follow(self, kind: Subject, subject_id: str) -> None:
        if subject_id != self._subject_id:
            self._pages, self.rows, self.loading = [], [], True
            self.compared, self.differences, self.labelling = "", [], ""
        self._kind, self._subject_id = kind, subject_id
        topics = {topic("versions", subject_id): HistoryState.refresh}
        async with acting(self) as (_, actor):
            await live.watch(self, "page.versions", topics, actor.user, after=ASIDE, most_often=0.5)

    async def _found(self, session: AsyncSession, actor: Actor) -> list[reading.Listed]:
        return await reading.listed(
            session, actor, Subject(self._kind), UUID(self._subject_id), self._page_after(), reading.PAGE + 1
        )
