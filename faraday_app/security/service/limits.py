"""Limits of an organisation's own: instead of the default, for a time, on the record."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.addresses import normal
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid, NotFound
from faraday_app.core.ids import new_id
from faraday_app.core.limits import Endpoint, Rule, Subject
from faraday_app.core.limits.adaptive import Load, adaptive
from faraday_app.core.limits.overrides import Instead, Where, overrides
from faraday_app.core.limits.policies import DEFAULTS
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.models import ApiKey, AuditEvent, RateLimitOverride, Session
from faraday_app.security.service.audit import record

MOST = 200  # of an organisation
MOST_LOADED = 20_000
ADAPTED = ("limits.relaxed", "limits.tightened")
LONGEST = timedelta(days=366)
MOST_PER_MINUTE, MOST_BURST = 600_000, 100_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """An override as it was asked for."""

    endpoint: Endpoint
    subject: Subject
    value: str
    per_minute: int
    burst: int
    expires_at: datetime
    note: str = ""


async def list_overrides(session: AsyncSession, actor: Actor) -> list[RateLimitOverride]:
    """Those that last, newest first; at most ``MOST`` exist."""
    actor.must(Permission.limits_manage)
    query = (
        select(RateLimitOverride)
        .where(col(RateLimitOverride.organization_id) == actor.organization, col(RateLimitOverride.expires_at) > now())
        .order_by(col(RateLimitOverride.id).desc())
        .limit(MOST)
    )
    return list((await session.scalars(query)).all())


async def set_override(session: AsyncSession, actor: Actor, wanted: Wanted) -> RateLimitOverride:
    """Put a limit in place of the default, or of what was set before for the same."""
    actor.must(Permission.limits_manage)
    value = await _checked(session, actor, wanted)
    count = await session.scalar(
        select(func.count()).where(col(RateLimitOverride.organization_id) == actor.organization)
    )
    if (count or 0) >= MOST:
        raise Invalid(f"There are {MOST} exceptions. Remove one that is no longer needed.")
    values = {
        "per_minute": wanted.per_minute,
        "burst": wanted.burst,
        "note": wanted.note.strip()[:200],
        "expires_at": wanted.expires_at,
        "created_by": actor.user_id,
    }
    what = {"organization_id": actor.organization, "endpoint": wanted.endpoint.value, "subject": wanted.subject.value}
    id = await session.scalar(
        insert(RateLimitOverride)
        .values(id=new_id(), created_at=now(), value=value, **what, **values)
        .on_conflict_do_update(index_elements=["organization_id", "endpoint", "subject", "value"], set_=values)
        .returning(col(RateLimitOverride.id))
    )
    row = await session.get_one(RateLimitOverride, id, populate_existing=True)
    record(session, actor, "limit.set", row, **_told(row))
    publish_on_commit(session, topic("limits", actor.organization))
    return row


async def remove_override(session: AsyncSession, actor: Actor, override_id: UUID) -> None:
    actor.must(Permission.limits_manage)
    row = await session.get(RateLimitOverride, override_id, with_for_update=True)
    if row is None or row.organization_id != actor.organization:
        raise NotFound("This exception does not exist any more.")
    record(session, actor, "limit.removed", row, **_told(row))
    await session.delete(row)
    publish_on_commit(session, topic("limits", actor.organization))


async def adaptations(session: AsyncSession, actor: Actor, limit: int = 5) -> list[AuditEvent]:
    """When the limits were tightened and relaxed. ``session`` is Faraday's own: they belong to no organisation."""
    actor.must(Permission.limits_manage)
    query = (
        select(AuditEvent)
        .where(col(AuditEvent.organization_id).is_(None), col(AuditEvent.action).in_(ADAPTED))
        .order_by(col(AuditEvent.id).desc())
        .limit(limit)
    )
    return list((await session.scalars(query)).all())


async def load() -> dict[Where, Instead]:
    """What every worker goes by."""
    async with transaction(Actor.system()) as session:
        query = select(RateLimitOverride).where(col(RateLimitOverride.expires_at) > now()).limit(MOST_LOADED)
        return {
            Where(row.organization_id, Endpoint(row.endpoint), Subject(row.subject), row.value): Instead(
                Rule.of(row.per_minute, row.burst), row.expires_at
            )
            for row in await session.scalars(query)
        }


async def write_adaptation(before: Load, after: Load) -> None:
    """Faraday's own doing, with the measures that it went by."""
    lag, p95, failed, requests = after.measures
    async with transaction(Actor.system()) as session:
        record(
            session,
            Actor.system(),
            ADAPTED[after.percent < before.percent],
            before={"percent": before.percent},
            after={"percent": after.percent},
            reason=after.reason,
            lag_ms=lag,
            p95_ms=p95,
            failed_percent=failed,
            requests=requests,
        )


def install() -> None:
    """Have this worker go by the overrides, and write down what it adapts. Once per process."""
    overrides.install(load)
    if write_adaptation not in adaptive.on_change:
        adaptive.on_change.append(write_adaptation)


async def _checked(session: AsyncSession, actor: Actor, wanted: Wanted) -> str:
    """The value in its one spelling; Invalid for what cannot be meant."""
    if (wanted.endpoint, wanted.subject) not in DEFAULTS:
        raise Invalid(f"“{wanted.endpoint.words}” is not limited by {wanted.subject.value}.", field="subject")
    if not 1 <= wanted.per_minute <= MOST_PER_MINUTE:
        raise Invalid(f"Choose between 1 and {MOST_PER_MINUTE:,} calls per minute.", field="per_minute")
    if not 1 <= wanted.burst <= MOST_BURST:
        raise Invalid(f"Choose between 1 and {MOST_BURST:,} calls at once.", field="burst")
    if not now() < wanted.expires_at <= now() + LONGEST:
        raise Invalid("Choose an end within a year from now.", field="expires_at")
    if wanted.subject is Subject.address:
        if not (address := normal(wanted.value)):
            raise Invalid("Enter one address, such as 203.0.113.7.", field="value")
        return address
    if wanted.subject is Subject.organization:
        return str(actor.organization)
    return await _one_of_ours(session, actor, wanted)


async def _one_of_ours(session: AsyncSession, actor: Actor, wanted: Wanted) -> str:
    try:
        id = UUID(wanted.value.strip())
    except ValueError:
        raise Invalid("Enter the id of a person or key of your organisation.", field="value") from None
    if wanted.subject is Subject.key:
        found = await session.scalar(
            select(col(ApiKey.id)).where(col(ApiKey.id) == id, col(ApiKey.organization_id) == actor.organization)
        )
    else:
        found = await session.scalar(
            select(col(AuditEvent.id))
            .where(col(AuditEvent.organization_id) == actor.organization, col(AuditEvent.actor_id) == id)
            .limit(1)
        ) or await session.scalar(
            select(col(Session.id))
            .where(col(Session.organization_id) == actor.organization, col(Session.user_id) == id)
            .limit(1)
        )
    if found is None:
        raise NotFound("There is no such person or key in your organisation.")
    return str(id)


def _told(row: RateLimitOverride) -> dict[str, object]:
    return {
        "endpoint": row.endpoint,
        "subject": row.subject,
        "value": row.value,
        "per_minute": row.per_minute,
        "burst": row.burst,
        "until": row.expires_at.isoformat(),
    }
