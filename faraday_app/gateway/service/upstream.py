"""The wire to providers: OpenAI's protocol, through OpenAI's own client, as plain JSON both ways."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from functools import lru_cache
from typing import Any, Protocol

from aiohttp import ClientConnectionResetError, ClientSession, ServerDisconnectedError, TCPConnector
from httpx2 import HTTPError, RequestError
from openai import (
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    AsyncOpenAI,
    AsyncStream,
    DefaultAioHttpClient,
    Timeout,
)
from openai._vendor.httpx_aiohttp import AiohttpTransport

from faraday_app.core import outbound
from faraday_app.core.errors import FaradayError
from faraday_app.core.settings import settings
from faraday_app.core.vault import unseal
from faraday_app.gateway.errors import Fault, ProviderFailure
from faraday_app.gateway.views import Deployment, Provider, ProviderKey

CONNECTS_WITHIN = 3.0  # seconds
ALIVE_WITHIN = 5.0  # seconds
BETWEEN_PIECES = 60.0  # seconds until a silent model counts as gone
LARGEST_MESSAGE = 300
_CONTEXT = (
    "context_length_exceeded",
    "context length",
    "context window",
    "maximum context",
    "exceeds the available context",
)
_POLICY = ("content_filter", "content_policy", "content management policy", "safety system")

Json = dict[str, Any]


class Upstream(Protocol):
    """How a deployment is asked. Both raise ProviderFailure and nothing else."""

    def stream(self, deployment: Deployment, key: ProviderKey | None, body: Json) -> AsyncGenerator[list[Json]]:
        """The chunks of a chat completion as they come; those that came together stay together."""
        ...

    async def whole(self, deployment: Deployment, key: ProviderKey | None, path: str, body: Json) -> Json:
        """The answer to one request."""
        ...

    async def alive(self, deployment: Deployment, key: ProviderKey | None) -> bool:
        """Whether the provider answers at all, without asking a model anything."""
        ...


def streamed(deployment: Deployment, body: Json) -> Json:
    """A request for an answer as it comes, as it leaves."""
    return {**body, "model": deployment.upstream, "stream": True, "stream_options": {"include_usage": True}}


def at_once(deployment: Deployment, body: Json) -> Json:
    """A request for something in one piece, as it leaves."""
    return {**body, "model": deployment.upstream}


class OpenAIUpstream:
    """The real thing."""

    async def stream(self, deployment: Deployment, key: ProviderKey | None, body: Json) -> AsyncGenerator[list[Json]]:
        sent = streamed(deployment, body)
        try:
            client = await _client(deployment.provider, key)
            chunks = await _on_a_live_connection(
                lambda: client.post(
                    "/chat/completions", body=sent, cast_to=object, stream=True, stream_cls=AsyncStream[object]
                )
            )
            async with chunks:
                async for chunk in chunks:
                    if not isinstance(chunk, dict):
                        raise ProviderFailure(Fault.broken, "It sent something that is no chunk.")
                    yield [chunk]
        except (APIError, HTTPError, TimeoutError, OSError, ValueError) as error:
            raise failure_of(error) from error

    async def whole(self, deployment: Deployment, key: ProviderKey | None, path: str, body: Json) -> Json:
        try:
            client = await _client(deployment.provider, key)
            sent = at_once(deployment, body)
            answer = await _on_a_live_connection(lambda: client.post(path, body=sent, cast_to=object))
        except (APIError, HTTPError, TimeoutError, OSError, ValueError) as error:
            raise failure_of(error) from error
        if not isinstance(answer, dict):
            raise ProviderFailure(Fault.broken, "It sent something that is no answer.")
        if answer.get("error"):
            raise failure_of_body(answer["error"])
        return answer

    async def alive(self, deployment: Deployment, key: ProviderKey | None) -> bool:
        """Any answer will do, also that the key is wrong or the question unknown."""
        try:
            client = await _client(deployment.provider, key)
            await client.with_options(timeout=ALIVE_WITHIN).get("/models", cast_to=object)
        except APIStatusError as error:
            return error.status_code < 500
        except (APIError, HTTPError, TimeoutError, OSError, ValueError, FaradayError):
            return False
        return True


async def _on_a_live_connection(ask: Callable[[], Awaitable[Any]]) -> Any:
    """Ask, and once more where the connection turned out to be one that the other side had closed while it rested."""
    try:
        return await ask()
    except APIConnectionError as error:
        if not _was_closed(error):
            raise
        return await ask()


def _was_closed(error: BaseException | None) -> bool:
    """The client takes it for a time-out."""
    while error is not None:
        if isinstance(error, ClientConnectionResetError | ServerDisconnectedError):
            return True
        error = error.__cause__ or error.__context__
    return False


def failure_of(error: Exception) -> ProviderFailure:
    """What an exception of the client means."""
    if isinstance(error, APITimeoutError | TimeoutError) and not _was_closed(error):
        return ProviderFailure(Fault.silent)
    if isinstance(error, APIStatusError):
        return failure_of_status(error.status_code, error.body, error.response.headers)
    if isinstance(error, APIConnectionError | RequestError | OSError):
        return ProviderFailure(Fault.unreachable)
    if isinstance(error, APIError):
        return failure_of_body(error.body if isinstance(error.body, Mapping) else {"message": error.message})
    return ProviderFailure(Fault.broken, "What it sent could not be read.")


def failure_of_body(error: Any) -> ProviderFailure:
    """What an error object means that came where an answer should be."""
    known = error if isinstance(error, Mapping) else {"message": str(error)}
    message = str(known.get("message") or "")[:LARGEST_MESSAGE]
    words = f"{known.get('code') or ''} {known.get('type') or ''} {message}".lower()
    return ProviderFailure(_fault_in(words) or Fault.broken, message)


def failure_of_status(status: int, body: Any, headers: Mapping[str, str]) -> ProviderFailure:
    """What an answer means that is none, by its status and by what stands in it."""
    inner = body.get("error", body) if isinstance(body, Mapping) else None
    told = inner if isinstance(inner, Mapping) else {}
    message = str(told.get("message") or "")[:LARGEST_MESSAGE]
    fault = _fault_in(f"{told.get('code') or ''} {message}".lower())
    if status == 429:
        return ProviderFailure(Fault.limited, message, _rest_of(headers))
    if status in (401, 403):
        return ProviderFailure(Fault.key_refused, message)
    if status in (400, 413, 422):
        return ProviderFailure(fault or Fault.bad_request, message)
    return ProviderFailure(Fault.broken, message or f"Status {status}")


def _fault_in(words: str) -> Fault | None:
    if any(each in words for each in _CONTEXT):
        return Fault.too_long
    return Fault.content_policy if any(each in words for each in _POLICY) else None


def _rest_of(headers: Mapping[str, str]) -> float | None:
    try:
        return float(headers.get("retry-after", ""))
    except ValueError:
        return None


async def _client(provider: Provider, key: ProviderKey | None) -> AsyncOpenAI:
    if provider.built_in:
        return _built_in_client()
    secret = await unseal(key.sealed, f"provider key {key.id}") if key else "none"
    return _client_of(provider.base_url, secret)


@lru_cache(maxsize=1)
def _built_in_client() -> AsyncOpenAI:
    secret = settings().openai_api_key.get_secret_value() or "none"
    return _made(settings().openai_base_url, secret, DefaultAioHttpClient())


@lru_cache(maxsize=256)
def _client_of(base_url: str, secret: str) -> AsyncOpenAI:
    outbound.check_url(base_url)
    transport = AiohttpTransport(client=_session, trust_env=False)
    return _made(base_url, secret, DefaultAioHttpClient(transport=transport, trust_env=False, follow_redirects=False))


def _made(base_url: str, secret: str, http_client: Any) -> AsyncOpenAI:
    # Retries are the chain's to decide, which knows who else could be asked.
    timeout = Timeout(BETWEEN_PIECES, connect=CONNECTS_WITHIN)
    return AsyncOpenAI(base_url=base_url, api_key=secret, max_retries=0, timeout=timeout, http_client=http_client)


def _session() -> ClientSession:
    """Connects only where the settings let Faraday connect, whatever a name resolves to at that moment."""
    connector = TCPConnector(resolver=outbound.Resolver(), ssl=outbound.trusted(), limit=200)
    return ClientSession(connector=connector)


async def close() -> None:
    """Give back the connections of this process; at its end."""
    if _built_in_client.cache_info().currsize:
        await _built_in_client().close()
    _built_in_client.cache_clear()
    _client_of.cache_clear()


async def reachable() -> bool:
    """Whether this installation's own endpoint answers at all."""
    try:
        await _built_in_client().with_options(timeout=2).models.list()
    except (APIError, HTTPError, OSError):
        return False
    return True


real = OpenAIUpstream()
