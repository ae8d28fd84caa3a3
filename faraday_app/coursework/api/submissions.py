"""What is handed in, over HTTP: drafts, files in pieces, attempts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from faraday_app.core import files
from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.downloads import BYTES, to_save
from faraday_app.core.http.fields import IdempotencyKey, Text
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.api.schemas import (
    FileOut,
    SubmissionOut,
    UploadOut,
    Version,
    file_out,
    submission_out,
    upload_out,
)
from faraday_app.coursework.models import Submission
from faraday_app.coursework.service.submissions import reading, uploads, writing

router = APIRouter(tags=["submissions"])
Reader = Annotated[Actor, Depends(signed_in(Permission.coursework_read))]
Student = Annotated[Actor, Depends(signed_in(Permission.coursework_submit))]
Offset = Annotated[
    int, Header(alias="Upload-Offset", ge=0, le=files.LARGEST, description="Where the piece begins.", examples=[0])
]


class DraftIn(BaseModel):
    """`version`: of the draft that was read; 0 where there is none yet."""

    text: Annotated[Text, Field(max_length=writing.LONGEST)] = ""
    link: Annotated[Text, Field(max_length=2_000)] = ""
    version: Version = 0


class UploadIn(BaseModel):
    name: Annotated[Text, Field(min_length=1, max_length=300, examples=["Root tips.pdf"])]
    size: int = Field(ge=0, le=2**31 - 1, description="In bytes; at most 20 MB.")


class HandedInOut(BaseModel):
    """A student whom the work is for. `submission_id` null: nothing was handed in."""

    student_id: UUID
    name: str
    team: str
    submission_id: UUID | None


@router.put("/assignments/{assignment_id}/draft", summary="Keep a draft", responses=problems(404, 409, 422))
async def save(actor: Student, assignment_id: UUID, wanted: DraftIn) -> SubmissionOut:
    """One's own or the team's, and nobody else's business. Refused where nothing can be handed in, with the reason."""
    async with transaction(actor) as session:
        draft = await writing.save(session, actor, assignment_id, wanted.text, wanted.link, wanted.version)
        await session.flush()
        return await _shown(await reading.get(session, actor, draft.id))


@router.delete(
    "/assignments/{assignment_id}/draft/files/{file_id}",
    status_code=204,
    summary="Remove a file from the draft",
    responses=problems(404, 409, 422),
)
async def remove_file(actor: Student, assignment_id: UUID, file_id: UUID) -> None:
    async with transaction(actor) as session:
        await uploads.remove(session, actor, assignment_id, file_id)


@router.post(
    "/assignments/{assignment_id}/submissions",
    status_code=201,
    summary="Hand the draft in",
    responses=problems(404, 409, 422),
)
async def hand_in(actor: Student, assignment_id: UUID, key: IdempotencyKey) -> SubmissionOut:
    """From then on nothing of it changes; `receipt` is the SHA-256 of what was handed in, as the manual says."""
    async with transaction(actor) as session:
        handed = await writing.hand_in(session, actor, assignment_id, key)
        return await _shown(await reading.get(session, actor, handed.id))


@router.get("/assignments/{assignment_id}/submissions", summary="List who handed in", responses=problems(404, 422))
async def roll(actor: Reader, assignment_id: UUID) -> list[HandedInOut]:
    """For the class's staff: everybody whom it is for, by name."""
    async with transaction(actor) as session:
        found = await reading.roll(session, actor, assignment_id)
    return [
        HandedInOut(
            student_id=each.student_id,
            name=each.name,
            team=each.team,
            submission_id=each.latest.id if each.latest else None,
        )
        for each in found
    ]


@router.get(
    "/assignments/{assignment_id}/submissions/{student_id}",
    summary="List a student's attempts",
    responses=problems(404, 422),
)
async def attempts(actor: Reader, assignment_id: UUID, student_id: UUID) -> list[SubmissionOut]:
    """Newest first, as they were handed in."""
    async with transaction(actor) as session:
        found = await reading.attempts(session, actor, assignment_id, student_id)
        return [await _shown(each) for each in found]


@router.get("/submissions/{submission_id}", summary="Get an attempt", responses=problems(404, 422))
async def get(actor: Reader, submission_id: UUID) -> SubmissionOut:
    async with transaction(actor) as session:
        return await _shown(await reading.get(session, actor, submission_id))


@router.get(
    "/submissions/{submission_id}/files/{file_id}",
    summary="Download a file that was handed in",
    response_class=Response,
    responses={200: {"content": BYTES, "description": "The file."}, **problems(404, 409, 422)},
)
async def download(actor: Reader, submission_id: UUID, file_id: UUID) -> Response:
    """As it was sent, to be saved and not to be shown."""
    async with transaction(actor) as session:
        file = await reading.file(session, actor, submission_id, file_id)
    return to_save(file.name, await uploads.content_of(file))


@router.post(
    "/assignments/{assignment_id}/uploads",
    status_code=201,
    summary="Begin to send a file",
    responses=problems(404, 409, 422),
)
async def start(actor: Student, assignment_id: UUID, wanted: UploadIn) -> UploadOut:
    """Then send it in pieces with PATCH, each from where the last one ended, and finish it."""
    async with transaction(actor) as session:
        return upload_out(await uploads.start(session, actor, assignment_id, wanted.name, wanted.size))


@router.get("/uploads/{upload_id}", summary="See how far a file has come", responses=problems(404, 422))
async def progress(actor: Student, upload_id: UUID) -> UploadOut:
    """After a lost connection: go on from `received`."""
    async with transaction(actor) as session:
        return upload_out(await uploads.get(session, actor, upload_id))


@router.patch(
    "/uploads/{upload_id}",
    summary="Send a piece of a file",
    responses=problems(404, 409, 413, 422),
    openapi_extra={"requestBody": {"required": True, "content": BYTES}},
)
async def add(request: Request, actor: Student, upload_id: UUID, offset: Offset) -> UploadOut:
    """At most 1,000,000 bytes. A piece that has arrived before is no harm."""
    piece = await request.body()
    async with transaction(actor) as session:
        return upload_out(await uploads.add(session, actor, upload_id, offset, piece))


@router.post("/uploads/{upload_id}/finish", summary="Put a file into the draft", responses=problems(404, 409, 422))
async def finish(actor: Student, upload_id: UUID) -> FileOut:
    """What it is, is told by its content; `problem` says what is wrong with it. Asked again, it is the same file."""
    async with transaction(actor) as session:
        return file_out(await uploads.finish(session, actor, upload_id))


@router.delete("/uploads/{upload_id}", status_code=204, summary="Cancel a file", responses=problems(404, 422))
async def cancel(actor: Student, upload_id: UUID) -> None:
    async with transaction(actor) as session:
        await uploads.cancel(session, actor, upload_id)


async def _shown(found: reading.Attempt) -> SubmissionOut:
    row: Submission = found.submission
    return submission_out(found, await writing.text_of(row) if found.readable else "")
