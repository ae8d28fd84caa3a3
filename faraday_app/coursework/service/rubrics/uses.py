"""In how many assignments a rubric is used."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.coursework.models import Assignment, MarkingPlan, RubricVersion


async def of_version(session: AsyncSession, version_id: UUID) -> int:
    query = select(func.count()).where(*_in_use(), col(MarkingPlan.version_id) == version_id)
    return int(await session.scalar(query) or 0)


async def of_rubrics(session: AsyncSession, rubric_ids: Collection[UUID]) -> dict[UUID, int]:
    """In how many assignments each is used, whichever version."""
    query = (
        select(col(RubricVersion.rubric_id), func.count())
        .join(MarkingPlan, col(MarkingPlan.version_id) == col(RubricVersion.id))
        .where(*_in_use(), col(RubricVersion.rubric_id).in_(rubric_ids))
        .group_by(col(RubricVersion.rubric_id))
    )
    return {row[0]: row[1] for row in await session.execute(query)}


def _in_use() -> tuple[ColumnElement[bool], ...]:
    """Assignments that were deleted use nothing any more."""
    return (col(MarkingPlan.assignment_id) == col(Assignment.id), col(Assignment.deleted_at).is_(None))
