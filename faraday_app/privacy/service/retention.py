"""The clock of records: how long the school keeps those of people who left."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import Enrolled, Enrolment
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission, Role
from faraday_app.organizations.models import Membership
from faraday_app.privacy.models import Erasure, ErasureState, RetentionPolicy
from faraday_app.security.service import record
from faraday_app.security.service.audit import Thing

MOST_YEARS = 100
YEAR = timedelta(days=365.25)
AT_ONCE = 200


async def policy(session: AsyncSession, actor: Actor) -> tuple[int | None, int]:
    """The years, None until somebody decided, and the version."""
    actor.must(Permission.privacy_manage)
    found = await _policy(session, actor.organization)
    return (found.years, found.version) if found else (None, 0)


async def set_policy(session: AsyncSession, actor: Actor, years: int | None, version: int) -> None:
    """From 1 to 100 years after somebody left; None: records are kept until somebody decides."""
    actor.must(Permission.privacy_manage)
    if years is not None and not 1 <= years <= MOST_YEARS:
        raise Invalid(f"Records are kept from 1 to {MOST_YEARS} years.", field="years")
    found = await _policy(session, actor.organization)
    if (found.version if found else 0) != version:
        raise Conflict("Somebody else has changed this meanwhile. Look at it again.")
    before = found.years if found else None
    changed = (
        insert(RetentionPolicy)
        .values(RetentionPolicy(organization_id=actor.organization, years=years).model_dump())
        .on_conflict_do_update(
            index_elements=["organization_id"],
            set_={"years": years, "version": RetentionPolicy.version + 1},
            where=col(RetentionPolicy.version) == version,
        )
        .returning(col(RetentionPolicy.id))
    )
    if await session.scalar(changed) is None:
        raise Conflict("Somebody else has changed this meanwhile. Look at it again.")
    record(session, actor, "retention.changed", Thing("organizations", actor.organization), before=before, after=years)
    publish_on_commit(session, topic("privacy", actor.organization))


async def is_over(session: AsyncSession, person_id: UUID, organization_id: UUID) -> bool:
    """Whether the records of this person have been kept for as long as they had to be."""
    found = await _policy(session, organization_id)
    left = await left_at(session, person_id, organization_id)
    return bool(found and found.years and left and left + found.years * YEAR <= now())


async def left_at(session: AsyncSession, person_id: UUID, organization_id: UUID) -> datetime | None:
    """When the person was let go, or left their last class after that; None for whoever is here."""
    gone = await session.scalar(
        select(col(Membership.deactivated_at)).where(
            col(Membership.user_id) == person_id, col(Membership.organization_id) == organization_id
        )
    )
    if gone is None:
        return None
    ended = await session.scalar(
        select(func.max(col(Enrolment.ended_at))).where(
            col(Enrolment.student_id) == person_id,
            col(Enrolment.organization_id) == organization_id,
            col(Enrolment.status) != Enrolled.active,
        )
    )
    return max(gone, ended) if ended else gone


async def begin_due() -> int:
    """Have those erased whose retention ran out; how many. Nobody has to remember them."""
    begun = 0
    async with transaction(Actor.system()) as session:
        policies = (
            await session.execute(
                select(col(RetentionPolicy.organization_id), col(RetentionPolicy.years)).where(
                    col(RetentionPolicy.years).is_not(None)
                )
            )
        ).all()
    for organization_id, years in policies:
        async with transaction(Actor.system(organization_id)) as session:
            begun += await _begin(session, organization_id, now() - (years or MOST_YEARS) * YEAR)
    return begun


async def _begin(session: AsyncSession, organization_id: UUID, before: datetime) -> int:
    handled = select(col(Erasure.subject_id)).where(
        col(Erasure.organization_id) == organization_id, col(Erasure.state) != ErasureState.cancelled
    )
    query = (
        select(col(Membership.user_id))
        .where(
            col(Membership.organization_id) == organization_id,
            col(Membership.role).in_((Role.student, Role.parent)),
            col(Membership.deactivated_at) < before,
            col(Membership.user_id).not_in(handled),
        )
        .order_by(col(Membership.id))
        .limit(AT_ONCE)
    )
    due = list(await session.scalars(query))
    for person_id in due:
        values = Erasure(
            organization_id=organization_id, subject_id=person_id, reason="The retention is over.", due_at=now()
        )
        await session.execute(insert(Erasure).values(values.model_dump()).on_conflict_do_nothing())
    return len(due)


async def _policy(session: AsyncSession, organization_id: UUID) -> RetentionPolicy | None:
    found: RetentionPolicy | None = await session.scalar(
        select(RetentionPolicy).where(col(RetentionPolicy.organization_id) == organization_id)
    )
    return found
