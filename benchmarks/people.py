"""People of the demo school without a browser: signed in, with tabs that speak what Reflex's page speaks."""

import asyncio
import contextlib
import json
import socket
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import aiohttp

from faraday_app.core.http import SESSION_COOKIE

HYDRATE = "reflex___state____state.hydrate_and_load"
NAVIGATE = "reflex___state____state.reflex___state____on_load_internal_state.on_load_internal"
LOADED = '"is_hydrated_rx_state_":true'
EVENTS_PER_SECOND = 20  # what the guard lets one person do, after a burst of 150
_ENGINE = "/_event/?EIO=4&transport=websocket&token="
_CONNECT, _EVENT = "40/_event,", "42/_event,"


@dataclass(frozen=True, slots=True)
class Account:
    role: str
    name: str
    email: str
    password: str = field(repr=False)
    api_key: str = field(repr=False)


@dataclass(slots=True)
class Heard:
    """A message from the server, and when it came."""

    at: float
    text: str

    @property
    def delta(self) -> dict[str, dict[str, Any]]:
        return json.loads(self.text[len(_EVENT) :])[1].get("delta") or {}


class Refused(Exception):
    """The guard answered in place of the handler."""


@dataclass
class Person:
    """Somebody signed in from an address of their own, with any number of tabs."""

    account: Account
    url: str
    http: aiohttp.ClientSession

    @classmethod
    async def enter(cls, url: str, account: Account, number: int) -> "Person":
        connector = aiohttp.TCPConnector(local_addr=own_address(number), limit=0)
        http = aiohttp.ClientSession(url, connector=connector, cookie_jar=aiohttp.CookieJar(unsafe=True))
        form = {"email": account.email, "password": account.password}
        async with http.post("/auth/sign-in", data=form, headers={"Accept": "application/json"}) as answer:
            if answer.status != 200:
                await http.close()
                raise Refused(await answer.text())
        return cls(account, url, http)

    async def leave(self) -> None:
        await self.http.close()

    @property
    def session_token(self) -> str:
        return next(cookie.value for cookie in self.http.cookie_jar if cookie.key == SESSION_COOKIE)

    @contextlib.asynccontextmanager
    async def tab(self, path: str) -> AsyncIterator["Tab"]:
        """A tab on this page, open and loaded."""
        tab = Tab(self, path)
        await tab.open()
        try:
            yield tab
        finally:
            await tab.close()


class Tab:
    """One browser tab: a websocket, the page's hydrate event in its first packet, then events and deltas."""

    def __init__(self, person: Person, path: str) -> None:
        self.person, self.path = person, path
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._hearing: asyncio.Task[None] | None = None
        self._waiting: list[tuple[tuple[str, ...], asyncio.Future[Heard]]] = []

    async def open(self) -> None:
        address = _ENGINE + str(uuid.uuid4())
        self._socket = await self.person.http.ws_connect(address, headers={"Origin": self.person.url}, max_msg_size=0)
        await self._socket.receive_str()
        loaded = self.expect(LOADED)
        self._hearing = asyncio.create_task(self._hear())
        await self._socket.send_str(_CONNECT + json.dumps({"event": self._event(HYDRATE, {})}))
        await loaded

    async def close(self) -> None:
        if self._socket:
            await self._socket.close()
        if self._hearing:
            self._hearing.cancel()
            await asyncio.gather(self._hearing, return_exceptions=True)

    async def go(self, path: str) -> None:
        """Follow a link within the app."""
        self.path = path
        loaded = self.expect(LOADED)
        await self.send(NAVIGATE)
        await loaded

    async def send(self, name: str, /, **payload: Any) -> float:
        """Raise an event; the moment before it left."""
        assert self._socket
        message = _EVENT + json.dumps(["event", self._event(name, payload)])
        at = time.perf_counter()
        await self._socket.send_str(message)
        return at

    def expect(self, *parts: str, within: float = 30) -> "asyncio.Future[Heard]":
        """The next message that contains all these parts. Ask before sending what brings it about."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Heard] = loop.create_future()
        self._waiting.append((parts, future))
        clock = loop.call_later(within, _give_up, future, f"{self.path} did not hear {' and '.join(parts)}.")
        future.add_done_callback(lambda _: clock.cancel())
        return future

    async def ask(self, name: str, /, *parts: str, **payload: Any) -> float:
        """Seconds from an event to the message it brings about."""
        heard = self.expect(*parts)
        sent = await self.send(name, **payload)
        return (await heard).at - sent

    def _event(self, name: str, payload: dict[str, Any]) -> dict[str, Any]:
        return {"name": name, "payload": payload, "router_data": {"pathname": self.path, "asPath": self.path}}

    async def _hear(self) -> None:
        assert self._socket
        async for message in self._socket:
            at, text = time.perf_counter(), str(message.data)
            if text == "2":
                await self._socket.send_str("3")
                continue
            for waiting in list(self._waiting):
                parts, future = waiting
                if future.done():
                    self._waiting.remove(waiting)
                elif all(part in text for part in parts):
                    self._waiting.remove(waiting)
                    future.set_result(Heard(at, text))
            if "too fast" in text:
                self._fail(Refused("The guard's limit was reached: pace the clients."))
        self._fail(ConnectionError("The socket was closed."))

    def _fail(self, error: Exception) -> None:
        for _, future in self._waiting:
            if not future.done():
                future.set_exception(error)
        self._waiting.clear()


def own_address(number: int) -> tuple[str, int] | None:
    """A loopback address per person: the guard counts events and requests by address as well."""
    address = f"127.0.{1 + number // 200}.{2 + number % 200}"
    return (address, 0) if _has_many_addresses() else None


@lru_cache(maxsize=1)
def _has_many_addresses() -> bool:
    """Linux answers at all of 127.0.0.0/8."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.1.2", 0))
        except OSError:
            return False
    return True


def _give_up(future: "asyncio.Future[Heard]", why: str) -> None:
    if not future.done():
        future.set_exception(TimeoutError(why))
