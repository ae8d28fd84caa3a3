"""Ask a model, over any endpoint that speaks OpenAI's protocol."""

import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypedDict

from httpx2 import HTTPError
from openai import APIError, AsyncOpenAI, DefaultAioHttpClient, Timeout
from openai.types.chat import ChatCompletionMessageParam

from faraday_app.core.errors import Invalid
from faraday_app.core.settings import settings
from faraday_app.gateway.errors import ModelUnavailable, ModelUnknown
from faraday_app.gateway.models import Model

BETWEEN_PIECES = 60.0  # seconds until a silent model counts as gone
FAILURES_TO_OPEN = 5
OPEN_FOR = 5.0  # seconds


class Turn(TypedDict):
    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an answer as it comes; the last one carries the endpoint's count of tokens."""

    text: str = ""
    prompt_tokens: int | None = None
    answer_tokens: int | None = None


@lru_cache(maxsize=1)
def catalogue() -> tuple[Model, ...]:
    """The models on offer, the default first."""
    configured = settings()
    local = configured.openai_base_url.startswith(("http://127.0.0.1", "http://localhost"))
    longest = min(configured.model_answer, configured.model_context // 2)
    return (
        Model(
            name=configured.model,
            label=f"{configured.model} · local demo model" if local else configured.model,
            context=configured.model_context,
            longest_answer=longest,
            price_input=configured.price_input,
            price_output=configured.price_output,
            local_demo=local,
        ),
    )


def model_named(name: str = "") -> Model:
    """A model on offer; the default when no name is given."""
    for model in catalogue():
        if name in ("", model.name):
            return model
    raise ModelUnknown(name)


def most_tokens(turns: Iterable[Turn]) -> int:
    """An upper bound of the tokens of a prompt: ordinary text has three bytes a token or more."""
    return sum(len(turn["content"].encode()) // 3 + 12 for turn in turns)


def fitted(model: Model, turns: list[Turn]) -> list[Turn]:
    """The newest turns that fit the model's window beside an answer; the last one always stays.

    Invalid when the last alone does not fit.
    """
    room = model.context - model.longest_answer - 16
    if most_tokens(turns[-1:]) > room:
        raise Invalid("This message is too long for the model. Shorten it or split it up.", field="message")
    kept: list[Turn] = []
    for turn in reversed(turns):
        room -= most_tokens([turn])
        if room < 0:
            break
        kept.append(turn)
    return kept[::-1]


class _Breaker:
    """Stops asking an endpoint that failed several times in a row, and lets one through after a pause."""

    def __init__(self) -> None:
        self._failures = 0
        self._open_until = 0.0

    def refuse_when_open(self, model: str) -> None:
        if time.monotonic() < self._open_until:
            raise ModelUnavailable(model)

    def worked(self) -> None:
        self._failures = 0

    def failed(self) -> None:
        self._failures += 1
        if self._failures >= FAILURES_TO_OPEN:
            self._open_until = time.monotonic() + OPEN_FOR


_breaker = _Breaker()


@lru_cache(maxsize=1)
def _client() -> AsyncOpenAI:
    # Retries with jitter happen before the first token only: the client never repeats a stream that began.
    return AsyncOpenAI(
        base_url=settings().openai_base_url,
        api_key=settings().openai_api_key.get_secret_value() or "none",
        max_retries=2,
        timeout=Timeout(BETWEEN_PIECES, connect=3.0),
        http_client=DefaultAioHttpClient(),
    )


async def answer(model: Model, turns: list[Turn]) -> AsyncIterator[Piece]:
    """The model's answer piece by piece. ModelUnavailable when it cannot be reached or breaks off."""
    _breaker.refuse_when_open(model.name)
    finished = False
    try:
        stream = await _client().chat.completions.create(
            model=model.name,
            messages=[_as_message(turn) for turn in turns],
            max_tokens=model.longest_answer,
            stream=True,
            stream_options={"include_usage": True},
        )
        async with stream:
            async for chunk in stream:
                for choice in chunk.choices:
                    finished = finished or choice.finish_reason is not None
                    if choice.delta.content:
                        yield Piece(choice.delta.content)
                if chunk.usage:
                    yield Piece("", chunk.usage.prompt_tokens, chunk.usage.completion_tokens)
    except (APIError, HTTPError, TimeoutError, OSError) as error:
        _breaker.failed()
        raise ModelUnavailable(model.name) from error
    if not finished:
        _breaker.failed()
        raise ModelUnavailable(model.name)
    _breaker.worked()


def _as_message(turn: Turn) -> ChatCompletionMessageParam:
    if turn["role"] == "assistant":
        return {"role": "assistant", "content": turn["content"]}
    if turn["role"] == "system":
        return {"role": "system", "content": turn["content"]}
    return {"role": "user", "content": turn["content"]}


async def reachable() -> bool:
    """Whether the model endpoint answers at all."""
    try:
        await _client().with_options(max_retries=0, timeout=2).models.list()
    except (APIError, HTTPError, OSError):
        return False
    return True
