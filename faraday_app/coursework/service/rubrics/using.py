"""By what the work for an assignment is marked, and by whom."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.classes.models import ClassStaff, StaffRole
from faraday_app.classes.service.access import Standing
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid
from faraday_app.core.ids import new_id
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.models import Assessment, AssessmentStatus, Assignment, MarkingPlan
from faraday_app.coursework.service import copies, reading
from faraday_app.coursework.service.rubrics import keeping
from faraday_app.coursework.service.rubrics.keeping import Version
from faraday_app.coursework.service.rubrics.reach import work_to_mark
from faraday_app.security.service import record

GIVEN = (AssessmentStatus.given, AssessmentStatus.chosen)


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """How somebody wants work to be marked. ``rubric_id`` None: without a rubric. The rubric that it is marked by
    already stays as it was chosen, unless the ``newest`` version is wanted."""

    rubric_id: UUID | None = None
    newest: bool = False
    fills_grade: bool = True
    moderated: bool = False
    moderator_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """How an assignment is marked. ``number`` is 0 while nobody has said anything: no rubric, one marker."""

    work: Assignment
    standing: Standing
    rubric: Version | None = None
    fills_grade: bool = True
    moderated: bool = False
    moderator_id: UUID | None = None
    number: int = 0

    @property
    def fits_points(self) -> bool:
        """Whether the rubric comes to what the assignment is worth."""
        return self.rubric is None or self.work.points is None or self.rubric.highest == self.work.points

    def moderates(self, actor: Actor) -> bool:
        """Whoever was named; where nobody was, whoever oversees the class."""
        if not self.moderated:
            return False
        return actor.user_id == self.moderator_id if self.moderator_id else self.standing.oversees


async def plan_of(
    session: AsyncSession, actor: Actor, assignment_id: UUID, permission: Permission = Permission.coursework_read
) -> Plan:
    """For everybody who sees the assignment: students and parents may know by what it will be judged, once it is open:
    a rubric says what is asked for."""
    seen = await reading.get(session, actor, assignment_id, permission)
    plan = await _plan(session, seen.work, seen.standing)
    return plan if seen.is_open else replace(plan, rubric=None)


async def plan_to_mark(session: AsyncSession, actor: Actor, assignment_id: UUID) -> Plan:
    """For whoever grades there."""
    seen = await work_to_mark(session, actor, assignment_id)
    return await _plan(session, seen.work, seen.standing)


async def set_plan(session: AsyncSession, actor: Actor, assignment_id: UUID, number: int, draft: PlanDraft) -> Plan:
    """Say how the work is marked. A rubric is taken as it is now; later edits do not reach work that is being marked.

    Conflict when somebody changed it since ``number``, or when marks were given that the change would leave hanging.
    """
    seen = await work_to_mark(session, actor, assignment_id, Permission.coursework_manage)
    work = seen.work
    row = await _locked(session, work)
    if row.version != number:
        raise Conflict("How this is marked was changed meanwhile. Look again, then change it.")
    if draft.moderator_id is not None:
        await _must_grade(session, work.class_id, draft.moderator_id)
    wanted = await _wanted(session, actor, row, draft)
    version_id = wanted.id if wanted else None
    if version_id != row.version_id or draft.moderated != row.moderated:
        await _must_be_unmarked(session, work)
    row.version_id = version_id
    row.fills_grade, row.moderated = draft.fills_grade, draft.moderated
    row.moderator_id = draft.moderator_id if draft.moderated else None
    row.version += 1
    await session.flush()
    details = {"title": work.title, "rubric": wanted.rubric.title if wanted else ""}
    record(session, actor, "marking.planned", work, **details, moderated=row.moderated)
    publish_on_commit(session, topic("coursework", work.class_id))
    publish_on_commit(session, topic("rubrics", work.organization_id))
    return await _plan(session, work, seen.standing)


async def copy_plans(session: AsyncSession, actor: Actor, copied: Mapping[UUID, UUID]) -> None:
    """Mark a copy as its original: by the same version of the rubric. Who moderates is said anew."""
    for row in await session.scalars(select(MarkingPlan).where(col(MarkingPlan.assignment_id).in_(copied))):
        same = {name: getattr(row, name) for name in ("organization_id", "version_id", "fills_grade", "moderated")}
        session.add(MarkingPlan(assignment_id=copied[row.assignment_id], **same))


copies.COPIED.append(copy_plans)


async def _wanted(session: AsyncSession, actor: Actor, row: MarkingPlan, draft: PlanDraft) -> Version | None:
    if draft.rubric_id is None:
        return None
    before = await _rubric(session, row)
    if before and before.rubric.id == draft.rubric_id:
        return await keeping.newest(session, before.rubric) if draft.newest else before
    return await keeping.get(session, actor, draft.rubric_id)


async def _plan(session: AsyncSession, work: Assignment, found: Standing) -> Plan:
    row = await session.scalar(select(MarkingPlan).where(col(MarkingPlan.assignment_id) == work.id))
    if row is None:
        return Plan(work, found)
    rubric = await _rubric(session, row)
    return Plan(work, found, rubric, row.fills_grade, row.moderated, row.moderator_id, row.version)


async def _rubric(session: AsyncSession, row: MarkingPlan) -> Version | None:
    return await keeping.version_of(session, row.version_id) if row.version_id else None


async def _locked(session: AsyncSession, work: Assignment) -> MarkingPlan:
    """The one of this assignment, made where there is none; version 0 is one that nobody has said anything in."""
    values = {"id": new_id(), "created_at": now(), "organization_id": work.organization_id, "version": 0}
    started = insert(MarkingPlan).values(**values, assignment_id=work.id, fills_grade=True, moderated=False)
    await session.execute(started.on_conflict_do_nothing(index_elements=["assignment_id"]))
    query = select(MarkingPlan).where(col(MarkingPlan.assignment_id) == work.id).with_for_update()
    return (await session.execute(query, execution_options={"populate_existing": True})).scalar_one()


async def _must_be_unmarked(session: AsyncSession, work: Assignment) -> None:
    given = exists().where(col(Assessment.assignment_id) == work.id, col(Assessment.status).in_(GIVEN))
    if await session.scalar(select(given)):
        raise Conflict("Work is marked by this already, and what was given must go on meaning the same.")


async def _must_grade(session: AsyncSession, class_id: UUID, user_id: UUID) -> None:
    if user_id not in await graders(session, class_id):
        raise Invalid("The moderator is a teacher of this class.", field="moderator_id")


async def graders(session: AsyncSession, class_id: UUID) -> Collection[UUID]:
    """Those who teach the class now."""
    query = select(col(ClassStaff.user_id)).where(
        col(ClassStaff.class_id) == class_id,
        col(ClassStaff.role) == StaffRole.teacher,
        col(ClassStaff.ended_at).is_(None),
    )
    return set(await session.scalars(query))


async def graders_by_name(session: AsyncSession, class_id: UUID) -> list[tuple[UUID, str]]:
    """For choosing one of them."""
    query = select(col(User.id), col(User.name)).where(col(User.id).in_(await graders(session, class_id)))
    return [(row[0], row[1]) for row in await session.execute(query.order_by(col(User.name)))]
