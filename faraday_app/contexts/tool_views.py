"""What a browser may know of tools and of their use, and how it is put into words."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from faraday_app.contexts.models import Message
from faraday_app.contexts.service.tools import TOOLS


@dataclass(frozen=True, slots=True)
class ToolUseView:
    """One call of a tool in an answer: with what, and what came."""

    id: str
    name: str
    call: str
    result: str
    failed: bool


def tool_views(message: Message) -> list[ToolUseView]:
    return [
        ToolUseView(
            f"{message.id}-{place}", _label(str(each["tool"])), _told(each["arguments"]), each["result"], each["failed"]
        )
        for place, each in enumerate(message.tools or ())
    ]


def tool_names(names: Sequence[str]) -> str:
    """For people, in one line."""
    return ", ".join(_label(name) for name in names)


def _label(name: str) -> str:
    return TOOLS[name].label if name in TOOLS else name


def _told(written: str) -> str:
    """The values alone, where what a model wrote can be read."""
    try:
        found: Any = json.loads(written)
    except ValueError:
        return written
    return ", ".join(str(value) for value in found.values()) if isinstance(found, dict) else written
