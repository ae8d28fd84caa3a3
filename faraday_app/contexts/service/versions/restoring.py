"""Back to a version, or on from it beside what there is. Both are versions themselves: nothing replaced is lost."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.models import Context, Gpt, Mode, Reason, Subject, Version
from faraday_app.contexts.service import answerers, conversations, gpts, validation
from faraday_app.contexts.service.answerers import Answerers
from faraday_app.contexts.service.findings import must_be_sound
from faraday_app.contexts.service.versions import parts, reading
from faraday_app.contexts.service.versions.content import Content
from faraday_app.contexts.service.versions.stored import content_of
from faraday_app.contexts.service.versions.taking import held, keep, take
from faraday_app.core.errors import NotFound
from faraday_app.core.permissions import Actor
from faraday_app.security.service import record


@dataclass(frozen=True, slots=True)
class Branched:
    """What came of a version: a GPT or a conversation of one's own, and the GPTs that could not come along."""

    kind: Subject
    id: UUID
    left_behind: list[UUID] = field(default_factory=list)


async def restore(session: AsyncSession, actor: Actor, version_id: UUID) -> Version:
    """Make the thing what it was. What it is now has a version, or gets one first."""
    version = await reading.get(session, actor, version_id, write=True)
    kind, content = Subject(version.kind), await content_of(session, version)
    thing = await reading.thing_of(session, actor, kind, version.subject_id, write=True)
    await keep(session, actor, thing)
    with held(session):
        if isinstance(thing, Gpt):
            await gpts.become(session, actor, thing, gpts.Draft(**content.fields))
        else:
            await _settle(session, actor, thing, content.fields)
        await restore_parts(session, actor, thing, content)
    await _refuse_unsound(session, actor, thing)
    made = await take(session, actor, thing, Reason.restored, from_id=version.id)
    assert made
    record(session, actor, "version.restored", made, number=version.number)
    return made


async def branch(session: AsyncSession, actor: Actor, version_id: UUID) -> Branched:
    """A new GPT or conversation, one's own, that begins as this version. The other one stays as it is."""
    version = await reading.get(session, actor, version_id)
    content = await content_of(session, version)
    with held(session):
        made, left = await _begun(session, actor, Subject(version.kind), content)
        await restore_parts(session, actor, made, content)
    await take(session, actor, made, Reason.branched, from_id=version.id)
    record(session, actor, "version.branched", version, to=str(made.id))
    return Branched(Subject(version.kind), made.id, left)


async def _refuse_unsound(session: AsyncSession, actor: Actor, thing: Gpt | Context) -> None:
    """What cannot answer any more is not restored; the sentence says what is missing."""
    if isinstance(thing, Gpt):
        must_be_sound(await validation.of_draft(actor, thing, thing.id))
    else:
        await validation.refuse_unsound(session, actor, thing)


async def _begun(
    session: AsyncSession, actor: Actor, kind: Subject, content: Content
) -> tuple[Gpt | Context, list[UUID]]:
    """The new thing, and the GPTs of the old that the actor cannot have in it."""
    fields = content.fields
    if kind is Subject.gpt:
        draft = gpts.Draft(**{**fields, "shared": False, "name": _copied(fields["name"])})
        return await gpts.create(session, actor, draft), []
    made = await conversations.begin(session, actor, fields["title"], fields["model"])
    may, left = await _within_reach(session, actor, [UUID(id) for id in fields["gpt_ids"]])
    return await answerers.change(session, actor, made.id, _answerers(fields, may)), left


async def restore_parts(session: AsyncSession, actor: Actor, thing: Gpt | Context, content: Content) -> None:
    """What a version could not know of yet stays as it is."""
    for part in parts.of(parts.kind_of(thing)):
        if content.schema >= part.since:
            await part.restore(session, actor, thing, content.parts.get(part.name))


async def _settle(session: AsyncSession, actor: Actor, context: Context, fields: dict[str, Any]) -> None:
    """The settings of a conversation, by the same rules as when a person makes them."""
    if context.title != fields["title"]:
        await conversations.rename(session, actor, context.id, fields["title"])
    await conversations.choose_model(session, actor, context.id, fields["model"])
    wanted = _answerers(fields, [UUID(id) for id in fields["gpt_ids"]])
    await answerers.change(session, actor, context.id, wanted)
    context.left_out = list(fields["left_out"])


def _answerers(fields: dict[str, Any], gpt_ids: list[UUID]) -> Answerers:
    return Answerers(tuple(gpt_ids), Mode(fields["mode"]), fields["budget"], fields["step_limit"])


async def _within_reach(session: AsyncSession, actor: Actor, gpt_ids: list[UUID]) -> tuple[list[UUID], list[UUID]]:
    """Those that the actor can use, and those that they cannot."""
    may: list[UUID] = []
    for gpt_id in gpt_ids:
        try:
            gpt = await gpts.get(session, actor, gpt_id)
        except NotFound:
            continue
        if gpt.archived_at is None:
            may.append(gpt_id)
    return may, [id for id in gpt_ids if id not in may]


def _copied(name: str) -> str:
    return name if name.endswith(" (copy)") else f"{name[:53]} (copy)"
