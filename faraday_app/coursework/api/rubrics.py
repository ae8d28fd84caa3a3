"""Rubrics over HTTP: one's own and the department's, and by what an assignment is marked."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field, PlainSerializer

from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.exact import ExactRoute
from faraday_app.core.http.fields import Search, Text
from faraday_app.core.http.paging import Cursor, Limit, Page, parsed
from faraday_app.core.http.paging import cursor as cursor_of
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.service.rubrics import (
    Criterion,
    Plan,
    PlanDraft,
    Rating,
    RubricDraft,
    Version,
    keeping,
    listing,
    plain,
    using,
)

router = APIRouter(tags=["rubrics"], route_class=ExactRoute)
Teacher = Annotated[Actor, Depends(signed_in(Permission.coursework_manage))]
Reader = Annotated[Actor, Depends(signed_in(Permission.coursework_read))]
Points = Annotated[
    Decimal,
    Field(ge=0, le=100_000, decimal_places=4, examples=["4"]),
    PlainSerializer(plain, return_type=str),
]
VersionRead = Annotated[int, Field(ge=0, le=2**31 - 1, description="As it was read; an older one is refused.")]


class RatingBody(BaseModel):
    title: Annotated[Text, Field(min_length=1, max_length=200, examples=["Strong"])]
    points: Points
    text: Annotated[Text, Field(max_length=2_000)] = ""


class CriterionIn(BaseModel):
    """Levels from the best; without any, what is given lies between 0 and ``points``."""

    title: Annotated[Text, Field(min_length=1, max_length=200, examples=["Evidence"])]
    points: Points = Field(Decimal(0), description="The most it gives. Where there are levels, the best one says it.")
    details: Annotated[Text, Field(max_length=2_000)] = ""
    scored: bool = Field(True, description="What is not scored is judged and adds nothing.")
    ranged: bool = Field(False, description="Whether a level covers all points down to those of the next lower one.")
    ratings: list[RatingBody] = Field([], max_length=10)

    def criterion(self) -> Criterion:
        ratings = tuple(Rating(each.title, each.points, each.text) for each in self.ratings)
        return Criterion(self.title, self.points, self.details, self.scored, self.ranged, ratings)


class CriterionOut(CriterionIn):
    id: UUID


class RubricIn(BaseModel):
    title: Annotated[Text, Field(min_length=1, max_length=120, examples=["Lab report"])]
    criteria: list[CriterionIn] = Field(min_length=1, max_length=30)
    shared: bool = Field(False, description="With everybody who teaches in your department.")

    def draft(self) -> RubricDraft:
        return RubricDraft(self.title, tuple(each.criterion() for each in self.criteria), self.shared)


class RubricChange(RubricIn):
    version: VersionRead


class RubricOut(BaseModel):
    """``number`` counts what it said; ``version`` counts every change, for saying which one was read."""

    id: UUID
    title: str
    shared: bool
    owner_id: UUID
    archived: bool
    number: int
    version: int
    points: Points
    used_in: int = Field(description="Assignments that are marked by this number.")
    locked: bool = Field(description="Two use it: an edit is for new uses only.")
    criteria: list[CriterionOut]


class RubricEdited(RubricOut):
    moved: int = Field(description="Assignments that go by the new number now.")
    kept: int = Field(description="Assignments that stay with the number they were given.")


class RubricListed(BaseModel):
    id: UUID
    title: str
    owner: str
    shared: bool
    own: bool
    criteria: int
    points: Points
    used_in: int


class PlanIn(BaseModel):
    version: VersionRead
    rubric_id: UUID | None = None
    newest: bool = Field(False, description="Take the rubric as it is now, where an older number of it is in use.")
    fills_grade: bool = Field(True, description="Whether the rubric's total is the grade.")
    moderated: bool = Field(False, description="Several mark without seeing each other's; a moderator chooses.")
    moderator_id: UUID | None = None


class PlanOut(BaseModel):
    version: int
    rubric: RubricOut | None
    fills_grade: bool
    fits_points: bool = Field(description="Whether the rubric comes to what the assignment is worth.")
    moderated: bool


@router.get("/rubrics", summary="List rubrics", responses=problems(422))
async def list_rubrics(
    actor: Teacher,
    text: Annotated[Search, Query(description="Words in the title.")] = "",
    archived: bool = False,
    limit: Limit = 25,
    cursor: Cursor = "",
) -> Page[RubricListed]:
    """One's own and those shared in one's department, newest first."""
    before = parsed(cursor, UUID)
    async with transaction(actor) as session:
        found = await listing.listed(
            session, actor, text, archived=archived, before=before[0] if before else None, limit=limit + 1
        )
    following = cursor_of(found[limit - 1].rubric.id) if len(found) > limit else None
    return Page(items=[_listed(each) for each in found[:limit]], next=following)


@router.post("/rubrics", status_code=201, summary="Make a rubric", responses=problems(422))
async def make_rubric(actor: Teacher, wanted: RubricIn) -> RubricOut:
    async with transaction(actor) as session:
        return _out(await keeping.create(session, actor, wanted.draft()))


@router.get("/rubrics/{rubric_id}", summary="Read a rubric", responses=problems(404, 422))
async def read_rubric(actor: Teacher, rubric_id: UUID) -> RubricOut:
    """As it is now."""
    async with transaction(actor) as session:
        return _out(await keeping.get(session, actor, rubric_id))


@router.put("/rubrics/{rubric_id}", summary="Change a rubric", responses=problems(404, 409, 422))
async def change_rubric(actor: Teacher, rubric_id: UUID, wanted: RubricChange) -> RubricEdited:
    """What it says gets a new number. Work that is being marked, or that two assignments use, stays with its own."""
    async with transaction(actor) as session:
        edited = await keeping.edit(session, actor, rubric_id, wanted.version, wanted.draft())
    return RubricEdited(**_out(edited.version).model_dump(), moved=edited.moved, kept=edited.kept)


@router.delete("/rubrics/{rubric_id}", status_code=204, summary="Put a rubric away", responses=problems(404, 422))
async def archive_rubric(actor: Teacher, rubric_id: UUID) -> None:
    """It is offered no more; what is marked by it goes on."""
    async with transaction(actor) as session:
        await keeping.archive(session, actor, rubric_id)


@router.get(
    "/assignments/{assignment_id}/marking", summary="By what an assignment is marked", responses=problems(404, 422)
)
async def read_plan(actor: Reader, assignment_id: UUID) -> PlanOut:
    """For everybody who sees the assignment: students and their guardians know what counts as soon as it is open."""
    async with transaction(actor) as session:
        return _plan(await using.plan_of(session, actor, assignment_id))


@router.put("/assignments/{assignment_id}/marking", summary="Say how it is marked", responses=problems(404, 409, 422))
async def set_plan(actor: Teacher, assignment_id: UUID, wanted: PlanIn) -> PlanOut:
    """409 when it was changed since, or when marks were given by what is there."""
    draft = PlanDraft(wanted.rubric_id, wanted.newest, wanted.fills_grade, wanted.moderated, wanted.moderator_id)
    async with transaction(actor) as session:
        return _plan(await using.set_plan(session, actor, assignment_id, wanted.version, draft))


def _listed(found: listing.Listed) -> RubricListed:
    rubric = found.rubric
    return RubricListed(
        id=rubric.id,
        title=rubric.title,
        owner=found.owner_name,
        shared=rubric.department_id is not None,
        own=found.is_own,
        criteria=found.criteria,
        points=found.highest,
        used_in=found.used_in,
    )


def _out(found: Version) -> RubricOut:
    rubric = found.rubric
    return RubricOut(
        id=rubric.id,
        title=rubric.title,
        shared=rubric.department_id is not None,
        owner_id=rubric.owner_id,
        archived=rubric.archived_at is not None,
        number=found.number,
        version=rubric.version,
        points=found.highest,
        used_in=found.used_in,
        locked=found.is_locked,
        criteria=[_criterion(each) for each in found.criteria],
    )


def _criterion(each: Criterion) -> CriterionOut:
    return CriterionOut(
        id=UUID(each.id),
        title=each.title,
        points=each.points,
        details=each.details,
        scored=each.scored,
        ranged=each.ranged,
        ratings=[RatingBody(title=level.title, points=level.points, text=level.text) for level in each.ratings],
    )


def _plan(plan: Plan) -> PlanOut:
    return PlanOut(
        version=plan.number,
        rubric=_out(plan.rubric) if plan.rubric else None,
        fills_grade=plan.fills_grade,
        fits_points=plan.fits_points,
        moderated=plan.moderated,
    )
