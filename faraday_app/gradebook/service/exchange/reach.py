"""As whom a key for this acts, in which classes, and what others call them."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import ClassStaff, SchoolClass
from faraday_app.classes.service.rosters.identities import our_id
from faraday_app.classes.service.rosters.records import File
from faraday_app.core.errors import Invalid, NotFound
from faraday_app.core.permissions import Actor, Permission


def person(actor: Actor, permission: Permission) -> Actor:
    """Whoever stands behind the key, with all that is theirs: the scope opens this door, and they must fit through.

    The services behind it ask for rights in classes that no key of another system has to carry.
    """
    actor.must_at_all(permission)
    return replace(actor, scopes=None).resolved()


def staffed(actor: Actor) -> ColumnElement[bool]:
    """A condition on classes: those that the actor teaches, helps in or oversees. Never those of their children."""
    here = col(SchoolClass.organization_id) == actor.organization
    if actor.is_system or actor.may(Permission.classes_oversee):
        return and_(here, true())
    of_department = (
        col(SchoolClass.department_id) == actor.department_id
        if actor.department_id and actor.could(Permission.classes_oversee)
        else false()
    )
    staff = exists().where(
        col(ClassStaff.class_id) == col(SchoolClass.id),
        col(ClassStaff.user_id) == actor.user,
        col(ClassStaff.ended_at).is_(None),
    )
    return and_(here, or_(of_department, staff))


async def class_ids(session: AsyncSession, actor: Actor, sourced_id: str = "") -> frozenset[UUID]:
    """All classes within reach, or the one that is called this; NotFound where it is none of them."""
    query = select(col(SchoolClass.id)).where(staffed(actor))
    if sourced_id:
        id = await our_id(session, actor.organization, File.classes, sourced_id)
        found = frozenset(await session.scalars(query.where(col(SchoolClass.id) == id))) if id else frozenset()
        if not found:
            raise NotFound(f"There is no class “{sourced_id[:80]}” here.")
        return found
    return frozenset(await session.scalars(query))


async def class_of(session: AsyncSession, actor: Actor, sourced_id: str) -> UUID:
    """The class that something that is sent belongs to."""
    try:
        return next(iter(await class_ids(session, actor, sourced_id)))
    except NotFound as error:
        raise Invalid(error.message, field="class") from None
