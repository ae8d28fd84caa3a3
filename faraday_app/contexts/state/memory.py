"""What is remembered: beside a conversation, and on a page of its own."""

from typing import Any
from uuid import UUID

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.memory_views import MemoryView, looks_words, memory_view
from faraday_app.contexts.models import MemoryKind, MemoryScope
from faraday_app.contexts.service import memory
from faraday_app.contexts.service.conversations import get_context
from faraday_app.contexts.service.memory import Remembered, Wanted
from faraday_app.core.errors import FaradayError, Invalid, NotFound
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.paging import Paged
from faraday_app.ui.session import Viewer

FORGOTTEN = "Forgotten. No answer is given it any more."


class MemoryTabState(rx.State):
    """Beside the open conversation."""

    waiting: list[MemoryView] = []
    kept: list[MemoryView] = []
    proposing: bool = False
    may_write: bool = False
    spent: str = ""

    _context_id: str = ""

    @rx.event
    @allow(Permission.assistant_use)
    async def watch(self, context_id: str):
        """Follow what is remembered. What can be seen is decided when it is read."""
        self.reset()
        if not context_id:
            return None
        self._context_id = str(parse_id(context_id))
        async with acting(self) as (_, actor):
            topics = {topic("memory", each): MemoryTabState.refresh for each in (self._context_id, actor.user)}
            await live.watch(self, "page.memory", topics, actor.user, after=0.3)
        return MemoryTabState.refresh

    @rx.event
    @allow(Permission.assistant_use)
    async def refresh(self):
        if not self._context_id:
            return
        context_id = UUID(self._context_id)
        try:
            async with acting(self) as (session, actor):
                found = await memory.of_conversation(session, actor, context_id)
                context, access = await get_context(session, actor, context_id)
                looks = await memory.looks_of(session, actor, context_id)
        except NotFound:
            self.reset()
            return
        zone = (await self.get_state(Viewer)).zone
        views = [memory_view(each, actor, zone, changes=_changes(each, access.may_write)) for each in found]
        self.waiting, self.kept = [each for each in views if each.waits], [each for each in views if not each.waits]
        self.proposing, self.may_write, self.spent = context.proposes_memories, access.may_write, looks_words(looks)

    @rx.event
    @allow(Permission.assistant_use)
    async def set_proposing(self, on: bool):
        async with acting(self) as (session, actor):
            await memory.set_proposing(session, actor, parse_id(self._context_id), bool(on))
        return MemoryTabState.refresh

    @rx.event
    @allow(Permission.assistant_use)
    async def keep(self, memory_id: str, version: int):
        async with acting(self) as (session, actor):
            await memory.keep(session, actor, parse_id(memory_id), _number(version))
        return MemoryTabState.refresh

    @rx.event
    @allow(Permission.assistant_use)
    async def dismiss(self, memory_id: str, version: int):
        async with acting(self) as (session, actor):
            await memory.dismiss(session, actor, parse_id(memory_id), _number(version))
        return MemoryTabState.refresh

    @rx.event
    @allow(Permission.assistant_use)
    async def forget(self, memory_id: str):
        async with acting(self) as (session, actor):
            await memory.forget(session, actor, parse_id(memory_id))
        return [ui.notify(FORGOTTEN), MemoryTabState.refresh]


class MemoriesState(Paged, rx.State):
    """All that is one's own, and what one's department remembers."""

    rows: list[MemoryView] = []
    search: str = ""
    kind: str = ""
    scope: str = ""
    loading: bool = True
    error: str = ""
    clearing: bool = False
    last_forgotten: str = ""

    @rx.event
    @allow(Permission.assistant_use)
    async def enter(self) -> None:
        if actor := await viewer_of(self):
            topics = {
                topic("memory", each): MemoriesState.refresh for each in (actor.user, actor.department_id) if each
            }
            await live.watch(self, "page.memories", topics, actor.user, most_often=0.5)
        self._pages, self.last_forgotten, self.clearing = [], "", False
        await self._load()

    @rx.event
    @allow(Permission.assistant_use)
    async def refresh(self) -> None:
        await self._load()

    @rx.event
    @allow(Permission.assistant_use)
    async def set_search(self, text: str) -> None:
        self.search, self._pages = str(text)[:100], []
        await self._load()

    @rx.event
    @allow(Permission.assistant_use)
    async def set_kind(self, kind: str) -> None:
        self.kind, self._pages = kind if kind in set(MemoryKind) else "", []
        await self._load()

    @rx.event
    @allow(Permission.assistant_use)
    async def set_scope(self, scope: str) -> None:
        self.scope, self._pages = scope if scope in set(MemoryScope) else "", []
        await self._load()

    @rx.event
    @allow(Permission.assistant_use)
    async def next_page(self) -> None:
        if self._turn_on():
            await self._load()

    @rx.event
    @allow(Permission.assistant_use)
    async def previous_page(self) -> None:
        self._turn_back()
        await self._load()

    @rx.event
    @allow(Permission.assistant_use)
    async def keep(self, memory_id: str, version: int):
        async with acting(self) as (session, actor):
            await memory.keep(session, actor, parse_id(memory_id), _number(version))
        return MemoriesState.refresh

    @rx.event
    @allow(Permission.assistant_use)
    async def dismiss(self, memory_id: str, version: int):
        async with acting(self) as (session, actor):
            await memory.dismiss(session, actor, parse_id(memory_id), _number(version))
        return MemoriesState.refresh

    @rx.event
    @allow(Permission.assistant_use)
    async def forget(self, memory_id: str):
        async with acting(self) as (session, actor):
            await memory.forget(session, actor, parse_id(memory_id))
        self.last_forgotten = str(parse_id(memory_id))
        return [ui.notify(FORGOTTEN), MemoriesState.refresh]

    @rx.event
    @allow(Permission.assistant_use)
    async def bring_back(self):
        """What was forgotten last."""
        async with acting(self) as (session, actor):
            await memory.bring_back(session, actor, parse_id(self.last_forgotten))
        self.last_forgotten = ""
        return [ui.notify("Remembered again."), MemoriesState.refresh]

    @rx.event
    @allow(Permission.assistant_use)
    async def set_clearing(self, clearing: bool) -> None:
        self.clearing = bool(clearing)

    @rx.event
    @allow(Permission.assistant_use)
    async def forget_everything(self) -> Any:
        async with acting(self) as (session, actor):
            await memory.forget_everything(session, actor)
        self.clearing, self.last_forgotten, self._pages = False, "", []
        return [ui.notify("Everything about you is forgotten."), MemoriesState.refresh]

    async def _load(self) -> None:
        self.loading, self.error = True, ""
        try:
            zone = (await self.get_state(Viewer)).zone
            async with acting(self) as (session, actor):
                found = await memory.listed(session, actor, self._wanted(), self._page_after(), memory.PAGE + 1)
                if not found and self._pages:
                    self._pages = []
                    found = await memory.listed(session, actor, self._wanted(), None, memory.PAGE + 1)
            self.rows = [_listed_view(each, actor, zone) for each in found[: memory.PAGE]]
            self._place(len(found), memory.PAGE)
        except FaradayError as error:
            self.error = error.message
        self.loading = False

    def _wanted(self) -> Wanted:
        kind = MemoryKind(self.kind) if self.kind else None
        return Wanted(self.search, kind, MemoryScope(self.scope) if self.scope else None)


def _changes(found: Remembered, may_write: bool) -> bool:
    return may_write or found.memory.scope == MemoryScope.person


def _listed_view(found: Remembered, actor: Actor, zone: str) -> MemoryView:
    """Whether it can be changed is asked again when it is."""
    changes = found.memory.scope != MemoryScope.team or memory.may_manage_team(actor)
    return memory_view(found, actor, zone, changes=changes)


def _number(version: object) -> int:
    try:
        return int(str(version))
    except ValueError:
        raise Invalid from None
