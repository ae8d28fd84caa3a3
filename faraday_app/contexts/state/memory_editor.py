"""The dialog that writes something to be remembered, or changes it."""

from typing import Any
from uuid import UUID

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.models import MemoryKind, MemoryScope, MemoryStatus
from faraday_app.contexts.service import memory
from faraday_app.contexts.service.memory import Draft
from faraday_app.contexts.state.memory import MemoriesState, MemoryTabState
from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Actor, Permission
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import passing


@passing
class MemoryEditorState(rx.State):
    """Write something to be remembered, change it, or mend what a GPT proposes and keep it."""

    open: bool = False
    id: str = ""
    text: str = ""
    kind: str = MemoryKind.fact.value
    scope: str = MemoryScope.person.value
    scopes: list[tuple[str, str]] = []
    waits: bool = False
    problem: str = ""

    _version: int = 0
    _context_id: str = ""

    @rx.event
    @allow(Permission.assistant_use)
    async def begin(self, context_id: str = "") -> None:
        """For oneself; beside a conversation also for it."""
        self.reset()
        self._context_id = str(parse_id(context_id)) if context_id else ""
        async with acting(self) as (_, actor):
            self.scopes = _scopes(actor, bool(self._context_id))
        self.open = True

    @rx.event
    @allow(Permission.assistant_use)
    async def edit(self, memory_id: str) -> None:
        self.reset()
        async with acting(self) as (session, actor):
            found = await memory.told(session, actor, await memory.get_memory(session, actor, parse_id(memory_id)))
        self.id, self.text, self._version = str(found.id), found.text, found.memory.version
        self.kind, self.scope = found.memory.kind, found.memory.scope
        self.waits = found.memory.status == MemoryStatus.proposed
        own = self.waits and found.memory.owner_id == actor.user_id
        self.scopes = _scopes(actor, bool(found.context_title)) if own else []
        self.open = True

    @rx.event
    @allow(Permission.assistant_use)
    async def set_open(self, open: bool) -> None:
        self.open = bool(open)

    @rx.event
    @allow(Permission.assistant_use)
    async def save(self, form: dict) -> Any:
        """On a refusal the dialog stays, with what was written in it."""
        try:
            draft = self._draft(form)
            async with acting(self) as (session, actor):
                if not self.id:
                    await memory.remember(session, actor, draft)
                elif self.waits:
                    await memory.keep(session, actor, UUID(self.id), self._version, draft)
                else:
                    await memory.change(session, actor, UUID(self.id), self._version, draft.text, draft.kind)
        except FaradayError as refusal:
            self.problem = refusal.message
            return None
        self.open = False
        return [ui.notify("Remembered."), MemoryTabState.refresh, MemoriesState.refresh]

    def _draft(self, form: dict) -> Draft:
        try:
            kind, scope = MemoryKind(str(form.get("kind"))), MemoryScope(str(form.get("scope") or self.scope))
        except ValueError:
            raise Invalid("Choose a kind, and whom it is remembered for.") from None
        context_id = UUID(self._context_id) if self._context_id else None
        return Draft(str(form.get("text", "")), kind, scope, context_id)


def _scopes(actor: Actor, in_conversation: bool) -> list[tuple[str, str]]:
    found = [MemoryScope.person]
    if in_conversation:
        found.append(MemoryScope.context)
    if memory.may_manage_team(actor):
        found.append(MemoryScope.team)
    return [(scope.value, scope.label) for scope in found]
