"""What is built on classes hears, in the same transaction, who learns where now and how a term is divided."""

from collections.abc import Awaitable, Callable, Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

# Called with the classes and those students for whom something may be another now; None: any of these classes.
Heard = Callable[[AsyncSession, Collection[UUID], frozenset[UUID] | None], Awaitable[None]]
CHANGES: list[Heard] = []


async def decided(
    session: AsyncSession, class_ids: Collection[UUID], student_ids: Collection[UUID] | None = None
) -> None:
    """Who learns in these classes, in which section, or the grading periods of their term."""
    await session.flush()
    students = None if student_ids is None else frozenset(student_ids)
    for heard in CHANGES if class_ids else ():
        await heard(session, class_ids, students)
