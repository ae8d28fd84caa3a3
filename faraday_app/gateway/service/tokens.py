"""Counting tokens: before a call by bounds, after it by what the provider says, as far as that can be true."""

from collections.abc import Iterable
from typing import Any

from faraday_app.core.errors import Invalid
from faraday_app.gateway.views import Model, Turn

Json = dict[str, Any]
OVERHEAD = 12  # tokens around a message
IMAGE_BYTES = 6_000  # an image counts as so much text, however large its file is


def most_tokens(turns: Iterable[Turn]) -> int:
    """An upper bound of the tokens of a prompt: ordinary text has three bytes a token or more."""
    return sum(len(turn["content"].encode()) // 3 + OVERHEAD for turn in turns)


def most_tokens_of_text(text: str) -> int:
    return len(text.encode(errors="replace")) // 3 + 1


def most_tokens_of(body: Json) -> int:
    """The same for a request in OpenAI's protocol, with its tools."""
    counted = sum(_bytes_of(message) // 3 + OVERHEAD for message in body.get("messages") or [])
    return counted + _bytes_of(body.get("tools")) // 3 + _bytes_of(body.get("response_format")) // 3


def _bytes_of(value: Any) -> int:
    if isinstance(value, str):
        return len(value.encode(errors="replace"))
    if isinstance(value, dict):
        if "image_url" in value:
            return IMAGE_BYTES
        return sum(len(str(name)) + _bytes_of(inner) for name, inner in value.items())
    if isinstance(value, list | tuple):
        return sum(_bytes_of(inner) for inner in value)
    return 0 if value is None else 8


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


class Usage:
    """What a call took. A provider's count is believed when it can be true: a token has a byte or more, and an answer
    no more tokens than were asked for."""

    def __init__(self, body: Json) -> None:
        self._prompt_bytes = sum(_bytes_of(body.get(part)) for part in ("messages", "tools", "input"))
        self._longest = int(body.get("max_tokens", 0))
        self._messages = len(body.get("messages") or [])
        self._reported: tuple[int, int, int] | None = None
        self._pieces = 0
        self._bytes = 0

    @property
    def heard(self) -> bool:
        return self._pieces > 0

    def hear(self, text: str) -> None:
        if text:
            self._pieces += 1
            self._bytes += len(text.encode(errors="replace"))

    def read(self, chunk: Json) -> None:
        usage = chunk.get("usage")
        if not isinstance(usage, dict):
            return
        details = usage.get("prompt_tokens_details")
        cached = details.get("cached_tokens") if isinstance(details, dict) else 0
        counts = (usage.get("prompt_tokens"), cached or 0, usage.get("completion_tokens", 0))
        if all(isinstance(each, int) and each >= 0 for each in counts):
            self._reported = counts  # type: ignore[assignment]

    def counted(self, began: bool) -> tuple[int, int, int]:
        """Tokens of the prompt, how many of them were cached, and of the answer. Nothing when nothing came."""
        estimated = self._prompt_bytes // 4 + 4 * self._messages
        if self._reported:
            prompt, cached, answer = self._reported
            most = self._prompt_bytes + 64 * (self._messages + 1)
            return (
                prompt if prompt <= most else estimated,
                min(cached, prompt),
                answer if answer <= self._longest else self._pieces,
            )
        return (estimated, 0, self._pieces) if began else (0, 0, 0)
