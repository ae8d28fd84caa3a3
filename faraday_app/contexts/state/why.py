"""How an answer came about: which way the question went, and what the model was given."""

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.quote_views import GivenView, given_views, receipt_note
from faraday_app.contexts.service import receipts
from faraday_app.core.errors import NotFound, NotPermitted
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Permission
from faraday_app.gateway import service as gateway
from faraday_app.gateway.views.receipts import MOST_SHOWN, explained, hides_names, sent_text
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import Viewer, passing


@passing
class WhyState(rx.State):
    open: bool = False
    routed: bool = False
    shown: ui.Explanation = ui.Explanation()
    receipt_id: str = ""
    hides: bool = False
    looked: bool = False
    sent: list[ui.ExplainedText] = []
    given: list[GivenView] = []
    note: str = ""

    _message_id: str = ""
    _context_id: str = ""

    @rx.event
    @allow(Permission.assistant_use)
    async def show(self, message_id: str) -> None:
        """The way for whoever asked and for those who manage models, what was given for whoever may write there."""
        self.reset()
        self._message_id = str(parse_id(message_id))
        await self._read_way()
        await self._read_given()
        if not self.routed and not self.note:
            raise NotFound("There is no account of how this answer came about, or it belongs to whoever asked.")
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
    async def leave_out(self, key: str) -> None:
        async with acting(self) as (session, actor):
            await receipts.leave_out(session, actor, parse_id(self._context_id), str(key))
        await self._read_given()

    @rx.event
    @allow(Permission.assistant_use)
    async def take_in(self, key: str) -> None:
        async with acting(self) as (session, actor):
            await receipts.take_in(session, actor, parse_id(self._context_id), str(key))
        await self._read_given()

    @rx.event
    @allow(Permission.assistant_use)
    async def set_open(self, open: bool) -> None:
        self.open = bool(open)

    async def _read_way(self) -> None:
        try:
            async with acting(self) as (session, actor):
                row = await gateway.receipt_of_answer(session, actor, parse_id(self._message_id))
        except (NotFound, NotPermitted):
            return
        self.shown, self.routed = explained(row, managing=actor.may(Permission.models_manage)), True
        self.receipt_id, self.hides = str(row.id), hides_names(row)

    async def _read_given(self) -> None:
        try:
            async with acting(self) as (session, actor):
                receipt = await receipts.of_answer(session, actor, parse_id(self._message_id))
        except (NotFound, NotPermitted):
            self.given, self.note = [], ""
            return
        self._context_id = str(receipt.context_id)
        self.given, self.note = given_views(receipt), receipt_note(receipt)
