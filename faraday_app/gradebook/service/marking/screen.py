"""All that stands on the screen of somebody who marks: one student's work, beside what was thought of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import AssessmentStatus, SubmissionFile
from faraday_app.coursework.service.assessing import Comment, Held, Segment, Sheet, anchors, comments, marking
from faraday_app.coursework.service.rubrics import Plan
from faraday_app.gradebook.service.marking.pile import Sheaf
from faraday_app.security.service import seen as note_look


@dataclass(frozen=True, slots=True)
class Screen:
    """``segments`` are the text, each with the places of the ``remarks`` about it. ``others`` are what other markers
    gave, as far as one may see it, with their names. ``stands``: the chosen marks, of whomever."""

    sheaf: Sheaf
    held: Held
    text: str
    segments: Sequence[Segment]
    files: Sequence[SubmissionFile]
    remarks: Sequence[Comment]
    others: Sequence[tuple[str, Held]]


async def screen(session: AsyncSession, actor: Actor, plan: Plan, sheaf: Sheaf) -> Screen:
    """For the staff of the class: an aide reads along. Where nothing of one's own is there yet and one marks alone,
    a colleague's marks are what one goes on from."""
    await note_look(session, actor, sheaf.student_id, f"work for “{plan.work.title}”")
    text = await comments.text_of(sheaf.submission)
    remarks = await comments.about(session, plan, sheaf.student_id)
    others = await marking.given_for(session, actor, plan, sheaf.student_id)
    held = await marking.held(session, actor, plan, sheaf.meant)
    return Screen(
        sheaf,
        _from_colleague(plan, held, others),
        text,
        anchors.segments(text, anchors.of(remarks, text, sheaf.meant.attempt)),
        await _files(session, sheaf),
        remarks,
        [(name, each) for name, each in await _named(session, others) if each.marker_id != actor.user_id],
    )


def _from_colleague(plan: Plan, held: Held, others: Sequence[Held]) -> Held:
    if plan.moderated or held.id is not None:
        return held
    stands = next((each for each in others if each.status == AssessmentStatus.chosen), None)
    if stands is None or stands.meant != held.meant:
        return held
    known = {each.id for each in plan.rubric.criteria} if plan.rubric else set()
    marks = {id: mark for id, mark in stands.sheet.marks.items() if id in known}
    return Held(held.meant, held.marker_id, Sheet(marks, stands.sheet.score))


async def _files(session: AsyncSession, sheaf: Sheaf) -> Sequence[SubmissionFile]:
    if sheaf.submission is None:
        return []
    query = select(SubmissionFile).where(
        col(SubmissionFile.submission_id) == sheaf.submission.id, col(SubmissionFile.removed_at).is_(None)
    )
    return (await session.scalars(query.order_by(col(SubmissionFile.id)))).all()


async def _named(session: AsyncSession, given: Sequence[Held]) -> list[tuple[str, Held]]:
    ids: set[UUID] = {each.marker_id for each in given}
    query = select(col(User.id), col(User.name)).where(col(User.id).in_(ids))
    names = {row[0]: row[1] for row in await session.execute(query)}
    return [(names.get(each.marker_id, ""), each) for each in given]
