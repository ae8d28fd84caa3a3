"""How much one request may bring, and how long it may take to bring it."""

import asyncio
from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from faraday_app.core.http.problems import problem

LARGEST_BODY = 1_000_000  # bytes
LARGEST_HEAD = 32_000  # bytes of headers
SLOWEST_BODY = 30.0  # seconds from the first piece asked for to the last


class Room(NamedTuple):
    """How much a route takes, and in how many seconds."""

    largest: int
    slowest: float


# Where files are sent, by path. The routes count for themselves as the file comes, and keep none of it in memory.
ROOMY = {
    "/api/v1/gpts/packs": Room(52_000_000, 300.0),
    "/api/v1/gpts/packs/check": Room(52_000_000, 300.0),
    "/api/v1/imports": Room(200_000_000, 900.0),
    "/api/v1/rosters/imports": Room(21_000_000, 300.0),
}
# Under one thing, such as a conversation: as large as core.files takes them. The route asks who sends before it reads.
OF_A_THING = Room(20 * 1024 * 1024, 300.0)


def _room_of(scope: Scope) -> Room:
    path = scope["path"]
    if path.startswith("/api/v1/") and path.endswith(("/files", "/recordings")):
        return OF_A_THING
    return ROOMY.get(path) or Room(LARGEST_BODY, SLOWEST_BODY)


def unfit_head(scope: Scope, headers: Headers) -> JSONResponse | None:
    """The refusal of a request whose head alone says that it cannot be served, else None."""
    if sum(len(name) + len(value) for name, value in scope["headers"]) > LARGEST_HEAD:
        return problem(431, "Too large", f"Send at most {LARGEST_HEAD:,} bytes of headers.")
    room = _room_of(scope)
    return _too_large(room) if _announced(headers) > room.largest else None


def _announced(headers: Headers) -> int:
    """Bytes of the body by its own word; a length that is no number is for the server to refuse."""
    length = headers.get("content-length", "")
    return int(length) if length.isdecimal() and length.isascii() else 0


def _too_large(room: Room) -> JSONResponse:
    return problem(413, "Too large", f"Send at most {room.largest // 1_000_000} MB.")


def _too_slow() -> JSONResponse:
    return problem(408, "Too slow", "The rest of the request did not come in time.", {"Connection": "close"})


class Body:
    """Counts a body that came without a length, and times it; whatever the app makes of a refused one, we say why."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._room = Room(LARGEST_BODY, SLOWEST_BODY)
        self._received = 0
        self._is_whole = False
        self._until: float | None = None
        self._refusal: JSONResponse | None = None

    async def answered_by(self, app: ASGIApp, scope: Scope) -> None:
        started = False
        self._room = _room_of(scope)

        async def sending(message: Message) -> None:
            nonlocal started
            if started or not self._refusal:
                started = True
                await self._send(message)

        try:
            await app(scope, self._receiving, sending)
        except Exception:
            if started or not self._refusal:
                raise
        if self._refusal and not started:
            await self._refusal(scope, self._receive, self._send)

    async def _receiving(self) -> Message:
        if self._refusal:
            return {"type": "http.disconnect"}
        message = await self._next()
        if message is None:
            self._refusal = _too_slow()
            return {"type": "http.disconnect"}
        self._received += len(message.get("body", b""))
        self._is_whole = self._is_whole or not message.get("more_body", False)
        if self._received > self._room.largest:
            self._refusal = _too_large(self._room)
            return {"type": "http.disconnect"}
        return message

    async def _next(self) -> Message | None:
        """The next piece; None when it is late. After the last piece only the end of the connection can come."""
        if self._is_whole:
            return await self._receive()
        loop = asyncio.get_running_loop()
        self._until = self._until or loop.time() + self._room.slowest
        try:
            async with asyncio.timeout_at(self._until):
                return await self._receive()
        except TimeoutError:
            return None
