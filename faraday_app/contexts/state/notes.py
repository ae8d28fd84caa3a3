"""The shared notes of the open conversation, written by several at once.

The browser keeps what is being typed (`scripts/notes.js`) and says of each text from which one it was made: a version
that it was shown (``v7``) or a text that it sent itself (``s3``). So nothing depends on who was first.
"""

import json
from typing import Any
from uuid import UUID

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.service import notes, sharing
from faraday_app.contexts.service.conversations import get_context
from faraday_app.contexts.service.merging import MergedFields
from faraday_app.contexts.service.notes import NotesClash, Written
from faraday_app.contexts.state.merging import Merging
from faraday_app.contexts.version_views import CaretView, caret_views
from faraday_app.core import presence
from faraday_app.core.errors import FaradayError, Invalid, NotFound
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import publish_soon, topic
from faraday_app.core.permissions import Permission
from faraday_app.core.redis import RedisError
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.live import live
from faraday_app.ui.session import passing

ASIDE = 0.2  # seconds: the notes come after what was said
MOST_BASES = 6
FIELD = "notes"
TITLES = {FIELD: "Shared notes"}


@passing
class NotesState(Merging, rx.State):
    """``heard`` is the last text of the browser that is in ``text``; ``refused`` the last that is not."""

    id: str = ""
    text: str = ""
    version: int = 0
    may_write: bool = False
    heard: int = 0
    refused: int = 0
    replaced: int = 0
    held: bool = False
    mine: str = ""
    problem: str = ""
    carets: list[CaretView] = []

    _bases: dict[str, str] = {}
    _theirs: str = ""

    @rx.event
    @allow(Permission.assistant_use)
    async def watch(self, context_id: str):
        """Follow what others write, and where they are."""
        wanted = str(parse_id(context_id))
        if wanted != self.id:
            self.reset()
        self.id = wanted
        topics = {
            topic("notes", wanted): NotesState.refresh,
            topic("context", wanted): NotesState.refresh,
            topic("carets", wanted): NotesState.look_around,
            f"presence:{topic('context', wanted)}": NotesState.look_around,
        }
        async with acting(self) as (_, actor):
            await live.watch(self, "page.notes", topics, actor.user, after=ASIDE if not self.version else 0.0)
        return NotesState.refresh

    @rx.event
    @allow(Permission.assistant_use)
    async def refresh(self):
        if not self.id:
            return
        try:
            async with acting(self) as (session, actor):
                _, access = await get_context(session, actor, UUID(self.id))
                written = await notes.read(session, actor, UUID(self.id))
        except NotFound:
            self.reset()
            return
        self.may_write = access.may_write
        self._show(written)

    @rx.event
    @allow(Permission.assistant_use)
    async def hear(self, words: str):
        """What the browser says: where the caret is, and what the notes shall be now."""
        said = _parsed(words)
        if said is None or not self.id or said.get("context") != self.id:
            return
        try:
            await self._hear_caret(said)
            if "text" in said:
                await self._hear_text(str(said["text"])[: notes.LONGEST + 1], str(said.get("base", "")))
                self.heard, self.problem = _number(said, "sent"), ""
                self._keep_base(f"s{self.heard}", str(said["text"]))
        except FaradayError as refusal:
            self.problem, self.refused = refusal.message, _number(said, "sent")

    @rx.event
    @allow(Permission.assistant_use)
    async def look_around(self):
        """Where the others are in the notes, and who writes."""
        if not self.id:
            return
        try:
            async with acting(self) as (session, actor):
                members = await sharing.members(session, actor, UUID(self.id))
            signs = await presence.signs(topic("notes", self.id))
            here = await presence.who(topic("context", self.id))
        except (NotFound, RedisError):
            self.carets = []
            return
        names = {member.user_id: member.name for member in members if member.user_id in here}
        self.carets = caret_views(signs, names, self._tab())

    @rx.event
    @allow(Permission.assistant_use)
    async def choose_side(self, clash_id: str, side: str):
        self._choose_one(clash_id, side)

    @rx.event
    @allow(Permission.assistant_use)
    async def set_choosing(self, open: bool):
        """What waits to be chosen goes on waiting; both texts are in the history by now."""
        self.choosing = bool(open) and self.held

    @rx.event
    @allow(Permission.assistant_use)
    async def resolve(self):
        """Write what was chosen. Where the others went on meanwhile that is merged too, or asked about once more."""
        wanted = str(self._chosen()[FIELD])
        try:
            async with acting(self) as (session, actor):
                written = await notes.write(session, actor, parse_id(self.id), self._theirs, wanted)
        except NotesClash as clash:
            self._hold(clash, wanted)
            return ui.notify("The notes changed once more. Please look again.", "info")
        self._end_choosing()
        self.held, self.mine = False, ""
        self.replaced += 1
        self._show(written)
        return ui.notify("Merged. Both texts stay in the history.")

    async def _hear_caret(self, said: dict[str, Any]) -> None:
        async with acting(self) as (session, actor):
            await get_context(session, actor, UUID(self.id), write=True)
        try:
            at = min(max(_number(said, "caret"), 0), notes.LONGEST)
            await presence.sign(topic("notes", self.id), actor.user, self._tab(), json.dumps({"at": at}))
        except RedisError:
            return
        publish_soon(topic("carets", self.id))

    async def _hear_text(self, text: str, base: str) -> None:
        if self.held:
            raise Invalid("Choose first what shall stand.")
        try:
            async with acting(self) as (session, actor):
                written = await notes.write(session, actor, UUID(self.id), self._bases.get(base), text)
        except NotesClash as clash:
            self._hold(clash, text)
            async with acting(self) as (session, actor):
                await notes.set_aside(session, actor, UUID(self.id), text)
            return
        self._show(written)

    def _hold(self, clash: NotesClash, mine: str) -> None:
        self.held, self.mine, self._theirs = True, mine, clash.theirs
        self._begin_choosing(MergedFields({}, {FIELD: clash.merged}, {}), TITLES)
        self._show(Written(clash.theirs, clash.version))

    def _show(self, written: Written) -> None:
        self.text, self.version = written.text, written.version
        self._keep_base(f"v{written.version}", written.text)

    def _keep_base(self, name: str, text: str) -> None:
        kept = {key: value for key, value in self._bases.items() if key != name}
        self._bases = dict([*kept.items(), (name, text)][-MOST_BASES:])

    def _tab(self) -> str:
        return str(self.router.session.client_token)


def _parsed(words: str) -> dict[str, Any] | None:
    try:
        said = json.loads(str(words)[: 8 * notes.LONGEST])
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _number(said: dict[str, Any], name: str) -> int:
    value = said.get(name)
    return value if isinstance(value, int) and 0 <= value < 2**31 else 0
