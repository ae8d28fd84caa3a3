"""How what belongs to a GPT travels in a pack: what stands in a version may be told otherwise there."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.models import Gpt
from faraday_app.core.permissions import Actor

Value = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Carrier:
    """``carry`` makes of what a version holds what a pack says, and adds contents to the files that travel along; None
    where nothing is left. ``unpack`` gives it to a new GPT of the actor's, as strictly as if they had made it there;
    ``fit`` is Invalid for what a pack may not say.
    """

    carry: Callable[[AsyncSession, Actor, Gpt, Value, dict[str, bytes]], Awaitable[Value | None]]
    unpack: Callable[[AsyncSession, Actor, Gpt, Value, Mapping[str, bytes]], Awaitable[None]]
    fit: Callable[[Value], None]
