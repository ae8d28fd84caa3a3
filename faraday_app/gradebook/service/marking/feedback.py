"""What a student and their guardians read of a piece of work: with the posted grade, and not before."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.core.errors import NotFound
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.models import Submission
from faraday_app.coursework.service import reading
from faraday_app.coursework.service.assessing import Comment, Segment, Sheet, anchors, comments, marking
from faraday_app.coursework.service.rubrics import Plan, total, using
from faraday_app.coursework.service.rubrics.criteria import Criterion
from faraday_app.coursework.service.rubrics.keeping import version_of
from faraday_app.gradebook.service import records
from faraday_app.gradebook.service.marks import NOTHING, Mark

NOT_YET = "Nothing is posted here yet."


@dataclass(frozen=True, slots=True)
class Feedback:
    """``is_posted`` false: only by what the work will be judged, and nothing of what somebody thinks of it.

    ``criteria`` are those that the marks were given by. ``total`` is what the marks come to.
    """

    plan: Plan
    student_id: UUID
    student_name: str
    is_posted: bool
    mark: Mark
    criteria: Sequence[Criterion]
    sheet: Sheet
    total: Decimal | None
    attempt: int
    text: str
    segments: Sequence[Segment]
    remarks: Sequence[Comment]


async def feedback(session: AsyncSession, actor: Actor, assignment_id: UUID, student_id: UUID) -> Feedback:
    """For the student, a guardian, and the class's staff, who read what the student will. NotFound for others."""
    plan = await using.plan_of(session, actor, assignment_id)
    record = await records.of_student(session, actor, plan.work.class_id, student_id)
    name = await session.scalar(select(col(User.name)).where(col(User.id) == student_id)) or ""
    mark = record.marks.get(assignment_id, NOTHING)
    criteria = plan.rubric.criteria if plan.rubric else ()
    if not (mark.says and mark.posted_at) or assignment_id not in {work.id for work in record.work}:
        return Feedback(plan, student_id, name, False, NOTHING, criteria, Sheet(), None, 0, "", (), ())
    row, sheet = await marking.chosen(session, assignment_id, student_id) or (None, Sheet())
    submission = await session.get(Submission, row.submission_id) if row and row.submission_id else None
    if row:
        criteria = (await version_of(session, row.version_id)).criteria if row.version_id else ()
    text, remarks = await comments.text_of(submission), await comments.about(session, plan, student_id)
    attempt = submission.attempt if submission else 0
    segments = anchors.segments(text, anchors.of(remarks, text, attempt)) if text else []
    sums = total(criteria, sheet.marks)
    return Feedback(plan, student_id, name, True, mark, criteria, sheet, sums, attempt, text, segments, remarks)


async def whose(session: AsyncSession, actor: Actor, assignment_id: UUID) -> tuple[Plan, list[tuple[UUID, str]]]:
    """Those whose feedback on this work the actor reads as a student or guardian, by name: siblings are two."""
    seen = await reading.get(session, actor, assignment_id, Permission.gradebook_read)
    plan = await using.plan_of(session, actor, assignment_id)
    query = select(col(User.id), col(User.name)).where(col(User.id).in_(seen.dates.keys())).order_by(col(User.name))
    return plan, [(row[0], row[1]) for row in await session.execute(query)]


async def recording(session: AsyncSession, actor: Actor, assignment_id: UUID, comment_id: UUID) -> tuple[bytes, str]:
    """A spoken remark: for the staff always, for students and guardians with the posted grade."""
    plan = await using.plan_of(session, actor, assignment_id, Permission.coursework_read)
    student_id = await comments.whom_about(session, plan, comment_id)
    plan.standing.must_see(student_id)
    if not plan.standing.is_staff and not (await feedback(session, actor, assignment_id, student_id)).is_posted:
        raise NotFound(NOT_YET)
    return await comments.recording(session, plan, student_id, comment_id)
