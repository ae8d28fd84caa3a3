"""Where events are sealed, and what signs them."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.errors import Invalid
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.models import AuditBlock, AuditRoot, AuditSeal
from faraday_app.security.models.audit import CHAIN

_LARGEST = 2**63 - 1


async def blocks(session: AsyncSession, actor: Actor, before: int | None = None, limit: int = 25) -> list[AuditBlock]:
    """The blocks of the actor's organisation, newest first; ``before`` is a number."""
    actor.must(Permission.audit_read)
    query = select(AuditBlock).where(_of(actor))
    if before is not None:
        if abs(before) > _LARGEST:
            raise Invalid("This cursor is not one of ours. Leave it out to begin anew.", field="cursor")
        query = query.where(col(AuditBlock.number) < before)
    return list((await session.scalars(query.order_by(col(AuditBlock.number).desc()).limit(limit))).all())


async def roots(session: AsyncSession, actor: Actor, before: date | None = None, limit: int = 25) -> list[AuditRoot]:
    """The signed days of the actor's organisation, newest first."""
    actor.must(Permission.audit_read)
    query = select(AuditRoot).where(_of(actor))
    if before is not None:
        query = query.where(col(AuditRoot.day) < before)
    return list((await session.scalars(query.order_by(col(AuditRoot.day).desc()).limit(limit))).all())


async def block_numbers(session: AsyncSession, actor: Actor, event_ids: Collection[UUID]) -> dict[UUID, int]:
    """In which block each of these events is sealed; those that still wait are left out."""
    actor.must(Permission.audit_read)
    query = (
        select(col(AuditSeal.event_id), col(AuditBlock.number))
        .join(AuditBlock, col(AuditBlock.id) == col(AuditSeal.block_id))
        .where(col(AuditSeal.event_id).in_(event_ids), col(AuditBlock.organization_id) == actor.organization)
    )
    return {row[0]: row[1] for row in await session.execute(query)}


def _of(actor: Actor) -> ColumnElement[bool]:
    """As the index is on, with which numbers and days are unique."""
    return text(f"{CHAIN} = :chain").bindparams(chain=actor.organization)  # type: ignore[return-value]
