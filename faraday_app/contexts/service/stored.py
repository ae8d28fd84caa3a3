"""Files that people add: kept encrypted, read in the background, found again by their passages."""

import asyncio
import hashlib
from collections.abc import Collection
from pathlib import PurePosixPath
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import DataItem, KnowledgeFile, Reading, StoredFile
from faraday_app.core import files
from faraday_app.core.database import as_faraday
from faraday_app.core.errors import Invalid, LimitReached
from faraday_app.core.extraction import FileKind, kind_of
from faraday_app.core.ids import new_id
from faraday_app.core.jobs import defer
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor
from faraday_app.core.vault import seal, unseal

READ = "contexts:read"  # the job
MOST_OF_ALL = 20 * 1024**3  # bytes that the files of an organisation fill together


async def store(session: AsyncSession, actor: Actor, name: str, content: bytes) -> StoredFile:
    """Keep a file and have it read once this transaction has committed. Invalid for what Faraday cannot read."""
    if len(content) > files.LARGEST:
        raise Invalid(f"A file can have {files.LARGEST // 1024**2} MB at most.", field="file")
    name = clean_name(name)
    kind = await asyncio.to_thread(kind_of, content, name)
    digest = await asyncio.to_thread(_digest, content)
    filled = select(func.coalesce(func.sum(col(StoredFile.size)), 0))
    used = await session.scalar(filled.where(col(StoredFile.organization_id) == actor.organization))
    if int(used or 0) + len(content) > MOST_OF_ALL:
        raise LimitReached("The files of your organisation fill all the room there is. Ask an administrator.")
    file_id = new_id()
    key = await files.keep(actor.organization, file_id, content)
    file = StoredFile(
        id=file_id,
        organization_id=actor.organization,
        added_by=actor.user,
        name=name,
        kind=kind,
        size=len(content),
        sealed_key=await seal(actor.organization, key, f"key of file {file_id}"),
        sealed_digest=await seal(actor.organization, digest, f"digest of file {file_id}"),
    )
    session.add(file)
    await session.flush()
    async with as_faraday(session):
        await defer(session, READ, queueing_lock=READ)
    return file


async def content_of(file: StoredFile) -> bytes:
    key = await unseal(file.sealed_key, f"key of file {file.id}")
    return await files.read(file.organization_id, file.id, key)


async def is_there(file: StoredFile) -> bool:
    """Whether the store still has it; in doubt it has."""
    return await files.exists(file.organization_id, file.id)


async def text_of(file: StoredFile) -> str:
    """Empty until the file has been read."""
    return await unseal(file.sealed_text, f"text of file {file.id}") if file.sealed_text else ""


async def digest_of(session: AsyncSession, file: StoredFile) -> str:
    """The SHA-256 of its content. Of a file from before there were such it is found once."""
    if file.sealed_digest is not None:
        return await unseal(file.sealed_digest, f"digest of file {file.id}")
    try:
        digest = await asyncio.to_thread(_digest, await content_of(file))
    except files.Gone:
        digest = f"gone {file.id}"
    file.sealed_digest = await seal(file.organization_id, digest, f"digest of file {file.id}")
    await session.flush()
    return digest


async def of(session: AsyncSession, file_ids: Collection[UUID]) -> dict[UUID, StoredFile]:
    if not file_ids:
        return {}
    return {file.id: file for file in await session.scalars(select(StoredFile).where(col(StoredFile.id).in_(file_ids)))}


async def read_again(session: AsyncSession, file: StoredFile) -> None:
    """For one whose reading failed."""
    if file.state == Reading.failed:
        file.state, file.problem, file.tries, file.claimed_until = Reading.reading, "", 0, None
        await announce(session, file)
        async with as_faraday(session):
            await defer(session, READ, queueing_lock=READ)


async def announce(session: AsyncSession, file: StoredFile) -> None:
    """Have every page that shows the file read again."""
    contexts = await session.scalars(select(col(DataItem.context_id)).where(col(DataItem.file_id) == file.id))
    for context_id in contexts:
        publish_on_commit(session, topic("data", context_id))
    gpts = await session.scalars(select(col(KnowledgeFile.gpt_id)).where(col(KnowledgeFile.file_id) == file.id))
    for gpt_id in gpts:
        publish_on_commit(session, topic("knowledge", gpt_id))


def clean_name(name: str) -> str:
    """What the file is called, for people to read: no folders, no signs that cannot be seen."""
    last = PurePosixPath(name.replace("\\", "/")).name
    cleaned = " ".join("".join(sign if sign.isprintable() else " " for sign in last).split())
    if not cleaned:
        return "Untitled"
    if len(cleaned) <= 200:
        return cleaned
    suffix = PurePosixPath(cleaned).suffix[:12]
    return cleaned[: 200 - len(suffix)] + suffix


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def file_kind(file: StoredFile) -> FileKind:
    return FileKind(file.kind)
