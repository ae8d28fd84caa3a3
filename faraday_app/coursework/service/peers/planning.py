"""How the students of an assignment review each other, and when they read what was written of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid
from faraday_app.core.ids import new_id
from faraday_app.core.notices import Notice, tell
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import Assignment, AssignmentTeamMember, PeerPlan, PeerReview
from faraday_app.coursework.service.assignments import own
from faraday_app.coursework.service.changes import announce
from faraday_app.security.service import record

CHANGED = "How this is reviewed was changed meanwhile. Look again, then change it."


@dataclass(frozen=True, slots=True)
class Draft:
    anonymous: bool = True
    by_lot: bool = True
    due_at: datetime | None = None
    opens_when_due: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """``each``: how many reviews a student writes; 0: none are asked for. ``number`` 0: nobody has said how yet."""

    each: int
    draft: Draft = Draft()
    started_at: datetime | None = None
    released_at: datetime | None = None
    number: int = 0

    def is_open(self, at: datetime) -> bool:
        """Whether those whom reviews are about may read them."""
        return self.released_at is not None and self.released_at <= at

    def is_over(self, at: datetime) -> bool:
        """Whether nothing is written any more."""
        return self.is_open(at) or (self.draft.due_at is not None and self.draft.due_at <= at)


async def plan_of(session: AsyncSession, work: Assignment) -> Plan:
    """For whoever has asked already whether they may see the work."""
    row = await session.scalar(select(PeerPlan).where(col(PeerPlan.assignment_id) == work.id))
    return of_row(work, row) if row else Plan(work.peer_reviews)


def of_row(work: Assignment, row: PeerPlan) -> Plan:
    draft = Draft(row.anonymous, row.by_lot, row.due_at, row.opens_when_due)
    return Plan(work.peer_reviews, draft, row.started_at, row.released_at, row.version)


async def set_plan(session: AsyncSession, actor: Actor, assignment_id: UUID, number: int, draft: Draft) -> Plan:
    """Conflict when somebody changed it since ``number``, or when names would be told that were promised not to be."""
    _, work = await own(session, actor, assignment_id)
    if draft.opens_when_due and draft.due_at is None:
        raise Invalid("Say when the reviews are due, so that they can be shown then.", field="due_at")
    row = await locked(session, work)
    if row.version != number:
        raise Conflict(CHANGED)
    if row.anonymous and not draft.anonymous and await _written(session, work.id):
        raise Conflict("Reviews were written without names. They stay without names.")
    row.anonymous, row.by_lot = draft.anonymous, draft.by_lot
    row.due_at, row.opens_when_due = draft.due_at, draft.opens_when_due
    row.version += 1
    record(session, actor, "peer_reviews.planned", work, name=work.title, anonymous=row.anonymous, by_lot=row.by_lot)
    announce(session, work.class_id)
    await session.flush()
    return of_row(work, row)


async def release(session: AsyncSession, actor: Actor, assignment_id: UUID) -> Plan:
    """Those whom reviews are about read them from now on, and are told. Nothing is written any more."""
    _, work = await own(session, actor, assignment_id)
    row = await locked(session, work)
    if row.released_at is None:
        await release_now(session, actor, work, row)
    return of_row(work, row)


async def release_now(session: AsyncSession, actor: Actor, work: Assignment, row: PeerPlan) -> None:
    row.released_at, row.version = now(), row.version + 1
    record(session, actor, "peer_reviews.released", work, name=work.title)
    announce(session, work.class_id)
    reviews = (
        await session.scalars(
            select(PeerReview).where(
                col(PeerReview.assignment_id) == work.id, col(PeerReview.submitted_at).is_not(None)
            )
        )
    ).all()
    teams = {each.team_id for each in reviews if each.team_id}
    members = select(col(AssignmentTeamMember.student_id)).where(col(AssignmentTeamMember.team_id).in_(teams))
    students = {each.author_id for each in reviews if not each.team_id} | set(await session.scalars(members))
    title = f"Reviews of your work: {work.title}"
    link = f"/assignment?id={work.id}"
    if students:
        await tell(
            session, Notice(work.organization_id, tuple(sorted(students)), "peer_review.released", title, link=link)
        )


async def withhold(session: AsyncSession, actor: Actor, assignment_id: UUID) -> Plan:
    """Nobody but their reviewers and the staff reads them any more. They are not shown by themselves afterwards."""
    _, work = await own(session, actor, assignment_id)
    row = await locked(session, work)
    if row.released_at is not None:
        row.released_at, row.opens_when_due, row.version = None, False, row.version + 1
        record(session, actor, "peer_reviews.withheld", work, name=work.title)
        announce(session, work.class_id)
    return of_row(work, row)


async def locked(session: AsyncSession, work: Assignment) -> PeerPlan:
    """The one of this assignment, made where there is none."""
    default = Draft()
    values = {
        "id": new_id(),
        "created_at": now(),
        "organization_id": work.organization_id,
        "assignment_id": work.id,
        "anonymous": default.anonymous,
        "by_lot": default.by_lot,
        "opens_when_due": default.opens_when_due,
        "version": 0,
    }
    await session.execute(insert(PeerPlan).values(**values).on_conflict_do_nothing(index_elements=["assignment_id"]))
    query = select(PeerPlan).where(col(PeerPlan.assignment_id) == work.id).with_for_update()
    return (await session.execute(query, execution_options={"populate_existing": True})).scalar_one()


async def _written(session: AsyncSession, assignment_id: UUID) -> bool:
    query = select(col(PeerReview.id)).where(
        col(PeerReview.assignment_id) == assignment_id, col(PeerReview.sealed_words).is_not(None)
    )
    return await session.scalar(query.limit(1)) is not None
