"""What is graded already: whoever keeps grades says so, for lists of what is still to do."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

Key = tuple[UUID, UUID]  # assignment and student


@dataclass(frozen=True, slots=True)
class Mark:
    """``attempt`` is the one that was graded; None: graded whatever was handed in, or not graded at all."""

    graded: bool
    attempt: int | None = None
    excused: bool = False


Asked = Callable[[AsyncSession, Collection[UUID]], Awaitable[dict[Key, Mark]]]
GRADED: list[Asked] = []
NONE = Mark(graded=False)


async def marks(session: AsyncSession, assignment_ids: Collection[UUID]) -> dict[Key, Mark]:
    """Of these assignments. Nothing of what a student may see: no score goes with it."""
    found: dict[Key, Mark] = {}
    for asked in GRADED if assignment_ids else ():
        found.update(await asked(session, assignment_ids))
    return found


def is_waiting(attempt: int, mark: Mark) -> bool:
    """Whether an attempt that was handed in is still to be graded."""
    return not mark.excused and (not mark.graded or (mark.attempt is not None and mark.attempt < attempt))
