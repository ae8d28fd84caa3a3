"""HTTP: who looked at a record, taking out what is kept, and erasing."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.paging import Cursor, Limit, Page, page, parsed
from faraday_app.core.http.parts import Part
from faraday_app.core.permissions import Actor, Permission
from faraday_app.privacy.service import exporting, looks, requests, retention

router = Part(tags=["privacy"])
Concerned = Annotated[Actor, Depends(signed_in(Permission.records_read))]
Manager = Annotated[Actor, Depends(signed_in(Permission.privacy_manage))]
_ZIP: dict[int | str, dict[str, Any]] = {200: {"description": "A ZIP archive.", "content": {"application/zip": {}}}}


class LookOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    at: datetime
    name: str = Field(examples=["Maya Okafor"])
    role: str = Field(description="What they are in the organisation now, or empty.")
    what: str = Field(examples=["grades in Biology 9B"])
    exported: bool = Field(description="Everything was taken out, not only looked at.")


class RetentionIn(BaseModel):
    years: int | None = Field(ge=1, le=100, description="After somebody left. Null: until somebody decides.")
    version: int = Field(ge=0, description="As it was read; 0 before anything was decided.")


class RetentionOut(BaseModel):
    years: int | None
    version: int


class ErasureIn(BaseModel):
    reason: str = Field(default="", max_length=400)


class ErasureOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    subject_id: UUID
    state: str = Field(description="`waiting`, `records`, `done` or `cancelled`.")
    due_at: datetime
    finished_at: datetime | None
    erased: dict[str, int] = Field(description="How many rows of each table.")


@router.get("/people/{user_id}/looks", summary="Who looked at a record", responses=problems(404, 422))
async def list_looks(actor: Concerned, user_id: UUID, limit: Limit = 25, cursor: Cursor = "") -> Page[LookOut]:
    """Newest first. Your own record, those of your children, or anybody's for whoever manages privacy."""
    before = parsed(cursor, UUID)
    async with transaction(actor) as session:
        found = await looks.looks(session, actor, user_id, before[0] if before else None, limit + 1)
    return page(found, limit, LookOut.model_validate, "id")


@router.get(
    "/people/{user_id}/data",
    summary="Take out all that is kept of a person",
    response_class=StreamingResponse,
    responses={**_ZIP, **problems(404, 422)},
)
async def export_person(actor: Concerned, user_id: UUID) -> StreamingResponse:
    """A ZIP with one JSON Lines file for each table, and the files. Needs a confirmed session, so no API key."""
    async with transaction(actor) as session:
        await requests.may_export(session, actor, user_id)
    headers = {"Content-Disposition": 'attachment; filename="record.zip"', "Cache-Control": "no-store"}
    return StreamingResponse(exporting.archive(actor, user_id), media_type="application/zip", headers=headers)


@router.get("/retention", summary="How long records are kept")
async def get_retention(actor: Manager) -> RetentionOut:
    async with transaction(actor) as session:
        years, version = await retention.policy(session, actor)
    return RetentionOut(years=years, version=version)


@router.put("/retention", summary="Decide how long records are kept", responses=problems(409, 422))
async def set_retention(actor: Manager, wanted: RetentionIn) -> RetentionOut:
    async with transaction(actor) as session:
        await retention.set_policy(session, actor, wanted.years, wanted.version)
        years, version = await retention.policy(session, actor)
    return RetentionOut(years=years, version=version)


@router.get("/erasures", summary="List who is to be erased", responses=problems(422))
async def list_erasures(actor: Manager, limit: Limit = 25, cursor: Cursor = "") -> Page[ErasureOut]:
    """Newest first."""
    before = parsed(cursor, UUID)
    async with transaction(actor) as session:
        found = await requests.erasures(session, actor, before[0] if before else None, limit + 1)
    return page([erasure for erasure, _ in found], limit, ErasureOut.model_validate, "id")


@router.post("/people/{user_id}/erasure", status_code=201, summary="Erase a person", responses=problems(404, 409, 422))
async def erase_person(actor: Manager, user_id: UUID, wanted: ErasureIn) -> ErasureOut:
    """They can no longer sign in at once; after three days their data goes. Needs a confirmed session."""
    async with transaction(actor) as session:
        return ErasureOut.model_validate(await requests.ask_erasure(session, actor, user_id, wanted.reason))


@router.delete("/erasures/{erasure_id}", status_code=204, summary="Take it back", responses=problems(404, 409, 422))
async def cancel_erasure(actor: Manager, erasure_id: UUID) -> None:
    """As long as nothing is erased."""
    async with transaction(actor) as session:
        await requests.cancel(session, actor, erasure_id)
