"""What stands over every page of a class."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.classes.models import Term
from faraday_app.classes.service.access import Standing, standing
from faraday_app.classes.views import ClassHead
from faraday_app.core.permissions import Actor, Permission


async def heading(
    session: AsyncSession, actor: Actor, class_id: UUID, permission: Permission = Permission.classes_read
) -> ClassHead:
    """The class by name and term, and what the actor is to it. NotFound for whoever is nothing to it."""
    return await heading_of(session, actor, await standing(session, actor, class_id, permission))


async def heading_of(session: AsyncSession, actor: Actor, found: Standing) -> ClassHead:
    """The same where it is known already how the actor stands to the class."""
    term = await session.get_one(Term, found.school_class.term_id)
    children = sorted(found.enrolled - {actor.user_id})
    names = await session.scalars(select(col(User.name)).where(col(User.id).in_(children)).order_by(col(User.name)))
    return ClassHead(
        str(found.school_class.id),
        found.school_class.name,
        found.school_class.subject,
        term.name,
        spoken(found),
        " and ".join(names) if children else "",
        found.is_staff,
        found.grades,
        found.school_class.archived_at is not None,
    )


def spoken(found: Standing) -> str:
    """What somebody is to a class, in a word: the nearest, where they are several things."""
    if found.teaches:
        return "Teacher"
    if found.helps:
        return "Aide"
    if found.learns:
        return "Student"
    return "Parent" if found.enrolled else "Overseer"
