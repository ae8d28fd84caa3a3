"""The work of a class over HTTP: its groups, its assignments and their dates."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import Text
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.api.schemas import (
    AssignmentChange,
    AssignmentIn,
    AssignmentOut,
    ClassWorkOut,
    DatesBody,
    DatesOut,
    GroupChange,
    GroupIn,
    GroupOut,
    Moment,
    Points,
    assignment_out,
    dates_out,
    group_out,
)
from faraday_app.coursework.models import Assignment, AssignmentOverride
from faraday_app.coursework.service import assignments, groups, overrides, proposing, publishing, reading
from faraday_app.coursework.service.dates import Dates

router = APIRouter(tags=["assignments"])
Reader = Annotated[Actor, Depends(signed_in(Permission.coursework_read))]
Teacher = Annotated[Actor, Depends(signed_in(Permission.coursework_manage))]
Act = Callable[[AsyncSession, Actor, UUID], Awaitable[Assignment]]


class Wish(BaseModel):
    kind: proposing.Kind = proposing.Kind.assignment
    wish: Annotated[Text, Field(min_length=3, max_length=proposing.LONGEST_WISH, examples=["Osmosis in potatoes"])]
    questions: int = Field(5, ge=1, le=proposing.MOST_QUESTIONS, description="Of a quiz.")


class ProposalOut(BaseModel):
    """`answers` are for the teacher: they stand in no description. `cost` is in micro-credits."""

    title: str
    description: str
    points: Points
    answers: list[str]
    cost: int


class Scheduling(BaseModel):
    publish_at: Moment


class Reopening(BaseModel):
    until: Moment | None = None


@router.get("/classes/{class_id}/assignments", summary="List the work of a class", responses=problems(404, 422))
async def list_work(actor: Reader, class_id: UUID) -> ClassWorkOut:
    """In its groups' order. Students and parents get what is published and for them."""
    async with transaction(actor) as session:
        found = await reading.of_class(session, actor, class_id)
        shown = [assignment_out(each) for each in reading.each(found)]
        return ClassWorkOut(groups=[group_out(each) for each in found.groups], assignments=shown)


@router.post(
    "/classes/{class_id}/assignments", status_code=201, summary="Draft an assignment", responses=problems(404, 409, 422)
)
async def make(actor: Teacher, class_id: UUID, wanted: AssignmentIn) -> AssignmentOut:
    """Only the class's staff sees it until it is published."""
    async with transaction(actor) as session:
        work = await assignments.make(session, actor, class_id, wanted.draft)
        return await _shown(session, actor, work)


@router.post(
    "/classes/{class_id}/assignment-proposals",
    summary="Have a model draft an assignment",
    responses=problems(402, 404, 409, 422),
)
async def propose(actor: Teacher, class_id: UUID, wanted: Wish) -> ProposalOut:
    """An assignment or a quiz, to be edited: nothing is kept. Asked of the organisation's models, at the caller's
    cost."""
    found = await proposing.propose(actor, class_id, wanted.kind, wanted.wish, wanted.questions)
    return ProposalOut(**found.model_dump())


@router.get("/assignments/{assignment_id}", summary="Get an assignment", responses=problems(404, 422))
async def get(actor: Reader, assignment_id: UUID) -> AssignmentOut:
    async with transaction(actor) as session:
        return assignment_out(await reading.get(session, actor, assignment_id))


@router.put("/assignments/{assignment_id}", summary="Change an assignment", responses=problems(404, 409, 422))
async def change(actor: Teacher, assignment_id: UUID, wanted: AssignmentChange) -> AssignmentOut:
    async with transaction(actor) as session:
        work = await assignments.change(session, actor, assignment_id, wanted.version, wanted.draft)
        return await _shown(session, actor, work)


@router.delete(
    "/assignments/{assignment_id}", status_code=204, summary="Remove an assignment", responses=problems(404, 409, 422)
)
async def remove(actor: Teacher, assignment_id: UUID) -> None:
    """With what was handed in and its grades. It can be brought back."""
    async with transaction(actor) as session:
        await assignments.delete(session, actor, assignment_id)


@router.post(
    "/assignments/{assignment_id}/restore", summary="Bring an assignment back", responses=problems(404, 409, 422)
)
async def restore(actor: Teacher, assignment_id: UUID) -> AssignmentOut:
    return await _done(actor, assignment_id, assignments.restore)


@router.post(
    "/assignments/{assignment_id}/duplicate",
    status_code=201,
    summary="Draft the same again",
    responses=problems(404, 409, 422),
)
async def duplicate(actor: Teacher, assignment_id: UUID) -> AssignmentOut:
    return await _done(actor, assignment_id, assignments.duplicate)


@router.post("/assignments/{assignment_id}/publish", summary="Publish an assignment", responses=problems(404, 409, 422))
async def publish(actor: Teacher, assignment_id: UUID) -> AssignmentOut:
    return await _done(actor, assignment_id, publishing.publish)


@router.post(
    "/assignments/{assignment_id}/withdraw", summary="Make it a draft again", responses=problems(404, 409, 422)
)
async def withdraw(actor: Teacher, assignment_id: UUID) -> AssignmentOut:
    """As long as nobody has handed anything in."""
    return await _done(actor, assignment_id, publishing.withdraw)


@router.post("/assignments/{assignment_id}/close", summary="Close an assignment", responses=problems(404, 409, 422))
async def close(actor: Teacher, assignment_id: UUID) -> AssignmentOut:
    return await _done(actor, assignment_id, publishing.close)


@router.post("/assignments/{assignment_id}/schedule", summary="Publish it later", responses=problems(404, 409, 422))
async def schedule(actor: Teacher, assignment_id: UUID, wanted: Scheduling) -> AssignmentOut:
    async with transaction(actor) as session:
        work = await publishing.schedule(session, actor, assignment_id, wanted.publish_at)
        return await _shown(session, actor, work)


@router.post("/assignments/{assignment_id}/reopen", summary="Open it again", responses=problems(404, 409, 422))
async def reopen(actor: Teacher, assignment_id: UUID, wanted: Reopening) -> AssignmentOut:
    """Until then, or with no end."""
    async with transaction(actor) as session:
        return await _shown(session, actor, await publishing.reopen(session, actor, assignment_id, wanted.until))


@router.get("/assignments/{assignment_id}/dates", summary="List other dates", responses=problems(404, 422))
async def list_dates(actor: Teacher, assignment_id: UUID) -> list[DatesOut]:
    """Of sections and students, for the class's staff."""
    async with transaction(actor) as session:
        return [_override(each) for each in await overrides.of_assignment(session, actor, assignment_id)]


@router.put(
    "/assignments/{assignment_id}/dates/students/{student_id}",
    summary="Set a student's dates",
    responses=problems(404, 409, 422),
)
async def set_student(actor: Teacher, assignment_id: UUID, student_id: UUID, wanted: DatesBody) -> DatesOut:
    """All three, in place of the class's: null is none at all."""
    async with transaction(actor) as session:
        return _override(await overrides.for_student(session, actor, assignment_id, student_id, wanted.dates))


@router.put(
    "/assignments/{assignment_id}/dates/sections/{section_id}",
    summary="Set a section's dates",
    responses=problems(404, 409, 422),
)
async def set_section(actor: Teacher, assignment_id: UUID, section_id: UUID, wanted: DatesBody) -> DatesOut:
    async with transaction(actor) as session:
        return _override(await overrides.for_section(session, actor, assignment_id, section_id, wanted.dates))


@router.delete(
    "/assignments/{assignment_id}/dates/{dates_id}",
    status_code=204,
    summary="Take other dates away",
    responses=problems(404, 409, 422),
)
async def remove_dates(actor: Teacher, assignment_id: UUID, dates_id: UUID) -> None:
    async with transaction(actor) as session:
        await overrides.remove(session, actor, assignment_id, dates_id)


@router.post(
    "/classes/{class_id}/assignment-groups",
    status_code=201,
    summary="Make a group of work",
    responses=problems(404, 409, 422),
)
async def make_group(actor: Teacher, class_id: UUID, wanted: GroupIn) -> GroupOut:
    async with transaction(actor) as session:
        return group_out(await groups.make(session, actor, class_id, wanted.draft))


@router.put("/assignment-groups/{group_id}", summary="Change a group of work", responses=problems(404, 409, 422))
async def change_group(actor: Teacher, group_id: UUID, wanted: GroupChange) -> GroupOut:
    async with transaction(actor) as session:
        return group_out(await groups.change(session, actor, group_id, wanted.version, wanted.draft))


@router.delete(
    "/assignment-groups/{group_id}",
    status_code=204,
    summary="Remove a group of work",
    responses=problems(404, 409, 422),
)
async def remove_group(actor: Teacher, group_id: UUID) -> None:
    """Only without work in it."""
    async with transaction(actor) as session:
        await groups.delete(session, actor, group_id)


async def _done(actor: Actor, assignment_id: UUID, act: Act) -> AssignmentOut:
    async with transaction(actor) as session:
        return await _shown(session, actor, await act(session, actor, assignment_id))


async def _shown(session: AsyncSession, actor: Actor, work: Assignment) -> AssignmentOut:
    return assignment_out(await reading.get(session, actor, work.id))


def _override(row: AssignmentOverride) -> DatesOut:
    dates = Dates(row.due_at, row.available_from, row.available_until)
    return dates_out(dates, id=row.id, student_id=row.student_id, section_id=row.section_id)
