"""Opening what is known of a person: whoever looks is recorded."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.permissions import Actor
from faraday_app.organizations.service import people
from faraday_app.organizations.service.people import Person
from faraday_app.security.service import seen

PROFILE = "profile"


async def open_person(session: AsyncSession, actor: Actor, user_id: UUID) -> Person:
    """A member whom the actor may look at, and does. Lists are not looks."""
    person = await people.read_person(session, actor, user_id)
    await seen(session, actor, person.user_id, PROFILE)
    return person
