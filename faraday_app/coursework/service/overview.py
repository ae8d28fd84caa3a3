"""Work of all one's classes: what is due for whom, and what is still to be graded."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.classes.models import ClassStaff, Enrolled, Enrolment, SchoolClass
from faraday_app.classes.service.access import children_of
from faraday_app.core.clock import now
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.models import Assignment, Submission
from faraday_app.coursework.service import dates, graded
from faraday_app.coursework.service.dates import Dates
from faraday_app.coursework.service.reading import SHOWN
from faraday_app.coursework.service.submissions import finding
from faraday_app.coursework.service.submissions.standing import Timeliness, timeliness

MOST = 100  # pieces of work in a list
LONG_AGO = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Due:
    """A piece of work as it stands for one student."""

    work: Assignment
    class_name: str
    dates: Dates
    latest: Submission | None
    state: Timeliness


@dataclass(frozen=True, slots=True)
class Taught:
    """A piece of work of a class one is of the staff of. ``handed_in`` of ``whole`` students have handed it in."""

    work: Assignment
    class_name: str
    handed_in: int
    to_grade: int
    whole: int


async def learners(session: AsyncSession, actor: Actor) -> list[tuple[UUID, str]]:
    """Whose work is the actor's to see: themselves where they learn, then their children, by name."""
    actor.must_at_all(Permission.coursework_read)
    enrolled = select(col(Enrolment.student_id)).where(col(Enrolment.status) != Enrolled.withdrawn)
    mine = or_(col(User.id) == actor.user, col(User.id).in_(children_of(actor.user)))
    query = select(col(User.id), col(User.name)).where(mine, col(User.id).in_(enrolled)).order_by(col(User.name))
    found = [(id, name) for id, name in await session.execute(query)]
    return sorted(found, key=lambda each: each[0] != actor.user)


async def due_for(session: AsyncSession, actor: Actor, student_id: UUID) -> list[Due]:
    """Of a student whom ``learners`` names: what is for them and not long over, by due date."""
    if student_id not in [id for id, _ in await learners(session, actor)]:
        return []
    query = (
        select(Assignment, col(SchoolClass.name))
        .join(SchoolClass, col(SchoolClass.id) == col(Assignment.class_id))
        .join(Enrolment, col(Enrolment.class_id) == col(SchoolClass.id))
        .where(
            col(Enrolment.student_id) == student_id,
            col(Enrolment.status) == Enrolled.active,
            col(SchoolClass.archived_at).is_(None),
            *_shown(),
        )
        .order_by(col(Assignment.id).desc())
        .limit(5 * MOST)
    )
    rows = (await session.execute(query)).all()
    ids = [work.id for work, _ in rows]
    of_it = await dates.of(session, col(Assignment.id).in_(ids))
    latest, marks, at = await finding.latest(session, ids), await graded.marks(session, ids), now()
    found = []
    for work, name in rows:
        theirs, handed = of_it.of(work.id, student_id), latest.get((work.id, student_id))
        if theirs is None or (theirs.due_at and theirs.due_at < at - LONG_AGO):
            continue
        mark = marks.get((work.id, student_id), graded.NONE)
        state = timeliness(
            handed.submitted_at if handed else None,
            theirs.due_at,
            at,
            excused=mark.excused,
            types=work.submission_types,
        )
        found.append(Due(work, name, theirs, handed, state))
    return sorted(found, key=lambda each: (each.dates.due_at is None, each.dates.due_at, each.work.id))[:MOST]


async def taught(session: AsyncSession, actor: Actor) -> list[Taught]:
    """Of the classes one teaches or helps in: what students see, with what waits to be graded first."""
    actor.must_at_all(Permission.coursework_read)
    query = (
        select(Assignment, col(SchoolClass.name))
        .join(SchoolClass, col(SchoolClass.id) == col(Assignment.class_id))
        .join(ClassStaff, col(ClassStaff.class_id) == col(SchoolClass.id))
        .where(
            col(ClassStaff.user_id) == actor.user,
            col(ClassStaff.ended_at).is_(None),
            col(SchoolClass.archived_at).is_(None),
            col(Assignment.deleted_at).is_(None),
        )
        .order_by(col(Assignment.due_at).desc().nulls_last(), col(Assignment.id).desc())
        .limit(MOST)
    )
    rows = [(work, name) for work, name in await session.execute(query)]
    counts = await counted(session, [work for work, _ in rows])
    return [Taught(work, name, *counts[work.id]) for work, name in rows]


async def counted(session: AsyncSession, work: Sequence[Assignment]) -> dict[UUID, tuple[int, int, int]]:
    """Of each: how many students handed it in, how many of them wait for a grade, and for how many it is."""
    ids = [each.id for each in work]
    of_it = await dates.of(session, col(Assignment.id).in_(ids))
    latest, marks = await finding.latest(session, ids), await graded.marks(session, ids)
    enrolled = await _enrolled(session, {each.class_id for each in work})
    found = {}
    for each in work:
        students = [id for id in enrolled.get(each.class_id, ()) if of_it.of(each.id, id) is not None]
        handed = {id: latest[each.id, id] for id in students if (each.id, id) in latest}
        waiting = [
            id
            for id, attempt in handed.items()
            if graded.is_waiting(attempt.attempt, marks.get((each.id, id), graded.NONE))
        ]
        found[each.id] = (len(handed), len(waiting), len(students))
    return found


async def _enrolled(session: AsyncSession, class_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    query = select(col(Enrolment.class_id), col(Enrolment.student_id)).where(
        col(Enrolment.class_id).in_(class_ids), col(Enrolment.status) != Enrolled.withdrawn
    )
    found: dict[UUID, list[UUID]] = {id: [] for id in class_ids}
    for class_id, student_id in await session.execute(query):
        found[class_id].append(student_id)
    return found


def _shown() -> tuple[ColumnElement[bool], ...]:
    return col(Assignment.deleted_at).is_(None), col(Assignment.status).in_(SHOWN)
