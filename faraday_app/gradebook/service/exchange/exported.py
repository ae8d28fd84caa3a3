"""Categories, line items and results as files of an exported package."""

from dataclasses import replace
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import SchoolClass
from faraday_app.classes.service.rosters.picture import Picture
from faraday_app.classes.service.rosters.records import File
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import Assignment, AssignmentGroup, AssignmentStatus
from faraday_app.gradebook.models import Exchanged, Grade
from faraday_app.gradebook.service import marks
from faraday_app.gradebook.service.exchange import items, told
from faraday_app.organizations.models import Organization


async def add_grades(session: AsyncSession, found: Picture) -> None:
    """What is published, and what is graded of it. Under the ids that other systems gave, where they gave any."""
    faraday = Actor.system(found.organization_id)
    linked = await items.called(session, faraday, Exchanged.group)
    groups = {each.record_id: each.sourced_id for each in linked if each.record_id}
    names: dict[UUID, str] = {}
    zone = ZoneInfo((await session.get_one(Organization, found.organization_id)).time_zone)
    query = (
        select(Assignment, AssignmentGroup, col(SchoolClass.term_id))
        .join(AssignmentGroup, col(AssignmentGroup.id) == col(Assignment.group_id))
        .join(SchoolClass, col(SchoolClass.id) == col(Assignment.class_id))
        .where(
            col(Assignment.organization_id) == found.organization_id,
            col(Assignment.deleted_at).is_(None),
            col(Assignment.status).in_([AssignmentStatus.published, AssignmentStatus.closed]),
            col(SchoolClass.archived_at).is_(None),
        )
    )
    sent = {each.sourced_id: each for each in await items.called(session, faraday, Exchanged.category)}
    said = {each.record_id: each for each in await items.called(session, faraday, Exchanged.line_item)}
    for each, group, term_id in await session.execute(query.order_by(col(Assignment.id))):
        category = groups.get(group.id, str(group.id))
        found.add(File.categories, told.category(category, sent.get(category), group))
        item = said.get(each.id)
        name = item.sourced_id if item else str(each.id)
        named = {"class_id": found.id_of(File.classes, each.class_id), "category_id": category}
        row = told.line_item(name, each, item, zone, **named, session_id="", school_id=found.school)
        own = told.session_said(item)
        within = own if own in found.records[File.academic_sessions] else found.session_of(term_id, row.due)
        found.add(File.line_items, replace(row, session_id=within))
        names[each.id] = name
    await _add_results(session, found, faraday, names, zone)


async def _add_results(
    session: AsyncSession, found: Picture, faraday: Actor, names: dict[UUID, str], zone: ZoneInfo
) -> None:
    ours = col(Grade.organization_id) == found.organization_id
    there = await marks.find(session, ours)
    said = {(each.record_id, each.student_id): each for each in await items.called(session, faraday, Exchanged.result)}
    query = select(col(Grade.id), col(Grade.assignment_id), col(Grade.student_id), col(Grade.class_id)).where(ours)
    for id, work_id, student_id, class_id in await session.execute(query.order_by(col(Grade.id))):
        mark = there[work_id, student_id]
        if not mark.says or work_id not in names or not found.has(File.users, student_id):
            continue
        item = said.get((work_id, student_id))
        named = {
            "line_item_id": names[work_id],
            "student_id": found.id_of(File.users, student_id),
            "class_id": found.id_of(File.classes, class_id),
        }
        row = told.result(item.sourced_id if item else str(id), mark, item, await items.comment_of(item), zone, **named)
        found.add(File.results, row)
