"""What the clock does: scheduled work is published, and work past its last moment is closed."""

from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, and_, exists, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import SchoolClass
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import Assignment, AssignmentOverride, AssignmentStatus
from faraday_app.coursework.service.publishing import close_now, publish_now

MOST = 200  # classes at once
_log = structlog.get_logger(__name__)


async def turn() -> int:
    """How many pieces of work changed, in all organisations. One class's trouble is not the others'."""
    async with transaction(Actor.system()) as session:
        query = select(col(Assignment.organization_id), col(Assignment.class_id)).where(_due()).distinct()
        classes = (await session.execute(query.limit(MOST))).all()
    turned = 0
    for organization_id, class_id in classes:
        try:
            turned += await _turn(organization_id, class_id)
        except Exception:
            _log.exception("work_not_turned", class_id=str(class_id))
    return turned


async def _turn(organization_id: UUID, class_id: UUID) -> int:
    faraday = Actor.system(organization_id)
    async with transaction(faraday) as session:
        query = select(Assignment).where(col(Assignment.class_id) == class_id, _due())
        due = (await session.scalars(query.with_for_update(skip_locked=True, of=Assignment))).all()
        for work in due:
            await _turned(session, faraday, work)
    return len(due)


async def _turned(session: AsyncSession, faraday: Actor, work: Assignment) -> None:
    if work.status == AssignmentStatus.scheduled:
        await publish_now(session, faraday, work)
    else:
        await close_now(session, faraday, work)


def _due() -> ColumnElement[bool]:
    """Each half by an index of its own. Work that somebody may hand in later than the others stays open for them."""
    later = exists().where(
        col(AssignmentOverride.assignment_id) == col(Assignment.id),
        or_(col(AssignmentOverride.available_until).is_(None), col(AssignmentOverride.available_until) > now()),
    )
    open_class = exists().where(col(SchoolClass.id) == col(Assignment.class_id), col(SchoolClass.archived_at).is_(None))
    return and_(
        or_(
            and_(
                col(Assignment.status) == literal_column("'scheduled'"),
                col(Assignment.publish_at) <= now(),
            ),
            and_(
                col(Assignment.status) == literal_column("'published'"),
                col(Assignment.available_until) <= now(),
                ~later,
            ),
        ),
        col(Assignment.deleted_at).is_(None),
        open_class,
    )
