"""What was handed in, and by whom, as lists and grades need it. For whoever has asked already what one may see."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.coursework.models import Submission, SubmissionFile
from faraday_app.coursework.service import teams

Key = tuple[UUID, UUID]  # assignment and student


async def latest(session: AsyncSession, assignment_ids: Collection[UUID]) -> dict[Key, Submission]:
    """The last attempt of each student that was handed in. Of a team it counts for everybody in it."""
    if not assignment_ids:
        return {}
    query = (
        select(Submission)
        .where(col(Submission.assignment_id).in_(assignment_ids), col(Submission.submitted_at).is_not(None))
        .order_by(col(Submission.submitted_at), col(Submission.id))
    )
    alone: dict[Key, Submission] = {}
    together: dict[UUID, Submission] = {}
    for each in await session.scalars(query):
        if each.team_id:
            together[each.team_id] = each
        else:
            alone[each.assignment_id, each.student_id] = each
    if together:
        for key, team_id in (await teams.of_assignments(session, assignment_ids)).items():
            if team_id in together:
                alone[key] = together[team_id]
    return alone


async def attempts(
    session: AsyncSession, assignment_id: UUID, student_id: UUID, team_id: UUID | None
) -> Sequence[Submission]:
    """What was handed in, newest first: by the student alone, or by the team."""
    whose = col(Submission.student_id) == student_id
    if team_id:
        whose = whose & col(Submission.team_id).is_(None) | (col(Submission.team_id) == team_id)
    query = select(Submission).where(
        col(Submission.assignment_id) == assignment_id, whose, col(Submission.submitted_at).is_not(None)
    )
    return (await session.scalars(query.order_by(col(Submission.attempt).desc()))).all()


async def files_of(session: AsyncSession, submission_ids: Collection[UUID]) -> dict[UUID, list[SubmissionFile]]:
    """In the order in which they were added."""
    found: dict[UUID, list[SubmissionFile]] = {id: [] for id in submission_ids}
    if found:
        query = select(SubmissionFile).where(
            col(SubmissionFile.submission_id).in_(submission_ids), col(SubmissionFile.removed_at).is_(None)
        )
        for file in await session.scalars(query.order_by(col(SubmissionFile.id))):
            found[file.submission_id].append(file)
    return found
