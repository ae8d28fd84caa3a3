"""Marking over HTTP: a marker's own sheet, remarks, and what students and guardians read of it once it is posted."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field, PlainSerializer

from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid, NotFound
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.exact import ExactRoute
from faraday_app.core.http.fields import Text
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.models import Submission
from faraday_app.coursework.service.assessing import Comment, Held, Meant, Sheet, audio, comments, marking
from faraday_app.coursework.service.rubrics import Mark, plain, using
from faraday_app.gradebook.service import marking as grading
from faraday_app.gradebook.service.marking import Saving

router = APIRouter(prefix="/assignments/{assignment_id}", tags=["marking"], route_class=ExactRoute)
Marker = Annotated[Actor, Depends(signed_in(Permission.gradebook_manage))]
Reader = Annotated[Actor, Depends(signed_in(Permission.gradebook_read))]
Points = Annotated[Decimal, PlainSerializer(plain, return_type=str)]
_RECORDING: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_HEARD: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in audio.KINDS}}
}


class MarkBody(BaseModel):
    """A level, by its place from the best, or points; one brings the other."""

    rating: int | None = Field(None, ge=0, le=9)
    points: Points | None = Field(None, ge=0, le=100_000)
    remark: Annotated[Text, Field(max_length=2_000)] = ""


class WorkBody(BaseModel):
    """Which work is meant. Leave both out for work that was never handed in here."""

    submission_id: UUID | None = None
    attempt: int = Field(0, ge=0, le=1_000_000)

    def meant(self, student_id: UUID) -> Meant:
        return Meant(student_id, self.submission_id, self.attempt)


class SheetIn(WorkBody):
    marks: dict[UUID, MarkBody] = Field({}, description="By criterion.", max_length=30)
    score: Points | None = Field(None, ge=-1_000_000, le=1_000_000, description="In place of what the rubric comes to.")

    def sheet(self) -> Sheet:
        marks = {str(id): Mark(each.rating, each.points, each.remark) for id, each in self.marks.items()}
        return Sheet(marks, self.score)


class SheetOut(BaseModel):
    """``on_the_way``: it was written and is not given yet."""

    id: UUID | None
    status: str
    on_the_way: bool
    marks: dict[UUID, MarkBody]
    score: Points | None


class SaveIn(WorkBody):
    grade_version: int = Field(ge=0, le=2**31 - 1, description="Of the grade that was read; 0 where there was none.")
    reason: Annotated[Text, Field(max_length=400)] = ""


class SavedOut(BaseModel):
    """``score`` null: provisional marks, or marks that come to no grade."""

    sheet: SheetOut
    score: Points | None
    grade_version: int | None
    unmarked: int = Field(description="Criteria that count and that nobody has judged.")


class RemarkIn(WorkBody):
    text: Annotated[Text, Field(min_length=1, max_length=5_000)]
    quote: Annotated[Text, Field(max_length=2_000)] = Field("", description="Words of the text that it is about.")
    begins: int = Field(0, ge=0, le=2**31 - 1, description="Where about they stand; the nearest place is meant.")


class RemarkOut(BaseModel):
    id: UUID
    author: str
    made_at: datetime
    attempt: int
    text: str
    begins: int | None
    ends: int | None
    quote: str | None
    recording: str | None = Field(description="The kind of audio, where it is spoken.")


class FeedbackOut(BaseModel):
    """Empty but for the student until the grade is posted and released to whoever asks."""

    student_id: UUID
    posted: bool
    score: Points | None
    total: Points | None = Field(description="What the marks come to.")
    marks: dict[UUID, MarkBody]
    remarks: list[RemarkOut]


@router.get("/sheets/{student_id}", summary="Read one's own marks", responses=problems(404, 409, 422))
async def read_sheet(
    actor: Marker,
    assignment_id: UUID,
    student_id: UUID,
    submission_id: UUID | None = None,
    attempt: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> SheetOut:
    async with transaction(actor) as session:
        plan, meant = await using.plan_to_mark(session, actor, assignment_id), Meant(student_id, submission_id, attempt)
        await marking.submission_of(session, plan, meant)
        return _sheet(await marking.held(session, actor, plan, meant))


@router.put("/sheets/{student_id}", summary="Write one's own marks", responses=problems(404, 409, 422))
async def write_sheet(actor: Marker, assignment_id: UUID, student_id: UUID, wanted: SheetIn) -> SheetOut:
    """Kept on the way: nobody else sees it until it is given."""
    async with transaction(actor) as session:
        plan = await using.plan_to_mark(session, actor, assignment_id)
        return _sheet(await marking.write(session, actor, plan, wanted.meant(student_id), wanted.sheet()))


@router.post("/sheets/{student_id}/give", summary="Give one's marks", responses=problems(404, 409, 422))
async def give_sheet(actor: Marker, assignment_id: UUID, student_id: UUID, wanted: SaveIn) -> SavedOut:
    """They become the grade. 409 with nothing written when the work is another one, or somebody graded since."""
    saving = Saving(assignment_id, wanted.meant(student_id), wanted.grade_version, wanted.reason)
    async with transaction(actor) as session:
        saved = await grading.save(session, actor, saving)
    mark = saved.mark
    version = mark.version if mark else None
    score = mark.score if mark else None
    return SavedOut(sheet=_sheet(saved.held), score=score, grade_version=version, unmarked=saved.unmarked)


@router.get("/feedback/{student_id}", summary="Read feedback", responses=problems(404, 422))
async def read_feedback(actor: Reader, assignment_id: UUID, student_id: UUID) -> FeedbackOut:
    """For the student, their guardians and the staff: marks and remarks come with the posted grade."""
    async with transaction(actor) as session:
        found = await grading.feedback(session, actor, assignment_id, student_id)
    return FeedbackOut(
        student_id=student_id,
        posted=found.is_posted,
        score=found.mark.score,
        total=found.total,
        marks=_marks(found.sheet),
        remarks=[_remark(each) for each in found.remarks],
    )


@router.post(
    "/remarks/{student_id}", status_code=201, summary="Say something about work", responses=problems(404, 409, 422)
)
async def add_remark(actor: Reader, assignment_id: UUID, student_id: UUID, wanted: RemarkIn) -> RemarkOut:
    """For the class's staff, aides too."""
    async with transaction(actor) as session:
        plan = await using.plan_of(session, actor, assignment_id)
        meant = wanted.meant(student_id)
        made = await comments.add(session, actor, plan, meant, wanted.text, wanted.quote, wanted.begins)
        return next(_remark(each) for each in await comments.about(session, plan, student_id) if each.id == made.id)


@router.post(
    "/recordings",
    status_code=201,
    summary="Speak about work",
    openapi_extra=_RECORDING,
    responses=problems(404, 409, 413, 422),
)
async def add_recording(request: Request, actor: Reader, assignment_id: UUID, submission: UUID) -> RemarkOut:
    """The recording is the body of the request. What it is, its content says."""
    async with transaction(actor) as session:
        plan = await using.plan_of(session, actor, assignment_id)
        row = await session.get(Submission, submission) if plan.standing.is_staff else None
    if row is None or row.assignment_id != assignment_id:
        raise NotFound("This was not handed in for this assignment.")
    content = await _received(request)
    async with transaction(actor) as session:
        meant = Meant(row.student_id, row.id, row.attempt)
        made = await comments.speak(session, actor, plan, meant, content)
        found = await comments.about(session, plan, row.student_id)
        return next(_remark(each) for each in found if each.id == made.id)


@router.get(
    "/recordings/{recording_id}",
    summary="Hear a remark",
    response_class=Response,
    responses={**_HEARD, **problems(404, 422)},
)
async def hear_recording(actor: Reader, assignment_id: UUID, recording_id: UUID) -> Response:
    async with transaction(actor) as session:
        content, kind = await grading.recording(session, actor, assignment_id, recording_id)
    headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=kind, headers=headers)


async def _received(request: Request) -> bytes:
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > audio.LARGEST:
            raise Invalid(f"A recording can have {audio.LARGEST // 1024**2} MB at most.", field="file")
    return bytes(content)


def _sheet(held: Held) -> SheetOut:
    return SheetOut(
        id=held.id,
        status=held.status,
        on_the_way=held.is_on_the_way,
        marks=_marks(held.sheet),
        score=held.sheet.score,
    )


def _marks(sheet: Sheet) -> dict[UUID, MarkBody]:
    return {
        UUID(id): MarkBody(rating=each.rating, points=each.points, remark=each.remark)
        for id, each in sheet.marks.items()
    }


def _remark(each: Comment) -> RemarkOut:
    return RemarkOut(
        id=each.id,
        author=each.author_name,
        made_at=each.made_at,
        attempt=each.attempt,
        text=each.text,
        begins=each.anchor.begins if each.anchor else None,
        ends=each.anchor.ends if each.anchor else None,
        quote=each.anchor.quote if each.anchor else None,
        recording=each.audio or None,
    )
