"""Make, change and remove work of a class."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.service.access import Standing, teaching
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid, NotFound
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.models import Assignment, AssignmentGroup
from faraday_app.coursework.service import groups
from faraday_app.coursework.service.changes import announce, decided
from faraday_app.coursework.service.copies import tell_of_copies
from faraday_app.coursework.service.drafts import (
    COUNTS,
    FIELDS,
    LONGEST_TITLE,
    AssignmentDraft,
    cleaned,
    columns,
    draft_of,
)
from faraday_app.coursework.service.reading import SHOWN
from faraday_app.security.service import record

MOST = 500  # pieces of work of a class


async def make(session: AsyncSession, actor: Actor, class_id: UUID, draft: AssignmentDraft) -> Assignment:
    """A draft, which nobody but the class's staff sees."""
    await teaching(session, actor, class_id, Permission.coursework_manage)
    work = await add(session, actor, class_id, draft)
    record(session, actor, "assignment.created", work, name=work.title, class_id=str(class_id))
    announce(session, class_id)
    return work


async def change(
    session: AsyncSession, actor: Actor, assignment_id: UUID, version: int, draft: AssignmentDraft
) -> Assignment:
    """Conflict when somebody changed it since that version."""
    _, work = await own(session, actor, assignment_id)
    if work.version != version:
        raise Conflict(f"“{work.title}” was changed meanwhile. Look at it again and repeat your change.")
    wanted, before = cleaned(draft), draft_of(work)
    changed = [name for name in FIELDS if getattr(wanted, name) != getattr(before, name)]
    if not changed:
        return work
    if "group_id" in changed:
        await groups.of_work(session, work.class_id, wanted.group_id)
        await leave_group(session, work)
        work.position = await next_position(session, wanted.group_id)
    for name, value in columns(wanted).items():
        setattr(work, name, value)
    work.version += 1
    before_, after = (
        {name: _plain(each, name) for name in changed if name != "description"} for each in (before, wanted)
    )
    record(session, actor, "assignment.changed", work, name=work.title, before=before_, after=after)
    if work.status in SHOWN and COUNTS & set(changed):
        await decided(session, work.class_id)
    else:
        announce(session, work.class_id)
    return work


async def delete(session: AsyncSession, actor: Actor, assignment_id: UUID) -> None:
    """It is gone for everybody, with what was handed in and its grades, until it is brought back."""
    _, work = await own(session, actor, assignment_id)
    work.deleted_at = now()
    work.version += 1
    record(session, actor, "assignment.removed", work, name=work.title)
    await _told(session, work)


async def restore(session: AsyncSession, actor: Actor, assignment_id: UUID) -> Assignment:
    """As it was, in its group; where that is gone, in the first one."""
    _, work = await own(session, actor, assignment_id, present=False)
    if work.deleted_at is None:
        return work
    home = await session.get_one(AssignmentGroup, work.group_id)
    if home.deleted_at is not None:
        others = await groups.of_class(session, work.class_id)
        if not others:
            raise Conflict("Make a group for it first: its own was removed.")
        work.group_id = others[0].id
    work.deleted_at = None
    work.version += 1
    record(session, actor, "assignment.restored", work, name=work.title)
    await _told(session, work)
    return work


async def duplicate(session: AsyncSession, actor: Actor, assignment_id: UUID) -> Assignment:
    """A draft that says the same, at the end of its group."""
    _, work = await own(session, actor, assignment_id)
    title = f"{work.title[: LONGEST_TITLE - 7]} (copy)"
    # Whom the first was for was said one by one, and is for each piece of work to say.
    copy = await add(session, actor, work.class_id, replace(draft_of(work), title=title, for_everyone=True))
    record(session, actor, "assignment.created", copy, name=copy.title, copied_from=str(work.id))
    await tell_of_copies(session, actor, {work.id: copy.id})
    announce(session, work.class_id)
    return copy


async def add(session: AsyncSession, actor: Actor, class_id: UUID, draft: AssignmentDraft) -> Assignment:
    """The row alone, for a class that is the actor's to change."""
    wanted = cleaned(draft)
    await groups.of_work(session, class_id, wanted.group_id)
    count = select(func.count()).where(col(Assignment.class_id) == class_id, col(Assignment.deleted_at).is_(None))
    if int(await session.scalar(count) or 0) >= MOST:
        raise Invalid(f"A class can have {MOST} assignments. Remove one first.")
    work = Assignment(
        organization_id=actor.organization,
        class_id=class_id,
        created_by=actor.user_id,
        position=await next_position(session, wanted.group_id),
        **columns(wanted),
    )
    session.add(work)
    await session.flush()
    return work


async def own(
    session: AsyncSession, actor: Actor, assignment_id: UUID, *, present: bool = True
) -> tuple[Standing, Assignment]:
    """For a teacher of its class; the row is locked."""
    query = select(Assignment).where(col(Assignment.id) == assignment_id).with_for_update()
    work = await session.scalar(query)
    if work is None or (present and work.deleted_at is not None):
        raise NotFound("This assignment does not exist, or you cannot see it.")
    return await teaching(session, actor, work.class_id, Permission.coursework_manage), work


async def leave_group(session: AsyncSession, work: Assignment) -> None:
    """What its group said of it does not go with it."""
    group = await session.get_one(AssignmentGroup, work.group_id)
    if work.id in group.never_drop:
        group.never_drop = [each for each in group.never_drop if each != work.id]
        group.version += 1


async def next_position(session: AsyncSession, group_id: UUID) -> int:
    last = await session.scalar(select(func.max(col(Assignment.position))).where(col(Assignment.group_id) == group_id))
    return 0 if last is None else int(last) + 1


async def _told(session: AsyncSession, work: Assignment) -> None:
    if work.status in SHOWN:
        await decided(session, work.class_id)
    else:
        announce(session, work.class_id)


def _plain(draft: AssignmentDraft, name: str) -> object:
    value = getattr(draft, name)
    if value is None or isinstance(value, bool | int):
        return value
    return [str(each) for each in value] if isinstance(value, tuple) else str(value)
