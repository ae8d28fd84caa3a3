"""The GPTs one can use, and the editor of one's own."""

from typing import Any
from uuid import UUID

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app import ui
from faraday_app.contexts.gpt_views import GptView, gpt_view
from faraday_app.contexts.models import MemoryRights, Mode
from faraday_app.contexts.service import answerers, conversations, gpts, mending, validation
from faraday_app.contexts.service.answerers import Answerers
from faraday_app.contexts.service.findings import Remedy
from faraday_app.contexts.service.gpts import GptClash
from faraday_app.contexts.service.tools import TOOLS
from faraday_app.contexts.state.knowledge import KnowledgeState
from faraday_app.contexts.state.merging import Merging
from faraday_app.contexts.version_views import FindingView, finding_view
from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gateway import service as gateway
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.paging import Paged


class GptsState(Paged, rx.State):
    rows: list[GptView] = []
    search: str = ""
    archived: bool = False
    loading: bool = True
    error: str = ""

    @rx.event
    @allow(Permission.gpts_manage)
    async def enter(self) -> None:
        if actor := await viewer_of(self):
            await live.watch(
                self, "page.gpts", {topic("gpts", actor.organization): GptsState.refresh}, actor.user, most_often=0.5
            )
        self._pages = []
        await self._load()

    @rx.event
    @allow(Permission.gpts_manage)
    async def refresh(self) -> None:
        await self._load()

    @rx.event
    @allow(Permission.gpts_manage)
    async def set_search(self, text: str) -> None:
        self.search, self._pages = str(text)[:100], []
        await self._load()

    @rx.event
    @allow(Permission.gpts_manage)
    async def show(self, which: str) -> None:
        self.archived, self._pages = which == "archived", []
        await self._load()

    @rx.event
    @allow(Permission.gpts_manage)
    async def next_page(self) -> None:
        if self._turn_on():
            await self._load()

    @rx.event
    @allow(Permission.gpts_manage)
    async def previous_page(self) -> None:
        self._turn_back()
        await self._load()

    @rx.event
    @allow(Permission.gpts_manage)
    async def archive(self, gpt_id: str) -> Any:
        async with acting(self) as (session, actor):
            await gpts.archive(session, actor, parse_id(gpt_id))
        return ui.notify("Archived. You find it under Archived.")

    @rx.event
    @allow(Permission.gpts_manage)
    async def restore(self, gpt_id: str) -> Any:
        async with acting(self) as (session, actor):
            await gpts.restore(session, actor, parse_id(gpt_id))
        return ui.notify("Back among your GPTs.")

    @rx.event
    @allow(Permission.gpts_manage)
    async def try_it(self, gpt_id: str) -> Any:
        """Begin a conversation in which it answers."""
        async with acting(self) as (session, actor):
            context = await conversations.begin(session, actor)
            await answerers.change(session, actor, context.id, Answerers((parse_id(gpt_id),), Mode.single))
        return rx.redirect(f"/assistant/{context.id}")

    async def _load(self) -> None:
        self.loading, self.error = True, ""
        try:
            async with acting(self) as (session, actor):
                found = await self._found(session, actor)
                if not found and self._pages:
                    self._pages = []
                    found = await self._found(session, actor)
            self.rows = [gpt_view(each, actor) for each in found[: gpts.PAGE]]
            self._place(len(found), gpts.PAGE)
        except FaradayError as error:
            self.error = error.message
        self.loading = False

    async def _found(self, session: AsyncSession, actor: Actor) -> list[gpts.Listed]:
        return await gpts.listed(
            session,
            actor,
            self.search,
            archived=self.archived,
            before=self._page_after(),
            limit=gpts.PAGE + 1,
        )


class GptEditorState(Merging, rx.State):
    open: bool = False
    id: str = ""
    name: str = ""
    instructions: str = ""
    model: str = gateway.AUTO
    temperature: str = "0.7"
    longest: str = ""
    icon: str = gpts.ICONS[0]
    tone: str = gpts.TONES[0]
    shared: bool = False
    memory_rights: str = MemoryRights.propose.value
    tools: list[str] = []
    models: list[tuple[str, str]] = []
    problem: str = ""
    findings: list[FindingView] = []

    _version: int = 0

    @rx.event
    @allow(Permission.gpts_manage)
    async def begin(self) -> None:
        self.reset()
        await self._offer()
        self.open = True

    @rx.event
    @allow(Permission.gpts_manage)
    async def edit(self, gpt_id: str) -> Any:
        self.reset()
        async with acting(self) as (session, actor):
            gpt = await gpts.get(session, actor, parse_id(gpt_id))
            found = await validation.of_gpt(session, actor, gpt) if gpts.may_change(actor, gpt) else []
        if not gpts.may_change(actor, gpt):
            raise Invalid("Only its owner can change this GPT.")
        self.id, self.name, self.instructions, self._version = str(gpt.id), gpt.name, gpt.instructions, gpt.version
        self.model, self.temperature, self.shared = gpt.model, f"{gpt.temperature:g}", gpt.shared
        self.memory_rights = gpt.memory_rights
        self.longest, self.icon, self.tone = str(gpt.longest_answer or ""), gpt.icon, gpt.tone
        self.findings = [finding_view(each) for each in found]
        self.tools = list(gpt.tools)
        await self._offer()
        self.open = True
        return KnowledgeState.watch(self.id)

    @rx.event
    @allow(Permission.gpts_manage)
    async def set_open(self, open: bool) -> None:
        self.open = bool(open)

    @rx.event
    @allow(Permission.gpts_manage)
    async def set_icon(self, icon: str) -> None:
        self.icon = icon if icon in gpts.ICONS else self.icon

    @rx.event
    @allow(Permission.gpts_manage)
    async def set_tone(self, tone: str) -> None:
        self.tone = tone if tone in gpts.TONES else self.tone

    @rx.event
    @allow(Permission.gpts_manage)
    async def save(self, form: dict) -> Any:
        """On a refusal the dialog stays, with what was written in it."""
        try:
            draft = self._draft(form)
            async with acting(self) as (session, actor):
                if self.id:
                    await gpts.change(session, actor, UUID(self.id), self._version, draft)
                else:
                    await gpts.create(session, actor, draft)
        except GptClash as clash:
            self._version = clash.version
            async with acting(self) as (session, actor):
                await gpts.set_aside(session, actor, UUID(self.id), draft)
            self._begin_choosing(clash.merged, {})
            return None
        except FaradayError as refusal:
            self.problem = refusal.message
            return None
        self.open = False
        return [ui.notify("Saved."), GptsState.refresh]

    @rx.event
    @allow(Permission.gpts_manage)
    async def mend(self, remedy: str, target: str, of: str = "") -> Any:
        """Do what is offered beside a finding; what is being written in the editor is read again."""
        wanted = Remedy.gpt_auto if remedy == Remedy.choose_auto else str(remedy)
        async with acting(self) as (session, actor):
            await mending.mend(session, actor, wanted, parse_id(target), parse_id(of) if of else None)
        return [ui.notify("Done."), GptEditorState.edit(self.id)]

    @rx.event
    @allow(Permission.gpts_manage)
    async def choose_side(self, clash_id: str, side: str) -> None:
        self._choose_one(clash_id, side)

    @rx.event
    @allow(Permission.gpts_manage)
    async def set_choosing(self, open: bool) -> None:
        """Back to the editor, with what was written in it."""
        self.choosing = bool(open)

    @rx.event
    @allow(Permission.gpts_manage)
    async def resolve(self) -> Any:
        """Write what was chosen, and have what one's own side was among the versions."""
        draft = gpts.Draft(**self._chosen())
        try:
            async with acting(self) as (session, actor):
                await gpts.change(session, actor, UUID(self.id), self._version, draft)
        except FaradayError as refusal:
            self.problem, self.choosing = refusal.message, False
            return None
        self._end_choosing()
        self.open = False
        return [ui.notify("Merged and saved."), GptsState.refresh]

    def _draft(self, form: dict) -> gpts.Draft:
        try:
            temperature, longest = float(str(form.get("temperature", "0.7"))), int(str(form.get("longest") or "0"))
        except ValueError:
            raise Invalid("Enter the temperature and the longest answer as numbers.") from None
        return gpts.Draft(
            str(form.get("gpt_name", "")),
            str(form.get("instructions", "")),
            str(form.get("model", "")) or gateway.AUTO,
            temperature,
            longest,
            self.icon,
            self.tone,
            bool(form.get("shared")),
            str(form.get("memory_rights") or self.memory_rights),
            tuple(name for name in TOOLS if form.get(f"tool_{name}")),
        )

    async def _offer(self) -> None:
        async with acting(self) as (_, actor):
            models = await gateway.models_for(actor)
        named = [(model.name, model.label) for model in models if model.category.answers]
        self.models = [(gateway.AUTO, "Chosen for each question"), *named]
