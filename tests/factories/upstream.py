"""A provider on loopback that speaks OpenAI's protocol, and misbehaves as it is told."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from aiohttp import web

WORDS = ("One ", "two ", "three ", "four ", "five.")
TOOL = {"name": "weather", "arguments": '{"city": "Oslo"}'}


@dataclass
class Fault:
    """How a call goes wrong. ``after`` pieces: None before anything is sent. ``times`` calls, then no more."""

    kind: str
    after: int | None = None
    times: int = 1_000
    retry_after: str = ""


@dataclass
class Upstream:
    """``asked`` are the bodies that came, ``keys`` what they were signed with."""

    port: int = 0
    words: tuple[str, ...] = WORDS
    fault: Fault | None = None
    usage: dict[str, Any] | None = None  # in place of the true one
    tells_usage: bool = True
    calls_tool: bool = False
    finish: str = "stop"
    pause: float = 0.0  # seconds between pieces
    says: Callable[[dict[str, Any]], Sequence[str | dict[str, Any]]] | None = None  # to a body: pieces, or their deltas
    asked: list[dict[str, Any]] = field(default_factory=list)
    asked_at: list[float] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    left: int = 0  # callers who went away

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def _fault(self, at: int | None) -> Fault | None:
        found = self.fault
        if found is None or found.after != at or found.times < 1:
            return None
        found.times -= 1
        return found


REFUSALS: dict[str, tuple[int, dict[str, Any]]] = {
    "500": (500, {"message": "Something broke."}),
    "429": (429, {"message": "Slow down.", "code": "rate_limit_exceeded"}),
    "401": (401, {"message": "Wrong key.", "code": "invalid_api_key"}),
    "error_in_200": (200, {"message": "The engine is overloaded.", "type": "server_error"}),
    "too_long": (400, {"message": "Too many tokens.", "code": "context_length_exceeded"}),
    "policy": (400, {"message": "Refused.", "code": "content_filter"}),
    "bad_request": (400, {"message": "Unknown parameter “colour”.", "param": "colour"}),
}


@asynccontextmanager
async def open_upstream(**options: Any) -> AsyncIterator[Upstream]:
    upstream = Upstream(**options)
    app = web.Application()
    app.router.add_post("/v1/chat/completions", partial(_chat, upstream))
    app.router.add_post("/v1/embeddings", partial(_embed, upstream))
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    upstream.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    try:
        yield upstream
    finally:
        await runner.cleanup()


async def _noted(upstream: Upstream, request: web.Request) -> dict[str, Any]:
    body = await request.json()
    upstream.asked.append(body)
    upstream.asked_at.append(time.perf_counter())
    upstream.keys.append(request.headers.get("Authorization", "").removeprefix("Bearer "))
    return body


async def _refusal(request: web.Request, fault: Fault | None) -> web.StreamResponse | None:
    if fault is None:
        return None
    if fault.kind == "reset":
        request.transport.abort()  # type: ignore[union-attr]
        return web.Response()
    if fault.kind == "hang":
        await asyncio.sleep(60)
        return web.Response()
    if fault.kind == "nonsense":
        return web.Response(text="<html>Gateway</html>", content_type="text/html")
    status, error = REFUSALS[fault.kind]
    headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
    return web.json_response({"error": error}, status=status, headers=headers)


async def _chat(upstream: Upstream, request: web.Request) -> web.StreamResponse:
    body = await _noted(upstream, request)
    if refused := await _refusal(request, upstream._fault(None)):
        return refused
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    try:
        await _stream(upstream, request, response, body)
    except (ConnectionError, asyncio.CancelledError):
        upstream.left += 1
        raise
    return response


async def _stream(upstream: Upstream, request: web.Request, response: web.StreamResponse, body: dict[str, Any]) -> None:
    deltas = _deltas(upstream, body)
    for place, delta in enumerate([*deltas, None]):
        if await _broken(upstream, request, response, place):
            return
        if delta is not None:
            await response.write(_line({"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}))
            await asyncio.sleep(upstream.pause)
    finish = "tool_calls" if any("tool_calls" in delta for delta in deltas) else upstream.finish
    await response.write(_line({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]}))
    if upstream.tells_usage:
        true = {"prompt_tokens": 7, "completion_tokens": len(deltas), "total_tokens": 7 + len(deltas)}
        await response.write(_line({"choices": [], "usage": upstream.usage or true}))
    await response.write(b"data: [DONE]\n\n")


async def _broken(upstream: Upstream, request: web.Request, response: web.StreamResponse, place: int) -> bool:
    """Whether the stream ends here."""
    fault = upstream._fault(place)
    if fault is None:
        return False
    if fault.kind == "half_line":
        await response.write(b'data: {"choices": [{"index": 0, "del')
    elif fault.kind == "not_json":
        await response.write(b"data: {nonsense\n\n")
    elif fault.kind == "error_in_200":
        await response.write(_line({"error": {"message": "The engine broke.", "type": "server_error"}}))
    elif fault.kind == "reset":
        await asyncio.sleep(0.05)
        request.transport.abort()  # type: ignore[union-attr]
    elif fault.kind == "hang":
        await asyncio.sleep(60)
    return True


def _deltas(upstream: Upstream, body: dict[str, Any]) -> list[dict[str, Any]]:
    if upstream.calls_tool and body.get("tools"):
        return _tool_deltas()
    said = upstream.says(body) if upstream.says else upstream.words
    return [{"content": piece} if isinstance(piece, str) else piece for piece in said]


def _tool_deltas() -> list[dict[str, Any]]:
    """A call in parts, as providers send it."""
    name, arguments = TOOL["name"], TOOL["arguments"]
    head = {"index": 0, "id": "call_1", "type": "function", "function": {"name": name, "arguments": ""}}
    parts = [{"index": 0, "function": {"arguments": arguments[at : at + 6]}} for at in range(0, len(arguments), 6)]
    return [{"role": "assistant", "content": None, "tool_calls": [each]} for each in (head, *parts)]


async def _embed(upstream: Upstream, request: web.Request) -> web.StreamResponse:
    body = await _noted(upstream, request)
    if refused := await _refusal(request, upstream._fault(None)):
        return refused
    texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
    data = [{"object": "embedding", "index": n, "embedding": [0.5, -0.25, float(n)]} for n in range(len(texts))]
    usage = {"prompt_tokens": 3 * len(texts), "total_tokens": 3 * len(texts)}
    # The last first: whoever reads goes by the index.
    return web.json_response({"object": "list", "data": data[::-1], "usage": usage})


def _line(chunk: dict[str, Any]) -> bytes:
    whole = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "upstream", **chunk}
    return f"data: {json.dumps(whole)}\n\n".encode()
