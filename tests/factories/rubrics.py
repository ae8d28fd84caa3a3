"""Rubrics, and how the work of a class is marked by them."""

from decimal import Decimal

from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import Assignment, Submission
from faraday_app.coursework.service.assessing import Meant
from faraday_app.coursework.service.rubrics import (
    Criterion,
    Plan,
    PlanDraft,
    Rating,
    RubricDraft,
    Version,
    keeping,
    using,
)
from tests.factories.classes import Classroom

EVIDENCE = Criterion(
    "Evidence",
    Decimal(4),
    "What the claims rest on.",
    ratings=(Rating("Strong", Decimal(4)), Rating("Some", Decimal("2.5")), Rating("None", Decimal(0))),
)
LEVELS = (Rating("Clear", Decimal(6)), Rating("Loose", Decimal(3)))
RANGED = Criterion("Structure", Decimal(6), ranged=True, ratings=LEVELS)
FREE = Criterion("Spelling", Decimal("0.1"))
EFFORT = (Rating("Much", Decimal(0)), Rating("Little", Decimal(0)))
UNSCORED = Criterion("Effort", Decimal(0), scored=False, ratings=EFFORT)
CRITERIA = (EVIDENCE, RANGED, FREE, UNSCORED)


async def make_rubric(
    owner: Actor, title: str = "Essay", criteria: tuple[Criterion, ...] = CRITERIA, *, shared: bool = False
) -> Version:
    async with transaction(owner) as session:
        return await keeping.create(session, owner, RubricDraft(title, criteria, shared))


async def use_rubric(classroom: Classroom, work: Assignment, rubric: Version | None, **more: object) -> Plan:
    """Have the work marked by it, as its teacher says."""
    teacher = classroom.teacher
    async with transaction(teacher) as session:
        before = await using.plan_of(session, teacher, work.id)
        draft = PlanDraft(rubric.rubric.id if rubric else None, **more)  # type: ignore[arg-type]
        return await using.set_plan(session, teacher, work.id, before.number, draft)


async def plan_for(actor: Actor, work: Assignment) -> Plan:
    async with transaction(actor) as session:
        return await using.plan_of(session, actor, work.id)


def meant(submission: Submission) -> Meant:
    return Meant(submission.student_id, submission.id, submission.attempt)
