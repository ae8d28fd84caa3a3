"""Line items."""

from decimal import Decimal
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from faraday_app.core.database import transaction
from faraday_app.core.http.description import problems
from faraday_app.core.http.exact import ExactRoute
from faraday_app.core.http.fields import Text
from faraday_app.gradebook.api.oneroster.parts import (
    Asking,
    Exact,
    Fields,
    Moment,
    Reader,
    Ref,
    Remover,
    Sent,
    SourcedId,
    Status,
    Writer,
    many,
    one,
    put,
)
from faraday_app.gradebook.service.exchange import line_items
from faraday_app.gradebook.service.exchange.line_items import LineItemDraft

router = APIRouter(route_class=ExactRoute)


class LineItemIn(Sent):
    """A piece of work. It is published at once, and handed in on paper as far as Faraday is concerned."""

    title: Text = Field(min_length=1, max_length=200)
    description: Text = Field("", max_length=8_000)
    assign_date: Moment
    due_date: Moment
    class_: Ref = Field(alias="class")
    category: Ref
    grading_period: Ref | None = None
    academic_session: Ref | None = None
    school: Ref | None = None
    result_value_min: Exact | None = None
    result_value_max: Exact | None = Field(None, ge=0, le=1_000_000, description="What it is worth.")
    status: Status = "active"

    def draft(self) -> LineItemDraft:
        refs = {"gradingPeriod": self.grading_period, "academicSession": self.academic_session, "school": self.school}
        more: dict[str, Any] = {name: found.sourced_id for name, found in refs.items() if found}
        if self.result_value_min is not None:
            more["resultValueMin"] = str(self.result_value_min)
        maximum = Decimal(100) if self.result_value_max is None else self.result_value_max
        return LineItemDraft(
            self.title,
            self.class_.sourced_id,
            self.category.sourced_id,
            self.due_date,
            self.assign_date,
            self.description,
            maximum,
            more,
        )


class LineItemBody(Sent):
    line_item: LineItemIn


@router.get("/lineItems", summary="List line items", responses=problems(400, 422))
async def list_line_items(request: Request, actor: Reader, wanted: Asking) -> JSONResponse:
    """Of all classes that the person behind the key teaches, helps in or oversees."""
    async with transaction(actor) as session:
        found = await line_items.listed(session, actor)
    return many(request, "lineItems", found, wanted, line_items.KNOWN)


@router.get("/classes/{class_id}/lineItems", summary="List line items of a class", responses=problems(400, 404, 422))
async def list_line_items_of_class(
    request: Request, actor: Reader, class_id: SourcedId, wanted: Asking
) -> JSONResponse:
    async with transaction(actor) as session:
        found = await line_items.listed(session, actor, class_id)
    return many(request, "lineItems", found, wanted, line_items.KNOWN)


@router.get("/lineItems/{sourced_id}", summary="Get a line item", responses=problems(400, 404, 422))
async def get_line_item(actor: Reader, sourced_id: SourcedId, fields: Fields = "") -> JSONResponse:
    async with transaction(actor) as session:
        found = await line_items.get(session, actor, sourced_id)
    return one("lineItem", found, fields, line_items.KNOWN)


@router.put("/lineItems/{sourced_id}", summary="Put a line item", responses=problems(404, 409, 422))
async def put_line_item(actor: Writer, sourced_id: SourcedId, body: LineItemBody) -> JSONResponse:
    async with transaction(actor) as session:
        found, made = await line_items.put(session, actor, sourced_id, body.line_item.draft())
    return put("lineItem", found, made=made)


@router.delete(
    "/lineItems/{sourced_id}", status_code=204, summary="Delete a line item", responses=problems(404, 409, 422)
)
async def delete_line_item(actor: Remover, sourced_id: SourcedId) -> Response:
    """With its results. A teacher can bring it back."""
    async with transaction(actor) as session:
        await line_items.delete(session, actor, sourced_id)
    return Response(status_code=204)
