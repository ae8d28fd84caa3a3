"""What an organisation's callers did in the last 24 hours, and what a limit would have done to them."""

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.errors import Unavailable
from faraday_app.core.limits import Endpoint, Rule
from faraday_app.core.limits.simulation import Replayed, replay
from faraday_app.core.limits.traffic import DAY, arrivals_of, counts_of
from faraday_app.core.permissions import Actor, Permission
from faraday_app.core.redis import RedisError
from faraday_app.security.models import ApiKey, AuditEvent

MINUTES = 5
AWAY = "Redis does not answer, so the record cannot be read. Limits hold meanwhile; please try again."


@dataclass(frozen=True, slots=True)
class Use:
    """Calls of one kind: in the last minutes, in the last day, and how many of the day were refused."""

    lately: int = 0
    day: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Refused:
    name: str
    refused: int
    calls: int


@dataclass(frozen=True, slots=True)
class Simulated:
    calls: int
    refused: int
    callers: int
    since: datetime | None
    thinned: bool
    refusals: list[Refused]


async def use(actor: Actor) -> dict[Endpoint, Use]:
    """By kind of call, for the actor's organisation."""
    actor.must(Permission.limits_manage)
    found: dict[Endpoint, Use] = {}
    minute = int(time.time()) // 60
    try:
        counts = await counts_of(str(actor.organization))
    except (RedisError, OSError) as error:
        raise Unavailable(AWAY) from error
    for (at, endpoint, _kind), (allowed, refused) in counts.items():
        if at <= minute - DAY // 60:
            continue
        known = found.get(endpoint, Use())
        lately = known.lately + (allowed + refused if at > minute - MINUTES else 0)
        found[endpoint] = Use(lately, known.day + allowed + refused, known.refused + refused)
    return found


async def simulate(session: AsyncSession, actor: Actor, endpoint: Endpoint, rule: Rule) -> Simulated:
    """Each caller of the organisation for itself. Beside the event loop: a day can hold many calls."""
    actor.must(Permission.limits_manage)
    since = int((time.time() - DAY) * 1_000)
    try:
        arrivals = await arrivals_of(str(actor.organization), endpoint, since)
    except (RedisError, OSError) as error:
        raise Unavailable(AWAY) from error
    done: Replayed = await asyncio.to_thread(replay, arrivals, rule)
    names = await names_of(session, actor, [caller for caller, _, _ in done.callers])
    began = datetime.fromtimestamp(done.since / 1_000, UTC) if done.since else None
    refusals = [Refused(names.get(caller, caller), refused, calls) for caller, refused, calls in done.callers]
    return Simulated(done.calls, done.refused, done.known, began, done.thinned, refusals)


async def names_of(session: AsyncSession, actor: Actor, callers: list[str]) -> dict[str, str]:
    """``person:…`` and ``key:…`` as people know them: by the trail and the name of the key."""
    people, keys = _ids("person", callers), _ids("key", callers)
    named = await session.execute(
        select(col(AuditEvent.actor_id), col(AuditEvent.actor_name))
        .where(col(AuditEvent.organization_id) == actor.organization, col(AuditEvent.actor_id).in_(people))
        .distinct()
    )
    found = {f"person:{id}": name for id, name in named}
    titled = await session.execute(
        select(col(ApiKey.id), col(ApiKey.name)).where(
            col(ApiKey.organization_id) == actor.organization, col(ApiKey.id).in_(keys)
        )
    )
    return found | {f"key:{id}": f"Key “{name}”" for id, name in titled}


async def callers(session: AsyncSession, actor: Actor, most: int = 100) -> list[tuple[str, str]]:
    """Keys that work and people who did something lately, as (``key:…`` or ``user:…``, name): for a choice."""
    actor.must(Permission.limits_manage)
    keys = await session.execute(
        select(col(ApiKey.id), col(ApiKey.name))
        .where(col(ApiKey.organization_id) == actor.organization, col(ApiKey.revoked_at).is_(None))
        .order_by(col(ApiKey.id).desc())
        .limit(most)
    )
    recent = (
        select(col(AuditEvent.actor_id), col(AuditEvent.actor_name))
        .where(col(AuditEvent.organization_id) == actor.organization, col(AuditEvent.actor_id).is_not(None))
        .order_by(col(AuditEvent.id).desc())
        .limit(5_000)
        .subquery()
    )
    people = await session.execute(select(recent).distinct().limit(most))
    named = sorted({f"user:{id}": name for id, name in people}.items(), key=lambda each: each[1].lower())
    return named + [(f"key:{id}", f"Key “{name}”") for id, name in keys]


def _ids(kind: str, callers: list[str]) -> list[UUID]:
    return [UUID(id) for caller in callers for found, _, id in [caller.partition(":")] if found == kind]
