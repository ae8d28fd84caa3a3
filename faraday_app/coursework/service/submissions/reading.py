"""What was handed in, for whoever may read it: the student, and the class's staff. Parents see that it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.classes.models import Enrolled, Enrolment
from faraday_app.core.errors import NotFound
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import Assignment, Submission, SubmissionFile
from faraday_app.coursework.service import dates, reading, teams
from faraday_app.coursework.service.dates import Dates
from faraday_app.coursework.service.submissions import finding
from faraday_app.security.service import seen as note_look

MOST = 300  # students of a class


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A student whom the work is for, and the last attempt, if there is one."""

    student_id: UUID
    name: str
    dates: Dates
    latest: Submission | None
    team: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """``readable``: the actor may read what is in it, and not only that it was handed in."""

    submission: Submission
    work: Assignment
    files: Sequence[SubmissionFile]
    readable: bool


async def roll(session: AsyncSession, actor: Actor, assignment_id: UUID) -> list[HandedIn]:
    """For the class's staff: everybody whom it is for, by name."""
    seen = await reading.get(session, actor, assignment_id)
    if not seen.standing.is_staff:
        raise NotFound
    of_it = await dates.of_one(session, seen.work)
    latest = await finding.latest(session, [assignment_id])
    names = {team.id: team.name for team in await teams.listed(session, assignment_id)}
    team_of = await teams.of_assignments(session, [assignment_id])
    return [
        HandedIn(id, name, theirs, latest.get((assignment_id, id)), names.get(team_of.get((assignment_id, id), id), ""))
        for id, name in await enrolled(session, seen.work.class_id)
        if (theirs := of_it.of(id)) is not None
    ]


async def of_children(session: AsyncSession, actor: Actor, assignment_id: UUID) -> list[HandedIn]:
    """For students and parents: that it was handed in, of those whose records are theirs to see."""
    seen = await reading.get(session, actor, assignment_id)
    latest = await finding.latest(session, [assignment_id])
    return [
        HandedIn(id, name, seen.dates[id], latest.get((assignment_id, id)), "")
        for id, name in await enrolled(session, seen.work.class_id)
        if id in seen.dates
    ]


async def enrolled(session: AsyncSession, class_id: UUID) -> list[tuple[UUID, str]]:
    """The students of a class by name, for whoever has asked already what the class is to them."""
    query = (
        select(col(User.id), col(User.name))
        .join(Enrolment, col(Enrolment.student_id) == col(User.id))
        .where(col(Enrolment.class_id) == class_id, col(Enrolment.status) != Enrolled.withdrawn)
        .order_by(col(User.name), col(User.id))
        .limit(MOST)
    )
    return [(id, name) for id, name in await session.execute(query)]


async def attempts(session: AsyncSession, actor: Actor, assignment_id: UUID, student_id: UUID) -> list[Attempt]:
    """Of one student, newest first. Drafts are nobody's business but theirs."""
    seen = await reading.get(session, actor, assignment_id)
    seen.standing.must_see(student_id)
    await note_look(session, actor, student_id, f"work for “{seen.work.title}”")
    team = await teams.team_of(session, assignment_id, student_id)
    found = await finding.attempts(session, assignment_id, student_id, team.id if team else None)
    files = await finding.files_of(session, [each.id for each in found])
    readable = seen.standing.is_staff or student_id == actor.user_id
    return [Attempt(each, seen.work, files[each.id] if readable else (), readable) for each in found]


async def get(session: AsyncSession, actor: Actor, submission_id: UUID) -> Attempt:
    """An attempt by its id: of oneself, one's team, one's children, or of a class one is of the staff of."""
    submission = await session.get(Submission, submission_id)
    if submission is None or submission.organization_id != actor.organization:
        raise NotFound
    whose = await _whose(session, submission)
    own_draft = submission.submitted_at is None and actor.user_id in whose
    seen = await reading.get(session, actor, submission.assignment_id)
    theirs = whose & seen.standing.enrolled
    if not own_draft and (submission.submitted_at is None or not (seen.standing.is_staff or theirs)):
        raise NotFound
    readable = seen.standing.is_staff or actor.user_id in whose
    for student_id in whose:
        await note_look(session, actor, student_id, f"work for “{seen.work.title}”")
    files = (await finding.files_of(session, [submission.id]))[submission.id] if readable else []
    return Attempt(submission, seen.work, files, readable)


async def file(session: AsyncSession, actor: Actor, submission_id: UUID, file_id: UUID) -> SubmissionFile:
    found = await get(session, actor, submission_id)
    wanted = next((each for each in found.files if each.id == file_id), None)
    if wanted is None:
        raise NotFound("This file does not exist, or you cannot see it.")
    return wanted


async def _whose(session: AsyncSession, submission: Submission) -> frozenset[UUID]:
    if submission.team_id is None:
        return frozenset({submission.student_id})
    return frozenset(await teams.members(session, submission.team_id))
