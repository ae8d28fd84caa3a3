"""The content of a version as plain, canonical JSON."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from faraday_app.contexts.models import Context, Gpt, Subject

SCHEMAS = {Subject.gpt: 2, Subject.conversation: 1}  # another number where parts were added since
GPT_FIELDS = (
    "name",
    "instructions",
    "model",
    "temperature",
    "longest_answer",
    "icon",
    "tone",
    "shared",
    "memory_rights",
    "tools",
)
CONVERSATION_FIELDS = ("title", "model", "gpt_ids", "mode", "budget", "step_limit", "left_out")
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


@dataclass(frozen=True, slots=True)
class Content:
    """Fields by name, and what else belongs to the thing, by the name of its part. ``schema`` tells which parts there
    were when it was kept; without one it speaks of all.
    """

    fields: dict[str, Any]
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)
    schema: int = max(SCHEMAS.values())


def fields_of(thing: Gpt | Context) -> dict[str, Any]:
    names = GPT_FIELDS if isinstance(thing, Gpt) else CONVERSATION_FIELDS
    return {name: _plain(getattr(thing, name)) for name in names}


def canonical(value: dict[str, Any]) -> str:
    """JSON with sorted keys and without spaces: the same content is always the same text."""
    return _encode(value)


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [str(each) for each in value]
    return value
