"""Work of a class that another system has given out already."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.service.access import teaching
from faraday_app.core.clock import now
from faraday_app.core.errors import Invalid
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.models import Assignment, AssignmentStatus
from faraday_app.coursework.service import groups
from faraday_app.coursework.service.assignments import MOST
from faraday_app.coursework.service.changes import decided
from faraday_app.coursework.service.drafts import AssignmentDraft, cleaned, columns
from faraday_app.security.service import record


async def bring(
    session: AsyncSession, actor: Actor, class_id: UUID, drafts: Sequence[AssignmentDraft]
) -> list[Assignment]:
    """Published at once, in this order at the end of their groups. Nobody gets word: they had the work before."""
    await teaching(session, actor, class_id, Permission.coursework_manage)
    own = select(col(Assignment.group_id), func.count(), func.max(col(Assignment.position)))
    here = own.where(col(Assignment.class_id) == class_id, col(Assignment.deleted_at).is_(None))
    there = {group: (count, last) for group, count, last in await session.execute(here.group_by("group_id"))}
    if sum(count for count, _ in there.values()) + len(drafts) > MOST:
        raise Invalid(f"A class can have {MOST} assignments. Remove one first.")
    for group_id in {draft.group_id for draft in drafts}:
        await groups.of_work(session, class_id, group_id)
    places = Counter({group: last + 1 for group, (_, last) in there.items()})
    made = []
    for draft in map(cleaned, drafts):
        work = Assignment(
            organization_id=actor.organization,
            class_id=class_id,
            created_by=actor.user_id,
            position=places[draft.group_id],
            status=AssignmentStatus.published,
            publish_at=now(),
            **columns(draft),
        )
        places[draft.group_id] += 1
        made.append(work)
    session.add_all(made)
    await session.flush()
    for work in made:
        record(session, actor, "assignment.created", work, name=work.title, class_id=str(class_id), brought=True)
    await decided(session, class_id)
    return made
