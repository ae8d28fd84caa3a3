"""Who may look at how alike pieces of work are: their class's teachers, and whoever oversees it. Aides may not."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.classes.service.access import standing
from faraday_app.core.errors import NotFound
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.service import reading
from faraday_app.coursework.service.reading import Seen


async def teaching(session: AsyncSession, actor: Actor, assignment_id: UUID, *, changing: bool = False) -> Seen:
    """The assignment, for whoever grades it. ``changing``: its class must not be archived."""
    seen = await reading.get(session, actor, assignment_id, Permission.coursework_manage)
    if not seen.standing.is_staff:
        raise NotFound
    seen.standing.must_grade()
    if changing:
        seen.standing.must_be_open()
    return seen


async def grades(session: AsyncSession, actor: Actor, class_id: UUID) -> bool:
    """Whether the work of that class is the actor's to grade."""
    try:
        return (await standing(session, actor, class_id, Permission.coursework_manage)).grades
    except NotFound:
        return False
