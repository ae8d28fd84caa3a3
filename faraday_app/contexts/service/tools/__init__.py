"""What GPTs may have done for them while they answer: the tools there are, by their names."""

from collections.abc import Iterable

from faraday_app.contexts.service.tools.calculator import CALCULATOR
from faraday_app.contexts.service.tools.calls import Collector, Made
from faraday_app.contexts.service.tools.seam import Tool
from faraday_app.contexts.service.tools.searching import SEARCH
from faraday_app.contexts.service.tools.using import Use, Used, user_of

TOOLS: dict[str, Tool] = {tool.name: tool for tool in (CALCULATOR, SEARCH)}


def named(names: Iterable[str]) -> dict[str, Tool]:
    """Those that there are."""
    return {name: TOOLS[name] for name in names if name in TOOLS}


__all__ = ["TOOLS", "Collector", "Made", "Tool", "Use", "Used", "named", "user_of"]
