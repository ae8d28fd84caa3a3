"""An answer in rounds: a model writes, calls tools, reads what came of them and goes on, within bounds.

Only the tools of its GPT are there, whatever the conversation or its material say. Calls that make no sense are
answered with an error in words, as results are; after the last round it has to answer with what it has.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any

from faraday_app.contexts.service.prompts import ROUNDS, Ready
from faraday_app.contexts.service.quoting import shortened
from faraday_app.contexts.service.tools import Collector, Made, Use, Used
from faraday_app.core.errors import FaradayError, Unavailable
from faraday_app.gateway import service as gateway
from faraday_app.gateway.errors import ModelUnavailable

LEAST_RESULT = 60  # bytes
ONLY_CALLS = "The model called for tools and wrote no answer. You can try again."
Json = dict[str, Any]
Ask = Callable[[Json, bool], gateway.Call]


@dataclass(slots=True)
class _Round:
    """What came in one call of the model."""

    text: str = ""
    calls: Collector = field(default_factory=Collector)
    broken: FaradayError | None = None


async def talk(ready: Ready, ask: Ask, use: Use) -> AsyncGenerator[str | Used]:
    """The text as it comes, and between its parts each use of a tool.

    ``ask`` makes the call for a body; all calls of an answer share a receipt. True for one that goes on from results.
    """
    body, left, wrote = ready.body, ready.results, False
    for turn in range(ROUNDS + 1):
        last = turn == ROUNDS or not ready.tools
        call = ask({**body, "tool_choice": "none"} if last and ready.tools else body, turn > 0)
        said = _Round()
        async with aclosing(_listen(call, said)) as pieces:
            async for text in pieces:
                yield f"\n\n{text}" if wrote and not said.text else text
                said.text += text
        wrote = wrote or bool(said.text)
        if not said.calls.heard:
            if said.broken:
                raise said.broken
            return
        body = {**body, "max_tokens": ready.longest - call.receipt.answer_tokens}
        if last or body["max_tokens"] < 1:
            break
        used: list[Used] = []
        for made in said.calls.made(broken=said.broken is not None):
            used.append(_within(await use(made), left, turn + 1))
            left -= gateway.most_tokens_of_text(used[-1].result)
            yield used[-1]
        body["messages"] = [*body["messages"], *_told(said.text, used, turn)]
    if not wrote:
        raise Unavailable(ONLY_CALLS)


async def _listen(call: gateway.Call, said: _Round) -> AsyncGenerator[str]:
    async with aclosing(gateway.answer(call)) as pieces:
        try:
            async for piece in pieces:
                said.calls.hear(piece.delta)
                if piece.text:
                    yield piece.text
        except ModelUnavailable as failure:
            if not said.calls.heard:  # half a call is answered as a mistake is
                raise
            said.broken = failure


def _within(used: Used, left: int, round: int) -> Used:
    """Shortened to so many tokens, or nearly so: a model needs a word about each of its calls."""
    return replace(used, result=shortened(used.result, max(left * 3, LEAST_RESULT)), round=round)


def _told(text: str, used: list[Used], turn: int) -> list[Json]:
    """As OpenAI's protocol has it, with ids of our own. Arguments that were no JSON would trip a provider."""
    ids = [f"call_{turn}_{place}" for place in range(len(used))]
    calls = [
        {"id": id, "type": "function", "function": {"name": each.made.name or "unknown", "arguments": _sent(each.made)}}
        for id, each in zip(ids, used, strict=True)
    ]
    results = [{"role": "tool", "tool_call_id": id, "content": each.result} for id, each in zip(ids, used, strict=True)]
    return [{"role": "assistant", "content": text, "tool_calls": calls}, *results]


def _sent(made: Made) -> str:
    return "{}" if made.problem else made.written or "{}"
