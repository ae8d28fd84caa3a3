"""A revoked key is refused by every process, at once."""

import asyncio

import httpx
import pytest

from faraday_app.core.database import transaction
from faraday_app.organizations.service import people
from tests.factories.api import make_key


@pytest.fixture
def two(served, shared):
    return served, shared


async def standing(served, secret):
    async with httpx.AsyncClient(base_url=served.base, headers={"Authorization": f"Bearer {secret}"}) as client:
        return (await client.get("/api/v1/credits/balance")).status_code


async def refused(served, secret):
    async with asyncio.timeout(10):
        while await standing(served, secret) != 401:
            await asyncio.sleep(0.02)


class TestRevoked:
    async def test_in_one_process_is_refused_in_the_other_at_once(self, two, cast):
        one, other = two
        secret, manager = await make_key(cast.teacher), await make_key(cast.administrator)
        assert [await standing(each, secret) for each in two] == [200, 200]
        async with httpx.AsyncClient(base_url=one.base, headers={"Authorization": f"Bearer {manager}"}) as client:
            keys = (await client.get("/api/v1/api-keys/all", params={"text": secret[:10]})).json()["items"]
            await client.delete(f"/api/v1/api-keys/{keys[0]['id']}")
        await refused(other, secret)
        await refused(one, secret)

    async def test_with_its_person_is_refused_too(self, two, cast):
        secret = await make_key(cast.colleague)
        assert await standing(two[1], secret) == 200
        async with transaction(cast.administrator) as session:
            await people.deactivate(session, cast.administrator, cast.colleague.user)
        await refused(two[1], secret)
