"""The structure of a class from the database, and the record that is kept of it."""

import hashlib
import json
from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import Enrolled, Enrolment, GradingPeriod, SchoolClass
from faraday_app.core.errors import NotFound
from faraday_app.coursework.models import (
    Assignment,
    AssignmentGroup,
    AssignmentOverride,
    AssignmentStatus,
    SubmissionType,
)
from faraday_app.gradebook.calculation import Aggregate, DropBy, Grading, Rules
from faraday_app.gradebook.models import AssignmentPosting, GradebookStructure, GradeRelease, Posting
from faraday_app.gradebook.service import contents
from faraday_app.gradebook.service.policies import number, policy_of
from faraday_app.gradebook.service.structure import GroupOf, PeriodOf, Structure, WorkOf
from faraday_app.organizations.models import Organization

SHOWN = (AssignmentStatus.published, AssignmentStatus.closed)
HANDED_IN = {SubmissionType.text, SubmissionType.file, SubmissionType.link}
_ALONE = text("select pg_advisory_xact_lock(hashtextextended('gradebook ' || :class_id, 0))")


async def alone(session: AsyncSession, class_id: UUID) -> None:
    """Nobody else writes grades of this class until this transaction has ended."""
    await session.execute(_ALONE, {"class_id": str(class_id)})


async def read(session: AsyncSession, class_id: UUID) -> Structure:
    """As it is now. For whoever may already see the class."""
    query = (
        select(col(SchoolClass.term_id), col(SchoolClass.organization_id), col(Organization.time_zone))
        .join(Organization, col(Organization.id) == col(SchoolClass.organization_id))
        .where(col(SchoolClass.id) == class_id)
    )
    found = (await session.execute(query)).first()
    if found is None:
        raise NotFound
    term_id, organization_id, zone = found
    return Structure(
        class_id,
        organization_id,
        zone,
        await policy_of(session, class_id),
        await _groups(session, class_id),
        await _work(session, class_id),
        await _periods(session, term_id),
        await _sections(session, class_id),
        await releases_of(session, _in_class(GradeRelease.assignment_id, class_id)),
    )


async def _groups(session: AsyncSession, class_id: UUID) -> tuple[GroupOf, ...]:
    """In their order; a removed one that still has work counts too."""
    in_use = exists().where(col(Assignment.group_id) == col(AssignmentGroup.id), col(Assignment.deleted_at).is_(None))
    query = (
        select(AssignmentGroup)
        .where(col(AssignmentGroup.class_id) == class_id, col(AssignmentGroup.deleted_at).is_(None) | in_use)
        .order_by(col(AssignmentGroup.position), col(AssignmentGroup.id))
    )
    return tuple(group_of(each) for each in await session.scalars(query))


def group_of(row: AssignmentGroup) -> GroupOf:
    never = frozenset(str(id) for id in row.never_drop)
    rules = Rules(row.drop_lowest, row.drop_highest, never, DropBy(row.drop_by))
    return GroupOf(row.id, row.name, number(row.weight), rules, Aggregate(row.aggregate))


async def _work(session: AsyncSession, class_id: UUID) -> tuple[WorkOf, ...]:
    """In the order of its groups and its own."""
    query = (
        select(
            col(Assignment.id),
            col(Assignment.group_id),
            col(Assignment.title),
            col(Assignment.points),
            col(Assignment.grading_type),
            col(Assignment.status),
            col(Assignment.omitted),
            col(Assignment.submission_types),
            col(Assignment.due_at),
            col(Assignment.for_everyone),
            col(AssignmentPosting.posting),
        )
        .join(AssignmentGroup, col(AssignmentGroup.id) == col(Assignment.group_id))
        .outerjoin(AssignmentPosting, col(AssignmentPosting.assignment_id) == col(Assignment.id))
        .where(col(Assignment.class_id) == class_id, col(Assignment.deleted_at).is_(None))
        .order_by(col(AssignmentGroup.position), col(AssignmentGroup.id), col(Assignment.position), col(Assignment.id))
    )
    sections, students = await _overrides(session, class_id)
    return tuple(
        WorkOf(
            id,
            group_id,
            title,
            number(points),
            Grading(grading),
            status in SHOWN,
            omitted,
            bool(HANDED_IN & set(kinds)),
            due_at,
            everyone,
            sections.get(id, {}),
            students.get(id, {}),
            Posting(own) if own else None,
        )
        for id, group_id, title, points, grading, status, omitted, kinds, due_at, everyone, own in (
            await session.execute(query)
        )
    )


Dates = dict[UUID, dict[UUID, datetime | None]]


async def _overrides(session: AsyncSession, class_id: UUID) -> tuple[Dates, Dates]:
    sections: Dates = defaultdict(dict)
    students: Dates = defaultdict(dict)
    query = select(
        col(AssignmentOverride.assignment_id),
        col(AssignmentOverride.section_id),
        col(AssignmentOverride.student_id),
        col(AssignmentOverride.due_at),
    ).where(_in_class(AssignmentOverride.assignment_id, class_id))
    for work, section, student, due_at in await session.execute(query):
        if student:
            students[work][student] = due_at
        elif section:
            sections[work][section] = due_at
    return sections, students


def _in_class(column: Any, class_id: UUID) -> ColumnElement[bool]:
    return col(column).in_(select(col(Assignment.id)).where(col(Assignment.class_id) == class_id))


async def _periods(session: AsyncSession, term_id: UUID) -> tuple[PeriodOf, ...]:
    query = (
        select(GradingPeriod)
        .where(col(GradingPeriod.term_id) == term_id, col(GradingPeriod.deleted_at).is_(None))
        .order_by(col(GradingPeriod.starts_on), col(GradingPeriod.id))
    )
    return tuple(
        PeriodOf(each.id, each.name, each.starts_on, each.ends_on, number(each.weight), each.closed_at)
        for each in await session.scalars(query)
    )


async def _sections(session: AsyncSession, class_id: UUID) -> dict[UUID, UUID | None]:
    query = select(col(Enrolment.student_id), col(Enrolment.section_id)).where(
        col(Enrolment.class_id) == class_id, col(Enrolment.status) != Enrolled.withdrawn
    )
    return dict((await session.execute(query.order_by(col(Enrolment.id)))).all())


async def releases_of(session: AsyncSession, *which: ColumnElement[bool]) -> dict[UUID, dict[str, datetime | None]]:
    found: dict[UUID, dict[str, datetime | None]] = {}
    query = select(col(GradeRelease.assignment_id), col(GradeRelease.audience), col(GradeRelease.visible_from))
    for work, audience, visible_from in await session.execute(query.where(*which)):
        found.setdefault(work, {})[audience] = visible_from
    return found


async def remember(session: AsyncSession, structure: Structure) -> None:
    """Keep how the class is counted from now on, where it is another way than before."""
    content = contents.as_json(structure)
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    newest = select(col(GradebookStructure.digest)).where(col(GradebookStructure.class_id) == structure.class_id)
    if await session.scalar(newest.order_by(col(GradebookStructure.id).desc()).limit(1)) == digest:
        return
    session.add(
        GradebookStructure(
            organization_id=structure.organization_id, class_id=structure.class_id, digest=digest, content=content
        )
    )
    await session.flush()


async def as_of(session: AsyncSession, class_id: UUID, moment: datetime) -> Structure | None:
    """As it was at a moment; None where nothing was kept by then."""
    query = (
        select(GradebookStructure)
        .where(col(GradebookStructure.class_id) == class_id, col(GradebookStructure.created_at) <= moment)
        .order_by(col(GradebookStructure.id).desc())
        .limit(1)
    )
    row = await session.scalar(query)
    return None if row is None else contents.from_json(class_id, row.organization_id, row.content)
