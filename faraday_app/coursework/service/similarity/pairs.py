"""Two texts with a passage in common, and what the actor may know of each side."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import SchoolClass
from faraday_app.core.errors import NotFound
from faraday_app.core.permissions import Actor
from faraday_app.coursework import similarity
from faraday_app.coursework.models import Assignment, ComparedText, SimilarityCheck, SimilarityPair, Submission
from faraday_app.coursework.service.reading import Seen
from faraday_app.coursework.service.similarity import authors, reach
from faraday_app.coursework.service.similarity.authors import Authors

ELSEWHERE = "A student of another class"


@dataclass(frozen=True, slots=True)
class Author:
    """Whose text it is, as the actor may know it. ``elsewhere`` says of which other work, where it is of another;
    ``whole``: all of the text is the actor's to read, and not only what it has in common."""

    text: ComparedText
    name: str
    elsewhere: str
    whole: bool
    handed_in: datetime | None


@dataclass(frozen=True, slots=True)
class Pair:
    row: SimilarityPair
    left: Author
    right: Author


async def get(session: AsyncSession, actor: Actor, pair_id: UUID) -> tuple[Seen, Pair]:
    """NotFound for whoever does not grade the work of the left text."""
    row = await session.get(SimilarityPair, pair_id)
    if row is None or row.organization_id != actor.organization:
        raise NotFound("This comparison is not there any more: the work was handed in or compared anew.")
    seen = await reach.teaching(session, actor, row.assignment_id)
    return seen, (await told(session, actor, seen, [row]))[0]


async def told(session: AsyncSession, actor: Actor, seen: Seen, rows: list[SimilarityPair]) -> list[Pair]:
    """With both sides as the actor may know them."""
    ids = {text_id for row in rows for text_id in (row.left_id, row.right_id)}
    query = (
        select(ComparedText, Assignment, SchoolClass, col(Submission.submitted_at))
        .join(Assignment, col(Assignment.id) == col(ComparedText.assignment_id))
        .join(SchoolClass, col(SchoolClass.id) == col(Assignment.class_id))
        .join(Submission, col(Submission.id) == col(ComparedText.submission_id))
        .where(col(ComparedText.id).in_(ids))
    )
    found = (await session.execute(query)).all()
    names = await authors.names(session, await authors.of(session, [row[0] for row in found]))
    numbers = await numbers_of(session, seen.work) if seen.work.anonymous else {}
    may = {seen.work.class_id: True}
    sides = {}
    for text, work, school_class, handed_in in found:
        if work.class_id not in may:
            may[work.class_id] = await reach.grades(session, actor, work.class_id)
        whole = may[work.class_id]
        here = work.id == seen.work.id
        hidden = work.anonymous or not whole
        shown = (
            f"Author {numbers[text.id]}" if here and seen.work.anonymous else ELSEWHERE if hidden else names[text.id]
        )
        elsewhere = "" if here else f"{work.title}, {school_class.name}"
        sides[text.id] = Author(text, shown, elsewhere, whole, handed_in)
    return [Pair(row, sides[row.left_id], sides[row.right_id]) for row in rows]


async def evidence_of(session: AsyncSession, seen: Seen, pair: Pair) -> similarity.Evidence | None:
    """What all work of the class that both handed in says together; None where the two are not of one class."""
    if not pair.row.within:
        return None
    both = await authors.of(session, [pair.left.text, pair.right.text])
    left, right = both[pair.left.text.id], both[pair.right.text.id]
    works = await _works_of_both(session, seen.work.class_id, left, right)
    compared = select(col(SimilarityCheck.assignment_id), col(SimilarityCheck.texts)).where(
        col(SimilarityCheck.assignment_id).in_(works)
    )
    texts = dict((await session.execute(compared)).all())
    own: dict[UUID, float] = {}
    others: dict[UUID, list[float]] = defaultdict(list)
    alike = select(SimilarityPair).where(col(SimilarityPair.assignment_id).in_(works), col(SimilarityPair.within))
    for row in await session.scalars(alike):
        if {row.left_id, row.right_id} == works[row.assignment_id]:
            own[row.assignment_id] = row.similarity
        else:
            others[row.assignment_id].append(row.similarity)
    return similarity.evidence(
        [
            similarity.PastComparison(own.get(work, 0.0), others[work], max(count * (count - 1) // 2, 1))
            for work, count in texts.items()
        ]
    )


async def _works_of_both(session: AsyncSession, class_id: UUID, left: Authors, right: Authors) -> dict[UUID, set[UUID]]:
    """Of each piece of work of the class that both handed in, and not together: their two texts."""
    query = (
        select(ComparedText)
        .join(Assignment, col(Assignment.id) == col(ComparedText.assignment_id))
        .where(
            col(Assignment.class_id) == class_id,
            col(Assignment.deleted_at).is_(None),
            col(ComparedText.current),
            authors.wrote(left | right),
        )
    )
    texts = (await session.scalars(query)).all()
    whose = await authors.of(session, texts)
    found: dict[UUID, tuple[set[UUID], set[UUID]]] = defaultdict(lambda: (set(), set()))
    for text in texts:
        for place, side in enumerate((left, right)):
            if whose[text.id] & side:
                found[text.assignment_id][place].add(text.id)
    return {
        work_id: lefts | rights
        for work_id, (lefts, rights) in found.items()
        if len(lefts) == len(rights) == 1 and lefts != rights
    }


async def numbers_of(session: AsyncSession, work: Assignment) -> dict[UUID, int]:
    """The authors of work that is graded without names, numbered as they first handed in."""
    query = select(col(ComparedText.id)).where(col(ComparedText.assignment_id) == work.id, col(ComparedText.current))
    return {id: number for number, id in enumerate(await session.scalars(query.order_by(col(ComparedText.id))), 1)}
