"""Who hands in together."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import Enrolled, Enrolment
from faraday_app.core.errors import Conflict, Invalid, NotFound
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import Assignment, AssignmentTeam, AssignmentTeamMember, Submission
from faraday_app.coursework.service.assignments import own
from faraday_app.coursework.service.changes import decided
from faraday_app.security.service import record

MOST = 100  # teams of an assignment


async def of_assignments(session: AsyncSession, ids: Collection[UUID]) -> dict[tuple[UUID, UUID], UUID]:
    """The team of each student, by assignment and student."""
    if not ids:
        return {}
    member = AssignmentTeamMember
    query = select(col(member.assignment_id), col(member.student_id), col(member.team_id))
    rows = await session.execute(query.where(col(member.assignment_id).in_(ids)))
    return {(assignment_id, student_id): team_id for assignment_id, student_id, team_id in rows}


async def team_of(session: AsyncSession, assignment_id: UUID, student_id: UUID) -> AssignmentTeam | None:
    query = (
        select(AssignmentTeam)
        .join(AssignmentTeamMember, col(AssignmentTeamMember.team_id) == col(AssignmentTeam.id))
        .where(
            col(AssignmentTeamMember.assignment_id) == assignment_id,
            col(AssignmentTeamMember.student_id) == student_id,
        )
    )
    return (await session.scalars(query)).one_or_none()


async def members(session: AsyncSession, team_id: UUID) -> Sequence[UUID]:
    query = select(col(AssignmentTeamMember.student_id)).where(col(AssignmentTeamMember.team_id) == team_id)
    return (await session.scalars(query)).all()


async def listed(session: AsyncSession, assignment_id: UUID) -> Sequence[AssignmentTeam]:
    query = select(AssignmentTeam).where(col(AssignmentTeam.assignment_id) == assignment_id)
    return (await session.scalars(query.order_by(col(AssignmentTeam.id)))).all()


async def put(
    session: AsyncSession, actor: Actor, assignment_id: UUID, teams: Mapping[str, Collection[UUID]]
) -> Sequence[AssignmentTeam]:
    """All teams of an assignment, by name. A team that has handed in stays, with its name, whoever is in it."""
    _, work = await own(session, actor, assignment_id)
    if not work.group_work:
        raise Conflict("This is no group work. Say in its settings that it is, then make teams.")
    wanted = {" ".join(name.split()): set(students) for name, students in teams.items()}
    await _must_be_sound(session, work, wanted)
    have = {team.name: team for team in await listed(session, assignment_id)}
    for name, team in have.items():
        if name not in wanted:
            await _remove(session, team)
    await session.execute(delete(AssignmentTeamMember).where(col(AssignmentTeamMember.assignment_id) == assignment_id))
    for name, students in wanted.items():
        team = have.get(name) or AssignmentTeam(
            organization_id=work.organization_id, assignment_id=assignment_id, name=name
        )
        session.add(team)
        await session.flush()
        session.add_all(_members(work, team, students))
    record(session, actor, "assignment.teams_set", work, name=work.title, teams=len(wanted))
    await decided(session, work.class_id)
    return await listed(session, assignment_id)


def _members(work: Assignment, team: AssignmentTeam, students: Collection[UUID]) -> list[AssignmentTeamMember]:
    return [
        AssignmentTeamMember(
            organization_id=work.organization_id, assignment_id=work.id, team_id=team.id, student_id=student
        )
        for student in sorted(students)
    ]


async def _must_be_sound(session: AsyncSession, work: Assignment, wanted: Mapping[str, set[UUID]]) -> None:
    if len(wanted) > MOST:
        raise Invalid(f"There can be {MOST} teams.", field="teams")
    names = [name.lower() for name in wanted]
    if not all(1 <= len(name) <= 80 for name in names) or len(set(names)) != len(names):
        raise Invalid("Give each team a name of its own, of up to 80 letters.", field="teams")
    everybody = [student for students in wanted.values() for student in students]
    if len(set(everybody)) != len(everybody):
        raise Invalid("A student can be in one team only.", field="teams")
    query = select(col(Enrolment.student_id)).where(
        col(Enrolment.class_id) == work.class_id, col(Enrolment.status) == Enrolled.active
    )
    if set(everybody) - set(await session.scalars(query)):
        raise NotFound("Some of these students are not in the class any more. Load the page again.")


async def _remove(session: AsyncSession, team: AssignmentTeam) -> None:
    if await session.scalar(select(exists().where(col(Submission.team_id) == team.id))):
        raise Conflict(f"“{team.name}” has work of its own already. Keep it, and change who is in it.")
    await session.execute(delete(AssignmentTeamMember).where(col(AssignmentTeamMember.team_id) == team.id))
    await session.delete(team)
