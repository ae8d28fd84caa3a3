"""The page of a class's gradebook. Its cells never pass through here: the grid reads them over HTTP, once, and
afterwards those that changed, each time ``revision`` is another."""

import json
from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.classes.service.heading import heading
from faraday_app.classes.views import NO_CLASS, ClassHead
from faraday_app.core import presence
from faraday_app.core.errors import FaradayError, Invalid, NotFound
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import publish_soon, topic
from faraday_app.core.permissions import Permission
from faraday_app.core.redis import RedisError
from faraday_app.gradebook.service import grid, posting
from faraday_app.gradebook.state.posting import PostingState
from faraday_app.gradebook.state.receipt import ReceiptState
from faraday_app.gradebook.state.reports import OwnState
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.live import live
from faraday_app.ui.session import passing

RECEIPT_AFTER = 0.25  # seconds


@passing
class GradebookState(rx.State):
    id: str = ""
    head: ClassHead = NO_CLASS
    missing: bool = False
    revision: int = 0
    others: str = ""

    @rx.event
    @allow(Permission.gradebook_read)
    async def enter(self) -> Any:
        wanted = str(self.router.url.query_parameters.get("id", ""))
        self.id, self.head, self.missing, self.others = "", NO_CLASS, False, ""
        try:
            class_id = parse_id(wanted)
            async with acting(self) as (session, actor):
                self.head = await heading(session, actor, class_id, Permission.gradebook_read)
        except (NotFound, Invalid):
            self.missing = True
            return None
        self.id = str(class_id)
        if not self.head.is_staff:
            return OwnState.enter_class
        here = GradebookState.look_again
        await live.watch(
            self, "page.grades", {topic("grades", class_id): here, topic("coursework", class_id): here}, actor.user
        )
        # What stands beside the grid waits until the grid has read its cells.
        beside = {topic(kind, class_id): ReceiptState.refresh for kind in ("grades", "coursework")}
        await live.watch(self, "page.receipt", beside, actor.user, after=RECEIPT_AFTER)
        people = {topic("grading", class_id): GradebookState.look_around}
        await live.watch(self, "page.grading", people, actor.user, most_often=0.5)
        return [ReceiptState.leave, GradebookState.look_around]

    @rx.event
    @allow(Permission.gradebook_read)
    async def look_again(self) -> None:
        """Something changed: the grid reads what."""
        self.revision += 1

    @rx.event
    @allow(Permission.gradebook_read)
    async def hear(self, words: str) -> Any:
        """The grid says which cell is chosen, or of which piece of work the posting is asked for."""
        try:
            told = json.loads(str(words)[:400])
            if "posting" in told and self.id and self.can_grade:
                return PostingState.begin(self.id, str(parse_id(str(told["posting"]))))
            student_id, work_id = parse_id(str(told["student"])), parse_id(str(told["work"]))
        except (ValueError, TypeError, KeyError, Invalid, NotFound):
            return None
        if not self.id or not self.head.is_staff:
            return None
        async with acting(self) as (_, actor):
            try:
                await presence.sign(topic("grading", self.id), actor.user, self._tab(), str(work_id))
                publish_soon(topic("grading", self.id))
            except RedisError:
                pass
        return ReceiptState.choose(self.id, str(student_id), str(work_id))

    @rx.event
    @allow(Permission.gradebook_read)
    async def look_around(self) -> None:
        """Who else is at which piece of work."""
        if not self.id:
            return
        async with acting(self) as (session, actor):
            try:
                signs = await presence.signs(topic("grading", self.id))
            except RedisError:
                return
            at = {person: parse_id(work) for (person, _), work in signs.items()}
            found = await grid.at_work(session, actor, parse_id(self.id), at)
        self.others = " · ".join(found)

    @rx.event
    @allow(Permission.gradebook_manage)
    async def post_all(self) -> Any:
        """Post what is graded, all at once."""
        try:
            async with acting(self) as (session, actor):
                batch = await posting.post(session, actor, parse_id(self.id))
        except FaradayError as error:
            return ui.notify(error.message, "error")
        return ui.notify("Posted: students and parents see what is released to them." if batch else "All is posted.")

    def _tab(self) -> str:
        return str(self.router.session.client_token)

    @rx.var
    def can_grade(self) -> bool:
        return self.head.grades and not self.head.archived
