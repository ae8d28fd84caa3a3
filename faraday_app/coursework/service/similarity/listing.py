"""The pairs of an assignment that have passages in common, and how far the comparing is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import (
    Assignment,
    ComparedText,
    Handout,
    SimilarityCheck,
    SimilarityPair,
    Submission,
)
from faraday_app.coursework.service.reading import Seen
from faraday_app.coursework.service.similarity import handouts, indexing, pairs, reach
from faraday_app.coursework.service.similarity.pairs import Pair

PAGE = 25
Cursor = tuple[float, UUID]  # of the last pair of the page before


@dataclass(frozen=True, slots=True)
class Overview:
    """``check`` None: nothing was handed in yet. ``waiting``: attempts that are still to be read, or compared."""

    seen: Seen
    check: SimilarityCheck | None
    handouts: Sequence[Handout]
    texts: int
    pairs: int
    waiting: bool
    problems: Mapping[str, int]  # what could not be read, and of how many

    @property
    def share(self) -> int:
        """In percent of the class: what more of them have in common does not count."""
        return self.check.share if self.check else indexing.SHARE


def share_of(text: str) -> float:
    """As it stands in a cursor."""
    share = float(text)
    if not 0 <= share <= 1:
        raise ValueError(text)
    return share


async def overview(session: AsyncSession, actor: Actor, assignment_id: UUID) -> Overview:
    seen = await reach.teaching(session, actor, assignment_id)
    check = await session.scalar(select(SimilarityCheck).where(col(SimilarityCheck.assignment_id) == assignment_id))
    of_it = (col(ComparedText.assignment_id) == assignment_id, col(ComparedText.current))
    texts = int(await session.scalar(select(func.count()).select_from(ComparedText).where(*of_it)) or 0)
    count = select(func.count()).select_from(SimilarityPair).where(col(SimilarityPair.assignment_id) == assignment_id)
    troubles = select(col(ComparedText.problem), func.count()).where(*of_it, col(ComparedText.problem) != "")
    found = (await session.execute(troubles.group_by(col(ComparedText.problem)).limit(PAGE))).all()
    return Overview(
        seen,
        check,
        await handouts.of_assignment(session, assignment_id),
        texts,
        int(await session.scalar(count) or 0),
        await _waits(session, assignment_id, check),
        dict(found),
    )


async def listed(
    session: AsyncSession,
    actor: Actor,
    assignment_id: UUID,
    *,
    after: Cursor | None = None,
    limit: int = PAGE,
) -> list[Pair]:
    """The most alike first."""
    seen = await reach.teaching(session, actor, assignment_id)
    query = select(SimilarityPair).where(col(SimilarityPair.assignment_id) == assignment_id)
    if after:
        query = query.where(tuple_(col(SimilarityPair.similarity), col(SimilarityPair.id)) < tuple_(*after))
    query = query.order_by(col(SimilarityPair.similarity).desc(), col(SimilarityPair.id).desc()).limit(limit)
    return await pairs.told(session, actor, seen, list(await session.scalars(query)))


async def works(session: AsyncSession, actor: Actor, class_id: UUID) -> list[tuple[Assignment, int]]:
    """The work of a class of which something was compared, newest first, and how many pairs of it are alike."""
    if not await reach.grades(session, actor, class_id):
        return []
    alike = (
        select(func.count())
        .where(col(SimilarityPair.assignment_id) == col(Assignment.id))
        .correlate(Assignment)
        .scalar_subquery()
    )
    query = (
        select(Assignment, alike)
        .join(SimilarityCheck, col(SimilarityCheck.assignment_id) == col(Assignment.id))
        .where(col(Assignment.class_id) == class_id, col(Assignment.deleted_at).is_(None))
        .order_by(col(Assignment.id).desc())
        .limit(100)
    )
    return [(work, count) for work, count in await session.execute(query)]


async def _waits(session: AsyncSession, assignment_id: UUID, check: SimilarityCheck | None) -> bool:
    if check and check.wanted != check.done:
        return True
    handed_in = select(func.count()).where(
        col(Submission.assignment_id) == assignment_id, col(Submission.submitted_at).is_not(None)
    )
    read = select(func.count()).where(col(ComparedText.assignment_id) == assignment_id)
    return int(await session.scalar(handed_in) or 0) > int(await session.scalar(read) or 0)
