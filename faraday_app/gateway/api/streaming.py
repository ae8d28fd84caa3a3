"""Sends what comes the moment it comes: one write for all that came meanwhile, and an end when nobody listens."""

import asyncio
from collections.abc import AsyncGenerator

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

MOST_UNSENT = 262_144  # bytes; then whoever reads slowly is waited for


class EventStream(Response):
    """Server-sent events, out of lines that are made already. The lines are closed however the stream ends."""

    media_type = "text/event-stream"

    def __init__(self, lines: AsyncGenerator[bytes], headers: dict[str, str]) -> None:
        super().__init__(None, 200, {"X-Accel-Buffering": "no", "Cache-Control": "no-store", **headers})
        del self.headers["content-length"]
        self._lines = lines

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        first = await anext(self._lines)  # once begun, they end with all that belongs to their end
        writing = asyncio.create_task(self._write(first, send))
        leaving = asyncio.create_task(_gone(receive))
        try:
            await asyncio.wait((writing, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            leaving.cancel()
            if not writing.done():
                writing.cancel()
                await asyncio.wait((writing,))
            await self._lines.aclose()
        if not writing.cancelled() and (error := writing.exception()) and not isinstance(error, OSError):
            raise error

    async def _write(self, first: bytes, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        outlet = _Outlet(send)
        outlet.put(first)
        async for line in self._lines:
            outlet.put(line)
            if outlet.unsent > MOST_UNSENT:
                await outlet.flushed()
        await outlet.flushed()
        await send({"type": "http.response.body", "body": b"", "more_body": False})


class _Outlet:
    """Writes while whoever fills it waits for more."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waiting: list[bytes] = []
        self._task: asyncio.Task[None] | None = None
        self.unsent = 0

    def put(self, line: bytes) -> None:
        self._waiting.append(line)
        self.unsent += len(line)
        if self._task is None or self._task.done():
            if self._task:
                self._task.result()  # a failure to send ends the stream
            self._task = asyncio.create_task(self._flush())

    async def flushed(self) -> None:
        if self._task:
            await self._task

    async def _flush(self) -> None:
        while self._waiting:
            lines, self._waiting, self.unsent = self._waiting, [], 0
            await self._send({"type": "http.response.body", "body": b"".join(lines), "more_body": True})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
