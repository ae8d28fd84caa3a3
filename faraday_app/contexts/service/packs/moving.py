"""Out with a GPT as a pack, and in with one that somebody brought."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.models import Gpt, MemoryRights, Reason, Subject
from faraday_app.contexts.service import gpts, validation
from faraday_app.contexts.service.findings import Finding, Severity, must_be_sound
from faraday_app.contexts.service.knowledge.snapshots import size_words
from faraday_app.contexts.service.packs.file import (
    FORMAT,
    LARGEST_FILES,
    SCHEMA,
    Checked,
    Origin,
    Packed,
    PackGpt,
    opened,
    sealed,
)
from faraday_app.contexts.service.tools import TOOLS
from faraday_app.contexts.service.versions import parts
from faraday_app.contexts.service.versions.carrying import Carrier
from faraday_app.contexts.service.versions.content import Content
from faraday_app.contexts.service.versions.stored import content_of
from faraday_app.contexts.service.versions.taking import held, keep, newest, take
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.service import record

PERSONAL = "memory"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which of what belongs to a GPT travels beside the rest."""

    knowledge: bool = True
    memory: bool = True

    @property
    def left_out(self) -> frozenset[str]:
        chosen = {"knowledge": self.knowledge, PERSONAL: self.memory}
        return frozenset(name for name, travels in chosen.items() if not travels)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a pack of a GPT would hold: names of files and their bytes, and how many memories. ``too_large`` says so."""

    name: str
    files: tuple[str, ...]
    size: int
    memories: int

    @property
    def too_large(self) -> str:
        if self.size <= LARGEST_FILES:
            return ""
        sizes = f"{size_words(self.size)} together, and a pack holds {size_words(LARGEST_FILES)}"
        return f"Its files have {sizes}. Leave them out, or remove some."


class MadeElsewhere(Conflict):
    """Somebody has to say that they want it all the same."""

    def __init__(self, checked: Checked) -> None:
        packed = checked.packed
        super().__init__(
            f"“{packed.gpt.name}” was made elsewhere: it says by “{packed.organization or 'nobody'}”, and is signed"
            f" with the key {checked.key}. Bring it in only if you know where it comes from."
        )


async def outlook(session: AsyncSession, actor: Actor, gpt_id: UUID) -> Outlook:
    """Before it is exported, for its owner."""
    gpt = await gpts.owned(session, actor, gpt_id)
    content = await _now(session, actor, gpt)
    files = content.parts.get("knowledge", {}).get("files", [])
    size = sum({each["digest"]: int(each["size"]) for each in files}.values())
    memories = content.parts.get(PERSONAL, {}).get("memories", [])
    return Outlook(gpt.name, tuple(each["name"] for each in files), size, len(memories))


async def export(session: AsyncSession, actor: Actor, gpt_id: UUID, scope: Scope = Scope()) -> tuple[str, bytes]:
    """File name and content. Its owner's to do: the pack is one version of the GPT, with all that belongs to it.

    Invalid where its files are too large for a pack.
    """
    gpt = await gpts.owned(session, actor, gpt_id)
    content = await _now(session, actor, gpt)
    told = await outlook(session, actor, gpt_id)
    if scope.knowledge and told.too_large:
        raise Invalid(told.too_large)
    baggage: dict[str, bytes] = {}
    carried: dict[str, dict[str, Any]] = {}
    for name, carrier in _carriers().items():
        if name in content.parts and name not in scope.left_out:
            value = await carrier.carry(session, actor, gpt, content.parts[name], baggage)
            carried |= {name: value} if value else {}
    packed = Packed(
        format=FORMAT,
        schema_version=SCHEMA,
        made_at=now().isoformat(timespec="seconds"),
        organization=actor.organization_name[:200],
        installation_organization=str(actor.organization),
        gpt=PackGpt(**{name: content.fields[name] for name in PackGpt.model_fields}),
        parts=carried,
    )
    version = await newest(session, gpt.id)
    number = version[0].number if version else 0
    record(session, actor, "gpt.exported", gpt, name=gpt.name, version=number, parts=sorted(carried))
    safe = "".join(sign if sign.isalnum() else "-" for sign in gpt.name.lower()).strip("-")
    return f"{safe or 'gpt'}.pack.zip", await asyncio.to_thread(sealed, packed, baggage)


async def check(actor: Actor, file: bytes) -> Checked:
    """What a pack holds and whose it is; nothing comes in."""
    actor.must_at_all(Permission.gpts_manage)
    checked = await asyncio.to_thread(opened, file, actor.organization)
    for name, carrier in _carriers().items():
        if name in checked.packed.parts:
            carrier.fit(checked.packed.parts[name])
    findings = await validation.of_draft(actor, _draft(checked.packed), new_id())
    return replace(checked, findings=(*findings, *_lost(checked.packed)))


async def bring_in(session: AsyncSession, actor: Actor, file: bytes, *, from_elsewhere: bool = False) -> Gpt:
    """A GPT of the actor's own from a pack, shared with nobody. One from elsewhere only where they said so."""
    checked = await check(actor, file)
    if checked.origin is Origin.elsewhere and not from_elsewhere:
        raise MadeElsewhere(checked)
    must_be_sound(checked.findings)
    with held(session):
        gpt = await gpts.create(session, actor, _draft(checked.packed))
        await _unpack(session, actor, gpt, checked.packed.parts, checked.contents)
    await take(session, actor, gpt, Reason.imported)
    record(session, actor, "gpt.imported", gpt, name=gpt.name, origin=checked.origin, key=checked.key)
    return gpt


async def _unpack(
    session: AsyncSession,
    actor: Actor,
    gpt: Gpt,
    given: Mapping[str, dict[str, Any]],
    contents: Mapping[str, bytes],
) -> None:
    for name, carrier in _carriers().items():
        if name in given:
            await carrier.unpack(session, actor, gpt, given[name], contents)


async def _now(session: AsyncSession, actor: Actor, gpt: Gpt) -> Content:
    await keep(session, actor, gpt)
    version = await newest(session, gpt.id)
    assert version
    return await content_of(session, version[0])


def _carriers() -> dict[str, Carrier]:
    return {part.name: part.carrier for part in parts.of(Subject.gpt) if part.carrier}


def _draft(packed: Packed) -> gpts.Draft:
    """Of the fields that a pack may name; never shared, and never with more than the right to propose memories."""
    fields = packed.gpt.model_dump()
    known = tuple(name for name in TOOLS if name in packed.gpt.tools)
    rights = MemoryRights(packed.gpt.memory_rights)
    allowed = MemoryRights.propose if rights is MemoryRights.write else rights
    return gpts.Draft(**{**fields, "tools": known, "memory_rights": allowed.value}, shared=False)


def _lost(packed: Packed) -> list[Finding]:
    """What does not come along, and why."""
    found = [
        Finding(Severity.warning, f"The tool “{name[:40]}” is not there here. It comes without.")
        for name in dict.fromkeys(packed.gpt.tools)
        if name not in TOOLS
    ]
    if packed.gpt.memory_rights == MemoryRights.write:
        found.append(Finding(Severity.warning, "It proposes memories here and keeps none without asking."))
    return found
