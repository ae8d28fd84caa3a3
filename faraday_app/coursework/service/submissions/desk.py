"""A student's own place at a piece of work: the draft, what was handed in, and what can still be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import Enrolment
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, NotFound
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.models import Assignment, AssignmentTeam, Submission
from faraday_app.coursework.service import reading, teams
from faraday_app.coursework.service.dates import Dates
from faraday_app.coursework.service.submissions import finding
from faraday_app.coursework.service.submissions.standing import Refusal, Why, refusal

NOTHING_WRITTEN = 0  # the version of a draft that is not there yet


class Refused(Conflict):
    """Nothing can be handed in, and why. ``refusal`` says it in another zone, too."""

    title = "This cannot be handed in"

    def __init__(self, found: Refusal) -> None:
        super().__init__(found.sentence())
        self.refusal = found


@dataclass(frozen=True, slots=True)
class Desk:
    """``refusal`` None: it can be handed in. ``attempts`` are newest first."""

    work: Assignment
    description: str
    dates: Dates
    team: AssignmentTeam | None
    draft: Submission | None
    attempts: Sequence[Submission]
    refusal: Refusal | None


async def sit_down(session: AsyncSession, actor: Actor, assignment_id: UUID) -> Desk:
    """For a student of the class. NotFound for everybody else, also for a parent: the draft is the student's own."""
    try:
        seen = await reading.get(session, actor, assignment_id)
    except NotFound:
        await _explain(session, actor, assignment_id)
        raise
    if not seen.standing.learns or actor.user not in seen.dates:
        raise NotFound("This assignment does not exist, or you cannot see it.")
    work = seen.work
    team = await teams.team_of(session, work.id, actor.user) if work.group_work else None
    attempts = await finding.attempts(session, work.id, actor.user, team.id if team else None)
    enrolled = await session.scalar(
        select(col(Enrolment.status)).where(
            col(Enrolment.class_id) == work.class_id, col(Enrolment.student_id) == actor.user
        )
    )
    refused = refusal(
        work,
        seen.dates[actor.user],
        len(attempts),
        now(),
        enrolled=str(enrolled),
        archived=seen.standing.school_class.archived_at is not None,
    )
    draft = await _draft(session, work.id, actor.user, team)
    return Desk(work, seen.description, seen.dates[actor.user], team, draft, attempts, refused)


async def begin(session: AsyncSession, actor: Actor, assignment_id: UUID) -> tuple[Desk, Submission]:
    """The draft, locked; a new one where there is none. Refused where nothing can be handed in."""
    actor.must_at_all(Permission.coursework_submit)
    await take_turns(session, assignment_id)
    desk = await sit_down(session, actor, assignment_id)
    if desk.refusal:
        raise Refused(desk.refusal)
    team_id = desk.team.id if desk.team else None
    if desk.draft:
        draft = await session.get_one(Submission, desk.draft.id, with_for_update=True)
        draft.team_id = team_id  # who joined a team since brings along what they have
        return desk, draft
    draft = Submission(
        organization_id=actor.organization,
        assignment_id=assignment_id,
        student_id=actor.user,
        team_id=team_id,
        attempt=await _next_attempt(session, assignment_id, actor.user, team_id),
        version=NOTHING_WRITTEN,
    )
    session.add(draft)
    await session.flush()
    return desk, draft


async def take_turns(session: AsyncSession, assignment_id: UUID) -> None:
    """All who work at an assignment wait for each other: two tabs make one draft, and two clicks hand in once."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"draft {assignment_id}", 0))))


async def _draft(
    session: AsyncSession, assignment_id: UUID, student_id: UUID, team: AssignmentTeam | None
) -> Submission | None:
    """The team's goes before the student's own."""
    whose = col(Submission.student_id) == student_id
    if team:
        whose = whose | (col(Submission.team_id) == team.id)
    query = select(Submission).where(
        col(Submission.assignment_id) == assignment_id, col(Submission.submitted_at).is_(None), whose
    )
    found = (await session.scalars(query)).all()
    of_team = [each for each in found if team and each.team_id == team.id]
    return next(iter([*of_team, *found]), None)


async def _next_attempt(session: AsyncSession, assignment_id: UUID, student_id: UUID, team_id: UUID | None) -> int:
    whose = col(Submission.student_id) == student_id
    if team_id:
        whose = whose | (col(Submission.team_id) == team_id)
    query = select(func.max(col(Submission.attempt))).where(col(Submission.assignment_id) == assignment_id, whose)
    return int(await session.scalar(query) or 0) + 1


async def _explain(session: AsyncSession, actor: Actor, assignment_id: UUID) -> None:
    """Whoever wrote something here is told why it is gone, and not only that it is."""
    query = (
        select(col(Submission.id))
        .where(col(Submission.assignment_id) == assignment_id, col(Submission.student_id) == actor.user_id)
        .limit(1)
    )
    if await session.scalar(query) is None:
        return
    work = await session.get_one(Assignment, assignment_id)
    in_class = select(col(Enrolment.id)).where(
        col(Enrolment.class_id) == work.class_id,
        col(Enrolment.student_id) == actor.user_id,
        col(Enrolment.status) != "withdrawn",
    )
    raise Refused(Refusal(Why.withdrawn if await session.scalar(in_class) else Why.left))
