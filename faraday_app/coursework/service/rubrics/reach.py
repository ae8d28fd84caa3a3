"""Work as those stand to it who mark it."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.errors import NotFound
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.service import reading
from faraday_app.coursework.service.reading import Seen


async def work_to_mark(
    session: AsyncSession, actor: Actor, assignment_id: UUID, permission: Permission = Permission.gradebook_manage
) -> Seen:
    """For whoever grades in its class, which must not be archived."""
    seen = await reading.get(session, actor, assignment_id, permission)
    if not seen.standing.is_staff:
        raise NotFound("This assignment does not exist, or you cannot see it.")
    seen.standing.must_grade()
    seen.standing.must_be_open()
    return seen
