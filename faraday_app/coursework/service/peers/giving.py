"""Who reviews whose work: given out evenly, or by the teacher. Only those who handed in review, and are reviewed."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import Enrolled, Enrolment, SchoolClass
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound
from faraday_app.core.notices import Notice, tell
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import Assignment, PeerPlan, PeerReview, Submission
from faraday_app.coursework.service.assignments import own
from faraday_app.coursework.service.changes import announce
from faraday_app.coursework.service.peers.balancing import balanced
from faraday_app.coursework.service.peers.planning import locked, of_row, release_now
from faraday_app.coursework.service.reading import SHOWN
from faraday_app.coursework.service.submissions import finding
from faraday_app.coursework.service.submissions.desk import take_turns
from faraday_app.security.service import record

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Handed:
    """``attempts``, the last ones, by whose work it is: of a team by who began it first; ``whose`` are all of it."""

    attempts: Mapping[UUID, Submission]
    whose: Mapping[UUID, frozenset[UUID]]

    @property
    def students(self) -> frozenset[UUID]:
        return frozenset(student for each in self.whose.values() for student in each)


async def begin(session: AsyncSession, actor: Actor, assignment_id: UUID) -> int:
    """Give them out now, by lot; from now on also to whoever hands in later. How many reviews are new."""
    _, work = await own(session, actor, assignment_id)
    if not work.peer_reviews:
        raise Conflict("Say in the settings how many reviews each student writes.")
    row = await locked(session, work)
    if not row.by_lot:
        raise Conflict("You give these reviews out yourself. Change that first, or choose who reviews whom.")
    if len((await handed(session, work)).attempts) < 2:
        raise Conflict("Reviews can be given out once two students have handed in.")
    return await _start(session, actor, work, row)


async def give_out(session: AsyncSession, work: Assignment) -> int:
    """To everybody who handed in and has not enough of them yet; how many are new."""
    row = await locked(session, work)
    plan = of_row(work, row)
    if not plan.draft.by_lot or plan.started_at is None or plan.is_over(now()):
        return 0
    found = await handed(session, work)
    rows = {(each.reviewer_id, each.author_id): each for each in await _reviews(session, work.id)}
    kept = {pair for pair, each in rows.items() if each.is_begun}
    pairs = balanced(found.students, found.whose, plan.each, kept, rows.keys() - kept, str(work.id))
    for pair in rows.keys() - pairs:
        await session.delete(rows[pair])
    await session.flush()
    new = sorted(pairs - rows.keys())
    session.add_all(_review(work, who, of, found.attempts[of]) for who, of in new)
    for pair in rows.keys() & pairs - kept:  # the newest attempt, as long as nobody has begun
        if latest := found.attempts.get(pair[1]):
            rows[pair].submission_id, rows[pair].team_id = latest.id, latest.team_id
    await session.flush()
    if new:
        await _tell(session, work, {who for who, _ in new})
    announce(session, work.class_id)
    return len(new)


async def joined(session: AsyncSession, work: Assignment) -> None:
    """Somebody has handed in: where reviews are given out already they get theirs, and their work its reviewers."""
    if work.peer_reviews:
        started = select(col(PeerPlan.id)).where(
            col(PeerPlan.assignment_id) == work.id, col(PeerPlan.started_at).is_not(None)
        )
        if await session.scalar(started):
            await give_out(session, work)


async def give(session: AsyncSession, actor: Actor, assignment_id: UUID, reviewer_id: UUID, author_id: UUID) -> UUID:
    """The teacher's: this student reviews that one's work, or their team's."""
    _, work = await own(session, actor, assignment_id)
    row = await locked(session, work)
    if of_row(work, row).is_open(now()):
        raise Conflict("The reviews are shown already. Take them back first.")
    found = await handed(session, work)
    author = next((id for id, whose in found.whose.items() if author_id in whose), None)
    if author is None or reviewer_id not in found.students:
        raise Invalid("Only those who have handed in review, and are reviewed.")
    if reviewer_id in found.whose[author]:
        raise Invalid("Nobody reviews their own work, nor that of their team.", field="author_id")
    there = {(each.reviewer_id, each.author_id) for each in await _reviews(session, work.id)}
    if (reviewer_id, author) in there:
        raise Conflict("They review this work already.")
    review = _review(work, reviewer_id, author, found.attempts[author])
    session.add(review)
    await session.flush()
    record(session, actor, "peer_review.given", review, name=work.title)
    await _tell(session, work, {reviewer_id})
    announce(session, work.class_id)
    return review.id


async def give_to(session: AsyncSession, actor: Actor, review_id: UUID, reviewer_id: UUID) -> UUID:
    """Another student writes it instead, as long as it is not sent. What was begun of it goes."""
    review = await session.get(PeerReview, review_id)
    if review is None or review.organization_id != actor.organization:
        raise NotFound("This review is not there any more.")
    assignment_id, author_id = review.assignment_id, review.author_id
    await take_back(session, actor, review_id)
    await session.flush()
    return await give(session, actor, assignment_id, reviewer_id, author_id)


async def take_back(session: AsyncSession, actor: Actor, review_id: UUID) -> None:
    """Only as long as it is not sent: what was said of somebody stays."""
    review = await session.get(PeerReview, review_id)
    if review is None or review.organization_id != actor.organization:
        raise NotFound("This review is not there any more.")
    _, work = await own(session, actor, review.assignment_id)
    await session.refresh(review, with_for_update=True)
    if review.submitted_at is not None:
        raise Conflict("This review was sent already. It can be kept from being shown, and not be taken back.")
    record(session, actor, "peer_review.taken_back", review, name=work.title)
    await session.delete(review)
    announce(session, work.class_id)


async def handed(session: AsyncSession, work: Assignment) -> Handed:
    """The last attempts of those who are in the class now."""
    known = select(col(PeerReview.team_id), col(PeerReview.author_id)).where(
        col(PeerReview.assignment_id) == work.id, col(PeerReview.team_id).is_not(None)
    )
    of_team = {row[0]: row[1] for row in await session.execute(known)}
    query = select(col(Enrolment.student_id)).where(
        col(Enrolment.class_id) == work.class_id, col(Enrolment.status) == Enrolled.active
    )
    here = set(await session.scalars(query))
    attempts: dict[UUID, Submission] = {}
    whose: dict[UUID, set[UUID]] = {}
    for (_, student), attempt in (await finding.latest(session, [work.id])).items():
        if student in here:
            author = of_team.setdefault(attempt.team_id, attempt.student_id) if attempt.team_id else student
            attempts[author] = attempt
            whose.setdefault(author, set()).add(student)
    return Handed(attempts, {id: frozenset(each) for id, each in whose.items()})


async def turn() -> int:
    """What the clock does: give out where the assignment is due, show where the reviews are. How many assignments."""
    at = now()
    starts = (
        col(PeerPlan.started_at).is_(None),
        col(PeerPlan.by_lot),
        col(Assignment.peer_reviews) > 0,
        col(Assignment.due_at) <= at,
    )
    opens = (col(PeerPlan.released_at).is_(None), col(PeerPlan.opens_when_due), col(PeerPlan.due_at) <= at)
    query = (
        select(col(Assignment.organization_id), col(Assignment.id))
        .join(PeerPlan, col(PeerPlan.assignment_id) == col(Assignment.id))
        .join(SchoolClass, col(SchoolClass.id) == col(Assignment.class_id))
        .where(
            col(Assignment.deleted_at).is_(None),
            col(Assignment.status).in_(SHOWN),
            col(SchoolClass.archived_at).is_(None),
            or_(and_(*starts), and_(*opens)),
        )
    )
    async with transaction(Actor.system()) as session:
        waiting = (await session.execute(query.limit(200))).all()
    for organization_id, assignment_id in waiting:
        try:
            await _turn(Actor.system(organization_id), assignment_id)
        except Exception:
            _log.exception("peer_reviews_not_turned", assignment_id=str(assignment_id))
    return len(waiting)


async def _turn(faraday: Actor, assignment_id: UUID) -> None:
    async with transaction(faraday) as session:
        await take_turns(session, assignment_id)
        work = await session.get_one(Assignment, assignment_id, with_for_update=True)
        row = await locked(session, work)
        plan, at = of_row(work, row), now()
        if plan.started_at is None and plan.draft.by_lot and plan.each and work.due_at and work.due_at <= at:
            await _start(session, faraday, work, row)
        if plan.released_at is None and plan.draft.opens_when_due and plan.draft.due_at and plan.draft.due_at <= at:
            await release_now(session, faraday, work, row)


async def _start(session: AsyncSession, actor: Actor, work: Assignment, row: PeerPlan) -> int:
    if row.started_at is None:
        row.started_at, row.version = now(), row.version + 1
        record(session, actor, "peer_reviews.started", work, name=work.title)
        await session.flush()
    return await give_out(session, work)


async def _reviews(session: AsyncSession, assignment_id: UUID) -> list[PeerReview]:
    query = select(PeerReview).where(col(PeerReview.assignment_id) == assignment_id).with_for_update()
    return list(await session.scalars(query))


def _review(work: Assignment, reviewer_id: UUID, author_id: UUID, attempt: Submission) -> PeerReview:
    return PeerReview(
        organization_id=work.organization_id,
        assignment_id=work.id,
        reviewer_id=reviewer_id,
        author_id=author_id,
        submission_id=attempt.id,
        team_id=attempt.team_id,
    )


async def _tell(session: AsyncSession, work: Assignment, students: set[UUID]) -> None:
    title, link = f"Review of classmates’ work: {work.title}", f"/assignment?id={work.id}"
    whom = tuple(sorted(students))
    await tell(session, Notice(work.organization_id, whom, "peer_review.given", title, link=link))
