"""The dialog in which an item of data is added, looked at and changed."""

from typing import Any
from uuid import UUID

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.data_views import LONGEST_SHOWN, file_words, table_view
from faraday_app.contexts.models import DataItem, DataKind, Reading
from faraday_app.contexts.service import conversations, data
from faraday_app.contexts.service.data import Draft, Listed
from faraday_app.contexts.state.data import DataState
from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.ids import new_id, parse_id
from faraday_app.core.permissions import Actor, Permission
from faraday_app.ui import browser
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import passing

FIELD = "data_files"  # where files are chosen


@passing
class DataEditorState(rx.State):
    """``file``: what there is to say of the file; ``head`` and ``rows`` of a table are its first hundred."""

    open: bool = False
    id: str = ""
    kind: str = DataKind.note.value
    title: str = ""
    content: str = ""
    file: str = ""
    download: str = ""
    head: list[str] = []
    rows: list[list[str]] = []
    more: str = ""
    problem: str = ""
    sending: bool = False

    _version: int = 0
    _request_key: str = ""
    _begun: str = ""

    @rx.event
    @allow(Permission.assistant_use)
    async def begin(self):
        self.reset()
        self.open, self._request_key = True, str(new_id())

    @rx.event
    @allow(Permission.assistant_use)
    async def set_kind(self, kind: str):
        self.kind, self.problem = _parsed(kind).value, ""

    @rx.event
    @allow(Permission.assistant_use)
    async def set_open(self, open: bool):
        self.open = bool(open)

    @rx.event
    @allow(Permission.assistant_use)
    async def show(self, item_id: str):
        """For whoever may see the conversation."""
        self.reset()
        beside = await self.get_state(DataState)
        async with acting(self) as (session, actor):
            found = await data.get(session, actor, parse_id(beside._context_id), parse_id(item_id))
            content = await data.content_of(found.item, found.file)
        self._fill(found, content)
        self.open = True

    @rx.event
    @allow(Permission.assistant_use)
    async def save(self, form: dict) -> Any:
        """On a refusal the dialog stays, with what was written in it."""
        self.title, self.content = str(form.get("data_title", "")), str(form.get("data_content", ""))
        try:
            async with acting(self) as (session, actor):
                context_id = await self._context(session, actor)
                if self.id:
                    await self._change(session, actor, context_id)
                else:
                    draft = Draft(_parsed(self.kind), self.title, self.content)
                    await data.add(session, actor, context_id, draft, self._request_key)
        except FaradayError as refusal:
            self.problem = refusal.message
            return None
        self.open = False
        return await self._on(context_id)

    @rx.event
    @allow(Permission.assistant_use)
    async def send(self) -> Any:
        """Have the browser send the chosen files over HTTP."""
        async with acting(self) as (session, actor):
            context_id = await self._context(session, actor)
        self.sending, self.problem, self._begun = True, "", str(context_id)
        return browser.asked(
            "send_files", FIELD, f"/api/v1/conversations/{context_id}/data/files", then=DataEditorState.sent
        )

    @rx.event
    @allow(Permission.assistant_use)
    async def sent(self, wrong: list[str]) -> Any:
        """What went wrong, in the browser's words; the list is read again in any case."""
        self.sending = False
        told = [str(each)[:300] for each in wrong[:5]] if isinstance(wrong, list) else []
        self.problem = " ".join(told)
        self.open = bool(told)
        return await self._on(parse_id(self._begun))

    async def _context(self, session: AsyncSession, actor: Actor) -> UUID:
        """The open conversation, or one that this begins."""
        beside = await self.get_state(DataState)
        if beside._context_id:
            return UUID(beside._context_id)
        return UUID(self._begun) if self._begun else (await conversations.begin(session, actor)).id

    async def _on(self, context_id: UUID) -> Any:
        beside = await self.get_state(DataState)
        return DataState.refresh if beside._context_id else rx.redirect(f"/assistant/{context_id}")

    async def _change(self, session: AsyncSession, actor: Actor, context_id: UUID) -> DataItem:
        content = None if self.file and self.kind != DataKind.link else self.content
        return await data.change(session, actor, context_id, UUID(self.id), self._version, self.title, content)

    def _fill(self, found: Listed, content: str) -> None:
        item, file = found.item, found.file
        self.id, self.kind, self.title, self._version = str(item.id), item.kind, item.title, item.version
        self.content = content if item.sealed_content is not None else content[:LONGEST_SHOWN]
        if file:
            self.file = file_words(file)
            self.download = f"/api/v1/conversations/{item.context_id}/data/{item.id}/file"
            self.problem = file.problem if file.state == Reading.failed else ""
        if item.kind == DataKind.table:
            table = table_view(content)
            self.head, self.rows, self.more = table.head, table.rows, table.more


def _parsed(kind: str) -> DataKind:
    try:
        return DataKind(str(kind))
    except ValueError:
        raise Invalid("Choose what to add.") from None
