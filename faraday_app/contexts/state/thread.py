"""The open conversation."""

from functools import partial
from uuid import UUID

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app import ui
from faraday_app.contexts.models import Access, Author, Context, Gpt
from faraday_app.contexts.orchestration import asking
from faraday_app.contexts.orchestration.asking import Started
from faraday_app.contexts.orchestration.conductor import conductor
from faraday_app.contexts.service import branches, conversations, export, gpts, judging, runs
from faraday_app.contexts.service.looking import open_context
from faraday_app.contexts.state.answerers import AnswerersState
from faraday_app.contexts.state.data import DataState
from faraday_app.contexts.state.history import HistoryState
from faraday_app.contexts.state.judging import JudgeState
from faraday_app.contexts.state.lanes import LanesState
from faraday_app.contexts.state.marks import MarksState
from faraday_app.contexts.state.memory import MemoryTabState
from faraday_app.contexts.state.notes import NotesState
from faraday_app.contexts.state.picker import PickerState
from faraday_app.contexts.state.quoting import QuoteState
from faraday_app.contexts.state.reading import read_branch
from faraday_app.contexts.state.running import RunningState
from faraday_app.contexts.state.sharing import SharingState
from faraday_app.contexts.state.soundness import SoundnessState
from faraday_app.contexts.views import MessageView, message_view, model_choices
from faraday_app.core.errors import FaradayError, NotFound
from faraday_app.core.ids import new_id, parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gateway import service as gateway
from faraday_app.ui import browser
from faraday_app.ui.guard import acting, allow, explain
from faraday_app.ui.live import live

STEP = 30
MOST = 90


class ThreadState(rx.State):
    id: str = ""
    title: str = ""
    messages: list[MessageView] = []
    loaded: bool = False
    answering: bool = False
    has_earlier: bool = False
    may_write: bool = False
    is_owner: bool = False
    is_archived: bool = False
    model: str = ""
    choices: list[tuple[str, str]] = []
    chosen: str = ""
    local_model: bool = False
    editing: str = ""
    draft: str = ""
    renaming: bool = False

    _limit: int = STEP
    _request_key: str = ""

    @rx.event
    @allow(Permission.assistant_use)
    async def begin(self):
        """The page without a conversation: ready for the first message."""
        await self._close()
        async with acting(self) as (_, actor):
            await self._choose(actor, await gateway.name_of_choice(actor))
        self.may_write = self.is_owner = self.loaded = True
        return [each.watch("") for each in (AnswerersState, DataState, MemoryTabState, QuoteState)]

    @rx.event
    @allow(Permission.assistant_use)
    async def open(self):
        """Show the conversation that the address names."""
        wanted = str(self.router.url.path).rstrip("/").rsplit("/", 1)[-1]
        if wanted != self.id:
            await self._close()
        try:
            context_id = parse_id(wanted)
            async with acting(self) as (session, actor):
                await open_context(session, actor, context_id)
        except NotFound as missing:
            return [ui.notify(missing.message, "error"), rx.redirect("/assistant", replace=True)]
        self.id = str(context_id)
        watched = topic("context", context_id)
        await live.watch(self, "page.thread", {watched: ThreadState.refresh}, actor.user, present=watched)
        beside = (
            AnswerersState,
            SharingState,
            DataState,
            MemoryTabState,
            NotesState,
            HistoryState,
            SoundnessState,
            QuoteState,
        )
        return [ThreadState.refresh, *(state.watch(self.id) for state in beside)]

    @rx.event
    @allow(Permission.assistant_use)
    async def refresh(self):
        """Read the conversation again; leave it when it is not the viewer's to see any more."""
        if not self.id:
            return None
        try:
            await self._read(UUID(self.id))
        except NotFound:
            await self._close()
            return [ui.notify("This conversation is no longer shared with you.", "info"), rx.redirect("/assistant")]
        return None

    @rx.event
    @allow(Permission.assistant_use)
    async def ask(self, form: dict):
        """Send what was written; on a refusal it stays in the box."""
        text = str(form.get("message", ""))
        if not text.strip():
            return None
        begins = not self.id
        self._request_key = self._request_key or str(new_id())
        try:
            async with acting(self) as (session, actor):
                context_id = UUID(self.id) if self.id else await self._new(session, actor)
                started = await asking.ask(session, actor, context_id, text, self._request_key)
                picker = await self.get_state(PickerState)
                await picker._remember(session, actor, context_id, self._request_key, text)
        except FaradayError as refusal:
            kept = text if len(text) <= branches.LONGEST_MESSAGE * 2 else ""  # the box holds no more than a message
            return [rx.set_value("message", kept), explain(refusal)] if kept else explain(refusal)
        self._request_key = ""
        (await self.get_state(QuoteState))._sent(text)
        conductor.launch(started)
        return rx.redirect(f"/assistant/{context_id}") if begins else await self._began(started)

    @rx.event
    @allow(Permission.assistant_use)
    async def retry(self, message_id: str):
        async with acting(self) as (session, actor):
            started = await asking.retry(session, actor, parse_id(self.id), parse_id(message_id))
        conductor.launch(started)
        return await self._began(started)

    @rx.event
    @allow(Permission.assistant_use)
    async def choose_model(self, name: str):
        """For the open conversation from now on, or for the one that is about to begin."""
        async with acting(self) as (session, actor):
            if self.id:
                await conversations.choose_model(session, actor, parse_id(self.id), str(name))
            await self._choose(actor, await gateway.name_of_choice(actor, str(name)))
        return QuoteState.choose_model(self.chosen)

    @rx.event
    @allow(Permission.assistant_use)
    async def stop(self):
        running = await self.get_state(RunningState)
        running.stopping = True
        async with acting(self) as (session, actor):
            await runs.stop(session, actor, parse_id(self.id))

    @rx.event
    @allow(Permission.assistant_use)
    async def start_editing(self, message_id: str):
        async with acting(self) as (session, actor):
            context, _ = await conversations.get_context(session, actor, parse_id(self.id), write=True)
            message = await branches.get_message(session, context, parse_id(message_id))
        if message.author == Author.person:
            self.editing, self.draft = str(message.id), message.content

    @rx.event
    @allow(Permission.assistant_use)
    async def stop_editing(self):
        self.editing = self.draft = ""

    @rx.event
    @allow(Permission.assistant_use)
    async def resend(self, form: dict):
        """Send an edited message as a new branch; the earlier one stays reachable beside it."""
        self.draft = str(form.get("edited", ""))
        async with acting(self) as (session, actor):
            started = await asking.edit(session, actor, parse_id(self.id), parse_id(self.editing), self.draft)
        self.editing = self.draft = ""
        conductor.launch(started)
        return await self._began(started)

    @rx.event
    @allow(Permission.assistant_use)
    async def show_sibling(self, message_id: str):
        async with acting(self) as (session, actor):
            await branches.show_sibling(session, actor, parse_id(self.id), parse_id(message_id))
        return ThreadState.refresh

    @rx.event
    @allow(Permission.assistant_use)
    async def show_earlier(self):
        self._limit = min(self._limit + STEP, MOST)
        return ThreadState.refresh

    @rx.event
    @allow(Permission.assistant_use)
    async def copy(self, message_id: str):
        async with acting(self) as (session, actor):
            context, _ = await conversations.get_context(session, actor, parse_id(self.id))
            message = await branches.get_message(session, context, parse_id(message_id))
        return browser.copy(message.content)

    @rx.event
    @allow(Permission.assistant_use)
    async def set_renaming(self, renaming: bool):
        self.renaming = bool(renaming)

    @rx.event
    @allow(Permission.assistant_use)
    async def rename(self, form: dict):
        async with acting(self) as (session, actor):
            await conversations.rename(session, actor, parse_id(self.id), str(form.get("title", "")))
        self.renaming = False

    @rx.event
    @allow(Permission.assistant_use)
    async def toggle_archived(self):
        archived = not self.is_archived
        async with acting(self) as (session, actor):
            await conversations.set_archived(session, actor, parse_id(self.id), archived)
        return ui.notify("Archived. You find it under Archived." if archived else "Back in your conversations.")

    @rx.event
    @allow(Permission.assistant_use)
    async def export(self, kind: str):
        """As a file from the API."""
        wanted = export.Kind(kind) if kind in list(export.Kind) else export.Kind.markdown
        url = f"/api/v1/conversations/{parse_id(self.id)}/export?format={wanted}"
        return rx.download(url=url, filename=export.file_name(self.title, wanted))

    async def _read(self, context_id: UUID, *, fresh: bool = False) -> None:
        """Rights are asked for each viewer; what all who may see it see alike is read once for many tabs."""
        async with acting(self) as (session, actor):
            context, access = await conversations.get_context(session, actor, context_id)
            answering = await gpts.answering(session, context)
            (await self.get_state(JudgeState))._follow(await judging.judgements(session, actor, context))
        load = partial(read_branch, actor, context_id, self._limit + 1)
        watched = topic("context", context_id)
        shown, ways, run, busy = await load() if fresh else await live.shared(watched, (context_id, self._limit), load)
        self.title, self.is_archived = context.title, context.archived_at is not None
        self.may_write, self.is_owner = access.may_write, access is Access.owner
        self.has_earlier = len(shown) > self._limit and self._limit < MOST
        self.messages = [message_view(item, actor, ways.get(item.message.id)) for item in shown[-self._limit :]]
        self.answering, self.loaded = busy, True
        await self._choose(actor, context.model)
        running = await self.get_state(RunningState)
        await running._follow(run.id if run else None, actor.user)
        await self._show_gpts(context, answering)
        marks = await self.get_state(MarksState)
        await marks._show(context, [UUID(message.id) for message in self.messages])

    async def _show_gpts(self, context: Context, answering: list[Gpt]) -> None:
        """Who answers, and what several have said."""
        (await self.get_state(AnswerersState))._show(context, answering)
        asked = [message.orchestration for message in self.messages if message.orchestration]
        newest = next((message.orchestration for message in self.messages[-2:][::-1] if not message.from_model), "")
        await (await self.get_state(LanesState))._follow(self.id, newest, set(asked))

    async def _began(self, started: Started) -> None:
        """Show at once what was asked, without waiting for the fact to come round."""
        await self._read(started.context_id, fresh=True)

    async def _new(self, session: AsyncSession, actor: Actor) -> UUID:
        """A conversation with the model that was chosen for it."""
        return (await conversations.begin(session, actor, model=self.chosen)).id

    async def _choose(self, actor: Actor, name: str) -> None:
        """Show which model answers, and which ones could."""
        usable = [model for model in await gateway.models_for(actor) if model.category.answers]
        self.chosen, self.choices = name, model_choices(usable, name)
        named = [model for model in usable if name in (gateway.AUTO, model.name)] or [gateway.built_in()]
        model = max(named, key=lambda each: each.context)
        self.local_model = all(each.local_demo for each in named)
        self.model = "Auto" if name == gateway.AUTO else model.label

    async def _close(self) -> None:
        await (await self.get_state(RunningState))._clear()
        await (await self.get_state(LanesState))._clear()
        for beside in (SharingState, NotesState, HistoryState, SoundnessState, JudgeState, MarksState):
            (await self.get_state(beside)).reset()
        self.reset()
        await live.leave(self, "page.thread")
