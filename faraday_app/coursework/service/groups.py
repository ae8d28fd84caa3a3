"""Groups of work: what is counted together, by which weight, and what of it is dropped."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.service.access import Standing, teaching
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid, NotFound
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.models import Assignment, AssignmentGroup
from faraday_app.coursework.service.changes import decided
from faraday_app.coursework.service.numbers import at_least_nothing
from faraday_app.security.service import record

MOST = 50  # groups of a class
# The words of the gradebook's calculator.
DROP_BY = ("best_total", "item_percent")
AGGREGATES = ("sum", "mean_of_percents", "median", "min", "max", "mode")
HEAVIEST = Decimal(1_000)


@dataclass(frozen=True, slots=True)
class GroupDraft:
    """What a teacher says of a group. ``never_drop`` names work of the group."""

    name: str
    weight: Decimal | None = None
    drop_lowest: int = 0
    drop_highest: int = 0
    never_drop: tuple[UUID, ...] = ()
    drop_by: str = "best_total"
    aggregate: str = "sum"


async def of_class(session: AsyncSession, class_id: UUID) -> Sequence[AssignmentGroup]:
    """In their order, for whoever has asked already what the class is to them."""
    query = select(AssignmentGroup).where(col(AssignmentGroup.class_id) == class_id, _present())
    return (await session.scalars(query.order_by(col(AssignmentGroup.position), col(AssignmentGroup.id)))).all()


async def make(session: AsyncSession, actor: Actor, class_id: UUID, draft: GroupDraft) -> AssignmentGroup:
    """A new group, behind the others."""
    found = await teaching(session, actor, class_id, Permission.coursework_manage)
    others = await of_class(session, class_id)
    if len(others) >= MOST:
        raise Invalid(f"A class can have {MOST} groups. Remove one first.")
    wanted = await _cleaned(session, found, draft, others, None)
    group = AssignmentGroup(
        organization_id=actor.organization,
        class_id=class_id,
        position=max((each.position for each in others), default=-1) + 1,
        **_columns(wanted),
    )
    session.add(group)
    await session.flush()
    record(session, actor, "assignment_group.created", group, name=group.name, class_id=str(class_id))
    await decided(session, class_id)
    return group


async def change(
    session: AsyncSession, actor: Actor, group_id: UUID, version: int, draft: GroupDraft
) -> AssignmentGroup:
    """Conflict when somebody changed it since that version."""
    found, group = await _own(session, actor, group_id)
    if group.version != version:
        raise Conflict(f"“{group.name}” was changed meanwhile. Look at it again and repeat your change.")
    others = [each for each in await of_class(session, group.class_id) if each.id != group.id]
    wanted = await _cleaned(session, found, draft, others, group)
    before = _told(group)
    for name, value in _columns(wanted).items():
        setattr(group, name, value)
    group.version += 1
    record(session, actor, "assignment_group.changed", group, name=group.name, before=before, after=_told(group))
    await decided(session, group.class_id)
    return group


async def order(session: AsyncSession, actor: Actor, class_id: UUID, group_ids: Sequence[UUID]) -> None:
    """The groups as they shall stand; those not named come behind, as they were."""
    await teaching(session, actor, class_id, Permission.coursework_manage)
    groups = await of_class(session, class_id)
    places = {id: place for place, id in enumerate(group_ids)}
    ordered = sorted(groups, key=lambda group: places.get(group.id, len(places) + group.position))
    for place, group in enumerate(ordered):
        group.position = place
    await decided(session, class_id)


async def delete(session: AsyncSession, actor: Actor, group_id: UUID) -> None:
    """Only without work in it: what is in it moves to another group first."""
    _, group = await _own(session, actor, group_id)
    query = select(func.count()).where(col(Assignment.group_id) == group.id, col(Assignment.deleted_at).is_(None))
    if count := int(await session.scalar(query) or 0):
        pieces = "a piece of work" if count == 1 else f"{count} pieces of work"
        raise Conflict(f"“{group.name}” has {pieces} in it. Move them to another group first.")
    group.deleted_at = now()
    group.version += 1
    record(session, actor, "assignment_group.removed", group, name=group.name)
    await decided(session, group.class_id)


async def of_work(session: AsyncSession, class_id: UUID, group_id: UUID) -> AssignmentGroup:
    """The group that work of the class goes into."""
    group = await session.get(AssignmentGroup, group_id)
    if group is None or group.class_id != class_id or group.deleted_at is not None:
        raise Invalid("This group does not exist any more. Choose another one.", field="group_id")
    return group


async def _own(session: AsyncSession, actor: Actor, group_id: UUID) -> tuple[Standing, AssignmentGroup]:
    """For a teacher of its class; the row is locked."""
    query = select(AssignmentGroup).where(col(AssignmentGroup.id) == group_id, _present()).with_for_update()
    group = await session.scalar(query)
    if group is None:
        raise NotFound("This group does not exist any more.")
    return await teaching(session, actor, group.class_id, Permission.coursework_manage), group


async def _cleaned(
    session: AsyncSession,
    found: Standing,
    draft: GroupDraft,
    others: Sequence[AssignmentGroup],
    group: AssignmentGroup | None,
) -> GroupDraft:
    name = " ".join(draft.name.split())
    if not 1 <= len(name) <= 80:
        raise Invalid("Give the group a name of up to 80 letters.", field="name")
    if any(each.name.lower() == name.lower() for each in others):
        raise Conflict(f"“{found.school_class.name}” has a group called “{name}” already.")
    if not (0 <= draft.drop_lowest <= 100 and 0 <= draft.drop_highest <= 100):
        raise Invalid("Drop between 0 and 100 scores.", field="drop_lowest")
    if draft.drop_by not in DROP_BY:
        raise Invalid(f"Drop by one of: {', '.join(DROP_BY)}.", field="drop_by")
    if draft.aggregate not in AGGREGATES:
        raise Invalid(f"A group can be counted by: {', '.join(AGGREGATES)}.", field="aggregate")
    never = tuple(dict.fromkeys(draft.never_drop))
    if never and set(never) != await _work_of(session, group, never):
        raise Invalid("Only work of this group can be kept from being dropped.", field="never_drop")
    weight = at_least_nothing(draft.weight, HEAVIEST, "weight", "A weight")
    return GroupDraft(name, weight, draft.drop_lowest, draft.drop_highest, never, draft.drop_by, draft.aggregate)


async def _work_of(session: AsyncSession, group: AssignmentGroup | None, ids: Sequence[UUID]) -> set[UUID]:
    if group is None:
        return set()
    query = select(col(Assignment.id)).where(col(Assignment.id).in_(ids), col(Assignment.group_id) == group.id)
    return set(await session.scalars(query))


def _columns(draft: GroupDraft) -> dict[str, Any]:
    return {
        "name": draft.name,
        "weight": draft.weight,
        "drop_lowest": draft.drop_lowest,
        "drop_highest": draft.drop_highest,
        "never_drop": list(draft.never_drop),
        "drop_by": draft.drop_by,
        "aggregate": draft.aggregate,
    }


def _told(group: AssignmentGroup) -> dict[str, Any]:
    return {
        "name": group.name,
        "weight": None if group.weight is None else str(group.weight),
        "drop_lowest": group.drop_lowest,
        "drop_highest": group.drop_highest,
        "never_drop": [str(each) for each in group.never_drop],
        "drop_by": group.drop_by,
        "aggregate": group.aggregate,
    }


def _present():  # type: ignore[no-untyped-def]  # a condition, whose type says nothing
    return col(AssignmentGroup.deleted_at).is_(None)
