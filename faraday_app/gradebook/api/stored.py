"""HTTP: the stored gradebook of a class, for its page and for programs."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, field_validator

from faraday_app.core.database import transaction
from faraday_app.core.errors import FaradayError
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gradebook.service import grid, ledger, reading, subtotals, undoing
from faraday_app.gradebook.service.ledger import Change, ReasonNeeded, Refused, Stale

router = APIRouter(prefix="/gradebook/classes/{class_id}", tags=["gradebook"])
Reader = Annotated[Actor, Depends(signed_in(Permission.gradebook_read))]
Grader = Annotated[Actor, Depends(signed_in(Permission.gradebook_manage))]
MOST = 5_000  # cells in one call
OTHERS_FIRST = 0.03  # seconds in which those who watch read what was changed; whoever changed it knows it already

ABOUT_GRID = """Everything that the grid of a class shows, for its staff.

`work` is `[id, group, title, points, grading type, shown to students, omitted]`; `students` are
`[id, name, section, [current %, letter, final %, letter], cells]` with a cell for each piece of work in its order:
`0`, or `[shown, version, tags]`, and what was typed as a fourth where it is not what is shown. Tags: `l` late (the
points taken off follow a colon), `m` missing, `d` dropped, `u` not posted, `r` pending review, `h` not for this
student, `c` in a closed grading period, `s` handed in and not graded."""


class CellIn(BaseModel):
    """One cell. `version` is that of the grade that was on screen, 0 where there was none."""

    model_config = ConfigDict(extra="forbid")

    assignment: UUID
    student: UUID
    value: str = Field(max_length=40, description="17, 85 %, 17/20, B+, ex, late 2d, missing, on time, - to clear")
    version: int | None = Field(default=None, ge=0, le=2_147_483_647)

    @field_validator("value")
    @classmethod
    def _readable(cls, value: str) -> str:
        if "\x00" in value:
            raise ValueError("has a character that cannot be stored")
        return value


class GradesIn(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "cells": [
                    {
                        "assignment": "01999999-0000-7000-8000-000000000001",
                        "student": "01999999-0000-7000-8000-000000000002",
                        "value": "17",
                        "version": 0,
                    }
                ],
                "reason": "",
            }
        },
    )

    cells: list[CellIn] = Field(min_length=1, max_length=MOST)
    reason: str = Field(default="", max_length=ledger.MOST_REASON, pattern=r"^[^\x00]*$")


class RefusedOut(BaseModel):
    """A cell that stayed as it is. `kind` is `stale`, `reason` or `refused`; `now` is what it holds."""

    assignment: UUID
    student: UUID
    value: str
    now: str
    version: int
    kind: str
    why: str


class GradesOut(BaseModel):
    """`batch` is what can be taken back, null where nothing changed. The rest is as of the grid, of these cells'
    students alone: its `since` is empty, go on from the one you have."""

    batch: UUID | None
    kept: int
    refused: list[RefusedOut]
    grid: dict[str, Any]


@router.get(
    "",
    summary="Open a gradebook",
    description=ABOUT_GRID,
    response_model=dict[str, Any],
    responses=problems(404, 422),
)
async def open_gradebook(
    actor: Reader,
    class_id: UUID,
    since: Annotated[UUID | None, Query(description="Only what changed after this line of the ledger")] = None,
) -> JSONResponse:
    """Plain data already: to look through twenty thousand cells once more would take as long as reading them."""
    async with transaction(actor) as session:
        if since is not None:
            found = await grid.changes(session, actor, class_id, since)
        else:
            found = await grid.open_grid(session, actor, class_id)
    return JSONResponse(found)


class SubtotalsOut(BaseModel):
    """`groups` in their order; of each student as many percents, `""` where nothing can be said."""

    groups: list[UUID]
    students: dict[UUID, list[str]]


@router.get("/subtotals", summary="Get what groups come to", responses=problems(404, 422))
async def get_subtotals(actor: Reader, class_id: UUID) -> SubtotalsOut:
    """The current percent of each student in each group of work. For the staff of the class."""
    async with transaction(actor) as session:
        found = await subtotals.of_class(session, actor, class_id)
        structure = await reading.read(session, class_id)
    return SubtotalsOut(groups=[group.id for group in structure.groups], students=found)


@router.put("/grades", summary="Enter grades", responses=problems(404, 409, 422))
async def enter_grades(actor: Grader, class_id: UUID, wanted: GradesIn) -> GradesOut:
    """Each cell stands for itself: what cannot be kept is refused with the reason and with what stands there now, and
    the rest is kept. Posted grades change only with a reason."""
    asked = [Change(each.assignment, each.student, each.value, each.version) for each in wanted.cells]
    async with transaction(actor) as session:
        entered = await ledger.enter(session, actor, class_id, asked, reason=wanted.reason)
    if entered.batch_id:
        await asyncio.sleep(OTHERS_FIRST)
    async with transaction(actor) as session:
        cells = [change.cell for change in asked]
        shown = await grid.of_cells(session, actor, class_id, cells, entered.structure)
    return GradesOut(
        batch=entered.batch_id,
        kept=len(entered.cells),
        refused=[_refused(each) for each in entered.refused],
        grid=shown,
    )


@router.post("/undo/{batch_id}", summary="Take a change back", responses=problems(404, 409, 422))
async def undo_batch(actor: Grader, class_id: UUID, batch_id: UUID) -> GradesOut:
    """The cells that nobody changed since are as before; the others stay."""
    async with transaction(actor) as session:
        undone = await undoing.undo(session, actor, class_id, batch_id)
        shown = await grid.of_cells(session, actor, class_id, [*undone.cells, *undone.kept])
    refused = [
        RefusedOut(assignment=work, student=student, value="", now="", version=0, kind="refused", why=why)
        for (work, student), why in undone.kept.items()
    ]
    return GradesOut(batch=undone.batch_id, kept=len(undone.cells), refused=refused, grid=shown)


def _refused(each: Refused) -> RefusedOut:
    change = each.change
    return RefusedOut(
        assignment=change.assignment_id,
        student=change.student_id,
        value=change.typed if isinstance(change.typed, str) else "",
        now=ledger.said(each.mark),
        version=each.mark.version,
        kind=_kind(each.why),
        why=each.why.message,
    )


def _kind(why: FaradayError) -> str:
    if isinstance(why, Stale):
        return "stale"
    return "reason" if isinstance(why, ReasonNeeded) else "refused"
