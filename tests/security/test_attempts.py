import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import LimitReached
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor
from faraday_app.security.models import SignInFailures
from faraday_app.security.service import attempts


@pytest.fixture
def email():
    return f"{new_id().hex}@test.example"


@pytest.fixture
def address():
    return new_id().hex


async def take(email, address="10.2.0.1"):
    async with transaction(Actor.system()) as session:
        await attempts.take_attempt(session, email, address)


async def wait_of(email, address):
    with pytest.raises(LimitReached) as limited:
        await take(email, address)
    return limited.value.retry_after


async def let_time_pass(seconds):
    async with transaction(Actor.system()) as session:
        earlier = col(SignInFailures.blocked_until) - timedelta(seconds=seconds)
        await session.execute(update(SignInFailures).values(blocked_until=earlier))


class TestTakeAttempt:
    async def test_lets_the_free_ones_pass_and_then_makes_wait(self, email, address):
        for _ in range(attempts.FREE_PER_EMAIL):
            await take(email, address)
        assert await wait_of(email, address) >= 1

    async def test_doubles_the_wait_with_each_further_one(self, email, address):
        for _ in range(attempts.FREE_PER_EMAIL):
            await take(email, address)
        waits = []
        for _ in range(4):
            waits.append(await wait_of(email, address))
            await let_time_pass(2_000)
            await take(email, address)
        assert waits == sorted(waits)
        assert waits[3] >= 2 * waits[1]

    async def test_never_makes_wait_longer_than_a_quarter_of_an_hour(self, email, address):
        for _ in range(20):
            await take(email, address)
            await let_time_pass(2_000)
        await take(email, address)
        assert attempts.LONGEST_WAIT - 5 <= await wait_of(email, address) <= attempts.LONGEST_WAIT + 1

    async def test_does_not_count_what_is_refused(self, email, address):
        for _ in range(attempts.FREE_PER_EMAIL):
            await take(email, address)
        first = await wait_of(email, address)
        for _ in range(10):
            assert await wait_of(email, address) <= first

    async def test_takes_an_address_in_any_case_for_the_same(self, email, address):
        for spelling in (email, email.upper(), f" {email} "):
            await take(spelling, address)
        assert await wait_of(email, address)

    async def test_slows_down_an_address_that_tries_many_people(self, address):
        for _ in range(attempts.FREE_PER_ADDRESS):
            await take(f"{new_id().hex}@test.example", address)
        assert await wait_of(f"{new_id().hex}@test.example", address)

    async def test_lets_only_the_free_ones_pass_when_many_come_at_once(self, email, address):
        outcomes = await asyncio.gather(*(take(email, address) for _ in range(10)), return_exceptions=True)
        assert sum(outcome is None for outcome in outcomes) == attempts.FREE_PER_EMAIL


class TestGiveBack:
    async def test_forgets_the_failures_of_the_person(self, email, address):
        for _ in range(attempts.FREE_PER_EMAIL - 1):
            await take(email, address)
        async with transaction(Actor.system()) as session:
            await attempts.give_back(session, email, address)
        for _ in range(attempts.FREE_PER_EMAIL):
            await take(email, address)


class TestForgetOld:
    async def test_removes_what_is_older_than_a_day(self, email, address):
        await take(email, address)
        async with transaction(Actor.system()) as session:
            old = now() - attempts.FORGET_AFTER - timedelta(minutes=1)
            await session.execute(update(SignInFailures).values(last_at=old))
            await attempts.forget_old(session)
            assert await session.scalar(select(func.count()).select_from(SignInFailures)) == 0
