"""The structure of a class from the database, and the record that is kept of it."""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.errors import NotFound
from faraday_app.coursework.models import AssignmentGroup, AssignmentStatus, SubmissionType
from faraday_app.gradebook.calculation import Aggregate, DropBy, Grading, Rules
from faraday_app.gradebook.models import GradebookStructure, Posting
from faraday_app.gradebook.service import contents
from faraday_app.gradebook.service.policies import Policy, from_json, number
from faraday_app.gradebook.service.structure import GroupOf, PeriodOf, Structure, WorkOf

SHOWN = (AssignmentStatus.published, AssignmentStatus.closed)
HANDED_IN = {SubmissionType.text, SubmissionType.file, SubmissionType.link}
_ALONE = text("select pg_advisory_xact_lock(hashtextextended('gradebook ' || :class_id, 0))")


async def alone(session: AsyncSession, class_id: UUID) -> None:
    """Nobody else writes grades of this class until this transaction has ended."""
    await session.execute(_ALONE, {"class_id": str(class_id)})


# One row: all of it in one question, and each part as text, so that what is as before need not be made again. Groups: a
# removed one that still has work counts too. Work is in the order of its groups and its own.
_PARTS = text("""
select c.organization_id, o.time_zone,
  (select to_json(p)::text from (
     select scheme, weighted_periods, letters, cap::text, late, missing_percent::text, posting, version
     from gradebook_policies where class_id = c.id) as p),
  (select json_agg(json_build_array(id, name, weight::text, drop_lowest, drop_highest, never_drop, drop_by, aggregate)
     order by position, id)::text
   from assignment_groups as g where class_id = c.id and (deleted_at is null
     or exists (select from assignments as a where a.group_id = g.id and a.deleted_at is null))),
  (select json_agg(json_build_array(a.id, a.group_id, a.title, a.points::text, a.grading_type, a.status, a.omitted,
     a.submission_types, a.due_at, a.for_everyone, p.posting) order by g.position, g.id, a.position, a.id)::text
   from assignments as a join assignment_groups as g on g.id = a.group_id
     left join assignment_postings as p on p.assignment_id = a.id
   where a.class_id = c.id and a.deleted_at is null),
  (select json_agg(json_build_array(v.assignment_id, v.section_id, v.student_id, v.due_at) order by v.id)::text
   from assignment_overrides as v join assignments as a on a.id = v.assignment_id where a.class_id = c.id),
  (select json_agg(json_build_array(id, name, starts_on, ends_on, weight::text, closed_at) order by starts_on, id)::text
   from grading_periods where term_id = c.term_id and deleted_at is null),
  (select json_agg(json_build_array(student_id, section_id) order by id)::text
   from enrolments where class_id = c.id and status <> 'withdrawn'),
  (select json_agg(json_build_array(r.assignment_id, r.audience, r.visible_from) order by r.id)::text
   from grade_releases as r join assignments as a on a.id = r.assignment_id where a.class_id = c.id)
from classes as c join organizations as o on o.id = c.organization_id
where c.id = :class_id
""")
KEPT = 64  # structures, each as large as its class


async def read(session: AsyncSession, class_id: UUID) -> Structure:
    """As it is now. For whoever may already see the class."""
    await session.flush()
    found = (await session.execute(_PARTS, {"class_id": class_id})).first()
    if found is None:
        raise NotFound
    return _structure(class_id, *found)


@lru_cache(KEPT)
def _structure(class_id: UUID, organization_id: UUID, zone: str, policy: str | None, *parts: str | None) -> Structure:
    """The same object for the same words: what is worked out of it needs to be only once."""
    groups, work, overrides, periods, sections, releases = (json.loads(part) if part else [] for part in parts)
    return Structure(
        class_id,
        organization_id,
        zone,
        from_json(json.loads(policy)) if policy else Policy(),
        tuple(_group(*each) for each in groups),
        _work(work, overrides),
        tuple(_period(*each) for each in periods),
        {UUID(student): UUID(section) if section else None for student, section in sections},
        _by_work((UUID(id), audience, _moment(at)) for id, audience, at in releases),
    )


def _group(id: str, name: str, weight: str | None, lowest: int, highest: int, never: list[str], *how: str) -> GroupOf:
    by, aggregate = how
    rules = Rules(lowest, highest, frozenset(never), DropBy(by))
    return GroupOf(UUID(id), name, number(weight), rules, Aggregate(aggregate))


def group_of(row: AssignmentGroup) -> GroupOf:
    never = frozenset(str(id) for id in row.never_drop)
    rules = Rules(row.drop_lowest, row.drop_highest, never, DropBy(row.drop_by))
    return GroupOf(row.id, row.name, number(row.weight), rules, Aggregate(row.aggregate))


def _work(rows: list[list[Any]], overrides: list[list[Any]]) -> tuple[WorkOf, ...]:
    sections: Dates = defaultdict(dict)
    students: Dates = defaultdict(dict)
    for work, section, student, due_at in overrides:
        if student:
            students[work][UUID(student)] = _moment(due_at)
        elif section:
            sections[work][UUID(section)] = _moment(due_at)
    return tuple(
        WorkOf(
            UUID(id),
            UUID(group_id),
            title,
            number(points),
            Grading(grading),
            status in SHOWN,
            omitted,
            bool(HANDED_IN & set(kinds)),
            _moment(due_at),
            everyone,
            sections.get(id, {}),
            students.get(id, {}),
            Posting(own) if own else None,
        )
        for id, group_id, title, points, grading, status, omitted, kinds, due_at, everyone, own in rows
    )


Dates = dict[str, dict[UUID, datetime | None]]


def _period(id: str, name: str, starts: str, ends: str, weight: str | None, closed_at: str | None) -> PeriodOf:
    days = date.fromisoformat(starts), date.fromisoformat(ends)
    return PeriodOf(UUID(id), name, *days, number(weight), _moment(closed_at))


def _moment(at: str | None) -> datetime | None:
    return datetime.fromisoformat(at) if at else None


Releases = dict[UUID, dict[str, datetime | None]]


def _by_work(rows: Iterable[tuple[UUID, str, datetime | None]]) -> Releases:
    found: Releases = {}
    for work, audience, visible_from in rows:
        found.setdefault(work, {})[audience] = visible_from
    return found


async def remember(session: AsyncSession, structure: Structure) -> None:
    """Keep how the class is counted from now on, where it is another way than before."""
    digest = contents.digest(structure)
    newest = select(col(GradebookStructure.digest)).where(col(GradebookStructure.class_id) == structure.class_id)
    if await session.scalar(newest.order_by(col(GradebookStructure.id).desc()).limit(1)) == digest:
        return
    content, here = contents.as_json(structure), structure.organization_id
    session.add(GradebookStructure(organization_id=here, class_id=structure.class_id, digest=digest, content=content))
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
