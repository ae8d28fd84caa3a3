"""GPTs: a model with instructions and a face. Others see one when it is shared with the organisation."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.contexts.models import Context, Gpt, MemoryRights, Reason
from faraday_app.contexts.service.merging import MergedFields, merge_fields
from faraday_app.contexts.service.tools import TOOLS
from faraday_app.contexts.service.versions import stored, taking
from faraday_app.core.authorization import Resource
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gateway import service as gateway
from faraday_app.security.service import record

PAGE = 25
LONGEST_INSTRUCTIONS = 8_000
MOST_TOKENS = 32_000
ICONS = (
    "bot", "book_open", "brain", "calculator", "code", "flask_conical", "globe", "graduation_cap", "languages",
    "lightbulb", "palette", "pen_line", "scale", "search",
)  # fmt: skip
TEXTS = frozenset({"instructions"})
TONES = ("iris", "green", "amber", "cyan")


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants a GPT to be. ``longest_answer`` in tokens, 0: as long as its model may."""

    name: str
    instructions: str = ""
    model: str = gateway.AUTO
    temperature: float = 0.7
    longest_answer: int = 0
    icon: str = ICONS[0]
    tone: str = TONES[0]
    shared: bool = False
    memory_rights: str = MemoryRights.propose
    tools: tuple[str, ...] = ()


class GptClash(Conflict):
    """Both sides changed the same. Nothing was written; ``version`` is what there is."""

    def __init__(self, merged: MergedFields, version: int) -> None:
        super().__init__("This GPT changed meanwhile, in the same place. Choose what shall stand.")
        self.merged, self.version = merged, version


@dataclass(frozen=True, slots=True)
class Listed:
    gpt: Gpt
    owner_name: str


async def create(session: AsyncSession, actor: Actor, draft: Draft) -> Gpt:
    actor.must(Permission.gpts_manage, _of_ones_own(actor))
    wanted = await _clean(actor, draft)
    gpt = Gpt(organization_id=actor.organization, owner_id=actor.user, **_fields(wanted))
    session.add(gpt)
    await session.flush()
    await taking.take(session, actor, gpt, Reason.made)
    record(session, actor, "gpt.created", gpt, name=gpt.name, shared=gpt.shared)
    _announce(session, gpt)
    return gpt


async def change(session: AsyncSession, actor: Actor, gpt_id: UUID, version: int, draft: Draft) -> Gpt:
    """Its owner's to do. What changed since that version is merged with it; GptClash where both changed the same."""
    gpt = await owned(session, actor, gpt_id)
    if gpt.version != version:
        cleaned = await _clean(actor, draft, was_shared=gpt.shared)
        draft = await _merged(session, gpt, version, cleaned)
    await taking.keep(session, actor, gpt)
    await become(session, actor, gpt, draft)
    await taking.take(session, actor, gpt)
    return gpt


async def become(session: AsyncSession, actor: Actor, gpt: Gpt, draft: Draft) -> None:
    """Write what was wanted over what there is. Whoever calls has checked that it is theirs, and kept what it was."""
    wanted = await _clean(actor, draft, was_shared=gpt.shared)
    for name, value in _fields(wanted).items():
        setattr(gpt, name, value)
    gpt.version += 1
    record(session, actor, "gpt.changed", gpt, name=gpt.name, shared=gpt.shared)
    _announce(session, gpt)


async def set_aside(session: AsyncSession, actor: Actor, gpt_id: UUID, draft: Draft) -> None:
    """Keep what somebody wanted it to be among its versions, whatever they choose of it."""
    gpt = await owned(session, actor, gpt_id)
    await taking.keep(session, actor, gpt)
    await taking.take(session, actor, gpt, Reason.set_aside, fields=_fields(draft))


async def archive(session: AsyncSession, actor: Actor, gpt_id: UUID) -> None:
    """It answers no more questions; what it has answered stays."""
    gpt = await owned(session, actor, gpt_id)
    if gpt.archived_at is None:
        await taking.keep(session, actor, gpt)
        gpt.archived_at = now()
        await taking.take(session, actor, gpt, Reason.archived)
        record(session, actor, "gpt.archived", gpt, name=gpt.name)
        _announce(session, gpt)


async def restore(session: AsyncSession, actor: Actor, gpt_id: UUID) -> None:
    gpt = await owned(session, actor, gpt_id)
    if gpt.archived_at is not None:
        await taking.keep(session, actor, gpt)
        gpt.archived_at = None
        await taking.take(session, actor, gpt, Reason.unarchived)
        record(session, actor, "gpt.restored", gpt, name=gpt.name)
        _announce(session, gpt)


async def get(session: AsyncSession, actor: Actor, gpt_id: UUID) -> Gpt:
    """One's own, or one that is shared."""
    actor.must_at_all(Permission.assistant_use)
    gpt = await session.scalar(select(Gpt).where(col(Gpt.id) == gpt_id, visible(actor)))
    if gpt is None:
        raise NotFound("This GPT does not exist, or is not shared with you.")
    return gpt


async def listed(
    session: AsyncSession,
    actor: Actor,
    text: str = "",
    *,
    archived: bool = False,
    before: UUID | None = None,
    limit: int = PAGE,
) -> list[Listed]:
    """One's own and those that are shared, newest first; of those put away only one's own."""
    actor.must_at_all(Permission.assistant_use)
    owner = select(col(User.name)).where(col(User.id) == col(Gpt.owner_id)).correlate(Gpt).scalar_subquery()
    query = select(Gpt, owner).where(visible(actor))
    if archived:
        query = query.where(col(Gpt.archived_at).is_not(None), col(Gpt.owner_id) == actor.user)
    else:
        query = query.where(col(Gpt.archived_at).is_(None))
    if text.strip():
        query = query.where(col(Gpt.name).icontains(text.strip(), autoescape=True))
    if before:
        query = query.where(col(Gpt.id) < before)
    rows = await session.execute(query.order_by(col(Gpt.id).desc()).limit(limit))
    return [Listed(gpt, name or "") for gpt, name in rows.all()]


async def of(session: AsyncSession, gpt_ids: Collection[UUID]) -> dict[UUID, Gpt]:
    """Whoever may see the conversation they answer in may know their names; put away ones too."""
    if not gpt_ids:
        return {}
    return {gpt.id: gpt for gpt in await session.scalars(select(Gpt).where(col(Gpt.id).in_(gpt_ids)))}


async def answering(session: AsyncSession, context: Context) -> list[Gpt]:
    """Who answers in a conversation, in their order."""
    found = await of(session, context.gpt_ids)
    return [found[id] for id in context.gpt_ids if id in found and found[id].archived_at is None]


def draft_of(gpt: Gpt) -> Draft:
    """What it is now, as somebody would want it."""
    return Draft(**{name: getattr(gpt, name) for name in Draft.__dataclass_fields__})


def may_change(actor: Actor, gpt: Gpt) -> bool:
    return gpt.owner_id == actor.user_id and actor.could(Permission.gpts_manage)


def may_use(actor: Actor, gpt: Gpt) -> bool:
    """One's own, or one that is shared."""
    return gpt.organization_id == actor.organization_id and (gpt.owner_id == actor.user_id or gpt.shared)


def visible(actor: Actor) -> ColumnElement[bool]:
    own_or_shared = (col(Gpt.owner_id) == actor.user) | col(Gpt.shared)
    return (col(Gpt.organization_id) == actor.organization) & own_or_shared


async def owned(session: AsyncSession, actor: Actor, gpt_id: UUID) -> Gpt:
    gpt = await get(session, actor, gpt_id)
    if gpt.owner_id != actor.user_id:
        raise NotPermitted("Only its owner can change this GPT.")
    actor.must(Permission.gpts_manage, _of_ones_own(actor))
    await session.refresh(gpt, with_for_update=True)
    return gpt


def _of_ones_own(actor: Actor) -> Resource:
    return Resource("gpt", None, actor.organization_id, actor.user_id, actor.department_id)


async def _merged(session: AsyncSession, gpt: Gpt, version: int, draft: Draft) -> Draft:
    """A change that was made to an older version, as a change to what there is."""
    base = await stored.fields_at(session, gpt.id, version)
    if base is None:
        raise Conflict("This GPT changed meanwhile. Open it again and repeat your change.")
    merged = await asyncio.to_thread(merge_fields, base, _fields(draft), _fields(draft_of(gpt)), TEXTS)
    if not merged.settled:
        raise GptClash(merged, gpt.version)
    return Draft(**merged.values)


async def _clean(actor: Actor, draft: Draft, *, was_shared: bool = False) -> Draft:
    name = " ".join(draft.name.split())
    if not name or len(name) > 60:
        raise Invalid("Enter a name of up to 60 characters.", field="name")
    if len(draft.instructions) > LONGEST_INSTRUCTIONS:
        raise Invalid(f"Instructions have {LONGEST_INSTRUCTIONS:,} characters at most.", field="instructions")
    if not 0 <= draft.temperature <= 2:
        raise Invalid("Choose a temperature from 0 to 2.", field="temperature")
    if not 0 <= draft.longest_answer <= MOST_TOKENS:
        raise Invalid(f"An answer can have {MOST_TOKENS:,} tokens at most.", field="longest_answer")
    if draft.icon not in ICONS or draft.tone not in TONES:
        raise Invalid("Choose one of the faces.", field="icon")
    if draft.memory_rights not in set(MemoryRights):
        raise Invalid("Choose what it may do with memory.", field="memory_rights")
    if unknown := set(draft.tools) - set(TOOLS):
        raise Invalid(f"There is no tool “{min(unknown)[:40]}”.", field="tools")
    if draft.shared and not was_shared:
        actor.must(Permission.gpts_share, _of_ones_own(actor))
    if draft.model != gateway.AUTO:
        await gateway.model_named(actor, draft.model)
    return Draft(name, draft.instructions.strip(), draft.model or gateway.AUTO, draft.temperature,
                 draft.longest_answer, draft.icon, draft.tone, draft.shared, draft.memory_rights,
                 tuple(name for name in TOOLS if name in draft.tools))  # fmt: skip


def _fields(draft: Draft) -> dict[str, Any]:
    return {**{name: getattr(draft, name) for name in Draft.__dataclass_fields__}, "tools": list(draft.tools)}


def _announce(session: AsyncSession, gpt: Gpt) -> None:
    publish_on_commit(session, topic("gpts", gpt.organization_id))
