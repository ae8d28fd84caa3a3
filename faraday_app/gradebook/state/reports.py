"""Grades for students and parents, and the list of one's classes with what they come to."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import reflex as rx

from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.gradebook.calculation import NotCounted, View, calculate, what_if
from faraday_app.gradebook.service import entering, ledger, overview, receipts
from faraday_app.gradebook.service.marks import NOTHING
from faraday_app.gradebook.service.records import Record
from faraday_app.gradebook.state.changes import follow
from faraday_app.gradebook.state.receipt import receipt_view
from faraday_app.gradebook.views import ClassTotalView, OwnView, WorkView, class_total
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.live import live
from faraday_app.ui.session import passing


@passing
class OwnState(rx.State):
    """One class as a student or a parent sees it: each child of theirs in it. What if is kept nowhere."""

    children: list[OwnView] = []

    _class_id: str = ""
    _guesses: dict[str, dict[str, str]] = {}

    @rx.event
    @allow(Permission.gradebook_read)
    async def enter_class(self) -> Any:
        self._class_id = str(parse_id(str(self.router.url.query_parameters.get("id", ""))))
        self._guesses = {}
        async with acting(self) as (_, actor):
            here = {
                topic("grades", self._class_id): OwnState.refresh,
                topic("coursework", self._class_id): OwnState.refresh,
            }
            await live.watch(self, "page.grades", here, actor.user)
        return OwnState.refresh

    @rx.event
    @allow(Permission.gradebook_read)
    async def refresh(self) -> Any:
        if not self._class_id:
            return None
        try:
            async with acting(self) as (session, actor):
                found = await overview.children(session, actor, UUID(self._class_id))
        except FaradayError:
            self.children = []
            return None
        self.children = [
            own_view(record, name, self._guesses.get(str(record.student_id), {})) for name, record in found
        ]
        return await follow(self)

    @rx.event
    @allow(Permission.gradebook_read)
    async def suppose(self, student_id: str, work_id: str, score: str) -> Any:
        """What if this were the score? It shows what would come of it, and is gone when the page is left."""
        student, work, typed = str(parse_id(student_id)), str(parse_id(work_id)), str(score).strip()[:20]
        mine = {**self._guesses.get(student, {}), work: typed}
        self._guesses = {**self._guesses, student: {id: words for id, words in mine.items() if words}}
        return OwnState.refresh

    @rx.event
    @allow(Permission.gradebook_read)
    async def suppose_nothing(self) -> Any:
        self._guesses = {}
        return OwnState.refresh


def own_view(record: Record, name: str, guesses: Mapping[str, str]) -> OwnView:
    guessed, problem = _supposed(record, guesses)
    work = [
        WorkView(
            str(each.id),
            each.title,
            next((group.name for group in record.structure.groups if group.id == each.group_id), ""),
            ledger.said(record.marks.get(each.id, NOTHING)),
            "" if each.points is None else ledger.number(each.points),
            _note(record, each.id),
            guesses.get(str(each.id), ""),
        )
        for each in record.work
    ]
    return OwnView(str(record.student_id), name, receipt_view(record, name), work, guessed, problem)


def _note(record: Record, work_id: UUID) -> str:
    mark = record.marks.get(work_id, NOTHING)
    if str(work_id) in record.grades.current.dropped:
        return "dropped"
    return f"late −{ledger.number(mark.deducted)}" if mark.deducted else ""


def _supposed(record: Record, guesses: Mapping[str, str]) -> tuple[str, str]:
    if not guesses:
        return "", ""
    scores: dict[int | str, Any] = {}
    try:
        for id, words in guesses.items():
            work = record.structure.by_id.get(UUID(id))
            if work is None:
                continue
            typed = entering.read(words, work, record.structure.policy.letters)
            if typed.raw is not None:
                scores[id] = typed.raw
        found = calculate(what_if(record.sheet, scores), View.student)
    except (Invalid, NotCounted) as error:
        return "", str(error)
    words = f"{receipts.percent(found.current)} % {found.current.letter or ''}".strip()
    return f"With these scores: {words} now, {receipts.percent(found.final)} % in the end.", ""


@passing
class ClassTotalsState(rx.State):
    """The list at /gradebook."""

    rows: list[ClassTotalView] = []
    ready: bool = False

    @rx.event
    @allow(Permission.gradebook_read)
    async def enter(self) -> None:
        await self._load()

    @rx.event
    @allow(Permission.gradebook_read)
    async def refresh(self) -> None:
        await self._load()

    async def _load(self) -> None:
        async with acting(self) as (session, actor):
            taught, learnt = await overview.of_actor(session, actor)
            topics = {topic("grades", each.class_id): ClassTotalsState.refresh for each in (*taught, *learnt)}
            await live.watch(self, "page.totals", topics, actor.user, most_often=1)
            own = actor.user
        self.rows = [
            *(
                ClassTotalView(
                    str(each.class_id),
                    each.name,
                    f"{each.term} · {each.students} with a total",
                    receipts.DASH if each.mean is None else f"{each.mean} %",
                    "mean",
                    str(each.class_id),
                )
                for each in taught
            ),
            *(
                class_total(each, each.term if each.record.student_id == own else f"{each.student} · {each.term}")
                for each in learnt
            ),
        ][:100]
        self.ready = True
