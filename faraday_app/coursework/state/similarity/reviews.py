"""What a student was asked about their own work, and what they say."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.coursework.service.similarity import hearing, reviews
from faraday_app.coursework.similarity_views import ReviewRow, review_row
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live


class StatementState(rx.State):
    rows: list[ReviewRow] = []
    loading: bool = True
    error: str = ""

    @rx.event
    @allow(Permission.coursework_submit)
    async def enter(self) -> None:
        if actor := await viewer_of(self):
            here = {topic("statements", actor.user): StatementState.refresh}
            await live.watch(self, "page.statement", here, actor.user)
        await self._load()

    @rx.event
    @allow(Permission.coursework_submit)
    async def refresh(self) -> None:
        await self._load()

    @rx.event
    @allow(Permission.coursework_submit)
    async def state(self, review_id: str, version: int, form: dict[str, Any]) -> Any:
        async with acting(self) as (session, actor):
            text = str(form.get("statement") or "")
            await reviews.state(session, actor, parse_id(review_id), int(version), text)
        await self._load()
        return ui.notify("Sent to your teacher. You can change it until they have gone on from it.")

    async def _load(self) -> None:
        self.error = ""
        try:
            async with acting(self) as (session, actor):
                self.rows = [review_row(each, actor.user_id) for each in await hearing.mine(session, actor)]
        except FaradayError as error:
            self.rows, self.error = [], error.message
        self.loading = False
