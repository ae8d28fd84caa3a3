"""Reviews to write, and those that were written of one's own work."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app import ui
from faraday_app.core.clock import now
from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Actor, Permission
from faraday_app.core.rendering import to_html
from faraday_app.coursework.peer_views import (
    PeerDeskView,
    PeerTaskView,
    ReceivedView,
    criteria_view,
    received_view,
    task_view,
)
from faraday_app.coursework.service import peers
from faraday_app.coursework.service.peers import Words
from faraday_app.coursework.service.rubrics import Mark
from faraday_app.coursework.words import due_words, file_view, number_of
from faraday_app.coursework.work_views import FileView
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import Viewer, passing

EMPTY = PeerDeskView()


class PeerTasksState(rx.State):
    """``tasks`` are the viewer's own to write; ``received`` are of their work, or of their children's."""

    id: str = ""
    due: str = ""
    tasks: list[PeerTaskView] = []
    received: list[ReceivedView] = []

    @rx.event
    @allow(Permission.coursework_read)
    async def show_for(self, assignment_id: str) -> None:
        self.reset()
        self.id = str(parse_id(assignment_id))
        await self._load()

    @rx.event
    @allow(Permission.coursework_read)
    async def refresh(self) -> None:
        if self.id:
            await self._load()

    async def _load(self) -> None:
        zone = (await self.get_state(Viewer)).zone
        try:
            async with acting(self) as (session, actor):
                tasks = await peers.tasks(session, actor, parse_id(self.id))
                received = await peers.received(session, actor, parse_id(self.id))
        except FaradayError:  # the page says itself why there is nothing to see
            tasks, received = [], []
        self.tasks = [task_view(each, place) for place, each in enumerate(tasks, 1)]
        self.due = due_words(tasks[0].due_at, zone) if tasks else ""
        several = len({each.whose for each in received}) > 1
        self.received = [received_view(each, place, several=several) for place, each in enumerate(received, 1)]


@passing
class PeerDeskState(rx.State):
    """Where a review is written. What is typed is kept at once; nobody else reads it before it is sent."""

    open: bool = False
    desk: PeerDeskView = EMPTY
    saved: str = ""
    problem: str = ""

    _version: int = 0

    @rx.event
    @allow(Permission.coursework_submit)
    async def begin(self, review_id: str) -> None:
        self.reset()
        await self._load(parse_id(review_id))
        self.open = True

    @rx.event
    @allow(Permission.coursework_submit)
    async def set_open(self, open: bool) -> Any:
        self.open = bool(open)
        return PeerTasksState.refresh

    @rx.event
    @allow(Permission.coursework_submit)
    async def choose(self, criterion_id: str, place: int) -> None:
        await self._mark(str(criterion_id), rating=int(place), points=None)

    @rx.event
    @allow(Permission.coursework_submit)
    async def write_points(self, criterion_id: str, typed: str) -> None:
        try:
            points = number_of(typed, "points", "the points")
        except FaradayError as error:
            self.problem = error.message
            return
        await self._mark(str(criterion_id), rating=None, points=points)

    @rx.event
    @allow(Permission.coursework_submit)
    async def write_remark(self, criterion_id: str, text: str) -> None:
        await self._mark(str(criterion_id), remark=str(text).replace("\x00", "")[:2_000])

    @rx.event
    @allow(Permission.coursework_submit)
    async def write_comment(self, text: str) -> None:
        await self._keep(comment=str(text)[: peers.LONGEST])

    @rx.event
    @allow(Permission.coursework_submit)
    async def send(self) -> Any:
        try:
            async with acting(self) as (session, actor):
                await peers.send(session, actor, parse_id(self.desk.id), self._version)
        except FaradayError as error:
            self.problem = error.message
            return None
        self.open = False
        return [PeerTasksState.refresh, ui.notify("Sent. It is shown when your teacher releases the reviews.")]

    @rx.event
    @allow(Permission.coursework_submit)
    async def take_up_again(self) -> Any:
        async with acting(self) as (session, actor):
            await peers.take_up_again(session, actor, parse_id(self.desk.id))
        await self._load(parse_id(self.desk.id))
        return PeerTasksState.refresh

    async def _mark(self, criterion_id: str, **changed: Any) -> None:
        await self._keep({criterion_id: changed})

    async def _keep(self, changes: dict[str, dict[str, Any]] | None = None, comment: str | None = None) -> None:
        """Against what is stored: another window's words are never written over."""
        review_id = parse_id(self.desk.id)
        try:
            async with acting(self) as (session, actor):
                words = (await peers.sit_down(session, actor, review_id)).words
                marks = dict(words.marks)
                for id, changed in (changes or {}).items():
                    marks[id] = replace(marks.get(id, Mark()), **changed)
                said = words.comment if comment is None else comment
                kept = await peers.write(session, actor, review_id, self._version, Words(marks, said))
                self._version = kept.version
                await self._show(session, actor, review_id)
        except FaradayError as error:
            self.problem, self.saved = error.message, ""
        else:
            self.problem, self.saved = "", "Kept."

    async def _load(self, review_id: UUID) -> None:
        async with acting(self) as (session, actor):
            await self._show(session, actor, review_id)

    async def _show(self, session: AsyncSession, actor: Actor, review_id: UUID) -> None:
        found = await peers.sit_down(session, actor, review_id)
        owed = await peers.tasks(session, actor, found.work.id)
        titles = {each.review.id: task_view(each, place).title for place, each in enumerate(owed, 1)}
        self._version = found.review.version
        self.desk = PeerDeskView(
            str(review_id),
            titles.get(review_id, "Review"),
            to_html(found.text) if found.text else "",
            found.link,
            [self._file(file_view(each), review_id) for each in found.files],
            criteria_view(found.criteria, found.words),
            found.words.comment,
            found.closed,
            found.review.submitted_at is not None and not found.plan.is_over(now()),
        )

    def _file(self, file: FileView, review_id: UUID) -> FileView:
        return replace(file, href=f"/api/v1/peer-reviews/{review_id}/files/{file.id}")
