"""Coursework asks what is graded already, for its lists of what is still to do."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.coursework.service.graded import GRADED, Key, Mark
from faraday_app.gradebook.models import Grade


async def marks(session: AsyncSession, assignment_ids: Collection[UUID]) -> dict[Key, Mark]:
    """What the missing policy wrote is no grade of a teacher's; what waits for a second look is not graded yet."""
    query = select(Grade).where(col(Grade.assignment_id).in_(assignment_ids))
    return {
        (grade.assignment_id, grade.student_id): Mark(
            graded=grade.score is not None and not grade.by_policy and not grade.pending_review,
            attempt=grade.attempt,
            excused=grade.excused,
        )
        for grade in await session.scalars(query)
    }


GRADED.append(marks)
