"""A tab without a browser: says to the app's socket whatever it likes."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import socketio

from faraday_app.core.http import SESSION_COOKIE

NAMESPACE = "/_event"
STATE = "reflex___state____state"
TOO_FAST = "That was too fast"


class Tab:
    """One socket with a tab token of its own choice. ``frames`` is every word of the server, as JSON text."""

    def __init__(self, token: str = "") -> None:
        self.token = token or str(uuid4())
        self.frames: list[str] = []
        self._heard = asyncio.Event()
        self._socket = socketio.AsyncClient(reconnection=False)
        self._socket.on("*", self._hear, namespace=NAMESPACE)

    async def connect(self, base: str, cookie: str = "", origin: str = "") -> None:
        headers = {"Origin": origin or base}
        if cookie:
            headers["Cookie"] = f"{SESSION_COOKIE}={cookie}"
        await self._socket.connect(
            f"{base}/_event?token={self.token}",
            headers=headers,
            transports=["websocket"],
            namespaces=[NAMESPACE],
            socketio_path="/_event",
            wait_timeout=5,
        )

    async def close(self) -> None:
        await self._socket.disconnect()

    async def say(self, handler: str, payload: Any = None, path: str = "/", **router_data: Any) -> None:
        event = {"name": handler, "payload": {} if payload is None else payload, "token": self.token}
        event["router_data"] = {"pathname": path, "asPath": path, "query": {}, **router_data}
        await self._socket.emit("event", event, namespace=NAMESPACE)

    async def asked(self, handler: str, *payloads: Any, path: str = "/") -> str:
        """Everything the server said in answer, until all of it was worked off. Asks again when it was too fast."""
        while True:
            begin = len(self.frames)
            for payload in payloads or (None,):
                await self.say(handler, payload, path)
            await self._settled(path)
            answer = "\n".join(self.frames[begin:])
            if TOO_FAST not in answer:
                return answer
            await asyncio.sleep(1)

    async def hydrate(self, path: str = "/") -> str:
        return await self.asked(f"{STATE}.hydrate", path=path)

    async def quiet(self, seconds: float = 0.5) -> None:
        """Until the server has said nothing for a while."""
        while True:
            self._heard.clear()
            try:
                await asyncio.wait_for(self._heard.wait(), seconds)
            except TimeoutError:
                return

    async def _settled(self, path: str) -> None:
        """Events of a tab are worked off in order: the answer to what everybody may ask comes last."""
        while True:
            begin, mark = len(self.frames), str(uuid4())
            await self.say(f"{STATE}.set_is_hydrated", {"value": mark}, path)
            async with asyncio.timeout(30):
                while not any(mark in frame or TOO_FAST in frame for frame in self.frames[begin:]):
                    self._heard.clear()
                    await self._heard.wait()
            if any(mark in frame for frame in self.frames[begin:]):
                return
            await asyncio.sleep(1)

    def changed(self, begin: int = 0) -> set[str]:
        """The states that the server has sent values of since a frame, the framework's own root aside."""
        updates = [json.loads(frame)[1:] for frame in self.frames[begin:]]
        return {name for update in updates for each in update for name in each.get("delta") or ()} - {STATE}

    async def _hear(self, event: str, *data: Any) -> None:
        self.frames.append(json.dumps([event, *data], ensure_ascii=False))
        self._heard.set()


@asynccontextmanager
async def tab(base: str, cookie: str = "", token: str = "") -> AsyncIterator[Tab]:
    opened = Tab(token)
    await opened.connect(base, cookie)
    try:
        yield opened
    finally:
        await opened.close()
