"""Doing what a model calls for: under the rights of whoever asked, with every failure told to the model in words."""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from faraday_app.contexts.service.assembly import Occasion
from faraday_app.contexts.service.tools.calls import Made
from faraday_app.contexts.service.tools.seam import Tool
from faraday_app.core.database import transaction
from faraday_app.core.errors import FaradayError
from faraday_app.core.permissions import Actor

SHOWN_ARGUMENTS, SHOWN_RESULT = 500, 2_000  # characters that are kept with the message
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Used:
    """A call and what came of it, as the model is told, in which round of the answer. Milliseconds."""

    made: Made
    result: str
    failed: bool
    took_ms: int
    round: int = 1

    def kept(self) -> dict[str, Any]:
        """As it stands with the message."""
        return {
            "tool": self.made.name or "?",
            "arguments": self.made.written[:SHOWN_ARGUMENTS],
            "result": self.result[:SHOWN_RESULT],
            "failed": self.failed,
            "took_ms": self.took_ms,
            "round": self.round,
        }


Use = Callable[[Made], Awaitable[Used]]


def user_of(tools: Mapping[str, Tool], actor: Actor, occasion: Occasion) -> Use:
    """Whoever runs these tools, and no others, whatever a model, a file or a message calls for."""

    async def use(made: Made) -> Used:
        began = time.monotonic()
        try:
            result, failed = await _result(tools, actor, occasion, made), False
        except FaradayError as refusal:
            result, failed = f"Error: {refusal.message}", True
        except Exception as error:
            _log.error("tool_failed", tool=made.name, exc_info=error)
            result, failed = "Error: The tool failed. Answer without it, and say so.", True
        return Used(made, result, failed, round((time.monotonic() - began) * 1000))

    return use


async def _result(tools: Mapping[str, Tool], actor: Actor, occasion: Occasion, made: Made) -> str:
    tool = tools.get(made.name)
    if tool is None:
        known = ", ".join(tools) or "none"
        raise FaradayError(f"There is no tool “{made.name}”. You can use: {known}.")
    if made.problem:
        raise FaradayError(made.problem)
    arguments = tool.checked(made.arguments)
    async with transaction(actor) as session:
        return await tool.run(session, actor, occasion, arguments)
