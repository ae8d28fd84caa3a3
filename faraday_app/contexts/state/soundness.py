"""What is wrong with the settings of the open conversation, and its remedies."""

from dataclasses import replace
from uuid import UUID

import reflex as rx

from faraday_app.contexts.models import Mode
from faraday_app.contexts.service import answerers, conversations, mending, validation
from faraday_app.contexts.service.answerers import Answerers
from faraday_app.contexts.service.conversations import get_context
from faraday_app.contexts.service.findings import Remedy
from faraday_app.contexts.version_views import FindingView, finding_view
from faraday_app.core.errors import Invalid, NotFound
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.gateway import service as gateway
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.live import live
from faraday_app.ui.session import passing

ASIDE = 0.4  # seconds


@passing
class SoundnessState(rx.State):
    findings: list[FindingView] = []

    _context_id: str = ""

    @rx.event
    @allow(Permission.assistant_use)
    async def watch(self, context_id: str):
        self._context_id = str(parse_id(context_id))
        async with acting(self) as (_, actor):
            names = (
                ("context", self._context_id),
                ("notes", self._context_id),
                ("gpts", actor.organization),
                ("shares", actor.user),
            )
            topics = {topic(*name): SoundnessState.refresh for name in names}
            await live.watch(self, "page.soundness", topics, actor.user, after=ASIDE, most_often=1.0)
        return SoundnessState.refresh

    @rx.event
    @allow(Permission.assistant_use)
    async def refresh(self):
        if not self._context_id:
            return
        try:
            async with acting(self) as (session, actor):
                context, access = await get_context(session, actor, UUID(self._context_id))
                found = await validation.of_conversation(session, actor, context) if access.may_write else []
        except NotFound:
            found = []
        self.findings = [finding_view(each) for each in found]

    @rx.event
    @allow(Permission.assistant_use)
    async def mend(self, remedy: str, target: str, of: str = ""):
        """Do what is offered beside a finding."""
        async with acting(self) as (session, actor):
            context, _ = await get_context(session, actor, parse_id(self._context_id), write=True)
            now = Answerers(tuple(context.gpt_ids), Mode(context.mode), context.budget, context.step_limit)
            match remedy:
                case Remedy.remove_gpt:
                    left = tuple(id for id in now.gpt_ids if id != parse_id(target))
                    await answerers.change(session, actor, context.id, replace(now, gpt_ids=left))
                case Remedy.answer_alone:
                    await answerers.change(session, actor, context.id, replace(now, mode=Mode.single))
                case Remedy.choose_auto:
                    await conversations.choose_model(session, actor, context.id, gateway.AUTO)
                case _ if target:
                    await mending.mend(session, actor, remedy, parse_id(target), parse_id(of) if of else None)
                case _:
                    raise Invalid("This cannot be done with one click.")
        return SoundnessState.refresh
