"""What a package has entered is taken back, class by class: each as a change of its own."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.errors import Conflict
from faraday_app.core.permissions import Actor
from faraday_app.gradebook.models import GradeEntry
from faraday_app.gradebook.service import undoing

REASON = "The import that brought it was taken back."


async def take_back(session: AsyncSession, actor: Actor, import_id: UUID) -> int:
    """How many grades. A class in which all was changed since, or that is archived, stays as it is."""
    ours = col(GradeEntry.organization_id) == actor.organization, col(GradeEntry.batch_id) == import_id
    count = 0
    for class_id in sorted(await session.scalars(select(col(GradeEntry.class_id)).where(*ours).distinct())):
        try:
            count += len((await undoing.undo(session, actor, class_id, import_id, REASON)).cells)
        except Conflict:
            continue
    return count
