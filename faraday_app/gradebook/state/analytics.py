"""The page of how a class does."""

from typing import Any

import reflex as rx

from faraday_app.classes.service.heading import heading
from faraday_app.classes.views import NO_CLASS, ClassHead
from faraday_app.core.errors import FaradayError, Invalid, NotFound
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.gradebook.figure_views import (
    BandView,
    ConcernView,
    FiguresView,
    WorkFiguresView,
    band_views,
    concern_view,
    figures_view,
    work_view,
)
from faraday_app.gradebook.service.analytics import analytics, names_of
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.live import live

SHOWN = 100


class AnalyticsState(rx.State):
    id: str = ""
    head: ClassHead = NO_CLASS
    missing: bool = False
    loading: bool = True
    error: str = ""
    figures: FiguresView = FiguresView()
    bands: list[BandView] = []
    work: list[WorkFiguresView] = []
    concerns: list[ConcernView] = []

    @rx.event
    @allow(Permission.gradebook_read)
    async def enter(self) -> Any:
        self.id, self.head, self.missing, self.error = "", NO_CLASS, False, ""
        self.loading, self.bands, self.work, self.concerns = True, [], [], []
        try:
            class_id = parse_id(str(self.router.url.query_parameters.get("id", "")))
            async with acting(self) as (session, actor):
                head = await heading(session, actor, class_id, Permission.gradebook_read)
        except (NotFound, Invalid):
            head = NO_CLASS
        if not head.is_staff:
            self.missing = True
            return None
        self.id, self.head = str(class_id), head
        topics = {topic(kind, class_id): AnalyticsState.refresh for kind in ("grades", "coursework")}
        await live.watch(self, "page.analytics", topics, actor.user, most_often=2)
        return AnalyticsState.refresh

    @rx.event
    @allow(Permission.gradebook_read)
    async def refresh(self) -> None:
        if not self.id:
            return
        try:
            async with acting(self) as (session, actor):
                found = await analytics(session, actor, parse_id(self.id))
                names = await names_of(session, [each.student_id for each in found.concerns[:SHOWN]])
        except FaradayError as error:
            self.error = error.message
        else:
            self.error = ""
            self.figures, self.bands = figures_view(found), band_views(found)
            self.work = [work_view(each) for each in found.work[:SHOWN]]
            self.concerns = [concern_view(each, names) for each in found.concerns[:SHOWN]]
        self.loading = False
