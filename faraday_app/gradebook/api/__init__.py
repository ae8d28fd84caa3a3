"""HTTP: what the calculator says of a class that is sent along, of which nothing is stored; and stored gradebooks."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends

from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.exact import ExactRoute
from faraday_app.core.http.parts import Part
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gradebook.api import marking, stored, transfer
from faraday_app.gradebook.api.checking import check
from faraday_app.gradebook.api.lateness import LateIn, LateOut, penalty
from faraday_app.gradebook.api.schemas import MOST_GROUPS, MOST_WORK, ClassIn, GradesOut, grades, sheet
from faraday_app.gradebook.calculation import View, calculate

calculator = APIRouter(prefix="/gradebook", tags=["gradebook"], route_class=ExactRoute)
router = Part()
Person = Annotated[Actor, Depends(signed_in(Permission.gradebook_calculate))]


ABOUT_TOTALS = f"""What one student's class comes to, by the calculator of the gradebook itself. Nothing is stored.

`current` leaves out what is not graded or is pending review. In `final` what is not graded counts 0, and what is
pending review counts with its score. What cannot be said is `null`, which is not 0.

Numbers are taken exactly as they are written. The answer has them as text; only `percent` is rounded, half up, to two
decimals. At most {MOST_WORK:,} assignments in {MOST_GROUPS:,} groups.
"""


@calculator.post("/calculate", summary="Calculate a total", description=ABOUT_TOTALS, responses=problems(422))
async def calculate_total(actor: Person, wanted: ClassIn) -> GradesOut:
    return await asyncio.to_thread(_calculated, wanted)


def _calculated(wanted: ClassIn) -> GradesOut:
    check(wanted)
    return grades(calculate(sheet(wanted), View(wanted.view)))


@calculator.post("/late-penalty", summary="Calculate a late penalty", responses=problems(422))
async def calculate_late_penalty(actor: Person, wanted: LateIn) -> LateOut:
    """What lateness takes off a score. Nothing is stored.

    possible × min(percent × ⌈late / interval⌉, max(raw percent − minimum, 0)) / 100, for what is graded in points,
    percent, letters or grade points, and has possible points."""
    return penalty(wanted)


for part in (calculator, marking.router, stored.router, transfer.router):
    router.include_router(part)
