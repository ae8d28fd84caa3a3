"""The rubric and the remarks that somebody got, for themselves and their guardians."""

import reflex as rx

from faraday_app.core.errors import NotFound
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.coursework.service.rubrics import highest
from faraday_app.gradebook import marking_views as views
from faraday_app.gradebook.marking_views import CriterionView, RemarkView, SegmentView
from faraday_app.gradebook.service import ledger
from faraday_app.gradebook.service.marking import feedback, whose
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.live import live
from faraday_app.ui.session import Viewer, zone_of


class FeedbackState(rx.State):
    """``people`` are those whose feedback the viewer may read here, as pairs of id and name."""

    assignment_id: str = ""
    title: str = ""
    people: list[tuple[str, str]] = []
    chosen: str = ""
    name: str = ""
    is_posted: bool = False
    score: str = ""
    points: str = ""
    total: str = ""
    highest: str = ""
    criteria: list[CriterionView] = []
    segments: list[SegmentView] = []
    remarks: list[RemarkView] = []
    problem: str = ""

    @rx.event
    @allow(Permission.gradebook_read)
    async def enter(self):
        self.reset()
        query = self.router.url.query_parameters
        try:
            self.assignment_id = str(parse_id(query.get("assignment", "")))
            async with acting(self) as (session, actor):
                plan, people = await whose(session, actor, parse_id(self.assignment_id))
                self.people = [(str(id), name) for id, name in people]
                wanted = str(query.get("student", ""))
                self.chosen = wanted or (self.people[0][0] if self.people else "")
                topics = {
                    topic(kind, id): FeedbackState.refresh
                    for kind, id in (
                        ("marking", plan.work.id),
                        ("grades", plan.work.class_id),
                        ("coursework", plan.work.class_id),
                    )
                }
                await live.watch(self, "page.feedback", topics, actor.user)
        except NotFound as refusal:
            self.problem = refusal.message
            return None
        return FeedbackState.refresh

    @rx.event
    @allow(Permission.gradebook_read)
    async def choose(self, student_id: str):
        self.chosen = str(student_id)
        return FeedbackState.refresh

    @rx.event
    @allow(Permission.gradebook_read)
    async def refresh(self):
        """As it may be read at this moment: what is no longer posted is gone from the page."""
        if not self.chosen or self.problem:
            return
        zone = zone_of((await self.get_state(Viewer)).zone)
        try:
            async with acting(self) as (session, actor):
                found = await feedback(session, actor, parse_id(self.assignment_id), parse_id(self.chosen))
        except NotFound as refusal:
            self.reset()
            self.problem = refusal.message
            return
        work = found.plan.work
        self.title, self.points, self.name = work.title, views.number(work.points), found.student_name
        self.is_posted = found.is_posted
        self.score = ledger.said(found.mark) if found.is_posted else ""
        self.total = views.number(found.total)
        self.highest = views.number(highest(found.criteria)) if found.criteria else ""
        self.criteria = views.criterion_views(found.criteria, found.sheet)
        self.segments = views.segment_views(str(work.id), found.segments)
        address = f"/api/v1/assignments/{work.id}/recordings/{{id}}"
        self.remarks = views.remark_views(found.remarks, found.attempt, None, zone, address)
