"""What is sealed for people stays readable, and is sealed anew, when a key is rotated."""

from sqlalchemy import select
from sqlmodel import col

from faraday_app.accounts.models import AuthenticatorApp
from faraday_app.core import vault
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.core.vault import rotation
from tests.factories.factors import enrol


async def kept(actor):
    query = select(col(AuthenticatorApp.sealed)).where(col(AuthenticatorApp.user_id) == actor.user)
    async with transaction(Actor.system()) as session:
        return await session.scalar(query)


class TestAuthenticatorSecret:
    async def test_is_sealed_anew_and_stays_the_same(self, cast):
        secret, _ = await enrol(cast.teacher)
        before = await kept(cast.teacher)
        async with transaction(Actor.system()) as session:
            await rotation.rotate(session, None)
        assert await rotation.reseal() >= 1
        after = await kept(cast.teacher)
        assert after.split(".")[1] != before.split(".")[1]
        assert await vault.unseal(after, f"totp:{cast.teacher.user}") == secret
