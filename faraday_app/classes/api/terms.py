"""HTTP: terms and grading periods."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from faraday_app.classes.models import GradingPeriod, Term
from faraday_app.classes.service import periods, terms
from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import Text
from faraday_app.core.http.paging import Cursor, Limit, Page, parsed
from faraday_app.core.http.paging import cursor as cursor_of
from faraday_app.core.permissions import Actor, Permission

router = APIRouter(tags=["terms"])
Reader = Annotated[Actor, Depends(signed_in(Permission.classes_read))]
Keeper = Annotated[Actor, Depends(signed_in(Permission.rosters_manage))]
Version = Annotated[int, Field(ge=1, le=2**31 - 1, description="The version that was read.")]


class TermIn(BaseModel):
    """When classes run, its first and last day included."""

    name: Annotated[Text, Field(min_length=1, max_length=80, examples=["Autumn term"])]
    starts_on: date = Field(examples=["2026-09-01"])
    ends_on: date = Field(examples=["2027-01-29"])

    def draft(self) -> terms.TermDraft:
        return terms.TermDraft(self.name, self.starts_on, self.ends_on)


class TermChange(TermIn):
    version: Version


class PeriodIn(BaseModel):
    """A part of a term that is graded on its own. Those of a term do not overlap."""

    name: Annotated[Text, Field(min_length=1, max_length=80, examples=["First quarter"])]
    starts_on: date = Field(examples=["2026-09-01"])
    ends_on: date = Field(examples=["2026-11-06"])
    weight: Annotated[Decimal, Field(ge=0, le=periods.HEAVIEST, max_digits=8, decimal_places=4)] | None = Field(
        None, description="In percent of the course total; null: none."
    )

    def draft(self) -> periods.PeriodDraft:
        return periods.PeriodDraft(self.name, self.starts_on, self.ends_on, self.weight)


class PeriodChange(PeriodIn):
    version: Version


class PeriodOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    term_id: UUID
    name: str
    starts_on: date
    ends_on: date
    weight: Decimal | None
    closed_at: datetime | None = Field(description="While it is closed, no grade in it changes.")
    version: int


class TermOut(BaseModel):
    id: UUID
    name: str
    starts_on: date
    ends_on: date
    version: int
    periods: list[PeriodOut]


@router.get("/terms", summary="List terms", responses=problems(422))
async def list_terms(actor: Reader, limit: Limit = 25, cursor: Cursor = "") -> Page[TermOut]:
    """The newest first, with their grading periods."""
    async with transaction(actor) as session:
        found = await terms.listed(session, actor, parsed(cursor, date.fromisoformat, UUID), limit + 1)
        parts = await periods.of_terms(session, actor, [each.id for each in found[:limit]])
    items = [_shown(each, parts[each.id]) for each in found[:limit]]
    last = items[-1] if len(found) > limit else None
    return Page(items=items, next=cursor_of(str(last.starts_on), last.id) if last else None)


@router.post("/terms", status_code=201, summary="Make a term", responses=problems(409, 422))
async def make_term(actor: Keeper, wanted: TermIn) -> TermOut:
    async with transaction(actor) as session:
        return _shown(await terms.make(session, actor, wanted.draft()), [])


@router.get("/terms/{term_id}", summary="Get a term", responses=problems(404, 422))
async def get_term(actor: Reader, term_id: UUID) -> TermOut:
    async with transaction(actor) as session:
        term = await terms.get(session, actor, term_id)
        return _shown(term, (await periods.of_terms(session, actor, [term.id]))[term.id])


@router.put("/terms/{term_id}", summary="Change a term", responses=problems(404, 409, 422))
async def change_term(actor: Keeper, term_id: UUID, wanted: TermChange) -> TermOut:
    """409 when somebody else changed it since that version. Its grading periods must still lie within it."""
    async with transaction(actor) as session:
        term = await terms.change(session, actor, term_id, wanted.version, wanted.draft())
        return _shown(term, (await periods.of_terms(session, actor, [term.id]))[term.id])


@router.delete("/terms/{term_id}", status_code=204, summary="Remove a term", responses=problems(404, 409, 422))
async def remove_term(actor: Keeper, term_id: UUID) -> None:
    """Only a term without classes."""
    async with transaction(actor) as session:
        await terms.remove(session, actor, term_id)


@router.post(
    "/terms/{term_id}/grading-periods",
    status_code=201,
    summary="Add a grading period",
    responses=problems(404, 409, 422),
)
async def add_period(actor: Keeper, term_id: UUID, wanted: PeriodIn) -> PeriodOut:
    async with transaction(actor) as session:
        return PeriodOut.model_validate(await periods.add(session, actor, term_id, wanted.draft()))


@router.put("/grading-periods/{period_id}", summary="Change a grading period", responses=problems(404, 409, 422))
async def change_period(actor: Keeper, period_id: UUID, wanted: PeriodChange) -> PeriodOut:
    """409 while it is closed, and when somebody else changed it since that version."""
    async with transaction(actor) as session:
        return PeriodOut.model_validate(await periods.change(session, actor, period_id, wanted.version, wanted.draft()))


@router.delete(
    "/grading-periods/{period_id}",
    status_code=204,
    summary="Remove a grading period",
    responses=problems(404, 409, 422),
)
async def remove_period(actor: Keeper, period_id: UUID) -> None:
    """What was graded in it counts as if there had been no such period."""
    async with transaction(actor) as session:
        await periods.remove(session, actor, period_id)


@router.put(
    "/grading-periods/{period_id}/closed",
    status_code=204,
    summary="Close a grading period",
    responses=problems(404, 422),
)
async def close_period(actor: Keeper, period_id: UUID) -> None:
    """From now on no grade in it changes."""
    async with transaction(actor) as session:
        await periods.close(session, actor, period_id)


@router.delete(
    "/grading-periods/{period_id}/closed",
    status_code=204,
    summary="Reopen a grading period",
    responses=problems(404, 422),
)
async def reopen_period(actor: Keeper, period_id: UUID) -> None:
    async with transaction(actor) as session:
        await periods.reopen(session, actor, period_id)


def _shown(term: Term, parts: list[GradingPeriod]) -> TermOut:
    return TermOut(
        id=term.id,
        name=term.name,
        starts_on=term.starts_on,
        ends_on=term.ends_on,
        version=term.version,
        periods=[PeriodOut.model_validate(each) for each in parts],
    )
