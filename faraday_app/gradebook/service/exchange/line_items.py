"""Line items: pieces of work. One that another system sends is published at once, and is handed in on paper."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import SchoolClass
from faraday_app.classes.service.rosters.identities import as_uuid, their_ids
from faraday_app.classes.service.rosters.records import File
from faraday_app.core.errors import Invalid, NotFound
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.models import Assignment, SubmissionType
from faraday_app.coursework.service import assignments, publishing
from faraday_app.coursework.service.drafts import AssignmentDraft, draft_of
from faraday_app.gradebook.models import Exchanged, ExchangeItem
from faraday_app.gradebook.service.exchange import categories, items
from faraday_app.gradebook.service.exchange.reach import class_ids, class_of, person
from faraday_app.gradebook.service.exchange.words import moment, number, reference, shared, without_nothing
from faraday_app.security.service import record

Put = tuple[dict[str, Any], bool]
KNOWN = frozenset(
    {
        *("sourcedId", "status", "dateLastModified", "title", "description", "assignDate", "dueDate", "class"),
        *("category", "gradingPeriod", "academicSession", "school", "resultValueMin", "resultValueMax"),
    }
)
GONE = "There is no line item “{}” here."


@dataclass(frozen=True, slots=True)
class LineItemDraft:
    """``more`` is what only the other system needs, and gets back as it went."""

    title: str
    class_id: str
    category_id: str
    due: datetime
    assigned: datetime
    description: str = ""
    maximum: Decimal | None = None
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sight:
    """Work within reach, with what others call it."""

    work: Mapping[UUID, Assignment]
    items: Mapping[UUID, ExchangeItem]
    categories: Mapping[UUID, str]
    classes: Mapping[UUID, str]
    sessions: Mapping[UUID, str]

    def name_of(self, work_id: UUID) -> str:
        return self.items[work_id].sourced_id if work_id in self.items else str(work_id)


async def sight(
    session: AsyncSession, who: Actor, within: Collection[UUID], work_ids: Collection[UUID] | None = None
) -> Sight:
    query = select(Assignment).where(col(Assignment.class_id).in_(within), col(Assignment.deleted_at).is_(None))
    if work_ids is not None:
        query = query.where(col(Assignment.id).in_(work_ids))
    work = {each.id: each for each in await session.scalars(query.order_by(col(Assignment.id)))}
    named = await items.in_classes(session, who, Exchanged.line_item, within)
    linked = await items.in_classes(session, who, Exchanged.group, within)
    return Sight(
        work,
        {each.record_id: each for each in named if each.record_id},
        {each.record_id: each.sourced_id for each in linked if each.record_id},
        await their_ids(session, who.organization, File.classes, within),
        await _sessions(session, who, within),
    )


async def _sessions(session: AsyncSession, who: Actor, within: Collection[UUID]) -> Mapping[UUID, str]:
    """What the term of each class is called, by the class."""
    query = select(col(SchoolClass.id), col(SchoolClass.term_id)).where(col(SchoolClass.id).in_(within))
    terms = {row[0]: row[1] for row in await session.execute(query)}
    names = await their_ids(session, who.organization, File.academic_sessions, set(terms.values()))
    return {class_id: names[term_id] for class_id, term_id in terms.items()}


async def listed(session: AsyncSession, actor: Actor, class_sourced_id: str = "") -> list[dict[str, Any]]:
    who = person(actor, Permission.oneroster_read)
    found = await sight(session, who, await class_ids(session, who, class_sourced_id))
    return [document(found, work) for work in found.work.values()]


async def get(session: AsyncSession, actor: Actor, sourced_id: str) -> dict[str, Any]:
    who = person(actor, Permission.oneroster_read)
    work, _ = await _find(session, who, sourced_id)
    return document(await sight(session, who, [work.class_id], [work.id]), work)


async def put(session: AsyncSession, actor: Actor, sourced_id: str, draft: LineItemDraft) -> Put:
    """Made or changed, and whether it was made."""
    who = person(actor, Permission.oneroster_write)
    await items.alone(session, who, Exchanged.line_item, sourced_id)
    class_id = await class_of(session, who, draft.class_id)
    try:
        work, item = await _find(session, who, sourced_id)
    except NotFound:
        work, item = None, await items.find(session, who, Exchanged.line_item, sourced_id)
        if item is not None and item.class_id not in await class_ids(session, who):
            raise
    if work is not None and work.class_id != class_id:
        raise Invalid("A line item stays in its class.", field="class")
    await items.alone(session, who, Exchanged.group, f"{class_id} {draft.category_id}")
    group_id = await categories.group_for(session, who, class_id, draft.category_id)
    saved = await _save(session, who, work, class_id, group_id, draft)
    fields = {"assignDate": moment(draft.assigned), **draft.more}
    values: dict[str, Any] = {
        "sourced_id": sourced_id,
        "class_id": class_id,
        "record_id": saved.id,
    }
    kept = await items.keep(session, who, item, kind=Exchanged.line_item, **values, fields=fields)
    record(session, actor, "exchange.line_item_put", kept, title=saved.title, class_id=str(class_id))
    return document(await sight(session, who, [class_id], [saved.id]), saved), work is None


async def _save(
    session: AsyncSession, who: Actor, work: Assignment | None, class_id: UUID, group_id: UUID, draft: LineItemDraft
) -> Assignment:
    said: dict[str, Any] = {"title": draft.title, "group_id": group_id, "description": draft.description}
    said |= {"points": draft.maximum, "due_at": draft.due}
    if work is None:
        made = AssignmentDraft(**said, submission_types=(SubmissionType.paper,))
        saved = await assignments.make(session, who, class_id, made)
        return await publishing.publish(session, who, saved.id)
    return await changed(session, who, work, said)


async def changed(session: AsyncSession, who: Actor, work: Assignment, said: Mapping[str, Any]) -> Assignment:
    """With what another system says of it. Where it would open or close against its due date, it does neither."""
    wanted = replace(draft_of(work), **said)
    due = wanted.due_at
    if wanted.available_until and due and wanted.available_until < due:
        wanted = replace(wanted, available_until=None)
    if wanted.available_from and due and due < wanted.available_from:
        wanted = replace(wanted, available_from=None)
    return await assignments.change(session, who, work.id, work.version, wanted)


async def delete(session: AsyncSession, actor: Actor, sourced_id: str) -> None:
    """Gone for everybody, with its results; a teacher can still bring it back."""
    who = person(actor, Permission.oneroster_delete)
    await items.alone(session, who, Exchanged.line_item, sourced_id)
    work, _ = await _find(session, who, sourced_id)
    await remove(session, who, work.id)
    record(session, actor, "exchange.line_item_deleted", work, title=work.title)


async def remove(session: AsyncSession, who: Actor, work_id: UUID) -> None:
    await assignments.delete(session, who, work_id)
    named = col(ExchangeItem.kind) == Exchanged.line_item.value, col(ExchangeItem.record_id) == work_id
    await items.forget(session, *named, col(ExchangeItem.organization_id) == who.organization)


async def _find(session: AsyncSession, who: Actor, sourced_id: str) -> tuple[Assignment, ExchangeItem | None]:
    """By what the other system calls it, or by its own id."""
    item = await items.find(session, who, Exchanged.line_item, sourced_id)
    id = item.record_id if item else as_uuid(sourced_id)
    work = await session.get(Assignment, id) if id else None
    if work is None or work.deleted_at is not None or work.class_id not in await class_ids(session, who):
        raise NotFound(GONE.format(sourced_id[:80]))
    return work, item


async def find_for_result(session: AsyncSession, who: Actor, sourced_id: str) -> Assignment:
    """The work that a result is of."""
    try:
        return (await _find(session, who, sourced_id))[0]
    except NotFound as error:
        raise Invalid(error.message, field="lineItem") from None


def document(found: Sight, work: Assignment) -> dict[str, Any]:
    item = found.items.get(work.id)
    fields = item.fields if item else {}
    session_id = str(fields.get("academicSession") or found.sessions[work.class_id])
    said = {"gradingPeriod": "academicSession", "school": "org"}
    more = {name: reference(kind, str(fields[name])) for name, kind in said.items() if name in fields}
    return without_nothing(
        {
            **shared(found.name_of(work.id), item.modified_at if item else work.created_at),
            "title": work.title,
            "description": work.description,
            "assignDate": fields.get("assignDate") or moment(work.publish_at or work.created_at),
            "dueDate": moment(work.due_at) if work.due_at else None,
            "class": reference("class", found.classes[work.class_id]),
            "category": reference("category", found.categories.get(work.group_id, str(work.group_id))),
            **more,
            "academicSession": reference("academicSession", session_id),
            "resultValueMin": number(Decimal(str(fields.get("resultValueMin", "0")))),
            "resultValueMax": number(work.points),
        }
    )
