"""Which conversations a person's rules reach: a conversation is of the department of its owner."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Context
from faraday_app.core.authorization import Resource, asks_for_things
from faraday_app.core.errors import NotFound
from faraday_app.core.permissions import Actor, Permission
from faraday_app.organizations.models import Membership


def of_ones_own(actor: Actor) -> Resource:
    """A conversation that the actor begins."""
    return Resource("conversation", None, actor.organization_id, actor.user_id, actor.department_id)


async def facts(session: AsyncSession, actor: Actor, context_id: UUID) -> Resource:
    """What rules may ask about a conversation; nothing of what is said in it."""
    query = (
        select(col(Context.owner_id), col(Membership.department_id))
        .join(Membership, _owners())
        .where(col(Context.id) == context_id, col(Context.organization_id) == actor.organization)
    )
    found = (await session.execute(query)).one_or_none()
    if found is None:
        raise NotFound("This conversation does not exist.")
    return Resource("conversation", context_id, actor.organization, found[0], found[1])


async def must_reach(session: AsyncSession, actor: Actor, context: Context) -> None:
    """Looks only where a rule of the actor's asks whose the conversation is."""
    if actor.subject and asks_for_things(actor.subject):
        actor.must(Permission.assistant_use, await facts(session, actor, context.id))
    else:
        actor.must(Permission.assistant_use)


def within(actor: Actor, query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Only the conversations that the actor may use."""
    if actor.subject is None or not asks_for_things(actor.subject):
        return query
    own = actor.may(Permission.assistant_use, of_ones_own(actor))
    others = actor.may(Permission.assistant_use, Resource("conversation", organization_id=actor.organization))
    if own and others:
        return query
    if not own and not others:
        actor.must(Permission.assistant_use)
    department = select(col(Membership.department_id)).where(_owners()).correlate(Context).scalar_subquery()
    near = department.is_not_distinct_from(actor.department_id)
    return query.where(near if own else ~near)


def _owners() -> Any:
    return (col(Membership.user_id) == col(Context.owner_id)) & (
        col(Membership.organization_id) == col(Context.organization_id)
    )
