"""The pile of work for an assignment: whose it is, and how far each is. Names are hidden where they have to be."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.classes.models import Enrolled, Enrolment
from faraday_app.core.errors import NotFound
from faraday_app.core.permissions import Actor
from faraday_app.core.settings import settings
from faraday_app.coursework.models import Assessment, AssessmentStatus, Submission
from faraday_app.coursework.service import dates
from faraday_app.coursework.service.assessing import Meant
from faraday_app.coursework.service.rubrics import Plan
from faraday_app.coursework.service.submissions import finding
from faraday_app.gradebook.service import marks
from faraday_app.gradebook.service.marks import Mark

CODE = 16  # letters by which the page names a student: it is not told the id


class Stage(StrEnum):
    """How far a student's work is. ``marked``: marks were given that are no grade yet."""

    nothing = "nothing"
    to_mark = "to_mark"
    begun = "begun"
    marked = "marked"
    graded = "graded"
    posted = "posted"


@dataclass(frozen=True, slots=True)
class Sheaf:
    """A student's work in the pile. ``name`` is "Student 3" while nobody may know whose it is."""

    code: str
    student_id: UUID
    name: str
    is_hidden: bool
    stage: Stage
    submission: Submission | None
    mark: Mark
    is_late: bool = False

    @property
    def meant(self) -> Meant:
        if self.submission is None:
            return Meant(self.student_id)
        return Meant(self.student_id, self.submission.id, self.submission.attempt)

    @property
    def handed_in_at(self) -> datetime | None:
        return self.submission.submitted_at if self.submission else None


async def pile(session: AsyncSession, actor: Actor, plan: Plan) -> list[Sheaf]:
    """Everybody whom the work is for, by name; in an order by chance that stays the same where names are hidden."""
    if not plan.standing.is_staff:
        raise NotFound("This assignment does not exist, or you cannot see it.")
    names = await _names(session, plan)
    newest = await _newest(session, plan)
    grades = await marks.of_cells(session, plan.work.class_id, {(plan.work.id, each) for each in names})
    mine = await _stages(session, actor, plan)
    order = sorted(names, key=lambda each: code_of(plan, each) if plan.work.anonymous else names[each].casefold())
    return [
        _sheaf(plan, student, place, names[student], newest.get(student), grades[plan.work.id, student], mine)
        for place, student in enumerate(order, 1)
    ]


def find(sheaves: Sequence[Sheaf], code: str) -> Sheaf:
    for each in sheaves:
        if hmac.compare_digest(each.code, code):
            return each
    raise NotFound("This student is not in the class any more.")


def code_of(plan: Plan, student_id: UUID) -> str:
    """What stands for a student on the page of this assignment, and nowhere else."""
    return hmac.digest(settings().key, b"pile " + plan.work.id.bytes + student_id.bytes, "sha256").hex()[:CODE]


def _sheaf(
    plan: Plan,
    student_id: UUID,
    place: int,
    name: str,
    submission: Submission | None,
    mark: Mark,
    mine: Mapping[UUID, Stage],
) -> Sheaf:
    hidden = plan.work.anonymous and mark.posted_at is None
    late = bool(submission and submission.submitted_at and submission.due_at) and (
        submission.submitted_at > submission.due_at  # type: ignore[union-attr, operator]
    )
    return Sheaf(
        code_of(plan, student_id),
        student_id,
        f"Student {place}" if hidden else name,
        hidden,
        _stage(submission, mark, mine.get(student_id)),
        submission,
        mark,
        late,
    )


def _stage(submission: Submission | None, mark: Mark, mine: Stage | None) -> Stage:
    newer = submission is not None and mark.attempt is not None and submission.attempt > mark.attempt
    if mine is Stage.begun:
        return Stage.begun
    if mark.says and not mark.by_policy and not newer:
        return Stage.posted if mark.posted_at else Stage.graded
    if mine is Stage.marked and not newer:
        return Stage.marked
    return Stage.to_mark if submission else Stage.nothing


async def _names(session: AsyncSession, plan: Plan) -> dict[UUID, str]:
    of_it = await dates.of_one(session, plan.work)
    query = (
        select(col(User.id), col(User.name))
        .join(Enrolment, col(Enrolment.student_id) == col(User.id))
        .where(col(Enrolment.class_id) == plan.work.class_id, col(Enrolment.status) != Enrolled.withdrawn)
    )
    return {id: name for id, name in await session.execute(query) if of_it.of(id) is not None}


async def _newest(session: AsyncSession, plan: Plan) -> dict[UUID, Submission]:
    """What a team handed in is everybody's who is in it."""
    return {student: each for (_, student), each in (await finding.latest(session, [plan.work.id])).items()}


async def _stages(session: AsyncSession, actor: Actor, plan: Plan) -> dict[UUID, Stage]:
    """Where the actor's own marks are: on the way, or given."""
    query = (
        select(col(Assessment.student_id), col(Assessment.status), col(Assessment.sealed_draft).is_not(None))
        .where(col(Assessment.assignment_id) == plan.work.id, col(Assessment.marker_id) == actor.user_id)
        .order_by(col(Assessment.attempt))
    )
    found = {}
    for student, status, on_the_way in await session.execute(query):
        found[student] = Stage.begun if on_the_way or status == AssessmentStatus.draft else Stage.marked
    return found
