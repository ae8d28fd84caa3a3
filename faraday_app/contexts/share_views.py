"""What a browser may know of shares between GPTs, and how it is put into words."""

from dataclasses import dataclass

from faraday_app.contexts.models import MemoryKind, SharePart, ShareStatus
from faraday_app.contexts.service.shares import Entry, Shared
from faraday_app.core.permissions import Actor
from faraday_app.ui.times import short

PARTS = [(part.value, part.label) for part in SharePart]
_GIVEN = {
    SharePart.instructions: "instructions",
    SharePart.knowledge: "files",
    SharePart.memory: "memory",
    SharePart.parameters: "parameters and tools",
}


@dataclass(frozen=True, slots=True)
class ShareView:
    """Of the other GPT its name and face. ``decides``: it waits for the viewer; ``renews``: it is theirs to give.

    ``adopts``: its parameters can be taken over by the viewer.
    """

    id: str
    name: str
    icon: str
    tone: str
    whose: str
    parts: str
    until: str
    status: str
    stale: bool
    over: bool
    decides: bool
    renews: bool
    version: int
    adopts: bool = False


@dataclass(frozen=True, slots=True)
class EntryView:
    title: str
    text: str


def share_view(found: Shared, actor: Actor, zone: str, *, giving: bool) -> ShareView:
    share, other = found.share, found.target if giving else found.source
    waits = share.status == ShareStatus.offered
    return ShareView(
        str(share.id),
        other.name,
        other.icon,
        other.tone,
        "yours" if other.owner_id == actor.user_id else f"by {found.other_owner or 'a former member'}",
        _parts(share.parts, share.memory_kinds),
        f"until {short(share.until, zone)}" if share.until else "until somebody ends it",
        "has run out" if found.over else ShareStatus(share.status).label,
        found.stale and not found.over,
        found.over,
        waits and not giving and not found.over,
        giving and not found.over,
        share.version,
        not giving and not found.over and share.status == ShareStatus.active and SharePart.parameters in share.parts,
    )


def entry_view(entry: Entry) -> EntryView:
    return EntryView(entry.title, entry.text)


def _parts(parts: list[str], kinds: list[str]) -> str:
    """In the order in which they can be chosen."""
    named = {part: _GIVEN[part] for part in SharePart if part in parts}
    if kinds and SharePart.memory in named:
        named[SharePart.memory] += f" ({', '.join(MemoryKind(kind).label.lower() for kind in kinds)})"
    return ", ".join(named.values())
