"""Why an answer came from this model."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Permission
from faraday_app.gateway import service as gateway
from faraday_app.gateway.views.receipts import explained
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import passing


@passing
class WhyState(rx.State):
    open: bool = False
    shown: ui.Explanation = ui.Explanation()

    @rx.event
    @allow(Permission.assistant_use)
    async def show(self, message_id: str) -> None:
        """For whoever asked, and for those who manage models."""
        async with acting(self) as (session, actor):
            row = await gateway.receipt_of_answer(session, actor, parse_id(message_id))
        self.shown = explained(row, managing=actor.may(Permission.models_manage))
        self.open = True

    @rx.event
    @allow(Permission.assistant_use)
    async def set_open(self, open: bool) -> None:
        self.open = bool(open)
