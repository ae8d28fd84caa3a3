"""From facts to open pages: which tab watches what, and how a tab is told to read again."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping
from contextvars import Context
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import reflex as rx
import structlog
from reflex.state import BaseState
from reflex_base.event import Event

from faraday_app.core import presence
from faraday_app.core.facts import Fact, listener
from faraday_app.core.outbox import publish_now
from faraday_app.core.redis import RedisError

MOST_OFTEN = 0.1  # seconds between two refreshes of one tab by one handler
_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Tab:
    """What one open page watches. A socket that is not the one which subscribed gets nothing."""

    sid: str
    user_id: UUID | None
    slots: dict[str, dict[str, Any]] = field(default_factory=dict)
    present: dict[str, str] = field(default_factory=dict)
    pace: dict[str, float] = field(default_factory=dict)
    last: dict[str, float] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)


class Live:
    """The tabs of this worker. All methods run on the worker's event loop."""

    def __init__(self) -> None:
        self._app: rx.App | None = None
        self._tabs: dict[str, Tab] = {}
        self._watchers: dict[str, set[str]] = defaultdict(set)

    def attach(self, app: rx.App) -> None:
        self._app = app
        listener.on_fact(self._hear)
        listener.on_gap(self.refresh_all)

    async def watch(
        self,
        state: BaseState,
        slot: str,
        topics: Mapping[str, Any],
        user_id: UUID | None = None,
        *,
        present: str = "",
        most_often: float = MOST_OFTEN,
    ) -> None:
        """Have the handler of each topic called when a fact arrives. Replaces what the slot watched before.

        ``present`` names a topic on which the person shall be seen as being here; ``most_often`` is in seconds.
        """
        token, sid = state.router.session.client_token, state.router.session.session_id
        tab = self._tabs.get(token)
        if tab is None or tab.sid != sid or tab.user_id != user_id:
            await self._drop(token)
            tab = self._tabs[token] = Tab(sid, user_id)
        await self._clear(token, tab, slot)
        tab.slots[slot] = dict(topics)
        for topic, handler in topics.items():
            tab.pace[_name(handler)] = most_often
            self._watchers[topic].add(token)
        if present and user_id:
            tab.present[slot] = present
            await self._arrive([(present, user_id, token)])
            await publish_now(f"presence:{present}")

    async def leave(self, state: BaseState, slot: str) -> None:
        """Stop watching a slot and those below it: "page" ends "page.run" as well."""
        token = state.router.session.client_token
        if tab := self._tabs.get(token):
            for name in [name for name in tab.slots if name == slot or name.startswith(f"{slot}.")]:
                await self._clear(token, tab, name)

    def signal(self, topic: str) -> None:
        """Tell the local tabs of a topic without going through Redis."""
        for token in list(self._watchers.get(topic, ())):
            tab = self._tabs.get(token)
            for handlers in list(tab.slots.values()) if tab else ():
                if tab and topic in handlers:
                    self._call(token, tab, handlers[topic])

    def refresh_all(self) -> None:
        """After a gap nobody knows what was missed: every tab reads everything again."""
        for topic in list(self._watchers):
            self.signal(topic)

    def watched(self, topic: str) -> bool:
        return bool(self._watchers.get(topic))

    @property
    def open_tabs(self) -> int:
        return len(self._tabs)

    async def keep(self) -> None:
        """Until cancelled: renew who is here, forget tabs whose socket is gone."""
        renewed = 0.0
        while True:
            await asyncio.sleep(0.5)
            for token in [token for token, tab in self._tabs.items() if self._socket(token) != tab.sid]:
                await self._drop(token)
            if time.monotonic() - renewed >= presence.RENEW_EVERY:
                renewed = time.monotonic()
                await self._arrive(
                    [
                        (topic, tab.user_id, token)
                        for token, tab in self._tabs.items()
                        for topic in tab.present.values()
                        if tab.user_id
                    ]
                )

    def _hear(self, fact: Fact) -> None:
        self.signal(str(fact["topic"]))

    def _call(self, token: str, tab: Tab, handler: Any) -> None:
        """Call at once when the last call is long enough ago, else once when it will be: newest wins."""
        key = _name(handler)
        if key in tab.waiting:
            return
        wait = tab.last.get(key, 0.0) + tab.pace.get(key, MOST_OFTEN) - time.monotonic()
        tab.waiting.add(key)
        # Who signals may be inside another tab's event; nothing of that event may reach this one, its cookie least.
        asyncio.get_running_loop().call_later(max(wait, 0), self._send, token, tab, handler, context=Context())

    def _send(self, token: str, tab: Tab, handler: Any) -> None:
        key = _name(handler)
        tab.waiting.discard(key)
        tab.last[key] = time.monotonic()
        if self._app is None or self._socket(token) != tab.sid:
            return
        task = asyncio.ensure_future(self._enqueue(token, handler))
        task.add_done_callback(_log_failure)

    async def _enqueue(self, token: str, handler: Any) -> None:
        assert self._app is not None
        with self._app.set_contexts():
            for event in Event.from_event_type(handler):
                await self._app.event_processor.enqueue(token, event)

    def _socket(self, token: str) -> str | None:
        namespace = self._app.event_namespace if self._app else None
        record = namespace._token_manager.token_to_socket.get(token) if namespace else None
        return record.sid if record else None

    async def _drop(self, token: str) -> None:
        if tab := self._tabs.pop(token, None):
            for slot in list(tab.slots):
                await self._clear(token, tab, slot)

    async def _clear(self, token: str, tab: Tab, slot: str) -> None:
        gone = tab.slots.pop(slot, {})
        for topic in gone:
            if not any(topic in handlers for handlers in tab.slots.values()):
                self._watchers[topic].discard(token)
                if not self._watchers[topic]:
                    del self._watchers[topic]
        if (topic := tab.present.pop(slot, "")) and tab.user_id:
            try:
                await presence.leave(topic, tab.user_id, token)
            except RedisError as error:
                _log.warning("presence_unknown", error=str(error))
            await publish_now(f"presence:{topic}")

    async def _arrive(self, entries: list[tuple[str, UUID, str]]) -> None:
        try:
            await presence.arrive(entries)
        except RedisError as error:
            _log.warning("presence_unknown", error=str(error))


def _name(handler: Any) -> str:
    return str(handler.fn.__qualname__)


def _log_failure(task: "asyncio.Future[None]") -> None:
    if not task.cancelled() and (error := task.exception()):
        _log.error("refresh_failed", exc_info=error)


live = Live()
