"""Reading the calls of tools from what a model sends, whatever it sends."""

import json
from dataclasses import dataclass
from typing import Any

from faraday_app.contexts.service.tools.seam import Json

MOST_CALLS = 4  # in one breath
LONGEST_ARGUMENTS = 8_000  # characters
_LARGEST_INDEX = 32


@dataclass(frozen=True, slots=True)
class Made:
    """A call as a model made it. ``problem`` says why it cannot be followed; ``written`` are its arguments as sent."""

    name: str
    written: str
    arguments: Json
    problem: str = ""


class Collector:
    """Puts calls together from the pieces in which they come."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}
        self._written: dict[int, str] = {}

    def hear(self, delta: Any) -> None:
        calls = delta.get("tool_calls") if isinstance(delta, dict) else None
        for call in calls if isinstance(calls, list) else ():
            function = call.get("function") if isinstance(call, dict) else None
            if not isinstance(function, dict):
                continue
            index = self._place(call.get("index"), _text(function.get("name")))
            if not 0 <= index <= _LARGEST_INDEX:
                continue
            self._names[index] = (self._names.get(index, "") + _text(function.get("name")))[:100]
            written = self._written.get(index, "") + _text(function.get("arguments"))
            self._written[index] = written[: LONGEST_ARGUMENTS + 1]

    @property
    def heard(self) -> bool:
        return bool(self._names)

    def made(self, *, broken: bool = False) -> list[Made]:
        """All of them in their order. ``broken``: the stream ended in the middle, and none of them is whole."""
        found = [_read(self._names[at], self._written[at], broken) for at in sorted(self._names)]
        late = "Too many calls at once. Make the most important ones first."
        return [
            Made(each.name, each.written, {}, late) if place >= MOST_CALLS else each for place, each in enumerate(found)
        ]

    def _place(self, index: Any, name: str) -> int:
        """Some providers number no calls and send each whole: a name begins a new one."""
        if isinstance(index, int) and not isinstance(index, bool):
            return index
        return max(self._names, default=-1) + 1 if name else max(self._names, default=0)


def _read(name: str, written: str, broken: bool) -> Made:
    if broken:
        return Made(name, written, {}, "The call broke off before its end. Make it again, or answer without it.")
    if len(written) > LONGEST_ARGUMENTS:
        return Made(name, written, {}, f"The arguments are longer than {LONGEST_ARGUMENTS:,} characters.")
    try:
        arguments = json.loads(written or "{}")
    except (ValueError, RecursionError):
        return Made(name, written, {}, "The arguments are no valid JSON. Make the call again with a JSON object.")
    if not isinstance(arguments, dict):
        return Made(name, written, {}, "The arguments must be a JSON object.")
    return Made(name, written, arguments)


def _text(value: Any) -> str:
    return value.replace("\x00", "").encode(errors="replace").decode() if isinstance(value, str) else ""
