"""What a share holds: a copy of the chosen parts, sealed and compressed as one.

A part is packed by its function in ``PACKERS``; what GPTs come to have later takes its place there. Of a file only
its name is packed: it is searched where it is, at each question.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Gpt, GptShare, Memory, MemoryKind, MemoryScope, MemoryStatus, SharePart
from faraday_app.contexts.service.knowledge.snapshots import present
from faraday_app.contexts.service.memory.rules import words_of
from faraday_app.contexts.service.tools import TOOLS
from faraday_app.core.vault import seal, unseal
from faraday_app.gateway.service import AUTO

MOST_MEMORIES = 50
ADOPTED = ("model", "temperature", "longest_answer", "tools")
MATERIAL = (SharePart.instructions, SharePart.memory)  # what a model is told of as it stands in the copy
SEARCHED = "Searched at each question: the passages that fit are given, as long as the file is there."


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that is given. ``memory_id``: where its words live, which are asked for at each use; ``known_id``: the
    file of the source that is searched then. ``values`` are what can be taken over.
    """

    part: SharePart
    key: str
    title: str
    text: str
    version: int
    memory_id: str = ""
    known_id: str = ""
    values: dict[str, Any] = field(default_factory=dict)


Packer = Callable[[AsyncSession, Gpt, Collection[str]], Awaitable[Sequence[Entry]]]


async def _instructions(_: AsyncSession, source: Gpt, __: Collection[str]) -> Sequence[Entry]:
    part = SharePart.instructions
    return [Entry(part, part.value, f"{source.name}: instructions", source.instructions, source.version)]


async def _memory(session: AsyncSession, source: Gpt, kinds: Collection[str]) -> Sequence[Entry]:
    """What it proposed or wrote and its owner keeps; nobody else's, and nothing from a shared conversation."""
    query = (
        select(Memory)
        .where(
            col(Memory.organization_id) == source.organization_id,
            col(Memory.owner_id) == source.owner_id,
            col(Memory.gpt_id) == source.id,
            col(Memory.scope) == MemoryScope.person,
            col(Memory.status) == MemoryStatus.kept,
            col(Memory.forgotten_at).is_(None),
            col(Memory.kind).in_(kinds),
        )
        .order_by(col(Memory.id).desc())
        .limit(MOST_MEMORIES)
    )
    found = [(memory, await words_of(memory)) for memory in (await session.scalars(query)).all()]
    return [
        Entry(
            SharePart.memory,
            f"memory-{memory.id}",
            f"{source.name}: remembered {MemoryKind(memory.kind).label.lower()}",
            text,
            memory.version,
            str(memory.id),
        )
        for memory, text in found
    ]


async def _knowledge(session: AsyncSession, source: Gpt, _: Collection[str]) -> Sequence[Entry]:
    return [
        Entry(
            SharePart.knowledge,
            f"knowledge-{each.known.id}",
            f"{source.name}: {each.file.name}",
            SEARCHED,
            1,
            known_id=str(each.known.id),
        )
        for each in await present(session, source)
    ]


async def _parameters(_: AsyncSession, source: Gpt, __: Collection[str]) -> Sequence[Entry]:
    part = SharePart.parameters
    values = {name: getattr(source, name) for name in ADOPTED} | {"tools": list(source.tools)}
    title = f"{source.name}: parameters and tools"
    return [Entry(part, part.value, title, _told(source), source.version, values=values)]


def _told(source: Gpt) -> str:
    tools = [TOOLS[name].label if name in TOOLS else name for name in source.tools]
    longest = f"{source.longest_answer:,} tokens" if source.longest_answer else "as long as the model may"
    return (
        f"Model: {'chosen for each question' if source.model == AUTO else source.model}. Temperature:"
        f" {source.temperature:g}. Longest answer: {longest}. Tools: {', '.join(tools) or 'none'}."
    )


PACKERS: dict[SharePart, Packer] = {
    SharePart.instructions: _instructions,
    SharePart.knowledge: _knowledge,
    SharePart.memory: _memory,
    SharePart.parameters: _parameters,
}


async def gathered(session: AsyncSession, source: Gpt, parts: Collection[str], kinds: Collection[str]) -> list[Entry]:
    """As the source is now, under the rights of its owner."""
    found = [entry for part in PACKERS if part in parts for entry in await PACKERS[part](session, source, kinds)]
    return [entry for entry in found if entry.text.strip()]


def fingerprint(entries: Sequence[Entry]) -> str:
    """Another one when something was added, changed or taken away. Made of versions, so that it tells no word."""
    told = "\n".join(sorted(f"{entry.key} {entry.version}" for entry in entries))
    return hashlib.sha256(told.encode()).hexdigest()


async def sealed(share: GptShare, entries: Sequence[Entry]) -> str:
    return await seal(share.organization_id, json.dumps([asdict(entry) for entry in entries]), _purpose(share.id))


async def unsealed(share: GptShare) -> list[Entry]:
    if share.sealed_payload is None:
        return []
    found = json.loads(await unseal(share.sealed_payload, _purpose(share.id)))
    return [Entry(**{**entry, "part": SharePart(entry["part"])}) for entry in found]


def _purpose(share_id: UUID) -> str:
    return f"share {share_id}"
