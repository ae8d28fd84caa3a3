"""Thompson sampling over what answers were worth."""

import asyncio
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.gateway.service import learning
from faraday_app.gateway.views import Task
from tests.factories.ways import model

GOOD, BAD = model("good"), model("bad")


@pytest.fixture(autouse=True)
def installed():
    learning.install()


async def told(organization_id, name, worth, times=1):
    async with transaction(Actor.system(organization_id)) as session:
        for _ in range(times):
            await learning.learn(session, organization_id, Task.code, name, worth)


class TestWorth:
    @given(st.floats(0, 1), st.one_of(st.none(), st.floats(0, 100)), st.integers(0, 10**9), st.integers(0, 10**9))
    def test_is_a_share(self, quality, wait, cost, dearest):
        assert 0 <= learning.worth(quality, wait, cost, dearest) <= 1

    def test_grows_with_quality_speed_and_thrift(self):
        assert learning.worth(1, 1, 1, 2) > learning.worth(0, 1, 1, 2)
        assert learning.worth(1, 1, 1, 2) > learning.worth(1, 5, 1, 2)
        assert learning.worth(1, 1, 1, 2) > learning.worth(1, 1, 2, 2)


class TestLearning:
    async def test_comes_to_prefer_what_is_worth_it_and_still_tries_the_other(self, cast):
        await told(cast.organization_id, "good", 0.9, 6)
        await told(cast.organization_id, "bad", 0.2, 6)
        first = Counter()
        for _ in range(400):
            draw = await learning.sampled(cast.organization_id, Task.code)
            first[max((GOOD, BAD), key=draw).name] += 1
        assert first["good"] > 330
        assert first["bad"] > 0

    async def test_knows_nothing_of_other_tasks_and_organizations(self, cast):
        await told(cast.organization_id, "good", 0.9, 3)
        assert (str(Task.code), "good") in await learning.beliefs_of(cast.organization_id)
        assert await learning.beliefs_of(cast.stranger.organization) == {}

    async def test_counts_judgements_that_come_at_once(self, cast):
        await asyncio.gather(*(told(cast.organization_id, "good", 1.0) for _ in range(8)))
        belief = (await learning.beliefs_of(cast.organization_id))[str(Task.code), "good"]
        assert round(belief.good) == 8

    async def test_forgets_what_was_long_ago(self, cast):
        await told(cast.organization_id, "good", 1.0, 300)
        await told(cast.organization_id, "good", 0.0, 200)
        belief = (await learning.beliefs_of(cast.organization_id))[str(Task.code), "good"]
        assert belief.good + belief.bad <= learning.REMEMBERED + 1
        assert belief.good < 0.45 * (belief.good + belief.bad)
