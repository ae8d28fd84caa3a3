"""Work as the actor stands to it, as far as marking asks."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.classes.service.access import Standing, standing
from faraday_app.core.errors import NotFound
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.models import Assignment, AssignmentStatus

SHOWN = (AssignmentStatus.published, AssignmentStatus.closed)


async def work_for(
    session: AsyncSession, actor: Actor, assignment_id: UUID, permission: Permission = Permission.coursework_read
) -> tuple[Assignment, Standing]:
    """NotFound for whoever is nothing to it."""
    actor.must_at_all(permission)
    work = await session.get(Assignment, assignment_id)
    if work is None or work.deleted_at is not None or work.organization_id != actor.organization:
        raise NotFound("This assignment does not exist, or you cannot see it.")
    found = await standing(session, actor, work.class_id, permission)
    if not found.is_staff and work.status not in SHOWN:
        raise NotFound("This assignment does not exist, or you cannot see it.")
    return work, found


async def work_to_mark(
    session: AsyncSession, actor: Actor, assignment_id: UUID, permission: Permission = Permission.gradebook_manage
) -> tuple[Assignment, Standing]:
    """For whoever grades in its class, which must not be archived."""
    work, found = await work_for(session, actor, assignment_id, permission)
    if not found.is_staff:
        raise NotFound("This assignment does not exist, or you cannot see it.")
    found.must_grade()
    found.must_be_open()
    return work, found
