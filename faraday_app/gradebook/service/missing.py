"""Work that became missing by the clock."""

import structlog
from sqlalchemy import select
from sqlmodel import col

from faraday_app.classes.models import SchoolClass
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.gradebook.models import GradebookPolicy
from faraday_app.gradebook.service import settling

_log = structlog.get_logger(__name__)


async def write_missing() -> int:
    """In every open class that has a policy for missing work; how many grades changed. One class's trouble is not the
    others'."""
    async with transaction(Actor.system()) as session:
        query = (
            select(col(SchoolClass.organization_id), col(SchoolClass.id))
            .join(GradebookPolicy, col(GradebookPolicy.class_id) == col(SchoolClass.id))
            .where(col(SchoolClass.archived_at).is_(None), col(GradebookPolicy.missing_percent).is_not(None))
        )
        classes = (await session.execute(query)).all()
    written = 0
    for organization_id, class_id in classes:
        try:
            async with transaction(Actor.system(organization_id)) as session:
                written += await settling.settle(session, class_id)
        except Exception:
            _log.exception("missing_work_not_written", class_id=str(class_id))
    return written
