"""The rules of a class, changed: everything that follows from them is figured out in the same transaction."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.service.access import standing, teaching
from faraday_app.core.errors import Conflict
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.service import groups as coursework_groups
from faraday_app.coursework.service.groups import GroupDraft
from faraday_app.gradebook.models import GradebookPolicy
from faraday_app.gradebook.service import reading, settling
from faraday_app.gradebook.service.policies import Policy, as_json, check, policy_of
from faraday_app.gradebook.service.structure import GroupOf
from faraday_app.security.service.audit import Thing, record

CHANGED = "Somebody else changed these rules meanwhile. Look again and repeat your change."


async def get_policy(session: AsyncSession, actor: Actor, class_id: UUID) -> Policy:
    """For everybody to whom the class is something: how one is graded is no secret."""
    await standing(session, actor, class_id, Permission.gradebook_read)
    return await policy_of(session, class_id)


async def set_policy(session: AsyncSession, actor: Actor, class_id: UUID, wanted: Policy) -> Policy:
    """Have the class counted by these rules from now on, late penalties and totals included.

    ``wanted.version`` is the version that was changed: Conflict where somebody else was faster, Invalid where a rule
    cannot be kept to. Scores in closed grading periods stay as they are.
    """
    await teaching(session, actor, class_id, Permission.gradebook_manage)
    check(wanted)
    await reading.alone(session, class_id)
    row = await session.scalar(select(GradebookPolicy).where(col(GradebookPolicy.class_id) == class_id))
    if (row.version if row else 0) != wanted.version:
        raise Conflict(CHANGED)
    if row is None:
        row = GradebookPolicy(organization_id=actor.organization, class_id=class_id, version=0)
        session.add(row)
    stored = as_json(wanted)
    for name, value in {**stored, "cap": wanted.cap, "missing_percent": wanted.missing_percent}.items():
        setattr(row, name, value)
    row.version += 1
    await session.flush()
    record(session, actor, "gradebook_policy.changed", Thing("classes", class_id), **stored)
    publish_on_commit(session, topic("grades", class_id))
    await settling.settle(session, class_id)
    return replace(wanted, version=row.version)


async def set_rules(
    session: AsyncSession, actor: Actor, class_id: UUID, policy: Policy, groups: Sequence[tuple[GroupOf, int]]
) -> Policy:
    """The policy and the rules of some groups together, each group against the version that was seen.

    All of it or nothing: Conflict where somebody else was faster with any of it.
    """
    await reading.alone(session, class_id)
    stored = {each.id: each for each in await coursework_groups.of_class(session, class_id)}
    for group, version in groups:
        row = stored.get(group.id)
        if row is None:
            raise Conflict(CHANGED)
        draft = GroupDraft(
            row.name,
            group.weight,
            group.rules.lowest,
            group.rules.highest,
            tuple(row.never_drop),
            group.rules.by.value,
            group.aggregate.value,
        )
        await coursework_groups.change(session, actor, group.id, version, draft)
    return await set_policy(session, actor, class_id, policy)
