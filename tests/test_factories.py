"""What the tests begin with is what the services would say of it."""

from dataclasses import fields

from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.organizations.service.identity import member
from tests.factories.classes import make_classroom


async def test_the_people_are_those_whom_the_tables_know(cast):
    room = await make_classroom(cast)
    for made in (*(getattr(cast, field.name) for field in fields(cast)), room.emre, room.karim):
        async with transaction(Actor.system()) as session:
            assert await member(session, made.user, made.organization) == made
