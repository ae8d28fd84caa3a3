"""Platform administrators, and organisations that they founded."""

from faraday_app.accounts import service as accounts
from faraday_app.accounts.models import User
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.platform.service import founding
from tests.factories.roles import as_now

SITE = "http://localhost:3000"


async def appoint(person: Actor) -> Actor:
    """The same person as a platform administrator, confirmed."""
    faraday = Actor.system()
    async with transaction(faraday) as session:
        await accounts.appoint_platform_admin(session, faraday, await session.get_one(User, person.user))
    return await as_now(person)


async def found(platform: Actor, name: str, email: str = "olga@test.example") -> founding.Founded:
    async with transaction(platform) as session:
        return await founding.found(session, platform, name, email, SITE, by_mail=False)


def token_of(founded: founding.Founded) -> str:
    return founded.link.partition("token=")[2]
