"""Results."""

from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from faraday_app.core.database import transaction
from faraday_app.core.http.description import problems
from faraday_app.core.http.exact import ExactRoute
from faraday_app.core.http.fields import Text
from faraday_app.gradebook.api.oneroster.parts import (
    Asking,
    Day,
    Exact,
    Fields,
    Reader,
    Ref,
    Remover,
    Sent,
    SourcedId,
    Status,
    Writer,
    one,
    paged,
    put,
)
from faraday_app.gradebook.service.exchange import results
from faraday_app.gradebook.service.exchange.results import ResultDraft

router = APIRouter(route_class=ExactRoute)
ScoreStatus = Literal["exempt", "fully graded", "not submitted", "partially graded", "submitted"]


class ResultIn(Sent):
    """A grade. A score above the maximum stays above it."""

    line_item: Ref
    student: Ref
    score_status: ScoreStatus
    score: Exact | None = Field(None, ge=-1_000_000, le=1_000_000)
    text_score: Text | None = Field(None, max_length=200)
    score_date: Day
    comment: Text | None = Field(None, max_length=8_000)
    in_progress: bool | Literal["true", "false"] | None = None
    incomplete: bool | Literal["true", "false"] | None = None
    late: bool | Literal["true", "false"] | None = None
    missing: bool | Literal["true", "false"] | None = None
    status: Status = "active"

    def draft(self) -> ResultDraft:
        more: dict[str, Any] = {
            name: value for name, field in results.MORE.items() if (value := getattr(self, field)) is not None
        }
        return ResultDraft(
            self.line_item.sourced_id,
            self.student.sourced_id,
            self.score_status,
            self.score_date,
            self.score,
            (self.comment or "").strip(),
            more,
        )


class ResultBody(Sent):
    result: ResultIn


@router.get("/results", summary="List results", responses=problems(400, 422))
async def list_results(request: Request, actor: Reader, wanted: Asking) -> JSONResponse:
    """Of all classes that the person behind the key teaches, helps in or oversees."""
    async with transaction(actor) as session:
        found = await results.listed(session, actor, wanted)
    return paged(request, "results", found, wanted)


@router.get("/classes/{class_id}/results", summary="List results of a class", responses=problems(400, 404, 422))
async def list_results_of_class(request: Request, actor: Reader, class_id: SourcedId, wanted: Asking) -> JSONResponse:
    async with transaction(actor) as session:
        found = await results.listed(session, actor, wanted, class_id)
    return paged(request, "results", found, wanted)


@router.get(
    "/classes/{class_id}/lineItems/{line_item_id}/results",
    summary="List results of a line item",
    responses=problems(400, 404, 422),
)
async def list_results_of_line_item(
    request: Request, actor: Reader, class_id: SourcedId, line_item_id: SourcedId, wanted: Asking
) -> JSONResponse:
    async with transaction(actor) as session:
        found = await results.listed(session, actor, wanted, class_id, line_item_id=line_item_id)
    return paged(request, "results", found, wanted)


@router.get(
    "/classes/{class_id}/students/{student_id}/results",
    summary="List results of a student in a class",
    responses=problems(400, 404, 422),
)
async def list_results_of_student(
    request: Request, actor: Reader, class_id: SourcedId, student_id: SourcedId, wanted: Asking
) -> JSONResponse:
    async with transaction(actor) as session:
        found = await results.listed(session, actor, wanted, class_id, student_id=student_id)
    return paged(request, "results", found, wanted)


@router.get("/results/{sourced_id}", summary="Get a result", responses=problems(400, 404, 422))
async def get_result(actor: Reader, sourced_id: SourcedId, fields: Fields = "") -> JSONResponse:
    async with transaction(actor) as session:
        found = await results.get(session, actor, sourced_id)
    return one("result", found, fields, results.KNOWN)


@router.put("/results/{sourced_id}", summary="Put a result", responses=problems(404, 409, 422))
async def put_result(actor: Writer, sourced_id: SourcedId, body: ResultBody) -> JSONResponse:
    """Through the ledger, as a teacher's own: what the class posts at once is posted."""
    async with transaction(actor) as session:
        found, made = await results.put(session, actor, sourced_id, body.result.draft())
    return put("result", found, made=made)


@router.delete("/results/{sourced_id}", status_code=204, summary="Delete a result", responses=problems(404, 409, 422))
async def delete_result(actor: Remover, sourced_id: SourcedId) -> Response:
    """The grade is cleared; the ledger keeps what it was."""
    async with transaction(actor) as session:
        await results.delete(session, actor, sourced_id)
    return Response(status_code=204)
