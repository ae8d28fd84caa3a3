"""What is built on coursework hears, in the same transaction, that something which decides grades has changed."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.outbox import publish_on_commit, topic

# Called with the class and those students whose grades may have changed; None: any of the class.
Heard = Callable[[AsyncSession, UUID, frozenset[UUID] | None], Awaitable[None]]
CHANGES: list[Heard] = []
_GATHERED = "coursework decided"


async def decided(session: AsyncSession, class_id: UUID, student_ids: Collection[UUID] | None = None) -> None:
    """Dates, points, groups, what is published, what was handed in: something of it is another now."""
    announce(session, class_id)
    if (waiting := session.info.get(_GATHERED)) is not None:
        waiting.add(class_id)
        return
    await session.flush()
    students = None if student_ids is None else frozenset(student_ids)
    for heard in CHANGES:
        await heard(session, class_id, students)


@asynccontextmanager
async def gathered(session: AsyncSession) -> AsyncIterator[None]:
    """For many changes in a row: what is built on coursework hears once of each class, when they are done."""
    waiting: set[UUID] = set()
    session.info[_GATHERED] = waiting
    try:
        yield
    finally:
        del session.info[_GATHERED]
    for class_id in sorted(waiting):
        await decided(session, class_id)


def announce(session: AsyncSession, class_id: UUID) -> None:
    """Have the pages that show the class's work read again; no grade depends on what changed."""
    publish_on_commit(session, topic("coursework", class_id))
