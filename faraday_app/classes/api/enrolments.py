"""HTTP: who learns in a class."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from faraday_app.classes.api.classes import Keeper
from faraday_app.classes.api.terms import Reader, Version
from faraday_app.classes.models import Enrolled
from faraday_app.classes.service import enrolments, roster
from faraday_app.classes.service.checking import MOST_AT_ONCE
from faraday_app.core.database import transaction
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import Search
from faraday_app.core.http.paging import Cursor, Limit, Page, page, parsed

router = APIRouter(tags=["classes"])


class EnrolIn(BaseModel):
    student_ids: list[UUID] = Field(min_length=1, max_length=MOST_AT_ONCE)
    section_id: UUID | None = None


class EnrolOut(BaseModel):
    added: int = Field(description="How many came newly or came back.")


class EnrolmentChange(BaseModel):
    status: Enrolled
    section_id: UUID | None = None
    version: Version


class GuardianOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    guardian_id: UUID
    guardian: str
    guardian_email: str
    relationship: str


class EnrolmentOut(BaseModel):
    """A student's place in a class. E-mail address and guardians are for its staff."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    student_id: UUID
    name: str
    email: str
    section_id: UUID | None
    section: str
    status: Enrolled
    guardians: list[GuardianOut]
    version: int


class PlaceOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    student_id: UUID
    section_id: UUID | None
    status: Enrolled
    version: int


@router.get("/classes/{class_id}/enrolments", summary="List students", responses=problems(404, 422))
async def list_enrolments(
    actor: Reader,
    class_id: UUID,
    text: Annotated[Search, Query(description="Part of the name, for staff also of the e-mail address.")] = "",
    status: Enrolled | None = None,
    section_id: UUID | None = None,
    limit: Limit = 25,
    cursor: Cursor = "",
) -> Page[EnrolmentOut]:
    """By name. Staff see everybody, a student themselves, a guardian their children."""
    after = parsed(cursor, UUID)
    wanted = roster.RosterFilter(text, status or "", section_id, after[0] if after else None)
    async with transaction(actor) as session:
        found = await roster.listed(session, actor, class_id, wanted, limit + 1)
    return page(found, limit, EnrolmentOut.model_validate, "student_id")


@router.post("/classes/{class_id}/enrolments", summary="Add students", responses=problems(404, 409, 422))
async def enrol(actor: Keeper, class_id: UUID, wanted: EnrolIn) -> EnrolOut:
    """All of them or none. Who is active already is left where they are, so it can be sent again."""
    async with transaction(actor) as session:
        return EnrolOut(added=await enrolments.enrol(session, actor, class_id, wanted.student_ids, wanted.section_id))


@router.put("/enrolments/{enrolment_id}", summary="Change a student's place", responses=problems(404, 409, 422))
async def change_enrolment(actor: Keeper, enrolment_id: UUID, wanted: EnrolmentChange) -> PlaceOut:
    """Status and section. A withdrawn student sees nothing of the class any more, nor do their guardians."""
    draft = enrolments.EnrolmentDraft(wanted.status, wanted.section_id)
    async with transaction(actor) as session:
        return PlaceOut.model_validate(await enrolments.change(session, actor, enrolment_id, wanted.version, draft))
