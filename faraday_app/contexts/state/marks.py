"""Marks on the messages of the open conversation: pinned, written with a template, found; and what they lead to."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.models import Author, Context
from faraday_app.contexts.service import branches, finding, forks, pins
from faraday_app.contexts.service.conversations import get_context, title_from
from faraday_app.contexts.service.templates import uses
from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Permission
from faraday_app.ui import browser
from faraday_app.ui.guard import acting, allow

LONGEST_QUOTE = 800  # characters


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A message to go to: who said it, and words of it before, at and after what was found."""

    id: str
    name: str
    before: str
    found: str = ""
    after: str = ""


class MarksState(rx.State):
    pins: list[PlaceView] = []
    pinned: list[str] = []
    uses: dict[str, str] = {}
    search: str = ""
    hits: list[PlaceView] = []
    has_more: bool = False

    _context_id: str = ""

    @rx.event
    @allow(Permission.assistant_use)
    async def toggle_pin(self, message_id: str) -> Any:
        away = str(message_id) in self.pinned
        async with acting(self) as (session, actor):
            change = pins.unpin if away else pins.pin
            await change(session, actor, parse_id(self._context_id), parse_id(message_id))
        return ui.notify("Unpinned." if away else "Pinned for everybody here. You find it beside the conversation.")

    @rx.event
    @allow(Permission.assistant_use)
    async def cite(self, message_id: str) -> Any:
        """Its words as a quotation in the box, with a link back to it."""
        async with acting(self) as (session, actor):
            context, _ = await get_context(session, actor, parse_id(self._context_id))
            message = await branches.get_message(session, context, parse_id(message_id))
        words = message.content.strip()
        words = words if len(words) <= LONGEST_QUOTE else words[:LONGEST_QUOTE].rsplit(" ", 1)[0] + " …"
        quoted = "\n".join(f"> {line}".rstrip() for line in words.splitlines())
        who = "answer" if message.author == Author.model else "message"
        link = f"> — [{who}](/assistant/{context.id}#message-{message.id})"
        return browser.insert("message", f"{quoted}\n>\n{link}\n\n")

    @rx.event
    @allow(Permission.assistant_use)
    async def fork(self, message_id: str) -> Any:
        async with acting(self) as (session, actor):
            copy = await forks.fork(session, actor, parse_id(self._context_id), parse_id(message_id))
        return [ui.notify("Forked. This copy is yours alone."), rx.redirect(f"/assistant/{copy.id}")]

    @rx.event
    @allow(Permission.assistant_use)
    async def set_search(self, text: str) -> Any:
        self.search = str(text)[: finding.LONGEST]
        self.hits, self.has_more = [], False
        if not self.search.strip() or not self._context_id:
            return None
        try:
            async with acting(self) as (session, actor):
                found = await finding.within(
                    session, actor, UUID(self._context_id), self.search, limit=finding.PAGE + 1
                )
        except FaradayError as refusal:
            return ui.notify(refusal.message, "info")
        self.hits = [_hit(each) for each in found[: finding.PAGE]]
        self.has_more = len(found) > finding.PAGE
        return None

    @rx.event
    @allow(Permission.assistant_use)
    async def go_to(self, message_id: str) -> Any:
        """Bring a message into sight: further up, or on another branch where one may choose it."""
        from faraday_app.contexts.state.thread import MOST, ThreadState

        wanted = parse_id(message_id)
        thread = await self.get_state(ThreadState)
        there = browser.show(f"message-{wanted}")
        if str(wanted) in [each.id for each in thread.messages]:
            return there
        async with acting(self) as (session, actor):
            context, access = await get_context(session, actor, parse_id(self._context_id))
            await branches.get_message(session, context, wanted)
            on_branch = wanted in [each.id for each in await branches.path_to(session, context.leaf_id, MOST)]
            if not on_branch and access.may_write:
                await branches.show_sibling(session, actor, context.id, wanted)
        if not on_branch and not access.may_write:
            return ui.notify("This message is on another branch of the conversation.", "info")
        thread._limit = MOST
        return [ThreadState.refresh, there]

    async def _show(self, context: Context, message_ids: list[UUID]) -> None:
        """For the messages that are shown. Called after the rights were checked."""
        if self._context_id != str(context.id):
            self.reset()
        self._context_id = str(context.id)
        async with acting(self) as (session, _):
            pinned = await pins.of(session, context)
            written = await uses.of_messages(session, context, message_ids)
        self.pins = [PlaceView(str(each.message.id), each.name, title_from(each.message.content)) for each in pinned]
        self.pinned = [each.id for each in self.pins]
        self.uses = {str(id): f"{name}, version {number}" for id, (_, name, number) in written.items()}


def _hit(found: finding.Hit) -> PlaceView:
    before, _, rest = found.excerpt.partition(finding.HIT[0])
    word, _, after = rest.partition(finding.HIT[1])
    return PlaceView(str(found.id), found.name, before[-60:], word, finding.plain(after)[:80])
