"""Of whom the organisation requires a second factor, and from when on."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.service import factors
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid
from faraday_app.core.ids import new_id
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission, Role
from faraday_app.organizations.models import Membership, SignInPolicy
from faraday_app.security.service import record

LONGEST_GRACE = 90  # days


Standing = Literal["app", "passkey", "due", "off", "not needed"]


class Required(StrEnum):
    nobody = "nobody"
    administrators = "administrators"
    staff = "staff"
    everyone = "everyone"

    def covers(self, role: Role | None) -> bool:
        staff = (Role.administrator, Role.head, Role.teacher, Role.aide)
        return {
            Required.nobody: False,
            Required.administrators: role is Role.administrator,
            Required.staff: role in staff,
            Required.everyone: True,
        }[self]


async def get_policy(session: AsyncSession, organization_id: UUID) -> SignInPolicy:
    """The organisation's, or what holds where none was set."""
    found = select(SignInPolicy).where(col(SignInPolicy.organization_id) == organization_id)
    return await session.scalar(found) or SignInPolicy(organization_id=organization_id, version=0)


async def set_policy(
    session: AsyncSession, actor: Actor, required: Required, grace_days: int, version: int
) -> SignInPolicy:
    """From now on; the grace begins anew. Conflict when the version is old."""
    actor.must(Permission.sign_in_manage)
    actor.must_be_confirmed()
    if not 0 <= grace_days <= LONGEST_GRACE:
        raise Invalid(f"Enter a number of days from 0 to {LONGEST_GRACE}.", field="grace_days")
    before = await get_policy(session, actor.organization)
    values = {"required_for": required.value, "grace_days": grace_days, "set_at": now(), "version": version + 1}
    first = insert(SignInPolicy).values(id=new_id(), created_at=now(), organization_id=actor.organization, **values)
    written = await session.scalar(
        first.on_conflict_do_update(
            index_elements=["organization_id"], set_=values, where=col(SignInPolicy.version) == version
        )
        .returning(SignInPolicy)
        .execution_options(populate_existing=True)
    )
    if written is None or (version == 0) != (before.version == 0):
        raise Conflict("Somebody else changed this meanwhile. Look again and repeat your change.")
    record(session, actor, "sign_in_policy.changed", written, required_for=required.value, grace_days=grace_days)
    # Everybody's rights may follow from it.
    publish_on_commit(session, topic("rights", actor.organization))
    publish_on_commit(session, topic("people", actor.organization))
    return written


async def standings(session: AsyncSession, actor: Actor, members: Iterable[tuple[UUID, Role]]) -> dict[UUID, Standing]:
    """How each of these members stands with their second factor. Needs ``people:read``.

    Factors are their person's own to read: Faraday looks, for those whom the actor may see.
    """
    actor.must(Permission.people_read)
    roles = dict(members)
    ours = col(Membership.organization_id) == actor.organization, col(Membership.user_id).in_(roles)
    seen = (await session.scalars(select(col(Membership.user_id)).where(*ours))).all()
    kinds, required = (
        await factors.kinds_of(seen),
        Required((await get_policy(session, actor.organization)).required_for),
    )
    return {id: kinds.get(id) or _without(required, roles[id]) for id in seen}


def _without(required: Required, role: Role) -> Standing:
    if required.covers(role):
        return "due"
    return "not needed" if role is Role.student else "off"


async def enrolment_due(session: AsyncSession, actor: Actor) -> datetime | None:
    """When the actor, who lacks a required factor, must have one; None when nothing is asked of them.

    Whoever joins later has the days of grace from then on.
    """
    policy = await get_policy(session, actor.organization)
    if not Required(policy.required_for).covers(actor.role) or await factors.has_any(session, actor.user):
        return None
    joined = await session.scalar(
        select(col(Membership.created_at)).where(
            col(Membership.user_id) == actor.user, col(Membership.organization_id) == actor.organization
        )
    )
    return max(policy.set_at, joined or policy.set_at) + timedelta(days=policy.grace_days)
