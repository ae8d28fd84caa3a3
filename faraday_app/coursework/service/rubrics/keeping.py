"""Rubrics that teachers keep and use again. What one says never changes: an edit makes another version of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.authorization import Resource
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted
from faraday_app.core.ids import new_id
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.models import Assessment, Assignment, MarkingPlan, Rubric, RubricCriterion, RubricVersion
from faraday_app.coursework.service.rubrics import uses
from faraday_app.coursework.service.rubrics.criteria import Criterion, checked, highest, kept, of_row
from faraday_app.security.service import record

LONGEST_TITLE = 120
LOCKED_FROM = 2  # assignments that use a version


@dataclass(frozen=True, slots=True)
class RubricDraft:
    """What a teacher wants a rubric to be. ``shared``: with everybody who teaches in their department."""

    title: str
    criteria: tuple[Criterion, ...]
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """A version with all that it says. ``used_in`` counts the assignments that are marked by it."""

    rubric: Rubric
    id: UUID
    number: int
    criteria: tuple[Criterion, ...]
    used_in: int = 0

    @property
    def highest(self) -> Decimal:
        return highest(self.criteria)

    @property
    def is_locked(self) -> bool:
        return self.used_in >= LOCKED_FROM


@dataclass(frozen=True, slots=True)
class Edited:
    """``moved``: the one assignment that used it goes by the new version now; ``kept``: those that stay with theirs."""

    version: Version
    moved: int = 0
    kept: int = 0


async def create(session: AsyncSession, actor: Actor, draft: RubricDraft) -> Version:
    actor.must(Permission.coursework_manage, _of_ones_own(actor))
    criteria = checked(draft.criteria)
    rubric = Rubric(
        organization_id=actor.organization,
        owner_id=actor.user,
        department_id=_department(actor, draft.shared),
        title=_title(draft.title),
    )
    session.add(rubric)
    await session.flush()
    version = await _written(session, actor, rubric, criteria)
    record(session, actor, "rubric.created", rubric, title=rubric.title)
    publish_on_commit(session, topic("rubrics", rubric.organization_id))
    return version


async def edit(session: AsyncSession, actor: Actor, rubric_id: UUID, version: int, draft: RubricDraft) -> Edited:
    """Its owner's to do. Conflict when somebody changed it since.

    What it says becomes another version. One assignment that uses it and in which nothing is marked yet goes by that;
    where two use it, or marks were made, what they go by is locked and only new uses get the new version.
    """
    rubric = await _owned(session, actor, rubric_id, lock=True)
    if rubric.version != version:
        raise Conflict(f"“{rubric.title}” was changed meanwhile. Open it again to see what it says now.")
    criteria = checked(draft.criteria)
    rubric.title, rubric.version = _title(draft.title), rubric.version + 1
    if draft.shared != (rubric.department_id is not None):
        rubric.department_id = _department(actor, draft.shared)
    before = await newest(session, rubric)
    moved = 0
    if [_said(each) for each in before.criteria] != [_said(each) for each in criteria]:
        rubric.number += 1
        written = await _written(session, actor, rubric, criteria)
        moved = await _move(session, before, written)
        before = Version(rubric, written.id, written.number, written.criteria, moved)
    record(session, actor, "rubric.changed", rubric, title=rubric.title, number=rubric.number, moved=moved)
    publish_on_commit(session, topic("rubrics", rubric.organization_id))
    everywhere = await uses.of_rubrics(session, [rubric.id])
    return Edited(before, moved, everywhere.get(rubric.id, 0) - before.used_in)


async def archive(session: AsyncSession, actor: Actor, rubric_id: UUID) -> None:
    """It is offered no more. What is marked by it goes on."""
    rubric = await _owned(session, actor, rubric_id, lock=True)
    if rubric.archived_at is None:
        rubric.archived_at, rubric.version = now(), rubric.version + 1
        record(session, actor, "rubric.archived", rubric, title=rubric.title)
        publish_on_commit(session, topic("rubrics", rubric.organization_id))


async def restore(session: AsyncSession, actor: Actor, rubric_id: UUID) -> None:
    rubric = await _owned(session, actor, rubric_id, lock=True)
    if rubric.archived_at is not None:
        rubric.archived_at, rubric.version = None, rubric.version + 1
        record(session, actor, "rubric.restored", rubric, title=rubric.title)
        publish_on_commit(session, topic("rubrics", rubric.organization_id))


async def get(session: AsyncSession, actor: Actor, rubric_id: UUID) -> Version:
    """The newest version of one's own rubric, or of one that is shared."""
    actor.must_at_all(Permission.coursework_manage)
    rubric = await session.scalar(select(Rubric).where(col(Rubric.id) == rubric_id, visible(actor)))
    if rubric is None:
        raise NotFound("This rubric does not exist, or is not shared with you.")
    return await newest(session, rubric)


async def newest(session: AsyncSession, rubric: Rubric) -> Version:
    query = select(RubricVersion).where(
        col(RubricVersion.rubric_id) == rubric.id, col(RubricVersion.number) == rubric.number
    )
    return await _whole(session, rubric, (await session.scalars(query)).one())


async def version_of(session: AsyncSession, version_id: UUID) -> Version:
    """For whoever has decided that it may be read: with the work that is marked by it."""
    version = await session.get_one(RubricVersion, version_id)
    return await _whole(session, await session.get_one(Rubric, version.rubric_id), version)


async def _whole(session: AsyncSession, rubric: Rubric, version: RubricVersion) -> Version:
    query = select(RubricCriterion).where(col(RubricCriterion.version_id) == version.id)
    rows = await session.scalars(query.order_by(col(RubricCriterion.position)))
    criteria = tuple(of_row(row) for row in rows)
    return Version(rubric, version.id, version.number, criteria, await uses.of_version(session, version.id))


async def _written(session: AsyncSession, actor: Actor, rubric: Rubric, criteria: Sequence[Criterion]) -> Version:
    version = RubricVersion(
        organization_id=rubric.organization_id, rubric_id=rubric.id, number=rubric.number, made_by=actor.user_id
    )
    session.add(version)
    await session.flush()
    rows = [
        RubricCriterion(
            id=new_id(),
            organization_id=rubric.organization_id,
            version_id=version.id,
            position=place,
            title=each.title,
            details=each.details,
            points=each.points,
            scored=each.scored,
            ranged=each.ranged,
            ratings=[kept(rating) for rating in each.ratings],
        )
        for place, each in enumerate(criteria)
    ]
    session.add_all(rows)
    await session.flush()
    return Version(rubric, version.id, version.number, tuple(of_row(row) for row in rows))


async def _move(session: AsyncSession, before: Version, written: Version) -> int:
    """Let the only assignment that uses it go by the new version, while nothing is marked there. How many did."""
    if before.is_locked:
        return 0
    marked = exists().where(col(Assessment.assignment_id) == col(MarkingPlan.assignment_id))
    query = select(MarkingPlan).where(col(MarkingPlan.version_id) == before.id, ~marked).with_for_update()
    plans = (await session.scalars(query)).all()
    for plan in plans:
        plan.version_id, plan.version = written.id, plan.version + 1
        work = await session.get_one(Assignment, plan.assignment_id)
        publish_on_commit(session, topic("coursework", work.class_id))
    return len(plans)


async def _owned(session: AsyncSession, actor: Actor, rubric_id: UUID, *, lock: bool = False) -> Rubric:
    await get(session, actor, rubric_id)
    query = select(Rubric).where(col(Rubric.id) == rubric_id)
    found = await session.execute(
        query.with_for_update() if lock else query, execution_options={"populate_existing": True}
    )
    rubric = found.scalar_one()
    if not owns(actor, rubric):
        raise NotPermitted("Only its owner can change a rubric. Copy it to have one of your own.")
    actor.must(Permission.coursework_manage, _of_ones_own(actor))
    return rubric


def owns(actor: Actor, rubric: Rubric) -> bool:
    return actor.is_system or rubric.owner_id == actor.user_id


def visible(actor: Actor) -> ColumnElement[bool]:
    if actor.is_system:
        return col(Rubric.organization_id) == actor.organization
    shared = col(Rubric.department_id) == actor.department_id if actor.department_id else false()
    return and_(
        col(Rubric.organization_id) == actor.organization,
        or_(col(Rubric.owner_id) == actor.user_id, shared),
    )


def _of_ones_own(actor: Actor) -> Resource:
    return Resource(
        "rubric", organization_id=actor.organization, department_id=actor.department_id, owner_id=actor.user
    )


def _department(actor: Actor, shared: bool) -> UUID | None:
    if shared and actor.department_id is None:
        raise Invalid("You belong to no department to share it with.", field="shared")
    return actor.department_id if shared else None


def _title(text: str) -> str:
    title = text.strip()
    if not 1 <= len(title) <= LONGEST_TITLE:
        raise Invalid(f"A rubric has a title of 1 to {LONGEST_TITLE} characters.", field="title")
    return title


def _said(criterion: Criterion) -> tuple[object, ...]:
    """What it says, whichever row says it."""
    return (
        *(criterion.title, criterion.details, criterion.points, criterion.scored, criterion.ranged),
        tuple((each.title, each.text, each.points) for each in criterion.ratings),
    )
