"""Versions as people read them: the list, one of them, what is different between two, and their labels."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.contexts.models import Context, Gpt, Subject, Version
from faraday_app.contexts.service import gpts
from faraday_app.contexts.service.conversations import get_context
from faraday_app.contexts.service.differing import Line, comparison
from faraday_app.contexts.service.versions import naming, parts
from faraday_app.contexts.service.versions.content import Content
from faraday_app.contexts.service.versions.stored import content_of, previous
from faraday_app.core.errors import Invalid, NotFound
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor
from faraday_app.security.service import record

PAGE = 20
TEXTS = frozenset({"instructions"})
LONGEST_LABEL = 60


@dataclass(frozen=True, slots=True)
class Listed:
    """``changed``: the names of the fields and parts that are other than in the version before."""

    version: Version
    author_name: str
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """Of one field or part. ``lines`` where it is a text, else the values before and after."""

    name: str
    before: Any
    after: Any
    lines: tuple[Line, ...] = ()


async def listed(
    session: AsyncSession,
    actor: Actor,
    kind: Subject,
    subject_id: UUID,
    before: UUID | None = None,
    limit: int = PAGE,
) -> list[Listed]:
    """Newest first, for whoever may see them."""
    await thing_of(session, actor, kind, subject_id)
    author = select(col(User.name)).where(col(User.id) == col(Version.made_by)).correlate(Version).scalar_subquery()
    query = select(Version, author).where(col(Version.subject_id) == subject_id)
    if before:
        query = query.where(col(Version.id) < before)
    rows = (await session.execute(query.order_by(col(Version.id).desc()).limit(limit))).all()
    changed = await naming.changes(session, [version for version, _ in rows])
    return [Listed(version, name or "", changed.get(version.id, ())) for version, name in rows]


async def thing_of(
    session: AsyncSession, actor: Actor, kind: Subject, subject_id: UUID, *, write: bool = False
) -> Gpt | Context:
    """What the versions are of. A GPT's are its owner's; a conversation's are for all in it, to restore for those who
    may write in it.
    """
    if kind is Subject.gpt:
        return await gpts.owned(session, actor, subject_id)
    return (await get_context(session, actor, subject_id, write=write, lock=write))[0]


async def get(session: AsyncSession, actor: Actor, version_id: UUID, *, write: bool = False) -> Version:
    version = await session.get(Version, version_id)
    if version is None or version.organization_id != actor.organization:
        raise NotFound("This version does not exist.")
    await thing_of(session, actor, Subject(version.kind), version.subject_id, write=write)
    return version


async def differences(session: AsyncSession, actor: Actor, older: UUID | None, newer: UUID) -> list[Difference]:
    """What the newer version made different to the older one, or to the one before it; to the first all is new."""
    version = await get(session, actor, newer)
    before = Content({})
    if older := older or await previous(session, version):
        other = await get(session, actor, older)
        if other.subject_id != version.subject_id:
            raise Invalid("Only versions of the same thing can be compared.")
        before = await content_of(session, other)
    kind, after = Subject(version.kind), await content_of(session, version)
    contents = [await _worded(session, actor, kind, content) for content in (before, after)]
    return await asyncio.to_thread(different, kind, *contents)


async def label(session: AsyncSession, actor: Actor, version_id: UUID, text: str) -> Version:
    """Give a version a name by which it is found again; an empty one takes it away."""
    version = await get(session, actor, version_id, write=True)
    cleaned = " ".join(text.split())
    if len(cleaned) > LONGEST_LABEL:
        raise Invalid(f"A label has up to {LONGEST_LABEL} characters.", field="label")
    version.label = cleaned
    record(session, actor, "version.labelled", version, number=version.number)
    publish_on_commit(session, topic("versions", version.subject_id))
    return version


def different(kind: Subject, before: Content, after: Content) -> list[Difference]:
    """Field by field, in the order of the newer; then part by part. Pure."""
    found = [
        _field(name, before.fields.get(name), after.fields.get(name))
        for name in [*after.fields, *(name for name in before.fields if name not in after.fields)]
        if before.fields.get(name) != after.fields.get(name)
    ]
    for part in parts.of(kind):
        if part.since > min(before.schema, after.schema):
            continue
        texts = [_told(part, content.parts.get(part.name)) for content in (before, after)]
        if texts[0] != texts[1]:
            found.append(Difference(part.name, texts[0], texts[1], comparison(texts[0], texts[1])))
    return found


def titles(differences: Sequence[Difference]) -> dict[str, str]:
    """How people call the fields and parts."""
    return {each.name: title_of(each.name) for each in differences}


def title_of(name: str) -> str:
    known = {part.name: part.title for part in parts.PARTS}
    return known.get(name, TITLES.get(name, name))


TITLES = {
    "budget": "Most credits a question",
    "gpt_ids": "Who answers",
    "icon": "Icon",
    "instructions": "Instructions",
    "left_out": "Left out",
    "longest_answer": "Longest answer",
    "memory_rights": "Memory",
    "mode": "Together",
    "model": "Model",
    "name": "Name",
    "shared": "Shared",
    "step_limit": "Most steps",
    "temperature": "Temperature",
    "title": "Title",
    "tone": "Colour",
    "tools": "Tools",
}


async def _worded(session: AsyncSession, actor: Actor, kind: Subject, content: Content) -> Content:
    """With what its parts look up for whoever reads them."""
    found = {
        part.name: await part.worded(session, actor, content.parts[part.name])
        for part in parts.of(kind)
        if part.worded and part.name in content.parts
    }
    return replace(content, parts={**content.parts, **found})


def _field(name: str, before: Any, after: Any) -> Difference:
    lines = comparison(str(before or ""), str(after or "")) if name in TEXTS else ()
    return Difference(name, before, after, lines)


def _told(part: parts.Part, value: dict[str, Any] | None) -> str:
    return part.told(value) if value else ""
