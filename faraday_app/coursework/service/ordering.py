"""The order of work in a class: within its groups and from one group to another."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.service.access import teaching
from faraday_app.core.errors import NotFound
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.models import Assignment
from faraday_app.coursework.service import groups
from faraday_app.coursework.service.assignments import leave_group, own
from faraday_app.coursework.service.changes import announce, decided


async def order(session: AsyncSession, actor: Actor, group_id: UUID, class_id: UUID, ids: Sequence[UUID]) -> None:
    """The work of a group as it shall stand. What was in another group of the class moves here; what is of the group
    and not named comes behind, as it was."""
    await teaching(session, actor, class_id, Permission.coursework_manage)
    await groups.of_work(session, class_id, group_id)
    wanted = list(dict.fromkeys(ids))
    query = select(Assignment).where(
        col(Assignment.class_id) == class_id,
        col(Assignment.deleted_at).is_(None),
        (col(Assignment.group_id) == group_id) | col(Assignment.id).in_(wanted),
    )
    found = {work.id: work for work in await session.scalars(query.with_for_update())}
    if not set(wanted) <= set(found):
        raise NotFound("Some of these assignments do not exist any more. Load the page again.")
    rest = sorted((work for work in found.values() if work.id not in wanted), key=lambda work: (work.position, work.id))
    moved = False
    for place, work in enumerate([*(found[id] for id in wanted), *rest]):
        if work.group_id != group_id:
            await leave_group(session, work)
            work.group_id, work.version, moved = group_id, work.version + 1, True
        work.position = place
    if moved:
        await decided(session, class_id)
    else:
        announce(session, class_id)


async def move(session: AsyncSession, actor: Actor, assignment_id: UUID, by: int) -> None:
    """So many places down in its group, or up where it is less than 0."""
    _, work = await own(session, actor, assignment_id)
    query = (
        select(col(Assignment.id))
        .where(col(Assignment.group_id) == work.group_id, col(Assignment.deleted_at).is_(None))
        .order_by(col(Assignment.position), col(Assignment.id))
    )
    ids = list(await session.scalars(query))
    at = ids.index(work.id)
    ids.insert(max(0, min(len(ids) - 1, at + by)), ids.pop(at))
    await order(session, actor, work.group_id, work.class_id, ids)
