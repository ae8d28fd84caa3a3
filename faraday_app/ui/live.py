"""From facts to open pages: which tab watches what, and how a tab is told to read again."""

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Callable, Coroutine, Hashable, Mapping
from contextvars import Context
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar
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
AT_ONCE = 4  # refreshes by one handler in this worker, so that those who click are not kept waiting
LONGEST = 1.0  # seconds for which a refresh keeps others waiting
SHARED_FOR = 5.0  # seconds; a fact ends it sooner
Loaded = TypeVar("Loaded")
_log = structlog.get_logger(__name__)


class Pace(NamedTuple):
    """Seconds between two calls of a handler, and from a fact to the first."""

    most_often: float = MOST_OFTEN
    after: float = 0.0


@dataclass(slots=True)
class Tab:
    """What one open page watches. A socket that is not the one which subscribed gets nothing."""

    sid: str
    user_id: UUID | None
    slots: dict[str, dict[str, Any]] = field(default_factory=dict)
    present: dict[str, str] = field(default_factory=dict)
    pace: dict[str, Pace] = field(default_factory=dict)
    last: dict[str, float] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Lane:
    """The tabs in which one handler is to be called, and how many are being seen to."""

    line: deque[tuple[str, Tab, Any]] = field(default_factory=deque)
    hands: int = 0


class Live:
    """The tabs of this worker. All methods run on the worker's event loop."""

    def __init__(self) -> None:
        self._app: rx.App | None = None
        self._tabs: dict[str, Tab] = {}
        self._watchers: dict[str, set[str]] = defaultdict(set)
        self._lanes: dict[str, Lane] = defaultdict(Lane)
        self._hands: set[asyncio.Future[None]] = set()
        self._shared: dict[str, dict[Hashable, asyncio.Future[Any]]] = {}

    def attach(self, app: rx.App) -> None:
        self._app = app
        listener.on_fact(self._hear)
        listener.on_gap(self._hear_nothing)

    async def watch(
        self,
        state: BaseState,
        slot: str,
        topics: Mapping[str, Any],
        user_id: UUID | None = None,
        *,
        present: str = "",
        most_often: float = MOST_OFTEN,
        after: float = 0.0,
    ) -> None:
        """Have the handler of each topic called when a fact arrives. Replaces what the slot watched before.

        ``present`` names a topic on which the person shall be seen as being here. ``most_often`` is in seconds, and
        so is ``after``: what stands at the side waits that long, so that what is read in the middle comes first.
        """
        token, sid = state.router.session.client_token, state.router.session.session_id
        tab = self._tabs.get(token)
        if tab is None or tab.sid != sid or tab.user_id != user_id:
            await self._drop(token)
            tab = self._tabs[token] = Tab(sid, user_id)
        await self._clear(token, tab, slot)
        tab.slots[slot] = dict(topics)
        for topic, handler in topics.items():
            tab.pace[_name(handler)] = Pace(most_often, after)
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

    async def disconnect(self, state: BaseState) -> None:
        """Close the tab's websocket below the framework, which then opens it again: what the page holds stays."""
        sid = state.router.session.session_id
        namespace = self._app.event_namespace if self._app else None
        if self._app is None or self._app.sio is None or namespace is None:
            return
        if transport := self._app.sio.manager.eio_sid_from_sid(sid, namespace.namespace):
            await self._app.sio.eio.disconnect(transport)

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

    async def shared(self, topic: str, scope: Hashable, load: Callable[[], Coroutine[Any, Any, Loaded]]) -> Loaded:
        """What ``load`` reads, read once for all tabs of this worker until the next fact on the topic.

        The scope names everything that decides what is read, rights included. A refusal is the asker's own.
        """
        found = self._shared.get(topic, {}).get(scope)
        if found is not None:
            try:
                return await asyncio.shield(found)
            except Exception:
                return await load()
        if not listener.connected:
            return await load()
        # It goes on for the others when whoever asked first has left.
        loading = asyncio.create_task(load(), context=Context())
        self._shared.setdefault(topic, {})[scope] = loading
        loading.add_done_callback(lambda done: self._unshare(topic, scope, done) if _failed(done) else None)
        asyncio.get_running_loop().call_later(SHARED_FOR, self._unshare, topic, scope, loading)
        return await asyncio.shield(loading)

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
        self._shared.pop(str(fact["topic"]), None)
        self.signal(str(fact["topic"]))

    def _hear_nothing(self) -> None:
        self._shared.clear()
        self.refresh_all()

    def _unshare(self, topic: str, scope: Hashable, loading: "asyncio.Future[Any]") -> None:
        scopes = self._shared.get(topic, {})
        if scopes.get(scope) is loading:
            del scopes[scope]
            if not scopes:
                del self._shared[topic]

    def _call(self, token: str, tab: Tab, handler: Any) -> None:
        """Call at once when the last call is long enough ago, else once when it will be: newest wins.

        Whoever waits is not told twice, so that a thousand facts about a full hall cost each tab one refresh.
        """
        key = _name(handler)
        if key in tab.waiting:
            return
        pace = tab.pace.get(key, Pace())
        wait = tab.last.get(key, 0.0) + pace.most_often - time.monotonic()
        tab.waiting.add(key)
        # Who signals may be inside another tab's event; nothing of that event may reach this one, its cookie least.
        asyncio.get_running_loop().call_later(max(wait, pace.after), self._send, token, tab, handler, context=Context())

    def _send(self, token: str, tab: Tab, handler: Any) -> None:
        lane = self._lanes[_name(handler)]
        lane.line.append((token, tab, handler))
        if lane.hands < AT_ONCE:
            lane.hands += 1
            self._hands.add(hand := asyncio.ensure_future(self._serve(lane)))
            hand.add_done_callback(self._hands.discard)

    async def _serve(self, lane: Lane) -> None:
        """See to those who wait, in their order, until nobody does."""
        while lane.line:
            token, tab, handler = lane.line.popleft()
            key = _name(handler)
            tab.waiting.discard(key)
            tab.last[key] = time.monotonic()
            if self._app is not None and self._socket(token) == tab.sid:
                try:
                    await self._refresh(self._app, token, handler)
                except Exception as error:
                    _log.error("refresh_failed", handler=key, exc_info=error)
        lane.hands -= 1

    async def _refresh(self, app: rx.App, token: str, handler: Any) -> None:
        with app.set_contexts():
            events = [await app.event_processor.enqueue(token, event) for event in Event.from_event_type(handler)]
        await asyncio.wait(events, timeout=LONGEST)

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


def _failed(task: "asyncio.Future[Any]") -> bool:
    return task.cancelled() or task.exception() is not None


live = Live()
