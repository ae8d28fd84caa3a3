"""HTTP: classes and their sections."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from faraday_app.classes.api.terms import Reader, Version
from faraday_app.classes.service import classes, copying, listing, sections
from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import Search, Text
from faraday_app.core.http.paging import Cursor, Limit, Page, page, parsed
from faraday_app.core.permissions import Actor, Permission

router = APIRouter(tags=["classes"])
Keeper = Annotated[Actor, Depends(signed_in(Permission.classes_manage))]


class ClassIn(BaseModel):
    """What a class shall be."""

    term_id: UUID
    name: Annotated[Text, Field(min_length=1, max_length=120, examples=["Biology 9B"])]
    subject: Annotated[Text, Field(max_length=80, examples=["Biology"])] = ""
    code: Annotated[Text, Field(max_length=40, examples=["BIO-9B"])] = ""
    room: Annotated[Text, Field(max_length=40, examples=["Lab 2"])] = ""
    department_id: UUID | None = Field(None, description="Its heads see the class and may change it.")

    def draft(self) -> classes.ClassDraft:
        return classes.ClassDraft(self.term_id, self.name, self.subject, self.code, self.room, self.department_id)


class NewClass(ClassIn):
    teacher_ids: list[UUID] = Field([], max_length=30, description="Nobody named: you, if you teach.")


class ClassChange(ClassIn):
    version: Version


class ClassOut(BaseModel):
    """A class as you may see it."""

    id: UUID
    name: str
    subject: str
    code: str
    room: str
    term_id: UUID
    term: str
    department_id: UUID | None
    archived_at: datetime | None
    teachers: list[str]
    students: int | None = Field(description="How many are active; null for whoever is not of its staff.")
    standing: str = Field(description="What you are to it: Teacher, Aide, Student, Parent or Overseer.")
    children: list[str] = Field(description="Your children in it.")
    version: int


class SectionIn(BaseModel):
    name: Annotated[Text, Field(min_length=1, max_length=80, examples=["Monday lab"])]


class SectionChange(SectionIn):
    was: Annotated[Text, Field(max_length=80, description="The name that was read.")]


class SectionOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    class_id: UUID
    name: str


class CopyIn(BaseModel):
    from_class_id: UUID
    with_staff: bool = Field(False, description="Also its teachers and aides.")


class CopyOut(BaseModel):
    """How many came newly."""

    model_config = ConfigDict(from_attributes=True)

    students: int
    staff: int


@router.get("/classes", summary="List classes", responses=problems(422))
async def list_classes(
    actor: Reader,
    text: Annotated[Search, Query(description="Part of the name, subject or code.")] = "",
    term_id: UUID | None = None,
    archived: bool = False,
    limit: Limit = 25,
    cursor: Cursor = "",
) -> Page[ClassOut]:
    """Those that you teach, help or learn in, your children's, and those that you oversee. The newest terms first."""
    after = parsed(cursor, UUID)
    wanted = listing.ClassFilter(text, term_id, archived, after[0] if after else None)
    async with transaction(actor) as session:
        found = await listing.listed(session, actor, wanted, limit + 1)
    return page(found, limit, _shown, "id")


@router.post("/classes", status_code=201, summary="Make a class", responses=problems(404, 422))
async def make_class(actor: Keeper, wanted: NewClass) -> ClassOut:
    async with transaction(actor) as session:
        made = await classes.make(session, actor, wanted.draft(), wanted.teacher_ids)
        return _shown(await listing.one(session, actor, made.id))


@router.get("/classes/{class_id}", summary="Get a class", responses=problems(404, 422))
async def get_class(actor: Reader, class_id: UUID) -> ClassOut:
    async with transaction(actor) as session:
        return _shown(await listing.one(session, actor, class_id))


@router.put("/classes/{class_id}", summary="Change a class", responses=problems(404, 409, 422))
async def change_class(actor: Keeper, class_id: UUID, wanted: ClassChange) -> ClassOut:
    """409 when somebody else changed it since that version, and while it is archived."""
    async with transaction(actor) as session:
        await classes.change(session, actor, class_id, wanted.version, wanted.draft())
        return _shown(await listing.one(session, actor, class_id))


@router.put("/classes/{class_id}/archived", status_code=204, summary="Archive a class", responses=problems(404, 422))
async def archive_class(actor: Keeper, class_id: UUID) -> None:
    """It can still be read; nothing in it changes any more."""
    async with transaction(actor) as session:
        await classes.archive(session, actor, class_id)


@router.delete(
    "/classes/{class_id}/archived", status_code=204, summary="Bring a class back", responses=problems(404, 422)
)
async def unarchive_class(actor: Keeper, class_id: UUID) -> None:
    async with transaction(actor) as session:
        await classes.unarchive(session, actor, class_id)


@router.post("/classes/{class_id}/copies", summary="Copy people from another class", responses=problems(404, 409, 422))
async def copy_people(actor: Keeper, class_id: UUID, wanted: CopyIn) -> CopyOut:
    """Its students with their sections. Who was withdrawn there is left out; nobody here is changed."""
    async with transaction(actor) as session:
        done = await copying.copy_people(session, actor, class_id, wanted.from_class_id, with_staff=wanted.with_staff)
    return CopyOut.model_validate(done)


@router.get("/classes/{class_id}/sections", summary="List sections", responses=problems(404, 422))
async def list_sections(actor: Reader, class_id: UUID) -> list[SectionOut]:
    """By name: all for the staff of the class, for others those that they or their children are in."""
    async with transaction(actor) as session:
        return [SectionOut.model_validate(each) for each in await sections.listed(session, actor, class_id)]


@router.post(
    "/classes/{class_id}/sections", status_code=201, summary="Add a section", responses=problems(404, 409, 422)
)
async def add_section(actor: Keeper, class_id: UUID, wanted: SectionIn) -> SectionOut:
    async with transaction(actor) as session:
        return SectionOut.model_validate(await sections.add(session, actor, class_id, wanted.name))


@router.put("/sections/{section_id}", summary="Rename a section", responses=problems(404, 409, 422))
async def rename_section(actor: Keeper, section_id: UUID, wanted: SectionChange) -> SectionOut:
    """409 when it is no longer called what you read."""
    async with transaction(actor) as session:
        return SectionOut.model_validate(await sections.rename(session, actor, section_id, wanted.was, wanted.name))


@router.delete("/sections/{section_id}", status_code=204, summary="Remove a section", responses=problems(404, 409, 422))
async def remove_section(actor: Keeper, section_id: UUID) -> None:
    """Its students stay in the class."""
    async with transaction(actor) as session:
        await sections.remove(session, actor, section_id)


def _shown(each: listing.Listed) -> ClassOut:
    found = each.school_class
    return ClassOut(
        id=found.id,
        name=found.name,
        subject=found.subject,
        code=found.code,
        room=found.room,
        term_id=found.term_id,
        term=each.term,
        department_id=found.department_id,
        archived_at=found.archived_at,
        teachers=list(each.teachers),
        students=each.students,
        standing=each.standing,
        children=list(each.children),
        version=found.version,
    )
