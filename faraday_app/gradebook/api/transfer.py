"""HTTP: grades to a spreadsheet and back, and why a total is what it is."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, Field

from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gradebook.calculation import Kind
from faraday_app.gradebook.service import differences, receipts, records, transfer, wording
from faraday_app.gradebook.service.ledger import MOST_REASON
from faraday_app.gradebook.service.receipts import Line

router = APIRouter(prefix="/gradebook/classes/{class_id}", tags=["gradebook"])
Reader = Annotated[Actor, Depends(signed_in(Permission.gradebook_read))]
Grader = Annotated[Actor, Depends(signed_in(Permission.gradebook_manage))]
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_BODY: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/octet-stream": _BINARY}},
}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file.", "content": dict.fromkeys(("text/csv", TYPES["xlsx"]), _BINARY)}
}


class PlannedOut(BaseModel):
    student: str
    assignment: str
    now: str
    then: str
    posted: bool = Field(description="Students may see it: it changes only with a reason.")


class ImportOut(BaseModel):
    """What a file changes, or changed. `since` is to be sent along to apply just that."""

    changes: list[PlannedOut] = Field(description="The first 500.")
    count: int
    problems: list[str]
    since: UUID | None
    batch: UUID | None = Field(description="What can be taken back, once it is applied.")
    refused: list[str]


class LineOut(BaseModel):
    title: str
    note: str
    figure: str


class ReceiptOut(BaseModel):
    """The current and the final percent, null where nothing can be said, and how the current one came about."""

    current: str | None
    letter: str | None
    final: str | None
    lines: list[LineOut]
    before: str | None = Field(description="The current percent at the moment asked about.")
    changes: list[LineOut] = Field(description="What is another since then.")


@router.get("/export", summary="Export grades", responses={**_FILE, **problems(404, 422)}, response_class=Response)
async def export_grades(
    actor: Reader, class_id: UUID, format: Annotated[Literal["csv", "xlsx"], Query()] = "xlsx"
) -> Response:
    """All grades and totals of the class, for its staff. Filled in, the same file can be imported."""
    async with transaction(actor) as session:
        content = await transfer.export(session, actor, class_id, format)
    headers = {"Content-Disposition": f'attachment; filename="grades.{format}"', "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=TYPES[format], headers=headers)


@router.post("/import", summary="Import grades", responses=problems(404, 409, 413, 422), openapi_extra=_BODY)
async def import_grades(
    actor: Grader,
    class_id: UUID,
    request: Request,
    apply: Annotated[bool, Query(description="False: only say what would change")] = False,
    since: Annotated[UUID | None, Query(description="As the look at it gave it")] = None,
    reason: Annotated[str, Query(max_length=MOST_REASON, pattern=r"^[^\x00]*$")] = "",
) -> ImportOut:
    """A CSV or XLSX file as the body: first what it would change, then, with `apply`, that. Columns are found by the id
    in brackets or by their title, rows by the id or the name of the student."""
    content = await request.body()
    async with transaction(actor) as session:
        if not apply:
            return _out(await transfer.plan(session, actor, class_id, content), None, [])
        plan, entered = await transfer.apply(session, actor, class_id, content, since, reason)
    return _out(plan, entered.batch_id, [each.why.message for each in entered.refused])


def _out(plan: transfer.Plan, batch: UUID | None, refused: list[str]) -> ImportOut:
    shown = [
        PlannedOut(student=each.student, assignment=each.title, now=each.now, then=each.then, posted=each.posted)
        for each in plan.changes[:500]
    ]
    return ImportOut(
        changes=shown,
        count=len(plan.changes),
        problems=plan.problems,
        since=plan.since,
        batch=batch,
        refused=refused[:100],
    )


@router.get("/students/{student_id}/receipt", summary="Explain a total", responses=problems(404, 422))
async def explain_total(
    actor: Reader,
    class_id: UUID,
    student_id: UUID,
    since: Annotated[AwareDatetime | None, Query(description="Also say what changed since this moment")] = None,
) -> ReceiptOut:
    """How a student's total came about, for the staff, the student or their guardians, as far as they may see it."""
    async with transaction(actor) as session:
        record = await records.of_student(session, actor, class_id, student_id)
        told = await differences.since(session, actor, class_id, student_id, since) if since else None
    current, final = record.grades.current, record.grades.final
    return ReceiptOut(
        current=None if current.percent is None else str(current.percent),
        letter=current.letter,
        final=None if final.percent is None else str(final.percent),
        lines=[_line(each) for each in receipts.lines(record, Kind.current)],
        before=told.before if told and told.before != receipts.DASH else None,
        changes=[_line(each) for each in told.lines] if told else [],
    )


class WordsIn(BaseModel):
    final: bool = Field(False, description="Of the final total, in which ungraded work counts 0.")


class WordsOut(BaseModel):
    """Where `by` is not `model`, the sentence is Faraday's own: the model wrote what may not be shown (`refused` says
    what was wrong), or was `silent`."""

    sentence: str
    by: wording.By
    refused: list[str]
    cost: int = Field(description="In micro-credits.")


@router.post(
    "/students/{student_id}/receipt/words",
    summary="Explain a total in words",
    responses=problems(402, 404, 409, 422, 429, 503),
)
async def say_total(actor: Reader, class_id: UUID, student_id: UUID, wanted: WordsIn) -> WordsOut:
    """A sentence or two by a model of the organisation, at the caller's cost. Every figure in it stands in the
    derivation; otherwise a sentence of Faraday's own is given. It is kept nowhere."""
    said = await wording.say(actor, class_id, student_id, Kind.final if wanted.final else Kind.current)
    return WordsOut(sentence=said.sentence, by=said.by, refused=list(said.refused)[:10], cost=said.cost)


def _line(line: Line) -> LineOut:
    return LineOut(title=line.title, note=line.note, figure=line.figure)
