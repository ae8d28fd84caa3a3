"""Categories."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from faraday_app.core.database import transaction
from faraday_app.core.http.description import problems
from faraday_app.core.http.exact import ExactRoute
from faraday_app.core.http.fields import Text
from faraday_app.gradebook.api.oneroster.parts import (
    Asking,
    Exact,
    Fields,
    Reader,
    Remover,
    SourcedId,
    Status,
    Writer,
    many,
    one,
    put,
)
from faraday_app.gradebook.service.exchange import categories

router = APIRouter(route_class=ExactRoute)


class CategoryIn(BaseModel):
    title: Text = Field(min_length=1, max_length=80)
    weight: Exact | None = Field(None, ge=0, le=1000, description="In percent.")
    status: Status = "active"


class CategoryBody(BaseModel):
    category: CategoryIn


@router.get("/categories", summary="List categories", responses=problems(400, 422))
async def list_categories(request: Request, actor: Reader, wanted: Asking) -> JSONResponse:
    async with transaction(actor) as session:
        found = await categories.listed(session, actor)
    return many(request, "categories", found, wanted, categories.KNOWN)


@router.get("/classes/{class_id}/categories", summary="List categories of a class", responses=problems(400, 404, 422))
async def list_categories_of_class(
    request: Request, actor: Reader, class_id: SourcedId, wanted: Asking
) -> JSONResponse:
    async with transaction(actor) as session:
        found = await categories.listed(session, actor, class_id)
    return many(request, "categories", found, wanted, categories.KNOWN)


@router.get("/categories/{sourced_id}", summary="Get a category", responses=problems(400, 404, 422))
async def get_category(actor: Reader, sourced_id: SourcedId, fields: Fields = "") -> JSONResponse:
    async with transaction(actor) as session:
        found = await categories.get(session, actor, sourced_id)
    return one("category", found, fields, categories.KNOWN)


@router.put("/categories/{sourced_id}", summary="Put a category", responses=problems(404, 409, 422))
async def put_category(actor: Writer, sourced_id: SourcedId, body: CategoryBody) -> JSONResponse:
    """The group of assignments that it is in each class changes with it."""
    draft = categories.CategoryDraft(body.category.title, body.category.weight)
    async with transaction(actor) as session:
        found, made = await categories.put(session, actor, sourced_id, draft)
    return put("category", found, made=made)


@router.delete(
    "/categories/{sourced_id}", status_code=204, summary="Delete a category", responses=problems(404, 409, 422)
)
async def delete_category(actor: Remover, sourced_id: SourcedId) -> Response:
    """Only without line items in it."""
    async with transaction(actor) as session:
        await categories.delete(session, actor, sourced_id)
    return Response(status_code=204)
