"""What each may see of reviews: their reviewers what they owe, those they are about what was said, the staff all."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.classes.models import Enrolled, Enrolment, SchoolClass
from faraday_app.core.clock import now
from faraday_app.core.errors import NotFound
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import Assignment, AssignmentTeam, AssignmentTeamMember, PeerPlan, PeerReview
from faraday_app.coursework.service import reading
from faraday_app.coursework.service.peers.giving import handed
from faraday_app.coursework.service.peers.planning import Plan, of_row, plan_of
from faraday_app.coursework.service.peers.writing import GONE, Words, criteria_of, words_of
from faraday_app.coursework.service.reading import SHOWN, Seen
from faraday_app.coursework.service.rubrics import Criterion
from faraday_app.security.service import seen as note_look

MOST = 100


class State(StrEnum):
    todo = "todo"
    begun = "begun"
    sent = "sent"
    missing = "missing"


@dataclass(frozen=True, slots=True)
class Task:
    """A review that somebody is to write. ``of``: whose work it is, where they may know; else empty."""

    review: PeerReview
    work: Assignment
    of: str
    due_at: datetime | None
    state: State
    class_name: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """A review that was shown to whom it is about. ``by``: who wrote it, where they may know; else empty."""

    whose: str
    by: str
    criteria: tuple[Criterion, ...]
    words: Words


@dataclass(frozen=True, slots=True)
class Given:
    """For the staff: who reviews whom, and how far it is. ``author_id``: of a team, who began its work."""

    id: UUID
    reviewer: str
    author: str
    state: State
    sent_at: datetime | None
    reviewer_id: UUID
    author_id: UUID
    is_begun: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """``students`` have handed in, by name; ``unreviewed`` are those of them whose work nobody reviews."""

    plan: Plan
    given: list[Given]
    students: list[tuple[UUID, str]]
    unreviewed: list[str]


async def tasks(session: AsyncSession, actor: Actor, assignment_id: UUID) -> list[Task]:
    """The actor's own."""
    seen = await reading.get(session, actor, assignment_id)
    if not seen.standing.learns:
        return []
    plan = await plan_of(session, seen.work)
    query = select(PeerReview).where(
        col(PeerReview.assignment_id) == assignment_id, col(PeerReview.reviewer_id) == actor.user
    )
    rows = (await session.scalars(query.order_by(col(PeerReview.id)))).all()
    names = {} if plan.draft.anonymous else await _authors(session, rows)
    return [Task(each, seen.work, names.get(each.id, ""), plan.draft.due_at, state_of(each, plan)) for each in rows]


async def due_for(
    session: AsyncSession, actor: Actor, student_id: UUID, *, before: UUID | None = None, limit: int = MOST
) -> list[Task]:
    """Of all classes of a student whose work is the actor's to see, newest first. A parent is told no other child's
    name."""
    query = (
        select(PeerReview, Assignment, PeerPlan, col(SchoolClass.name))
        .join(Assignment, col(Assignment.id) == col(PeerReview.assignment_id))
        .outerjoin(PeerPlan, col(PeerPlan.assignment_id) == col(Assignment.id))
        .join(SchoolClass, col(SchoolClass.id) == col(Assignment.class_id))
        .join(Enrolment, col(Enrolment.class_id) == col(SchoolClass.id))
        .where(
            col(PeerReview.reviewer_id) == student_id,
            col(Enrolment.student_id) == student_id,
            col(Enrolment.status) == Enrolled.active,
            col(SchoolClass.archived_at).is_(None),
            col(Assignment.deleted_at).is_(None),
            col(Assignment.status).in_(SHOWN),
            *([col(PeerReview.id) < before] if before else []),
        )
        .order_by(col(PeerReview.id).desc())
        .limit(limit)
    )
    rows = (await session.execute(query)).all()
    named = [row[0] for row in rows if row[2] and not row[2].anonymous and actor.user_id == student_id]
    names = await _authors(session, named)
    found = []
    for review, work, row, class_name in rows:
        plan = of_row(work, row) if row else Plan(work.peer_reviews)
        found.append(
            Task(review, work, names.get(review.id, ""), plan.draft.due_at, state_of(review, plan), class_name)
        )
    return found


async def received(session: AsyncSession, actor: Actor, assignment_id: UUID) -> list[Received]:
    """Of the actor's own work or their children's, once they are released. Parents are told no other child's name."""
    seen = await reading.get(session, actor, assignment_id)
    plan = await plan_of(session, seen.work)
    if not seen.dates or not plan.is_open(now()):
        return []
    mine = select(col(AssignmentTeamMember.team_id), col(AssignmentTeamMember.student_id)).where(
        col(AssignmentTeamMember.assignment_id) == assignment_id, col(AssignmentTeamMember.student_id).in_(seen.dates)
    )
    teams: dict[UUID, list[UUID]] = {}
    for team_id, student_id in await session.execute(mine):
        teams.setdefault(team_id, []).append(student_id)
    query = select(PeerReview).where(
        col(PeerReview.assignment_id) == assignment_id,
        col(PeerReview.submitted_at).is_not(None),
        (col(PeerReview.team_id).is_(None) & col(PeerReview.author_id).in_(seen.dates))
        | col(PeerReview.team_id).in_(teams),
    )
    rows = (await session.scalars(query.order_by(col(PeerReview.submitted_at), col(PeerReview.id)))).all()
    people = await _names(session, {*seen.dates, *(each.reviewer_id for each in rows)})
    found = []
    for row in rows:
        whose = teams[row.team_id] if row.team_id else [row.author_id]
        named = not plan.draft.anonymous and actor.user_id in whose
        for student in whose:
            await note_look(session, actor, student, f"reviews of “{seen.work.title}”")
        criteria, words = await criteria_of(session, actor, row), await words_of(row)
        theirs = " and ".join(people.get(each, "") for each in whose)
        found.append(Received(theirs, people.get(row.reviewer_id, "") if named else "", criteria, words))
    return found


async def listed(
    session: AsyncSession, actor: Actor, assignment_id: UUID, *, after: UUID | None = None, limit: int = MOST
) -> list[Given]:
    """Who reviews whom, for the staff of the class, in the order in which they were given out."""
    seen = await _staff(session, actor, assignment_id)
    query = select(PeerReview).where(col(PeerReview.assignment_id) == assignment_id)
    if after:
        query = query.where(col(PeerReview.id) > after)
    rows = (await session.scalars(query.order_by(col(PeerReview.id)).limit(limit))).all()
    return await _given(session, rows, await plan_of(session, seen.work))


async def one(session: AsyncSession, actor: Actor, review_id: UUID) -> Given:
    """A review as the staff of its class has it in the list."""
    review = await session.get(PeerReview, review_id)
    if review is None or review.organization_id != actor.organization:
        raise NotFound(GONE)
    seen = await _staff(session, actor, review.assignment_id)
    return (await _given(session, [review], await plan_of(session, seen.work)))[0]


async def overview(session: AsyncSession, actor: Actor, assignment_id: UUID) -> Overview:
    """For the staff of the class, names included: who owes what is theirs to know."""
    seen = await _staff(session, actor, assignment_id)
    plan = await plan_of(session, seen.work)
    query = select(PeerReview).where(col(PeerReview.assignment_id) == assignment_id)
    rows = (await session.scalars(query)).all()
    there = await handed(session, seen.work)
    people = await _names(session, there.students)
    given = await _given(session, rows, plan)
    reviewed = {each.author_id for each in rows}
    left = [people[id] for author, whose in there.whose.items() if author not in reviewed for id in whose]
    students = sorted(((id, people[id]) for id in there.students), key=lambda each: each[1])
    return Overview(plan, sorted(given, key=lambda each: (each.reviewer, each.author)), students, sorted(left))


def state_of(review: PeerReview, plan: Plan) -> State:
    if review.submitted_at is not None:
        return State.sent
    if plan.is_over(now()):
        return State.missing
    return State.begun if review.is_begun else State.todo


async def _staff(session: AsyncSession, actor: Actor, assignment_id: UUID) -> Seen:
    seen = await reading.get(session, actor, assignment_id)
    if not seen.standing.is_staff:
        raise NotFound
    return seen


async def _given(session: AsyncSession, rows: Collection[PeerReview], plan: Plan) -> list[Given]:
    people = await _names(session, {each.reviewer_id for each in rows})
    authors = await _authors(session, rows)
    return [
        Given(
            each.id,
            people.get(each.reviewer_id, ""),
            authors.get(each.id, ""),
            state_of(each, plan),
            each.submitted_at,
            each.reviewer_id,
            each.author_id,
            each.is_begun,
        )
        for each in rows
    ]


async def _authors(session: AsyncSession, reviews: Collection[PeerReview]) -> dict[UUID, str]:
    """Whose work each is of: a student's name, or a team's."""
    people = await _names(session, {each.author_id for each in reviews})
    query = select(col(AssignmentTeam.id), col(AssignmentTeam.name)).where(
        col(AssignmentTeam.id).in_({each.team_id for each in reviews if each.team_id})
    )
    teams = {row[0]: row[1] for row in await session.execute(query)}
    return {
        each.id: teams.get(each.team_id, "") if each.team_id else people.get(each.author_id, "") for each in reviews
    }


async def _names(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, str]:
    query = select(col(User.id), col(User.name)).where(col(User.id).in_(ids))
    return {row[0]: row[1] for row in await session.execute(query)}
