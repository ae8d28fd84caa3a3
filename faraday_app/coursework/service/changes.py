"""What is built on coursework hears, in the same transaction, that something which decides grades has changed."""

from collections.abc import Awaitable, Callable, Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.outbox import publish_on_commit, topic

# Called with the class and those students whose grades may have changed; None: any of the class.
Heard = Callable[[AsyncSession, UUID, frozenset[UUID] | None], Awaitable[None]]
CHANGES: list[Heard] = []


async def decided(session: AsyncSession, class_id: UUID, student_ids: Collection[UUID] | None = None) -> None:
    """Dates, points, groups, what is published, what was handed in: something of it is another now."""
    announce(session, class_id)
    await session.flush()
    students = None if student_ids is None else frozenset(student_ids)
    for heard in CHANGES:
        await heard(session, class_id, students)


def announce(session: AsyncSession, class_id: UUID) -> None:
    """Have the pages that show the class's work read again; no grade depends on what changed."""
    publish_on_commit(session, topic("coursework", class_id))
