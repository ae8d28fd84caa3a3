"""Work that students review of each other, through the services."""

from typing import Any

from sqlalchemy import select
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import Assignment, PeerReview
from faraday_app.coursework.service import peers
from faraday_app.coursework.service.peers import Draft, Words
from tests.factories.classes import Classroom, make_assignment, make_group
from tests.factories.coursework import do
from tests.factories.similarity import hand_in


async def make_reviewed(room: Classroom, each: int = 1, *, given_out: bool = True, **draft: Any) -> Assignment:
    """An essay that all three handed in; each reviews so many of the others'."""
    work = await make_assignment(room, await make_group(room), "Essay", peer_reviews=each)
    for student in room.students:
        await hand_in(work, student, f"The essay of {student.user}.", due_at=now())
    await do(room.teacher, peers.set_plan, work.id, 0, Draft(**draft))
    if given_out:
        await do(room.teacher, peers.begin, work.id)
    return work


async def reviews_of(work: Assignment) -> list[PeerReview]:
    async with transaction(Actor.system()) as session:
        query = select(PeerReview).where(col(PeerReview.assignment_id) == work.id)
        return list(await session.scalars(query.order_by(col(PeerReview.id))))


async def task_of(work: Assignment, reviewer: Actor, author: Actor | None = None) -> PeerReview:
    """The review that somebody owes, of that author where they are named."""
    theirs = [each for each in await reviews_of(work) if each.reviewer_id == reviewer.user]
    return next(each for each in theirs if author is None or each.author_id == author.user)


async def say(reviewer: Actor, review: PeerReview, comment: str = "Clear, but short.") -> PeerReview:
    """Written and sent."""
    kept = await do(reviewer, peers.write, review.id, review.version, Words({}, comment))
    return await do(reviewer, peers.send, review.id, kept.version)
