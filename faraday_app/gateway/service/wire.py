"""The same wire without OpenAI's client, for what only passes through: a third of the work for each piece.

A program's call is asked as it came, thousands of pieces a second. What a failure means is ``upstream``'s to say.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any

from aiohttp import (
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    StreamReader,
    TCPConnector,
)

from faraday_app.core import outbound
from faraday_app.core.settings import settings
from faraday_app.core.vault import unseal
from faraday_app.gateway.errors import Fault, ProviderFailure
from faraday_app.gateway.service import upstream
from faraday_app.gateway.service.upstream import Json
from faraday_app.gateway.views import Deployment, Provider, ProviderKey

LARGEST_ANSWER = 32_000_000  # bytes, of what comes in one piece
LARGEST_LINE = 4_000_000
LARGEST_REFUSAL = 100_000
DONE = b"[DONE]"
_TIMES = ClientTimeout(total=None, sock_connect=upstream.CONNECTS_WITHIN, sock_read=upstream.BETWEEN_PIECES)
_sessions: dict[tuple[asyncio.AbstractEventLoop, bool], ClientSession] = {}


class PassThrough:
    """Asks as ``upstream.OpenAIUpstream`` does."""

    async def stream(self, deployment: Deployment, key: ProviderKey | None, body: Json) -> AsyncGenerator[list[Json]]:
        sent = upstream.streamed(deployment, body)
        async with _asked(deployment.provider, key, "/chat/completions", sent) as answer:
            if answer.content_type == "application/json":  # nothing that streams: an error, if anything
                raise upstream.failure_of_body((await _read(answer, LARGEST_REFUSAL)).get("error"))
            async for lines in _lines(answer.content):
                chunks, failure = _chunks(lines)
                if chunks:
                    yield chunks
                if failure:
                    raise failure
                if lines and lines[-1] == DONE:
                    return

    async def whole(self, deployment: Deployment, key: ProviderKey | None, path: str, body: Json) -> Json:
        async with _asked(deployment.provider, key, path, upstream.at_once(deployment, body)) as response:
            answer = await _read(response, LARGEST_ANSWER)
        if answer.get("error"):
            raise upstream.failure_of_body(answer["error"])
        return answer

    async def alive(self, deployment: Deployment, key: ProviderKey | None) -> bool:
        return await upstream.real.alive(deployment, key)


@asynccontextmanager
async def _asked(provider: Provider, key: ProviderKey | None, path: str, body: Json) -> AsyncIterator[ClientResponse]:
    """The answer, of status 200. Whatever goes wrong on the way, or while it is read, is a ProviderFailure."""
    try:
        url, secret = await _place(provider, key)
        headers = {
            "Authorization": f"Bearer {secret}",
            "Content-Type": "application/json",
            "Accept-Encoding": "identity",
        }
        posting = _session(provider.built_in).post(
            url + path, data=json.dumps(body).encode(), headers=headers, allow_redirects=False
        )
        async with posting as answer:
            if answer.status != 200:
                raise upstream.failure_of_status(answer.status, await _refusal(answer), answer.headers)
            yield answer
    except TimeoutError as error:
        raise ProviderFailure(Fault.silent) from error
    except (ClientError, OSError) as error:
        raise ProviderFailure(Fault.unreachable) from error
    except ValueError as error:
        raise ProviderFailure(Fault.broken, "What it sent could not be read.") from error


async def _lines(content: StreamReader) -> AsyncGenerator[list[bytes]]:
    """The data of the events that came together; what ends without a line break is half of one, and no event."""
    rest = b""
    async for data in content.iter_any():
        *lines, rest = (rest + data).split(b"\n")
        if len(rest) > LARGEST_LINE:
            raise ProviderFailure(Fault.broken, "A line of it has no end.")
        events = [line[5:].strip() for line in lines if line.startswith(b"data:")]
        yield events[: events.index(DONE) + 1] if DONE in events else events


def _chunks(lines: list[bytes]) -> tuple[list[Json], ProviderFailure | None]:
    """What can be read of them: all, or what came before one that cannot."""
    found: list[Json] = []
    for line in lines:
        if line == DONE:
            break
        try:
            chunk = json.loads(line.decode())
        except ValueError:
            return found, ProviderFailure(Fault.broken, "What it sent could not be read.")
        if not isinstance(chunk, dict):
            return found, ProviderFailure(Fault.broken, "It sent something that is no chunk.")
        found.append(chunk)
    return found, None


async def _read(answer: ClientResponse, most: int) -> Json:
    found = json.loads(await _bytes(answer, most))
    if not isinstance(found, dict):
        raise ProviderFailure(Fault.broken, "It sent something that is no answer.")
    return found


async def _refusal(answer: ClientResponse) -> Any:
    try:
        return json.loads(await _bytes(answer, LARGEST_REFUSAL))
    except ValueError:
        return None


async def _bytes(answer: ClientResponse, most: int) -> bytes:
    read = bytearray()
    async for data in answer.content.iter_any():
        read += data
        if len(read) > most:
            raise ProviderFailure(Fault.broken, "Its answer has no end.")
    return bytes(read)


async def _place(provider: Provider, key: ProviderKey | None) -> tuple[str, str]:
    """The address and the secret."""
    if provider.built_in:
        return settings().openai_base_url.rstrip("/"), settings().openai_api_key.get_secret_value() or "none"
    secret = await unseal(key.sealed, f"provider key {key.id}") if key else "none"
    return _checked(provider.base_url), secret


@lru_cache(maxsize=256)
def _checked(base_url: str) -> str:
    outbound.check_url(base_url)
    return base_url.rstrip("/")


def _session(built_in: bool) -> ClientSession:
    """Of this loop. Where people entered the address, names lead only to where Faraday may connect."""
    key = (asyncio.get_running_loop(), built_in)
    found = _sessions.get(key)
    if found is None or found.closed:
        guarded: Mapping[str, Any] = {} if built_in else {"resolver": outbound.Resolver()}
        connector = TCPConnector(limit=0, ssl=outbound.trusted(), **guarded)
        found = ClientSession(connector=connector, timeout=_TIMES, cookie_jar=DummyCookieJar(), trust_env=False)
        _sessions[key] = found
    return found


async def close() -> None:
    """The connections of this loop, at its end."""
    for built_in in (True, False):
        if session := _sessions.pop((asyncio.get_running_loop(), built_in), None):
            await session.close()


pass_through = PassThrough()
