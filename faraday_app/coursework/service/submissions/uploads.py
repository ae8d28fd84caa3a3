"""Files come in pieces, each kept when it has arrived: after a lost connection the rest is sent, not all of it."""

import asyncio
import hashlib
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.service.stored import clean_name
from faraday_app.core import files
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor, Permission
from faraday_app.core.vault import seal, unseal
from faraday_app.coursework.models import Submission, SubmissionFile, SubmissionType, Upload, UploadPart
from faraday_app.coursework.service.materials.inspecting import inspect
from faraday_app.coursework.service.submissions import finding
from faraday_app.coursework.service.submissions.desk import begin
from faraday_app.coursework.service.submissions.writing import tell
from faraday_app.security.service import record

MOST = 20  # files of an attempt, those on their way included
LARGEST_PIECE = 1_000_000  # bytes
KEPT = timedelta(hours=24)  # since the last piece
FORGOTTEN = 200  # at once


async def start(session: AsyncSession, actor: Actor, assignment_id: UUID, name: str, size: int) -> Upload:
    """Room for a file of so many bytes in the actor's draft."""
    desk, draft = await begin(session, actor, assignment_id)
    if SubmissionType.file not in desk.work.submission_types:
        raise Invalid("Your teacher takes no files for this.", field="file")
    if not 0 < size <= files.LARGEST:
        most = f"A file can have {files.LARGEST // 1024**2} MB at most." if size else "This file is empty."
        raise Invalid(most, field="size")
    name = clean_name(name)
    kinds = desk.work.file_kinds
    if kinds and name.rpartition(".")[2].lower() not in kinds:
        raise Invalid(f"Your teacher takes {', '.join(f'.{each}' for each in kinds)} for this.", field="name")
    there = len((await finding.files_of(session, [draft.id]))[draft.id])
    coming = select(func.count()).where(col(Upload.submission_id) == draft.id, col(Upload.finished_at).is_(None))
    if there + int(await session.scalar(coming) or 0) >= MOST:
        raise Invalid(f"An attempt can have {MOST} files. Remove one first.", field="file")
    upload = Upload(
        organization_id=actor.organization,
        submission_id=draft.id,
        user_id=actor.user,
        name=name,
        size=size,
        touched_at=now(),
    )
    session.add(upload)
    await session.flush()
    return upload


async def get(session: AsyncSession, actor: Actor, upload_id: UUID, *, lock: bool = False) -> Upload:
    """Of one's own: how far it has come."""
    actor.must_at_all(Permission.coursework_submit)
    query = select(Upload).where(col(Upload.id) == upload_id, col(Upload.user_id) == actor.user)
    upload = await session.scalar(query.with_for_update() if lock else query)
    if upload is None:
        raise NotFound("This upload is not there any more. Choose the file again.")
    return upload


async def add(session: AsyncSession, actor: Actor, upload_id: UUID, begins: int, piece: bytes) -> Upload:
    """The piece that begins there. Conflict unless it is the next one; a piece that is there already is no harm."""
    upload = await get(session, actor, upload_id, lock=True)
    if begins + len(piece) <= upload.received and piece:
        return upload
    if begins != upload.received:
        raise Conflict(f"{upload.received} bytes have arrived. Go on from there.")
    if not piece or len(piece) > LARGEST_PIECE or begins + len(piece) > upload.size:
        raise Invalid(f"A piece has 1 to {LARGEST_PIECE:,} bytes, and all of them are what was announced.")
    part_id = new_id()
    key = await files.keep(upload.organization_id, part_id, piece)
    part = UploadPart(
        id=part_id,
        organization_id=upload.organization_id,
        upload_id=upload.id,
        begins=begins,
        size=len(piece),
        sealed_key=await seal(upload.organization_id, key, f"upload part {part_id}"),
    )
    session.add(part)
    upload.received += len(piece)
    upload.touched_at = now()
    return upload


async def finish(session: AsyncSession, actor: Actor, upload_id: UUID) -> SubmissionFile:
    """The file is in the draft, in quarantine where something is wrong with it. Asked again, it is the same file."""
    upload = await get(session, actor, upload_id, lock=True)
    if upload.file_id:
        return await session.get_one(SubmissionFile, upload.file_id)
    if upload.received != upload.size:
        raise Conflict(f"{upload.received} of {upload.size} bytes have arrived. Go on from there.")
    draft = await session.get_one(Submission, upload.submission_id, with_for_update=True)
    if draft.submitted_at is not None:
        raise Conflict("This was handed in before the file had arrived. Hand in once more with it, if you may.")
    content = await _whole(session, upload)
    found = await asyncio.to_thread(inspect, content, upload.name)
    file_id = new_id()
    key = await files.keep(upload.organization_id, file_id, content)
    file = SubmissionFile(
        id=file_id,
        organization_id=upload.organization_id,
        submission_id=draft.id,
        name=upload.name,
        kind=found.kind,
        content_type=found.content_type,
        problem=found.problem,
        size=upload.size,
        digest=await asyncio.to_thread(lambda: hashlib.sha256(content).hexdigest()),
        sealed_key=await seal(upload.organization_id, key, f"submission file {file_id}"),
    )
    session.add(file)
    upload.file_id, upload.finished_at = file_id, now()
    draft.version += 1
    if found.problem:
        record(session, actor, "submission_file.quarantined", file, name=file.name, reason=found.problem)
    await _forget(session, upload, keep=True)
    tell(session, draft)
    return file


async def cancel(session: AsyncSession, actor: Actor, upload_id: UUID) -> None:
    """What has arrived of it is removed."""
    upload = await get(session, actor, upload_id, lock=True)
    if upload.finished_at is None:
        await _forget(session, upload)


async def remove(session: AsyncSession, actor: Actor, assignment_id: UUID, file_id: UUID) -> None:
    """A file of the draft; what was handed in keeps its own."""
    _, draft = await begin(session, actor, assignment_id)
    file = await session.get(SubmissionFile, file_id)
    if file is None or file.submission_id != draft.id or file.removed_at is not None:
        raise NotFound("This file is not in your draft any more.")
    file.removed_at = now()
    draft.version += 1
    tell(session, draft)


async def content_of(file: SubmissionFile) -> bytes:
    """Never of what is in quarantine."""
    if file.problem:
        raise Conflict(f"This file is in quarantine. {file.problem}")
    return await files.read(file.organization_id, file.id, await unseal(file.sealed_key, f"submission file {file.id}"))


async def forget_old() -> int:
    """Uploads of which nothing came for a day. How many there were."""
    async with transaction(Actor.system()) as session:
        query = select(Upload).where(col(Upload.finished_at).is_(None), col(Upload.touched_at) < now() - KEPT)
        old = (await session.scalars(query.limit(FORGOTTEN).with_for_update(skip_locked=True))).all()
        for upload in old:
            await _forget(session, upload)
    return len(old)


async def _whole(session: AsyncSession, upload: Upload) -> bytes:
    pieces = []
    for part in await _parts(session, upload):
        key = await unseal(part.sealed_key, f"upload part {part.id}")
        pieces.append(await files.read(part.organization_id, part.id, key))
    return b"".join(pieces)


async def _parts(session: AsyncSession, upload: Upload) -> list[UploadPart]:
    query = select(UploadPart).where(col(UploadPart.upload_id) == upload.id).order_by(col(UploadPart.begins))
    return list(await session.scalars(query))


async def _forget(session: AsyncSession, upload: Upload, *, keep: bool = False) -> None:
    """The rows go now; their pieces are named by nothing then, and the nightly sweep takes them out of the store."""
    for part in await _parts(session, upload):
        await session.delete(part)
    await session.flush()
    if not keep:
        await session.delete(upload)
