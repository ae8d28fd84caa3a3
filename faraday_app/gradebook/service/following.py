"""Grades follow what changes in classes: who learns there, in which section, and the grading periods."""

from collections.abc import Collection
from datetime import UTC, datetime
from uuid import UUID

import structlog
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.database import as_faraday, transaction
from faraday_app.core.jobs import defer
from faraday_app.core.permissions import Actor
from faraday_app.gradebook.models import GradeTotal
from faraday_app.gradebook.service import settling

AT_ONCE = 5  # classes that nobody has to wait for
JOB = "gradebook:settle_marked"
_MARK = datetime(1970, 1, 1, tzinfo=UTC)  # of totals that are to be figured out anew
_log = structlog.get_logger(__name__)


async def changed(session: AsyncSession, class_ids: Collection[UUID], student_ids: frozenset[UUID] | None) -> None:
    """What classes tell in their own transaction (``classes.service.changes``). Of a few classes the totals are right
    when it ends; of many, such as a whole term's, they are marked in it and follow within seconds."""
    if len(class_ids) <= AT_ONCE:
        for class_id in class_ids:
            await settling.settle(session, class_id, student_ids)
        return
    theirs = col(GradeTotal.class_id).in_(class_ids)
    await session.execute(update(GradeTotal).where(theirs).values(figured_at=_MARK))
    async with as_faraday(session):
        await defer(session, JOB, queueing_lock=JOB)


async def settle_marked() -> int:
    """Every class with totals that are marked; how many. One class's trouble is not the others'."""
    async with transaction(Actor.system()) as session:
        marked = select(col(GradeTotal.organization_id), col(GradeTotal.class_id)).where(
            col(GradeTotal.figured_at) == _MARK
        )
        classes = (await session.execute(marked.distinct())).all()
    for organization_id, class_id in classes:
        try:
            async with transaction(Actor.system(organization_id)) as session:
                await settling.settle(session, class_id)
                # Also of those who left since: their totals stay as they were.
                theirs = (col(GradeTotal.class_id) == class_id, col(GradeTotal.figured_at) == _MARK)
                await session.execute(update(GradeTotal).where(*theirs).values(figured_at=now()))
        except Exception:
            _log.exception("class_not_settled", class_id=str(class_id))
    return len(classes)
