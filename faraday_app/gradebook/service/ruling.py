"""The rules of a class, changed: everything that follows from them is figured out in the same transaction."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.service.access import standing, teaching
from faraday_app.core.errors import Conflict
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gradebook.models import GradebookPolicy
from faraday_app.gradebook.service import settling
from faraday_app.gradebook.service.policies import Policy, as_json, check, policy_of
from faraday_app.gradebook.service.reading import alone
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
    await alone(session, class_id)
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
