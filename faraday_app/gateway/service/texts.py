"""What people read of what a provider sends: the names back in their places, and nothing said twice."""

from typing import Any

from faraday_app.gateway.service.privacy import Masked, Unmasking
from faraday_app.gateway.service.seam import Seam

Json = dict[str, Any]


class Text:
    """One answer on its way to people. ``said``: what came before; ``masked``: how names were hidden."""

    def __init__(self, said: str, masked: Masked | None) -> None:
        self._seam, self._masked = Seam(said), masked
        self._words = Unmasking(masked) if masked else None
        self._arguments: dict[int, Unmasking] = {}

    def feed(self, text: str) -> str:
        return self._seam.join(self._words.feed(text) if self._words else text)

    def rest(self) -> str:
        """What was still held back, at the end."""
        last = self._words.rest() if self._words else ""
        return self._seam.join(last) + self._seam.rest()

    def delta(self, delta: Json | None) -> Json | None:
        """The calls of tools in a chunk, with names in their arguments."""
        if self._masked is None or not delta or not isinstance(delta.get("tool_calls"), list):
            return delta
        return {**delta, "tool_calls": [self._call(call) for call in delta["tool_calls"]]}

    def rest_of_calls(self) -> Json | None:
        """What was still held back of arguments, as a chunk has it."""
        rests = {index: unmasking.rest() for index, unmasking in self._arguments.items()}
        calls = [{"index": index, "function": {"arguments": rest}} for index, rest in rests.items() if rest]
        return {"tool_calls": calls} if calls else None

    def _call(self, call: Any) -> Any:
        function = call.get("function") if isinstance(call, dict) else None
        if self._masked is None or not isinstance(function, dict) or not isinstance(function.get("arguments"), str):
            return call
        unmasking = self._arguments.setdefault(int(call.get("index") or 0), Unmasking(self._masked))
        return {**call, "function": {**function, "arguments": unmasking.feed(function["arguments"])}}
