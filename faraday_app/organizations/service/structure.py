"""Organisations and their departments."""

from collections.abc import Awaitable, Callable

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts import service as accounts
from faraday_app.core.database import enter_scope, transaction
from faraday_app.core.errors import Conflict, Invalid
from faraday_app.core.permissions import Actor, Permission, Role
from faraday_app.organizations.models import Department, Membership, Organization
from faraday_app.organizations.service.people import add_member
from faraday_app.security.service import record

# What higher tiers give a new organisation, in the transaction that makes it. The roll-call fills it.
WHEN_SET_UP: list[Callable[[AsyncSession, Membership], Awaitable[None]]] = []


async def create_organization(session: AsyncSession, actor: Actor, name: str) -> Organization:
    """A new, empty organisation. For Faraday itself only."""
    name = " ".join(name.split())
    if not name or len(name) > 120:
        raise Invalid("Enter a name of up to 120 characters.", field="organization")
    organization = Organization(name=name)
    session.add(organization)
    await session.flush()
    await enter_scope(session, Actor.system(organization.id))
    record(session, Actor.system(organization.id), "organization.created", organization)
    return organization


async def add_department(session: AsyncSession, actor: Actor, name: str) -> Department:
    actor.must(Permission.people_manage)
    department = Department(organization_id=actor.organization, name=name.strip())
    session.add(department)
    await session.flush()
    record(session, actor, "department.created", department, name=department.name)
    return department


async def list_departments(session: AsyncSession, actor: Actor) -> list[Department]:
    """The departments of the actor's organisation by name; at most 100."""
    query = select(Department).where(col(Department.organization_id) == actor.organization)
    return list((await session.scalars(query.order_by(col(Department.name)).limit(100))).all())


async def any_organization() -> bool:
    """Whether this installation has been set up."""
    async with transaction(Actor.system()) as session:
        return await session.scalar(select(col(Organization.id)).limit(1)) is not None


async def set_up(session: AsyncSession, organization: str, name: str, email: str, password: str) -> Membership:
    """The first organisation and its administrator. Conflict when there is one already, however many try at once."""
    await session.execute(text("select pg_advisory_xact_lock(hashtext('faraday set-up'))"))
    if await session.scalar(select(col(Organization.id)).limit(1)):
        raise Conflict("Faraday is already set up. Please sign in.")
    made = await create_organization(session, Actor.system(), organization)
    faraday = Actor.system(made.id)
    user = await accounts.create_user(session, faraday, name, email, password, made.name)
    administrator = await add_member(session, faraday, user.id, Role.administrator)
    await accounts.appoint_platform_admin(session, faraday, user)
    for provide in WHEN_SET_UP:
        await provide(session, administrator)
    return administrator
