"""Files of materials: kept encrypted under keys of their own, told by their content, read in the background."""

import asyncio
import hashlib
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.service.stored import clean_name
from faraday_app.core import files
from faraday_app.core.database import as_faraday
from faraday_app.core.errors import Invalid, LimitReached, Unavailable
from faraday_app.core.extraction import FileKind
from faraday_app.core.ids import new_id
from faraday_app.core.jobs import defer
from faraday_app.core.permissions import Actor
from faraday_app.core.vault import seal, unseal
from faraday_app.coursework.models import FileState, MaterialFile
from faraday_app.coursework.service.materials.inspecting import inspect
from faraday_app.security.service import record

READ = "materials:read"  # the job
MOST_OF_ALL = 50 * 1024**3  # bytes that the materials of an organisation fill together
_READABLE = frozenset(FileKind)


async def keep(session: AsyncSession, actor: Actor, material_id: UUID, name: str, content: bytes) -> MaterialFile:
    """Whatever it is, unless it is empty or too large: what fails is kept in quarantine, with the reason."""
    if len(content) > files.LARGEST:
        raise Invalid(
            f"A file can have {files.LARGEST // 1024**2} MB at most. Add longer videos as a link.", field="file"
        )
    name = clean_name(name)
    found = await asyncio.to_thread(inspect, content, name)
    filled = select(func.coalesce(func.sum(col(MaterialFile.size)), 0))
    used = await session.scalar(filled.where(col(MaterialFile.organization_id) == actor.organization))
    if int(used or 0) + len(content) > MOST_OF_ALL:
        raise LimitReached("The materials of your organisation fill all the room there is. Ask an administrator.")
    file_id = new_id()
    key = await files.keep(actor.organization, file_id, content)
    file = MaterialFile(
        id=file_id,
        organization_id=actor.organization,
        material_id=material_id,
        name=name,
        kind=found.kind,
        content_type=found.content_type,
        size=len(content),
        digest=await asyncio.to_thread(_digest, content),
        sealed_key=await seal(actor.organization, key, f"key of material file {file_id}"),
        state=_state(found.kind, found.problem),
        problem=found.problem,
    )
    session.add(file)
    await session.flush()
    if file.state == FileState.quarantined:
        record(session, actor, "material_file.quarantined", file, name=name, reason=found.problem)
    elif file.state == FileState.reading:
        async with as_faraday(session):
            await defer(session, READ, queueing_lock=READ)
    return file


async def content_of(file: MaterialFile) -> bytes:
    """Never of what is in quarantine."""
    if file.state == FileState.quarantined:
        raise Unavailable(f"This file is in quarantine. {file.problem}")
    return await files.read(
        file.organization_id, file.id, await unseal(file.sealed_key, f"key of material file {file.id}")
    )


async def text_of(file: MaterialFile | None) -> str:
    """Empty until it has been read, and for what has no text."""
    if file is None or file.sealed_text is None:
        return ""
    return await unseal(file.sealed_text, f"text of material file {file.id}")


def _state(kind: str, problem: str) -> FileState:
    if problem:
        return FileState.quarantined
    return FileState.reading if kind in _READABLE else FileState.ready


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
