"""Categories, line items and results as files of an exported package."""

from datetime import date
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import SchoolClass
from faraday_app.classes.service.rosters.picture import Picture
from faraday_app.classes.service.rosters.records import Category, File, LineItem, Result
from faraday_app.core.clock import now
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import Assignment, AssignmentGroup, AssignmentStatus
from faraday_app.gradebook.models import Exchanged, ExchangeItem, Grade
from faraday_app.gradebook.service import marks
from faraday_app.gradebook.service.exchange import items
from faraday_app.gradebook.service.exchange.results import status_of
from faraday_app.gradebook.service.marks import Mark, plain
from faraday_app.organizations.models import Organization


async def add_grades(session: AsyncSession, found: Picture) -> None:
    """What is published, and what is graded of it. Under the ids that other systems gave, where they gave any."""
    faraday = Actor.system(found.organization_id)
    names = {
        kind: {each.record_id: each.sourced_id for each in await items.called(session, faraday, kind) if each.record_id}
        for kind in (Exchanged.group, Exchanged.line_item)
    }
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
    for each, group, term_id in await session.execute(query.order_by(col(Assignment.id))):
        category = names[Exchanged.group].get(group.id, str(group.id))
        found.add(File.categories, Category(sourced_id=category, title=group.name, weight=group.weight))
        assigned = (each.publish_at or each.created_at).astimezone(zone).date()
        due = each.due_at.astimezone(zone).date() if each.due_at else assigned
        found.add(
            File.line_items,
            LineItem(
                sourced_id=names[Exchanged.line_item].get(each.id, str(each.id)),
                title=each.title,
                description=" ".join(each.description.split()),
                assigned=assigned,
                due=due,
                class_id=found.id_of(File.classes, each.class_id),
                category_id=category,
                session_id=found.session_of(term_id, due),
                school_id=found.school,
                minimum=Decimal(0),
                maximum=plain(each.points) if each.points is not None else Decimal(0),
            ),
        )
    await _add_results(session, found, faraday, names[Exchanged.line_item], zone)


async def _add_results(
    session: AsyncSession, found: Picture, faraday: Actor, names: dict[UUID, str], zone: ZoneInfo
) -> None:
    ours = col(Grade.organization_id) == found.organization_id
    there = await marks.find(session, ours)
    said = {(each.record_id, each.student_id): each for each in await items.called(session, faraday, Exchanged.result)}
    query = select(col(Grade.id), col(Grade.assignment_id), col(Grade.student_id), col(Grade.class_id)).where(ours)
    for id, work_id, student_id, class_id in await session.execute(query.order_by(col(Grade.id))):
        line_item = names.get(work_id, str(work_id))
        mark = there[work_id, student_id]
        if not mark.says or line_item not in found.records[File.line_items] or not found.has(File.users, student_id):
            continue
        item = said.get((work_id, student_id))
        found.add(
            File.results,
            Result(
                sourced_id=item.sourced_id if item else str(id),
                line_item_id=line_item,
                student_id=found.id_of(File.users, student_id),
                class_id=found.id_of(File.classes, class_id),
                score_status=status_of(mark, str(item.fields.get("scoreStatus", "")) if item else ""),
                scored=_scored(mark, item, zone),
                score=mark.score,
                comment=await items.comment_of(item),
            ),
        )


def _scored(mark: Mark, item: ExchangeItem | None, zone: ZoneInfo) -> date:
    if item is not None and (said := item.fields.get("scoreDate")):
        return date.fromisoformat(str(said))
    return (mark.graded_at or mark.posted_at or now()).astimezone(zone).date()
