"""What belongs to a version beside the fields of a thing. Whoever keeps something with a GPT or a conversation adds
one line to ``PARTS``: it is then in versions, comparisons, restores and, with a ``carrier``, in packs.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.models import Context, Gpt, Subject
from faraday_app.contexts.service import notes
from faraday_app.contexts.service.data.snapshots import export_items, restore_items
from faraday_app.contexts.service.knowledge import snapshots as known
from faraday_app.contexts.service.knowledge.carrying import CARRIER as KNOWLEDGE
from faraday_app.contexts.service.memory import snapshots as remembered
from faraday_app.contexts.service.memory.carrying import CARRIER as MEMORY
from faraday_app.contexts.service.versions.carrying import Carrier
from faraday_app.core.permissions import Actor

Thing = Gpt | Context


@dataclass(frozen=True, slots=True)
class Part:
    """``read`` gives plain JSON, None for nothing. ``restore`` makes it so again, under the actor's rights; None is
    nothing. ``told`` is how a person reads and compares it, once ``worded`` has looked up what a version does not
    hold. ``carrier``: it travels in packs. Versions of an older schema than ``since`` say nothing about it.
    """

    name: str
    title: str
    of: Subject
    read: Callable[[AsyncSession, Any], Awaitable[dict[str, Any] | None]]
    restore: Callable[[AsyncSession, Actor, Any, dict[str, Any] | None], Awaitable[None]]
    told: Callable[[dict[str, Any]], str]
    carrier: Carrier | None = None
    worded: Callable[[AsyncSession, Actor, dict[str, Any]], Awaitable[dict[str, Any]]] | None = None
    since: int = 1


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
    Part("knowledge", "Files it knows", Subject.gpt, known.kept, known.restore, known.told, KNOWLEDGE, since=2),
    Part(
        "memory",
        "What it has remembered for you",
        Subject.gpt,
        remembered.kept,
        remembered.restore,
        remembered.told,
        MEMORY,
        remembered.worded,
        since=2,
    ),
)


def kind_of(thing: Thing) -> Subject:
    return Subject.gpt if isinstance(thing, Gpt) else Subject.conversation


def of(kind: Subject) -> list[Part]:
    return [part for part in PARTS if part.of is kind]
