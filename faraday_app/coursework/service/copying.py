"""Work of another class, such as last term's, brought into this one as drafts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import ClassStaff, SchoolClass, StaffRole, Term
from faraday_app.classes.service.access import standing, teaching
from faraday_app.core.errors import Invalid, NotFound
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.models import Assignment, AssignmentGroup
from faraday_app.coursework.service import groups
from faraday_app.coursework.service.assignments import add
from faraday_app.coursework.service.changes import announce
from faraday_app.coursework.service.copies import tell_of_copies
from faraday_app.coursework.service.drafts import AssignmentDraft, draft_of
from faraday_app.security.service import record

SOURCES = 50


@dataclass(frozen=True, slots=True)
class Source:
    """A class to copy from, and how much work it has."""

    school_class: SchoolClass
    term: Term
    work: int


async def sources(session: AsyncSession, actor: Actor, class_id: UUID) -> list[Source]:
    """Other classes that the actor teaches or taught and that have work, newest term first."""
    await teaching(session, actor, class_id, Permission.coursework_manage)
    count = (
        select(func.count())
        .where(col(Assignment.class_id) == col(SchoolClass.id), col(Assignment.deleted_at).is_(None))
        .correlate(SchoolClass)
        .scalar_subquery()
    )
    query = (
        select(SchoolClass, Term, count)
        .join(Term, col(Term.id) == col(SchoolClass.term_id))
        .join(ClassStaff, col(ClassStaff.class_id) == col(SchoolClass.id))
        .where(
            col(ClassStaff.user_id) == actor.user,
            col(ClassStaff.role) == StaffRole.teacher,
            col(ClassStaff.ended_at).is_(None),
            col(SchoolClass.id) != class_id,
            count > 0,
        )
        .order_by(col(Term.starts_on).desc(), col(SchoolClass.name), col(SchoolClass.id))
        .limit(SOURCES)
    )
    return [Source(*row) for row in (await session.execute(query)).all()]


async def copy(
    session: AsyncSession,
    actor: Actor,
    class_id: UUID,
    source_id: UUID,
    ids: Collection[UUID],
    zone: tzinfo = UTC,
) -> list[Assignment]:
    """The chosen work as drafts, in groups of the same names, with all dates as far into this term as they were into
    the other one. Hours stay what they are in that zone. NotFound for what the source does not have."""
    here = await teaching(session, actor, class_id, Permission.coursework_manage)
    there = await standing(session, actor, source_id, Permission.coursework_manage)
    there.must_grade()
    chosen = await _chosen(session, source_id, set(ids))
    distance = await _distance(session, there.school_class, here.school_class)
    homes = await _homes(session, actor, class_id, chosen)
    copies: dict[UUID, Assignment] = {}
    for work in chosen:
        draft = replace(draft_of(work), group_id=homes[work.group_id].id, for_everyone=True)
        copies[work.id] = await add(session, actor, class_id, _shifted(draft, distance, zone))
    await _keep_from_dropping(session, copies, homes)
    record(session, actor, "assignments.copied", here.school_class, source=str(source_id), count=len(copies))
    await tell_of_copies(session, actor, {id: made.id for id, made in copies.items()})
    announce(session, class_id)
    return list(copies.values())


def shifted(moment: datetime | None, distance: timedelta, zone: tzinfo) -> datetime | None:
    """So many days later, at the same time of day there, whatever summer time does in between."""
    if moment is None:
        return None
    here = moment.astimezone(zone).replace(tzinfo=None)
    return (here + distance).replace(tzinfo=zone).astimezone(UTC)


def _shifted(draft: AssignmentDraft, distance: timedelta, zone: tzinfo) -> AssignmentDraft:
    return replace(
        draft,
        due_at=shifted(draft.due_at, distance, zone),
        available_from=shifted(draft.available_from, distance, zone),
        available_until=shifted(draft.available_until, distance, zone),
    )


async def _chosen(session: AsyncSession, source_id: UUID, ids: set[UUID]) -> Sequence[Assignment]:
    if not ids:
        raise Invalid("Choose what to copy first.")
    query = (
        select(Assignment)
        .join(AssignmentGroup, col(AssignmentGroup.id) == col(Assignment.group_id))
        .where(col(Assignment.class_id) == source_id, col(Assignment.id).in_(ids), col(Assignment.deleted_at).is_(None))
        .order_by(col(AssignmentGroup.position), col(Assignment.position), col(Assignment.id))
    )
    found = (await session.scalars(query)).all()
    if len(found) != len(ids):
        raise NotFound("Some of these assignments do not exist any more. Load the page again.")
    return found


async def _distance(session: AsyncSession, there: SchoolClass, here: SchoolClass) -> timedelta:
    first, second = await session.get_one(Term, there.term_id), await session.get_one(Term, here.term_id)
    return second.starts_on - first.starts_on


async def _homes(
    session: AsyncSession, actor: Actor, class_id: UUID, chosen: Sequence[Assignment]
) -> dict[UUID, AssignmentGroup]:
    """For each group of the source its namesake here, made where there is none: by the same rules."""
    named = {group.name.lower(): group for group in await groups.of_class(session, class_id)}
    homes: dict[UUID, AssignmentGroup] = {}
    for group_id in dict.fromkeys(work.group_id for work in chosen):
        theirs = await session.get_one(AssignmentGroup, group_id)
        homes[group_id] = named.get(theirs.name.lower()) or await groups.make(
            session,
            actor,
            class_id,
            groups.GroupDraft(
                theirs.name,
                theirs.weight,
                theirs.drop_lowest,
                theirs.drop_highest,
                drop_by=theirs.drop_by,
                aggregate=theirs.aggregate,
            ),
        )
    return homes


async def _keep_from_dropping(
    session: AsyncSession, copies: dict[UUID, Assignment], homes: dict[UUID, AssignmentGroup]
) -> None:
    """What was never dropped there is never dropped here."""
    for group_id, home in homes.items():
        theirs = await session.get_one(AssignmentGroup, group_id)
        if kept := [copies[each].id for each in theirs.never_drop if each in copies]:
            home.never_drop = [*home.never_drop, *kept]
            home.version += 1
