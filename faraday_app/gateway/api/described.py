"""The description of these routes for `/api/v1/openapi.json`; the bodies are looked at by hand."""

from typing import Any

ABOUT_CHAT = """
As OpenAI has it; their clients work unchanged with `…/v1` as base URL and a Faraday key. `model` is one of
`/v1/models`, or `auto`. Every other parameter goes to the provider as it is, except `n`, which can only be 1.

The answer is charged to the key's person. `x-faraday-cost` tells micro-credits, which for a stream are the most that it
can cost; `x-faraday-model` and `x-faraday-provider` who answers, `x-faraday-route` the receipt of the way there,
`x-faraday-overhead-ms` Faraday's own part of the time. When a provider fails, the next one answers or goes on.
"""
ABOUT_EMBEDDINGS = "As OpenAI has it, for models of the category `embedding`."
_WORDS = {
    400: "Something in the request cannot be used; `param` names it.",
    401: "No key, or one that is unknown, revoked or expired.",
    402: "Not enough credits, or the budget of the key is used up.",
    403: "The key or the person may not do this.",
    404: "There is no such model.",
    429: "Too many requests; `Retry-After` says how many seconds to wait.",
    503: "No model answers right now; nothing was charged.",
}
_TEXT, _COUNT = {"type": "string"}, {"type": "integer", "minimum": 0}
_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["message", "type", "param", "code"],
            "properties": {
                "message": _TEXT,
                "type": _TEXT,
                "param": {"type": ["string", "null"]},
                "code": {"type": ["string", "null"]},
            },
        }
    },
}
_HEADERS = {
    name: {"description": words, "schema": {"type": kind}}
    for name, words, kind in (
        ("x-faraday-cost", "Micro-credits; the most it can cost while it streams.", "string"),
        ("x-faraday-model", "Who answers.", "string"),
        ("x-faraday-provider", "Where.", "string"),
        ("x-faraday-overhead-ms", "Faraday's own part of the time.", "string"),
        ("x-faraday-route", "The receipt of the way there.", "string"),
    )
}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": sorted(properties), "properties": properties}


def _list(kind: dict[str, Any]) -> dict[str, Any]:
    return _object(object={"const": "list"}, data={"type": "array", "items": kind})


def _answers(
    schema: dict[str, Any], *statuses: int, headers: bool = True, stream: bool = False
) -> dict[int | str, Any]:
    good: dict[str, Any] = {"description": "As asked.", "content": {"application/json": {"schema": schema}}}
    if stream:
        good["content"]["text/event-stream"] = _STREAM
    if headers:
        good["headers"] = _HEADERS
    refused: dict[int | str, Any] = {
        status: {"description": _WORDS[status], "content": {"application/json": {"schema": _ERROR}}}
        for status in (401, 403, 429, 503, *statuses)
    }
    return {200: good, **refused}


def _body(schema: dict[str, Any], example: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema, "example": example}}}}


_MODEL = _object(id=_TEXT, object={"const": "model"}, created=_COUNT, owned_by=_TEXT)
_USAGE = _object(prompt_tokens=_COUNT, total_tokens=_COUNT)
_COMPLETION = _object(
    id=_TEXT,
    object={"const": "chat.completion"},
    created=_COUNT,
    model=_TEXT,
    choices={"type": "array", "items": {"type": "object"}, "minItems": 1},
    usage=_USAGE,
)
_EMBEDDED = _list(_object(object={"const": "embedding"}, index=_COUNT, embedding={"type": ["array", "string"]}))
_STREAM = {"schema": {"type": "string"}, "example": 'data: {"choices": [{"delta": {"content": "Hello"}}]}\n\n'}

MODELS = _answers(_list(_MODEL), headers=False)
MODEL = _answers(_MODEL, 404, headers=False)
CHAT = _answers(_COMPLETION, 400, 402, 404, stream=True)
EMBEDDINGS = _answers(_EMBEDDED, 400, 402, 404)

_MESSAGE = {
    "type": "object",
    "required": ["role", "content"],
    "properties": {
        "role": {"enum": ["system", "developer", "user", "assistant"]},
        "content": {"type": "string", "minLength": 1, "maxLength": 500},
    },
}
CHAT_BODY = _body(
    {
        "type": "object",
        "required": ["model", "messages"],
        "properties": {
            "model": {"type": "string", "minLength": 1},
            "messages": {"type": "array", "minItems": 1, "items": _MESSAGE},
            "stream": {"type": "boolean"},
            "max_tokens": {"type": "integer", "minimum": 1},
            "temperature": {"type": "number", "minimum": 0, "maximum": 2},
            "tools": {"type": "array", "items": {"type": "object"}},
            "response_format": {"type": "object"},
        },
    },
    {"model": "auto", "messages": [{"role": "user", "content": "What is photosynthesis?"}]},
)
EMBEDDING_BODY = _body(
    {
        "type": "object",
        "required": ["model", "input"],
        "properties": {
            "model": {"type": "string", "minLength": 1},
            "input": {"oneOf": [_TEXT, {"type": "array", "items": _TEXT}]},
            "encoding_format": {"enum": ["float", "base64"]},
        },
    },
    {"model": "minilm", "input": "What is photosynthesis?"},
)
