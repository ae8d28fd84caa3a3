"""Keep what a GPT or a conversation is at this moment. Content that is there already is not kept twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Context, Gpt, Reason, Snapshot, Subject, Version
from faraday_app.contexts.service.versions.content import SCHEMAS, canonical, digest_of, fields_of
from faraday_app.core.clock import now
from faraday_app.core.ids import new_id
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor
from faraday_app.core.vault import seal

Thing = Gpt | Context
_HELD = "versions held"
_ALONE = text("select pg_advisory_xact_lock(hashtextextended(:key, 0))")


async def take(
    session: AsyncSession,
    actor: Actor,
    thing: Thing,
    reason: Reason = Reason.changed,
    *,
    by: UUID | None = None,
    from_id: UUID | None = None,
    instead: dict[str, dict[str, Any]] | None = None,
    fields: dict[str, Any] | None = None,
) -> Version | None:
    """A version of the thing as it is. None when its newest version is just that already.

    ``by`` made it what it is, the actor where nobody is named. ``instead`` and ``fields`` are parts and fields as they
    would have been.
    """
    if session.info.get(_HELD):
        return None
    await session.flush()
    await alone(session, thing.id)
    written = canonical(await _content(session, thing, instead or {}, fields or {}))
    digest = digest_of(written)
    last = await newest(session, thing.id)
    if last and last[1] == digest and reason in (Reason.changed, Reason.kept):
        return None
    version = Version(
        organization_id=thing.organization_id,
        kind=Subject.gpt if isinstance(thing, Gpt) else Subject.conversation,
        subject_id=thing.id,
        number=await _next_number(session, thing.id),
        of_version=thing.version,
        snapshot_id=await _stored(session, thing.organization_id, digest, written),
        reason=reason,
        made_by=by or actor.user_id,
        from_id=from_id,
    )
    session.add(version)
    await session.flush()
    publish_on_commit(session, topic("versions", thing.id))
    return version


async def keep(session: AsyncSession, actor: Actor, thing: Thing, by: UUID | None = None) -> None:
    """Before it is changed: what it is now stays, where no version holds it yet."""
    await take(session, actor, thing, Reason.kept, by=by)


@contextmanager
def held(session: AsyncSession) -> Iterator[None]:
    """While many changes make one: none of them is a version of its own."""
    session.info[_HELD] = True
    try:
        yield
    finally:
        session.info.pop(_HELD, None)


async def alone(session: AsyncSession, subject_id: UUID) -> None:
    """Until the end of the transaction nobody else makes a version of this thing."""
    await session.execute(_ALONE, {"key": f"versions {subject_id}"})


async def newest(session: AsyncSession, subject_id: UUID) -> tuple[Version, str] | None:
    """The newest version that the thing really was, and the address of its content."""
    query = (
        select(Version, col(Snapshot.digest))
        .join(Snapshot, col(Snapshot.id) == col(Version.snapshot_id))
        .where(col(Version.subject_id) == subject_id, col(Version.reason) != Reason.set_aside)
        .order_by(col(Version.number).desc())
        .limit(1)
    )
    found = (await session.execute(query)).one_or_none()
    return (found[0], found[1]) if found else None


async def store(session: AsyncSession, organization_id: UUID, value: dict[str, Any]) -> str:
    """Have this content kept; its address."""
    written = canonical(value)
    digest = digest_of(written)
    await _stored(session, organization_id, digest, written)
    return digest


async def _next_number(session: AsyncSession, subject_id: UUID) -> int:
    last = await session.scalar(select(func.max(col(Version.number))).where(col(Version.subject_id) == subject_id))
    return (last or 0) + 1


async def _content(
    session: AsyncSession, thing: Thing, instead: dict[str, dict[str, Any]], fields: dict[str, Any]
) -> dict[str, Any]:
    """Parts stand in it by their address: what did not change is not kept again."""
    from faraday_app.contexts.service.versions import parts  # they know the services that know this one

    kind, found = parts.kind_of(thing), {}
    for part in parts.of(kind):
        value = instead.get(part.name) or await part.read(session, thing)
        if value is not None:
            found[part.name] = await store(session, thing.organization_id, value)
    return {"kind": kind.value, "schema": SCHEMAS[kind], "fields": {**fields_of(thing), **fields}, "parts": found}


async def _stored(session: AsyncSession, organization_id: UUID, digest: str, written: str) -> UUID:
    query = select(col(Snapshot.id)).where(
        col(Snapshot.organization_id) == organization_id, col(Snapshot.digest) == digest
    )
    if (known := await session.scalar(query)) is not None:
        return known
    values = {"id": new_id(), "created_at": now(), "organization_id": organization_id, "digest": digest}
    sealed = await seal(organization_id, written, f"snapshot {digest}")
    await session.execute(
        insert(Snapshot)
        .values(**values, sealed_content=sealed)
        .on_conflict_do_nothing(index_elements=["organization_id", "digest"])
    )
    return (await session.execute(query)).scalar_one()
