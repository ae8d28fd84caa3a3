"""Why an answer came from this model."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Permission
from faraday_app.gateway import service as gateway
from faraday_app.gateway.views.receipts import MOST_SHOWN, explained, hides_names, sent_text
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import Viewer, passing


@passing
class WhyState(rx.State):
    open: bool = False
    shown: ui.Explanation = ui.Explanation()
    receipt_id: str = ""
    hides: bool = False
    looked: bool = False
    sent: list[ui.ExplainedText] = []

    @rx.event
    @allow(Permission.assistant_use)
    async def show(self, message_id: str) -> None:
        """For whoever asked, and for those who manage models."""
        async with acting(self) as (session, actor):
            row = await gateway.receipt_of_answer(session, actor, parse_id(message_id))
        self.receipt_id, self.hides, self.looked, self.sent = str(row.id), hides_names(row), False, []
        self.shown = explained(row, managing=actor.may(Permission.models_manage))
        self.open = True

    @rx.event
    @allow(Permission.assistant_use)
    async def look(self) -> None:
        """What was sent; of somebody else's call it is recorded who looked."""
        zone = (await self.get_state(Viewer)).zone
        async with acting(self) as (session, actor):
            found = await gateway.read_sent(session, actor, parse_id(self.receipt_id))
        self.sent, self.looked = [sent_text(each, zone) for each in found[:MOST_SHOWN]], True

    @rx.event
    @allow(Permission.assistant_use)
    async def set_open(self, open: bool) -> None:
        self.open = bool(open)
