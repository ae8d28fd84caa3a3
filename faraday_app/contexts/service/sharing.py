"""Share a conversation with colleagues: give, change and withdraw access."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import case, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.contexts.models import Access, Context, Member
from faraday_app.contexts.service.conversations import announce, get_context
from faraday_app.core.clock import now
from faraday_app.core.errors import Invalid, NotFound, NotPermitted
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor
from faraday_app.organizations.service import people
from faraday_app.security.service import record

MOST_MEMBERS = 50


@dataclass(frozen=True, slots=True)
class SharedWith:
    user_id: UUID
    name: str
    access: Access


async def members(session: AsyncSession, actor: Actor, context_id: UUID) -> list[SharedWith]:
    """Everybody with access, the owner first, then by name."""
    await get_context(session, actor, context_id)
    rows = await session.execute(
        select(col(Member.user_id), col(User.name), col(Member.access))
        .join(User, col(User.id) == col(Member.user_id))
        .where(col(Member.context_id) == context_id)
        .order_by(case((col(Member.access) == Access.owner, 0), else_=1), col(User.name))
        .limit(MOST_MEMBERS)
    )
    return [SharedWith(user_id, name, Access(access)) for user_id, name, access in rows.all()]


async def share(session: AsyncSession, actor: Actor, context_id: UUID, user_id: UUID, access: Access) -> None:
    """Give a colleague of the same organisation access, or change what they have."""
    context = await _owned(session, actor, context_id)
    if access is Access.owner or user_id == context.owner_id:
        raise Invalid("A conversation has one owner. Share it as viewer or editor.")
    person = await people.get_person(session, actor, user_id)
    if not person.active:
        raise Invalid(f"{person.name} is not active any more.")
    if len(await members(session, actor, context_id)) >= MOST_MEMBERS:
        raise Invalid(f"A conversation can be shared with {MOST_MEMBERS - 1} people.")
    added = insert(Member).values(
        id=new_id(),
        created_at=now(),
        organization_id=context.organization_id,
        context_id=context.id,
        user_id=user_id,
        access=access,
    )
    await session.execute(
        added.on_conflict_do_update(index_elements=["context_id", "user_id"], set_={"access": access})
    )
    record(session, actor, "context.shared", context, user_id=str(user_id), access=access)
    await announce(session, context)


async def withdraw(session: AsyncSession, actor: Actor, context_id: UUID, user_id: UUID) -> None:
    """End somebody's access at once. The owner may do it to anybody else, and a member to themselves."""
    context, _ = await get_context(session, actor, context_id)
    if user_id == context.owner_id:
        raise Invalid("The owner cannot leave. Archive the conversation instead.")
    if actor.user_id not in (context.owner_id, user_id):
        raise NotPermitted("Only the owner can withdraw access.")
    gone = await session.scalar(
        delete(Member)
        .where(col(Member.context_id) == context_id, col(Member.user_id) == user_id)
        .returning(col(Member.user_id))
    )
    if gone is None:
        raise NotFound("This person has no access.")
    record(session, actor, "context.withdrawn", context, user_id=str(user_id))
    await announce(session, context, user_id)


async def _owned(session: AsyncSession, actor: Actor, context_id: UUID) -> Context:
    context, access = await get_context(session, actor, context_id, lock=True)
    if access is not Access.owner:
        raise NotPermitted("Only the owner can share this conversation.")
    return context
