"""Sends what comes the moment it comes, and ends when nobody listens.

Whoever reads slowly is waited for: meanwhile what the provider sends waits in its connection, and comes as one piece.
"""

import asyncio
from collections.abc import AsyncGenerator

from starlette.responses import Response
from starlette.types import Receive, Scope, Send


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
        await send({"type": "http.response.body", "body": first, "more_body": True})
        async for line in self._lines:
            await send({"type": "http.response.body", "body": line, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
