"""HTTP: whose child somebody is."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from faraday_app.classes.service import guardians
from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import Search, Text
from faraday_app.core.http.paging import Cursor, Limit, Page, page, parsed
from faraday_app.core.permissions import Actor, Permission

router = APIRouter(prefix="/guardianships", tags=["guardians"])
Keeper = Annotated[Actor, Depends(signed_in(Permission.guardians_manage))]


class GuardianshipIn(BaseModel):
    guardian_id: UUID
    student_id: UUID
    relationship: Annotated[Text, Field(max_length=40, examples=["Mother"])] = ""


class GuardianshipOut(BaseModel):
    """A guardian and their child."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    guardian_id: UUID
    guardian: str
    guardian_email: str
    student_id: UUID
    student: str
    student_email: str
    relationship: str


@router.get("", summary="List guardians", responses=problems(422))
async def list_guardianships(
    actor: Keeper,
    text: Annotated[Search, Query(description="Part of the name of either.")] = "",
    guardian_id: UUID | None = None,
    student_id: UUID | None = None,
    limit: Limit = 25,
    cursor: Cursor = "",
) -> Page[GuardianshipOut]:
    """By the name of the student."""
    after = parsed(cursor, UUID)
    async with transaction(actor) as session:
        found = await guardians.listed(
            session,
            actor,
            sought=text,
            guardian_id=guardian_id,
            student_id=student_id,
            after=after[0] if after else None,
            limit=limit + 1,
        )
    return page(found, limit, GuardianshipOut.model_validate, "id")


@router.post("", status_code=201, summary="Link a guardian", responses=problems(404, 409, 422))
async def link_guardian(actor: Keeper, wanted: GuardianshipIn) -> GuardianshipOut:
    """They see the child's classes, and what is released about the child. 409 where they are linked already."""
    async with transaction(actor) as session:
        made = await guardians.link(session, actor, wanted.guardian_id, wanted.student_id, wanted.relationship)
        return GuardianshipOut.model_validate(await guardians.one(session, actor, made.id))


@router.delete("/{guardianship_id}", status_code=204, summary="Unlink a guardian", responses=problems(404, 422))
async def unlink_guardian(actor: Keeper, guardianship_id: UUID) -> None:
    """They see nothing of the child any more."""
    async with transaction(actor) as session:
        await guardians.unlink(session, actor, guardianship_id)
