"""Opening a conversation: when it is a student's, whoever else looks is recorded."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Access, Context
from faraday_app.contexts.service.conversations import get_context
from faraday_app.core.permissions import Actor, Role
from faraday_app.organizations.models import Membership
from faraday_app.security.service import seen


async def open_context(session: AsyncSession, actor: Actor, context_id: UUID) -> tuple[Context, Access]:
    """A conversation the actor is a member of, and their access."""
    context, access = await get_context(session, actor, context_id)
    if context.owner_id != actor.user_id and await _is_student(session, actor, context.owner_id):
        await seen(session, actor, context.owner_id, f"conversation …{str(context.id)[-6:]}")
    return context, access


async def _is_student(session: AsyncSession, actor: Actor, user_id: UUID) -> bool:
    role = select(col(Membership.role)).where(
        col(Membership.organization_id) == actor.organization, col(Membership.user_id) == user_id
    )
    return await session.scalar(role) == Role.student
