"""What a request wants, read and looked at by hand: models of its whole body would cost more than the answer's way."""

import json
import math
from dataclasses import dataclass
from typing import Any, NoReturn

from faraday_app.core.errors import Invalid
from faraday_app.gateway.service import AUTO, most_tokens_of
from faraday_app.gateway.views import Capability

Json = dict[str, Any]
ROLES = frozenset({"system", "developer", "user", "assistant", "tool", "function"})
LONGEST_NAME = 120
MOST_INPUTS = 2_048
MOST_TOKENS = 10_000_000
_OURS = ("model", "stream", "stream_options", "n")
_IMAGES = ("image_url", "input_image")
_NUMBERS = {
    "temperature": (0, 2),
    "top_p": (0, 1),
    "presence_penalty": (-2, 2),
    "frequency_penalty": (-2, 2),
}


@dataclass(frozen=True, slots=True)
class Chat:
    """``body`` is what goes to the provider: everything but what is ours to say."""

    model: str
    body: Json
    stream: bool
    tells_usage: bool
    prompt: int
    most_answer: int | None
    needs: frozenset[Capability]


@dataclass(frozen=True, slots=True)
class Embedding:
    """``longest`` and ``prompt`` in tokens, at most: of the longest text, and of all."""

    model: str
    body: Json
    base64: bool
    longest: int
    prompt: int


def chat(raw: bytes) -> Chat:
    """Invalid, with the parameter, for what cannot be asked."""
    body = _object(raw)
    messages = _messages(body)
    stream, options = body.get("stream") or False, body.get("stream_options") or {}
    if not isinstance(stream, bool):
        _refuse("stream", "“stream” must be true or false.")
    if not isinstance(options, dict):
        _refuse("stream_options", "“stream_options” must be an object.")
    if body.get("n") not in (None, 1):
        _refuse("n", "Only one answer at a time: leave “n” out, or send 1.")
    for name, (least, most) in _NUMBERS.items():
        _check_number(body, name, least, most)
    sent = {name: value for name, value in body.items() if name not in _OURS and value is not None}
    return Chat(
        _model(body),
        sent,
        stream,
        bool(options.get("include_usage")),
        most_tokens_of(sent),
        _most_answer(body),
        _needs(body, messages),
    )


def embedding(raw: bytes) -> Embedding:
    """The same for embeddings. Providers are always asked for numbers; base64 is ours to make."""
    body = _object(raw)
    wanted = body.get("encoding_format") or "float"
    if wanted not in ("float", "base64"):
        _refuse("encoding_format", "“encoding_format” must be float or base64.")
    texts = _inputs(body.get("input"))
    _whole_number(body, "dimensions")
    sent = {name: value for name, value in body.items() if name != "model" and value is not None}
    sent["encoding_format"] = "float"
    sizes = [_most_tokens(each) for each in texts]
    return Embedding(_model(body), sent, wanted == "base64", max(sizes), sum(sizes))


def _object(raw: bytes) -> Json:
    try:
        text = raw.decode()
        body = json.loads(text, parse_constant=_no_number)
        if "\\ud" in text or "\\uD" in text:
            json.dumps(body, ensure_ascii=False).encode()  # half a character cannot be sent on
    except UnicodeError:
        _refuse("", "The body is not UTF-8.")
    except (ValueError, RecursionError):
        _refuse("", "The body cannot be read as JSON.")
    if not isinstance(body, dict):
        _refuse("", "The body must be a JSON object.")
    return body


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _model(body: Json) -> str:
    model = body.get("model")
    if not isinstance(model, str) or not model.strip():
        _refuse("model", f"Name a model, or “{AUTO}” to have one chosen.")
    if len(model) > LONGEST_NAME or not model.isprintable():
        _refuse("model", "There is no model of this name.")
    return model


def _messages(body: Json) -> list[Json]:
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        _refuse("messages", "“messages” must be a list with at least one message.")
    for place, message in enumerate(messages):
        where = f"messages[{place}]"
        if not isinstance(message, dict):
            _refuse(where, "Each message must be an object.")
        role = message.get("role")
        if not isinstance(role, str) or role not in ROLES:
            _refuse(f"{where}.role", f"The role must be one of {', '.join(sorted(ROLES))}.")
        _check_content(message.get("content"), f"{where}.content", required=role in ("system", "developer", "user"))
    return messages


def _check_content(content: Any, where: str, *, required: bool) -> None:
    if content is None and not required:
        return
    if isinstance(content, list) and content:
        if not all(isinstance(part, dict) and isinstance(part.get("type"), str) for part in content):
            _refuse(where, "Each part of a content must be an object with a type.")
    elif not isinstance(content, str):
        _refuse(where, "The content must be a text, or a list of parts.")


def _needs(body: Json, messages: list[Json]) -> frozenset[Capability]:
    needs = set()
    for name, what in (("tools", list), ("functions", list), ("response_format", dict)):
        if body.get(name) is not None and not isinstance(body[name], what):
            _refuse(name, f"“{name}” must be {'a list' if what is list else 'an object'}.")
    if body.get("tools") or body.get("functions"):
        needs.add(Capability.tools)
    if (body.get("response_format") or {}).get("type") == "json_schema":
        needs.add(Capability.json)
    if any(_has_image(message.get("content")) for message in messages):
        needs.add(Capability.images)
    return frozenset(needs)


def _has_image(content: Any) -> bool:
    return isinstance(content, list) and any(part["type"] in _IMAGES for part in content)


def _most_answer(body: Json) -> int | None:
    return _whole_number(body, "max_completion_tokens") or _whole_number(body, "max_tokens")


def _whole_number(body: Json, name: str) -> int | None:
    value = body.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MOST_TOKENS):
        _refuse(name, f"“{name}” must be a whole number above 0.")
    return value


def _check_number(body: Json, name: str, least: float, most: float) -> None:
    value = body.get(name)
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        _refuse(name, f"“{name}” must be a number.")
    if not least <= value <= most:
        _refuse(name, f"“{name}” must be between {least} and {most}.")


def _inputs(given: Any) -> list[Any]:
    """Each text, or list of tokens, on its own."""
    texts = given if isinstance(given, list) and not _is_tokens(given) else [given]
    if not texts or len(texts) > MOST_INPUTS:
        _refuse("input", f"Send 1 to {MOST_INPUTS:,} texts.")
    if not all((isinstance(each, str) and each) or _is_tokens(each) for each in texts):
        _refuse("input", "“input” must be a text, a list of texts, or lists of tokens; none of them empty.")
    return texts


def _is_tokens(given: Any) -> bool:
    return isinstance(given, list) and bool(given) and all(type(each) is int and each >= 0 for each in given)


def _most_tokens(text: Any) -> int:
    return len(text.encode()) // 3 + 2 if isinstance(text, str) else len(text)


def _refuse(param: str, words: str) -> NoReturn:
    raise Invalid(words, field=param)
