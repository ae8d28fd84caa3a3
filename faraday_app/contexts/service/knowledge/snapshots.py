"""What a GPT knows as plain values, for whoever keeps its versions; and back.

A file is told by the SHA-256 of its content. The content itself is kept once, however many versions tell of it: a file
that is removed from a GPT stays in the store, and one that comes back is the same file, read already.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Gpt, KnowledgeFile, StoredFile
from faraday_app.contexts.service import stored
from faraday_app.contexts.service.knowledge.files import MOST, Known
from faraday_app.core.clock import now
from faraday_app.core.errors import Invalid
from faraday_app.core.extraction import FileKind
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor
from faraday_app.security.service import record

Value = dict[str, Any]


async def kept(session: AsyncSession, gpt: Gpt) -> Value | None:
    """By name, so that the same files are the same content in whatever order they came."""
    files = [await _told(session, each.file) for each in await present(session, gpt)]
    return {"files": sorted(files, key=lambda each: (each["name"], each["digest"]))} if files else None


async def restore(session: AsyncSession, actor: Actor, gpt: Gpt, value: Value | None) -> None:
    """Have it know these files and no others. The caller has checked that it is the actor's.

    Invalid where the content of one is not kept any more, in no GPT of the actor's.
    """
    wanted = (value or {}).get("files", [])[:MOST]
    mine = await _all(session, gpt)
    spare = await _elsewhere(session, actor, gpt) if wanted else []
    there = [(each, await stored.digest_of(session, each.file)) for each in [*mine, *spare]]
    again: set[UUID] = set()
    for each in wanted:
        same = (known for known, digest in there if digest == each["digest"])
        found = next((known for known in same if known.known.id not in again), None)
        if found is None:
            raise Invalid(f"The file “{each['name']}” of this version is not kept any more.")
        again.add(await _put_back(session, actor, gpt, found))
    for known in mine:
        if known.known.removed_at is None and known.known.id not in again:
            known.known.removed_at = now()
    await session.flush()
    if wanted or mine:
        record(session, actor, "knowledge.set_back", gpt, files=len(wanted))
        publish_on_commit(session, topic("knowledge", gpt.id))


def told(value: Value) -> str:
    """As people compare it. Two files of one name are told apart by their size and the beginning of their address."""
    return "\n".join(
        f"{each['name']} ({FileKind(each['kind']).label}, {size_words(each['size'])}, {each['digest'][:8]})"
        for each in value["files"]
    )


def size_words(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB" if size >= 100_000 else f"{max(1, round(size / 1_000)):,} kB"


async def present(session: AsyncSession, gpt: Gpt) -> list[Known]:
    """The files of a GPT that the caller has a right to."""
    return [each for each in await _all(session, gpt) if each.known.removed_at is None]


async def _told(session: AsyncSession, file: StoredFile) -> Value:
    digest = await stored.digest_of(session, file)
    return {"name": file.name, "kind": file.kind, "size": file.size, "digest": digest}


async def _all(session: AsyncSession, gpt: Gpt) -> list[Known]:
    """Those that it knows first, then those that were removed, the newest first."""
    rows = await session.execute(_files().where(col(KnowledgeFile.gpt_id) == gpt.id))
    return _ordered(Known(*row) for row in rows.all())


async def _elsewhere(session: AsyncSession, actor: Actor, gpt: Gpt) -> list[Known]:
    """What other GPTs of the actor's know or knew: an id alone opens nothing."""
    query = (
        _files()
        .join(Gpt, col(Gpt.id) == col(KnowledgeFile.gpt_id))
        .where(col(Gpt.owner_id) == actor.user, col(Gpt.organization_id) == actor.organization, col(Gpt.id) != gpt.id)
    )
    return _ordered(Known(*row) for row in (await session.execute(query)).all())


def _files() -> Any:
    return select(KnowledgeFile, StoredFile).join(StoredFile, col(StoredFile.id) == col(KnowledgeFile.file_id))


def _ordered(found: Iterable[Known]) -> list[Known]:
    newest = sorted(found, key=lambda each: each.known.id, reverse=True)
    return sorted(newest, key=lambda each: each.known.removed_at is not None)


async def _put_back(session: AsyncSession, actor: Actor, gpt: Gpt, found: Known) -> UUID:
    """Its row; of a file that another GPT knows a row of its own, on the same content."""
    if found.known.gpt_id == gpt.id:
        found.known.removed_at = None
        return found.known.id
    known = KnowledgeFile(
        organization_id=gpt.organization_id, gpt_id=gpt.id, file_id=found.file.id, added_by=actor.user
    )
    session.add(known)
    await session.flush()
    return found.known.id
