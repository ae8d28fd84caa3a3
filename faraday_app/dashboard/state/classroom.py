"""School on the first page: for a family what is due and what was posted, for teachers what waits to be graded."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.clock import now
from faraday_app.core.errors import NotPermitted
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.service import overview, peers
from faraday_app.coursework.service.overview import Taught
from faraday_app.coursework.views import DONE, WorkRow, joined, sections_of, taught_row
from faraday_app.gradebook.service import ledger
from faraday_app.gradebook.service import overview as grades
from faraday_app.gradebook.service.marks import Mark
from faraday_app.gradebook.service.overview import Learnt
from faraday_app.gradebook.service.structure import WorkOf
from faraday_app.gradebook.views import ClassTotalView, class_total
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.live import live
from faraday_app.ui.session import Viewer
from faraday_app.ui.times import ago

FEW = 5
MOST = 20  # classes on the first page; the others are a touch away


@dataclass(frozen=True, slots=True)
class PostedView:
    """A grade that was posted: ``about`` says of which class and when."""

    id: str
    title: str
    about: str
    score: str


class ClassroomState(rx.State):
    """``children`` are those whose work can be looked at, oneself included; ``child`` is whose is shown."""

    known: bool = False
    children: list[tuple[str, str]] = []
    child: str = ""
    due: list[WorkRow] = []
    classes: list[ClassTotalView] = []
    posted: list[PostedView] = []
    teaches: bool = False
    to_grade: list[WorkRow] = []
    waiting: int = 0

    @rx.event
    @allow(Permission.home_read)
    async def enter(self) -> Any:
        await self._load()
        async with acting(self) as (_, actor):
            here = {
                topic(kind, id): ClassroomState.refresh for id in self._watched for kind in ("coursework", "grades")
            }
            await live.watch(self, "page.classroom", here, actor.user, most_often=1.0)

    @rx.event
    @allow(Permission.home_read)
    async def refresh(self) -> None:
        await self._load()

    @rx.event
    @allow(Permission.home_read)
    async def show(self, child: str) -> None:
        """Another of one's children."""
        if str(child) in [id for id, _ in self.children]:
            self.child = str(child)
            await self._load()

    _watched: list[str] = []

    async def _load(self) -> None:
        zone = (await self.get_state(Viewer)).zone
        async with acting(self) as (session, actor):
            if actor.could(Permission.coursework_read) and actor.could(Permission.gradebook_read):
                await self._read_family(session, actor, zone)
                await self._read_teaching(session, actor, zone)
        self.known = True

    async def _read_family(self, session: AsyncSession, actor: Actor, zone: str) -> None:
        self.children = [(str(id), name) for id, name in await overview.learners(session, actor)]
        if self.child not in [id for id, _ in self.children]:
            self.child = self.children[0][0] if self.children else ""
        self.due, self.classes, self.posted, self._watched = [], [], [], []
        if not self.child:
            return
        student = parse_id(self.child)
        found = await overview.due_for(session, actor, student)
        owed = await peers.due_for(session, actor, student)
        open_ones = [section.rows for section in sections_of(found, zone, owed) if section.title != DONE]
        self.due = [row for rows in open_ones for row in rows][:FEW]
        learnt = await _permitted(session, actor, student)
        self.classes = [class_total(each, each.term) for each in learnt[:MOST]]
        self.posted = _posted(learnt, zone)
        self._watched = [str(each.class_id) for each in learnt]

    async def _read_teaching(self, session: AsyncSession, actor: Actor, zone: str) -> None:
        taught = await overview.taught(session, actor)
        left = sorted((each for each in taught if each.to_grade), key=lambda each: -each.to_grade)
        self.teaches, self.waiting = bool(taught), sum(each.to_grade for each in left)
        self.to_grade = [_waiting(each, zone) for each in left[:FEW]]
        self._watched = sorted({*self._watched, *(str(each.work.class_id) for each in taught)})


async def _permitted(session: AsyncSession, actor: Actor, student_id: UUID) -> list[Learnt]:
    """A rule can keep grades from somebody at this time or place: what is due stands here all the same."""
    try:
        return await grades.of_child(session, actor, student_id)
    except NotPermitted:
        return []


def _posted(learnt: Sequence[Learnt], zone: str) -> list[PostedView]:
    """The newest first."""
    at, found = now(), list[tuple[Any, PostedView]]()
    for each in learnt:
        for work in each.record.work:
            mark = each.record.marks.get(work.id)
            if mark and mark.says and mark.posted_at:
                about = joined(each.name, f"posted {ago(mark.posted_at, at, zone)}")
                found.append((mark.posted_at, PostedView(str(work.id), work.title, about, _score(mark, work))))
    return [view for _, view in sorted(found, key=lambda each: each[0], reverse=True)[:FEW]]


def _score(mark: Mark, work: WorkOf) -> str:
    said = ledger.said(mark)
    plain = mark.score is not None and said == ledger.number(mark.score) and work.points is not None
    return f"{said}/{ledger.number(work.points)}" if plain and work.points else said


def _waiting(each: Taught, zone: str) -> WorkRow:
    row = taught_row(each.work, each.handed_in, each.to_grade, each.whole, zone)
    return replace(row, about=joined(each.class_name, row.about))
