"""What a tool is: something a GPT may have done for it while it answers, under the rights of whoever asked."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.service.assembly import Occasion
from faraday_app.core.errors import Invalid
from faraday_app.core.permissions import Actor

Json = dict[str, Any]
_KINDS: dict[str, type | tuple[type, ...]] = {
    "string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list, "object": dict,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tool:
    """``name`` and ``description`` are what a model reads, ``label`` and ``about`` what people do.

    ``parameters`` is the JSON schema of the arguments. ``run`` raises a FaradayError with words that help the model.
    """

    name: str
    label: str
    about: str
    description: str
    parameters: Json
    run: Callable[[AsyncSession, Actor, Occasion, Json], Awaitable[str]]

    @property
    def offered(self) -> Json:
        """As OpenAI's protocol has it."""
        function = {"name": self.name, "description": self.description, "parameters": self.parameters}
        return {"type": "function", "function": function}

    def checked(self, arguments: Json) -> Json:
        """Those the tool knows. Invalid when one is missing or of another kind."""
        properties: Json = self.parameters.get("properties", {})
        for name in self.parameters.get("required", ()):
            if name not in arguments:
                raise Invalid(f"The argument “{name}” is missing.")
        found = {name: arguments[name] for name in properties if arguments.get(name) is not None}
        for name, value in found.items():
            wanted = properties[name].get("type", "string")
            if not isinstance(value, _KINDS[wanted]) or (isinstance(value, bool) and wanted != "boolean"):
                raise Invalid(f"The argument “{name}” must be of type {wanted}.")
        return found
