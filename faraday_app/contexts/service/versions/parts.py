"""What belongs to a version beside the fields of a thing. Whoever keeps something with a GPT or a conversation adds
one line to ``PARTS``: it is then in versions, comparisons, restores and packs.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.models import Context, Gpt, Subject
from faraday_app.contexts.service import notes
from faraday_app.contexts.service.data.snapshots import export_items, restore_items
from faraday_app.core.permissions import Actor

Thing = Gpt | Context


@dataclass(frozen=True, slots=True)
class Part:
    """``read`` gives plain JSON, None for nothing. ``restore`` makes it so again, under the actor's rights; None is
    nothing. ``told`` is how a person reads and compares it. ``packed``: it travels in packs.
    """

    name: str
    title: str
    of: Subject
    read: Callable[[AsyncSession, Any], Awaitable[dict[str, Any] | None]]
    restore: Callable[[AsyncSession, Actor, Any, dict[str, Any] | None], Awaitable[None]]
    told: Callable[[dict[str, Any]], str]
    packed: bool = True


async def _data(session: AsyncSession, context: Context) -> dict[str, Any] | None:
    items = await export_items(session, context)
    return {"items": items} if items else None


async def _restore_data(session: AsyncSession, actor: Actor, context: Context, value: dict[str, Any] | None) -> None:
    if value or await export_items(session, context):
        await restore_items(session, actor, context, (value or {}).get("items", []))


def _told_data(value: dict[str, Any]) -> str:
    return "\n".join(f"{each['title']} ({each['kind']})\n{each['content'] or ''}" for each in value["items"])


PARTS: tuple[Part, ...] = (
    Part("data", "Data", Subject.conversation, _data, _restore_data, _told_data),
    Part("notes", "Shared notes", Subject.conversation, notes.kept, notes.restore, notes.told),
)


def kind_of(thing: Thing) -> Subject:
    return Subject.gpt if isinstance(thing, Gpt) else Subject.conversation


def of(kind: Subject) -> list[Part]:
    return [part for part in PARTS if part.of is kind]
