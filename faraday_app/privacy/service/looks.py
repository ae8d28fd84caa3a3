"""Who looked at a person's record: from the trail, for those whom it concerns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.classes.service.access import children_of
from faraday_app.core.permissions import Actor, Permission
from faraday_app.organizations.models import Membership
from faraday_app.privacy.service.requests import must_concern
from faraday_app.security.models import AuditEvent
from faraday_app.security.service.record_views import SEEN

PAGE = 50
KINDS = (SEEN, "person.exported")


@dataclass(frozen=True, slots=True)
class Look:
    """Once within ten minutes for each viewer and thing."""

    id: UUID
    at: datetime
    name: str
    role: str
    what: str
    exported: bool


async def subjects(session: AsyncSession, actor: Actor) -> list[tuple[UUID, str]]:
    """Whose records concern the actor: their own first, then their children by name."""
    actor.must(Permission.records_read)
    query = (
        select(col(User.id), col(User.name)).where(col(User.id).in_(children_of(actor.user))).order_by(col(User.name))
    )
    return [(actor.user, actor.name), *((row[0], row[1]) for row in await session.execute(query))]


async def looks(
    session: AsyncSession, actor: Actor, person_id: UUID, before: UUID | None = None, limit: int = PAGE
) -> Sequence[Look]:
    """Newest first. NotFound for whom it does not concern."""
    await must_concern(session, actor, person_id)
    query = (
        select(
            col(AuditEvent.id),
            col(AuditEvent.created_at),
            col(AuditEvent.actor_name),
            col(Membership.role),
            col(AuditEvent.details),
            col(AuditEvent.action),
        )
        .outerjoin(
            Membership,
            (col(Membership.user_id) == col(AuditEvent.actor_id))
            & (col(Membership.organization_id) == col(AuditEvent.organization_id)),
        )
        .where(
            col(AuditEvent.organization_id) == actor.organization,
            col(AuditEvent.target_id) == person_id,
            col(AuditEvent.target_type) == "users",
            col(AuditEvent.action).in_(KINDS),
        )
        .order_by(col(AuditEvent.id).desc())
        .limit(limit)
    )
    if before:
        query = query.where(col(AuditEvent.id) < before)
    return [
        Look(id, at, name, role or "", str(details.get("what", "")), action != SEEN)
        for id, at, name, role, details, action in await session.execute(query)
    ]
