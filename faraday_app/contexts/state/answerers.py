"""Who answers in the open conversation."""

from decimal import Decimal, InvalidOperation
from uuid import UUID

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.gpt_views import GptView, chip_view
from faraday_app.contexts.models import Context, Gpt, Mode
from faraday_app.contexts.service import answerers, conversations, gpts
from faraday_app.contexts.service.answerers import Answerers
from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.credits.views import CREDIT
from faraday_app.ui.guard import acting, allow, explain
from faraday_app.ui.live import live

OFFERED = 100


class AnswerersState(rx.State):
    chips: list[GptView] = []
    offered: list[tuple[str, str]] = []
    mode: str = Mode.single.value
    about: str = ""
    budget: str = ""
    steps: str = "6"
    several: bool = False

    _context_id: str = ""

    @rx.event
    @allow(Permission.assistant_use)
    async def watch(self, context_id: str):
        """Follow which GPTs there are, for a conversation or for one that is still to begin."""
        context_id = str(parse_id(context_id)) if context_id else ""
        if not context_id:
            self.reset()
        async with acting(self) as (_, actor):
            topics = {topic("gpts", actor.organization): AnswerersState.offer}
            await live.watch(self, "page.gpts", topics, actor.user, after=0.2)
        return AnswerersState.offer

    @rx.event
    @allow(Permission.assistant_use)
    async def offer(self):
        async with acting(self) as (session, actor):
            found = await gpts.listed(session, actor, limit=OFFERED)
        self.offered = [("", "Add a GPT"), *((str(each.gpt.id), each.gpt.name) for each in found)]

    @rx.event
    @allow(Permission.assistant_use)
    async def add(self, gpt_id: str):
        ids = [chip.id for chip in self.chips]
        if gpt_id and str(parse_id(gpt_id)) not in ids:
            return await self._change([*ids, gpt_id], self.mode)
        return None

    @rx.event
    @allow(Permission.assistant_use)
    async def remove(self, gpt_id: str):
        ids = [chip.id for chip in self.chips]
        if gpt_id in ids:
            return await self._change([id for id in ids if id != gpt_id], self.mode)
        return None

    @rx.event
    @allow(Permission.assistant_use)
    async def put_first(self, gpt_id: str):
        """The first answers alone, merges, and judges."""
        ids = [chip.id for chip in self.chips]
        if gpt_id in ids:
            return await self._change([gpt_id, *(id for id in ids if id != gpt_id)], self.mode)
        return None

    @rx.event
    @allow(Permission.assistant_use)
    async def set_mode(self, mode: str):
        return await self._change([chip.id for chip in self.chips], mode)

    @rx.event
    @allow(Permission.assistant_use)
    async def set_limits(self, form: dict):
        self.budget, self.steps = str(form.get("budget", "")).strip()[:20], str(form.get("step_limit", ""))[:4]
        return await self._change([chip.id for chip in self.chips], self.mode) or ui.notify("Limits are saved.")

    async def _change(self, gpt_ids: list[str], mode: str):
        """In a conversation that is still to begin this begins it."""
        try:
            wanted = self._wanted(gpt_ids, mode)
            async with acting(self) as (session, actor):
                begins = not self._context_id
                context_id = (await conversations.begin(session, actor)).id if begins else UUID(self._context_id)
                context = await answerers.change(session, actor, context_id, wanted)
                found = await gpts.answering(session, context)
        except FaradayError as refusal:
            return explain(refusal)
        if begins:
            return rx.redirect(f"/assistant/{context_id}")
        self._show(context, found)
        return None

    def _wanted(self, gpt_ids: list[str], mode: str) -> Answerers:
        try:
            budget = int(Decimal(self.budget) * CREDIT) if self.budget else None
            return Answerers(tuple(parse_id(id) for id in gpt_ids), Mode(str(mode)), budget, int(self.steps))
        except (InvalidOperation, ValueError, OverflowError):
            raise Invalid("Enter the budget and the steps as numbers.") from None

    def _show(self, context: Context, found: list[Gpt]) -> None:
        """Called by the thread after it has checked the viewer's rights."""
        self._context_id = str(context.id)
        self.chips = [chip_view(gpt) for gpt in found]
        self.mode, self.several = context.mode, len(found) > 1
        self.about = Mode(context.mode).about
        if self.several is False and context.mode != Mode.single:
            self.about = "Add a second GPT: until then one answers alone."
        self.budget = f"{context.budget / CREDIT:g}" if context.budget else ""
        self.steps = str(context.step_limit)
