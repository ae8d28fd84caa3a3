"""Categories: the school's own, and the group of assignments that each is in a class."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.service.rosters.identities import as_uuid
from faraday_app.core.errors import Invalid, NotFound
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.models import AssignmentGroup
from faraday_app.coursework.service import groups
from faraday_app.coursework.service.groups import GroupDraft
from faraday_app.gradebook.models import Exchanged, ExchangeItem
from faraday_app.gradebook.service.exchange import items
from faraday_app.gradebook.service.exchange.reach import class_ids, person
from faraday_app.gradebook.service.exchange.words import number, shared, without_nothing
from faraday_app.security.service import record

LONGEST = 80
Put = tuple[dict[str, Any], bool]
KNOWN = frozenset({"sourcedId", "status", "dateLastModified", "title", "weight"})
GONE = "There is no category “{}” here."


@dataclass(frozen=True, slots=True)
class CategoryDraft:
    """``weight`` is in percent."""

    title: str
    weight: Decimal | None = None


async def listed(session: AsyncSession, actor: Actor, class_sourced_id: str = "") -> list[dict[str, Any]]:
    """Of one class, or those of the school and of all classes within reach. A group without a name of another
    system's goes by its own id."""
    who = person(actor, Permission.oneroster_read)
    within = await class_ids(session, who, class_sourced_id)
    linked = {item.record_id: item for item in await items.in_classes(session, who, Exchanged.group, within)}
    query = select(AssignmentGroup).where(
        col(AssignmentGroup.class_id).in_(within), col(AssignmentGroup.deleted_at).is_(None)
    )
    rows = (await session.scalars(query.order_by(col(AssignmentGroup.id)))).all()
    found: dict[str, dict[str, Any]] = {}
    if not class_sourced_id:
        for item in await items.called(session, who, Exchanged.category):
            found[item.sourced_id] = _document(item)
    for row in rows:
        sourced_id = linked[row.id].sourced_id if row.id in linked else str(row.id)
        found.setdefault(sourced_id, _of_group(row, sourced_id))
    return list(found.values())


async def get(session: AsyncSession, actor: Actor, sourced_id: str) -> dict[str, Any]:
    who = person(actor, Permission.oneroster_read)
    if item := await items.find(session, who, Exchanged.category, sourced_id):
        return _document(item)
    group = await _group(session, who, sourced_id)
    return _of_group(group, sourced_id)


async def put(session: AsyncSession, actor: Actor, sourced_id: str, draft: CategoryDraft, source: str = "") -> Put:
    """Made or changed, and whether it was made. The groups that it is in classes change with it.

    ``source`` is the system in whose files it is; what was here before is not theirs.
    """
    who = person(actor, Permission.oneroster_write)
    await items.alone(session, who, Exchanged.category, sourced_id)
    title = " ".join(draft.title.split())
    if not 1 <= len(title) <= LONGEST:
        raise Invalid(f"A category has a title of up to {LONGEST} letters.", field="title")
    item = await items.find(session, who, Exchanged.category, sourced_id)
    if item is None and as_uuid(sourced_id):
        try:
            group = await _group(session, who, sourced_id)
        except NotFound:
            group = None
        if group is not None:
            changed = await _change(session, who, group, title, draft.weight)
            return _of_group(changed, sourced_id), False
    fields = {"title": title, "weight": None if draft.weight is None else str(draft.weight)}
    for linked in await items.called(session, who, Exchanged.group, sourced_id):
        group = await session.get(AssignmentGroup, linked.record_id) if linked.record_id else None
        if group is not None and group.deleted_at is None:
            await _change(session, who, group, title, draft.weight)
    kept = await items.keep(session, who, item, kind=Exchanged.category, sourced_id=sourced_id, fields=fields)
    if item is None:
        kept.source = source
    record(session, actor, "exchange.category_put", kept, title=title)
    return _document(kept), item is None


async def delete(session: AsyncSession, actor: Actor, sourced_id: str) -> None:
    """Conflict while there is work in it, in any class."""
    who = person(actor, Permission.oneroster_delete)
    await items.alone(session, who, Exchanged.category, sourced_id)
    item = await items.find(session, who, Exchanged.category, sourced_id)
    if item is None:
        await groups.delete(session, who, (await _group(session, who, sourced_id)).id)
        return
    for linked in await items.called(session, who, Exchanged.group, sourced_id):
        group = await session.get(AssignmentGroup, linked.record_id) if linked.record_id else None
        if group is not None and group.deleted_at is None:
            await groups.delete(session, who, group.id)
    await items.forget(
        session,
        col(ExchangeItem.organization_id) == who.organization,
        col(ExchangeItem.sourced_id) == sourced_id,
        col(ExchangeItem.kind).in_([Exchanged.category.value, Exchanged.group.value]),
    )
    record(session, actor, "exchange.category_deleted", item, title=item.fields.get("title", ""))


async def group_for(session: AsyncSession, who: Actor, class_id: UUID, sourced_id: str) -> UUID:
    """The group of a class that a category is, made where there is none yet. Invalid for what is no category."""
    linked = await items.find(session, who, Exchanged.group, sourced_id, class_id)
    group = await session.get(AssignmentGroup, linked.record_id) if linked and linked.record_id else None
    if group is not None and group.deleted_at is None:
        return group.id
    item = await items.find(session, who, Exchanged.category, sourced_id)
    if item is None:
        own = await session.get(AssignmentGroup, id) if (id := as_uuid(sourced_id)) else None
        if own is None or own.class_id != class_id or own.deleted_at is not None:
            raise Invalid(GONE.format(sourced_id[:80]), field="category")
        return own.id
    title = str(item.fields["title"])
    same = [each for each in await groups.of_class(session, class_id) if each.name.lower() == title.lower()]
    made = same[0] if same else await groups.make(session, who, class_id, GroupDraft(title, _weight(item)))
    values: dict[str, Any] = {
        "sourced_id": sourced_id,
        "class_id": class_id,
        "record_id": made.id,
    }
    await items.keep(session, who, linked, kind=Exchanged.group, **values)
    return made.id


def _weight(item: ExchangeItem) -> Decimal | None:
    kept = item.fields.get("weight")
    return None if kept is None else Decimal(str(kept))


async def _group(session: AsyncSession, who: Actor, sourced_id: str) -> AssignmentGroup:
    """A group that goes by its own id, in a class within reach."""
    group = await session.get(AssignmentGroup, id) if (id := as_uuid(sourced_id)) else None
    if group is None or group.deleted_at is not None or group.class_id not in await class_ids(session, who):
        raise NotFound(GONE.format(sourced_id[:80]))
    return group


async def _change(
    session: AsyncSession, who: Actor, group: AssignmentGroup, title: str, weight: Decimal | None
) -> AssignmentGroup:
    if group.name == title and group.weight == weight:
        return group
    draft = GroupDraft(
        title, weight, group.drop_lowest, group.drop_highest, tuple(group.never_drop), group.drop_by, group.aggregate
    )
    if weight is None:  # what is not said stays as it is
        draft = replace(draft, weight=group.weight)
    return await groups.change(session, who, group.id, group.version, draft)


def _document(item: ExchangeItem) -> dict[str, Any]:
    title, weight = item.fields["title"], number(_weight(item))
    return without_nothing({**shared(item.sourced_id, item.modified_at), "title": title, "weight": weight})


def _of_group(group: AssignmentGroup, sourced_id: str) -> dict[str, Any]:
    return without_nothing(
        {**shared(sourced_id, group.created_at), "title": group.name, "weight": number(group.weight)}
    )
