"""Budgets of API keys: checked and reserved together with the person's hold."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlmodel import col

from faraday_app.core.budgets import Budget, Period
from faraday_app.core.database import transaction
from faraday_app.core.errors import PaymentNeeded
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.models import ApiKeySpending
from faraday_app.security.service import api_keys
from faraday_app.security.service.key_restrictions import Restrictions
from tests.factories import contexts
from tests.factories import credits as money

CREDIT = 1_000_000


async def with_budget(actor: Actor, most: int, period: Period = Period.day) -> Actor:
    async with transaction(actor) as session:
        wanted = Restrictions(budget=most, budget_period=period)
        row, _ = await api_keys.create_api_key(session, actor, "Key", [Permission.assistant_use], restrictions=wanted)
    budgets = (*actor.budgets, Budget(row.id, most, period))
    return replace(actor, api_key_id=row.id, budgets=budgets)


async def spent(actor: Actor) -> list[int]:
    """Of each of its keys, in the order of its budgets."""
    found = []
    async with transaction(Actor.system()) as session:
        for budget in actor.budgets:
            rows = await session.scalars(
                select(col(ApiKeySpending.spent)).where(col(ApiKeySpending.api_key_id) == budget.api_key_id)
            )
            found += list(rows) or [0]
    return found


@pytest.fixture
async def teacher(cast):
    await contexts.fund(cast, cast.teacher, amount=1_000 * CREDIT)
    return cast.teacher


class TestHold:
    async def test_counts_what_is_held(self, teacher):
        key = await with_budget(teacher, 100)
        await money.hold(key, 60)
        assert await spent(key) == [60]
        with pytest.raises(PaymentNeeded, match="budget of this key"):
            await money.hold(key, 41)
        await money.hold(key, 40)
        assert await spent(key) == [100]

    async def test_of_a_hundred_on_the_last_credit_of_a_budget_takes_one(self, teacher):
        key = await with_budget(teacher, 10)
        outcomes = await asyncio.gather(*(money.hold(key, 10) for _ in range(100)), return_exceptions=True)
        assert sum(isinstance(each, PaymentNeeded) for each in outcomes) == 99
        assert await spent(key) == [10]
        assert await money.available(teacher) == 1_000 * CREDIT - 10

    async def test_that_a_budget_refuses_leaves_the_wallet_and_other_budgets_alone(self, teacher):
        key = await with_budget(await with_budget(teacher, 100), 50, Period.month)
        for amount in (51, 101):
            with pytest.raises(PaymentNeeded):
                await money.hold(key, amount)
        assert await spent(key) == [0, 0]
        assert await money.available(teacher) == 1_000 * CREDIT
        await money.hold(key, 50)
        assert await spent(key) == [50, 50]

    async def test_that_the_wallet_refuses_leaves_the_budget_alone(self, cast):
        key = await with_budget(cast.colleague, 100)
        with pytest.raises(PaymentNeeded, match="Ask an administrator"):
            await money.hold(key, 50)
        assert await spent(key) == [0]

    async def test_without_a_budget_counts_nothing(self, teacher):
        key = await with_budget(teacher, 100)
        await money.hold(teacher, 500)
        assert await spent(key) == [0]


class TestSettle:
    async def test_counts_what_it_cost(self, teacher):
        key = await with_budget(teacher, 100)
        held = await money.hold(key, 60)
        await money.settle(teacher, held, 25)
        await money.settle(teacher, held, 25)
        assert await spent(key) == [25]

    async def test_of_an_expired_hold_still_counts(self, teacher):
        key = await with_budget(teacher, 100)
        held = await money.hold(key, 60)
        await money.lapse(held)
        await money.release_expired()
        assert await spent(key) == [0]
        await money.settle(teacher, held, 25)
        assert await spent(key) == [25]

    async def test_with_a_key_that_was_used_counts_nothing(self, teacher):
        key = await with_budget(teacher, 100)
        first, second = await money.hold(key, 10), await money.hold(key, 10)
        await money.settle(teacher, first, 10, key="same")
        await money.settle(teacher, second, 10, key="same")
        assert await spent(key) == [10]


class TestRelease:
    async def test_gives_back_to_the_budget(self, teacher):
        key = await with_budget(teacher, 100)
        held = await money.hold(key, 60)
        await money.release(teacher, held)
        await money.release(teacher, held)
        assert await spent(key) == [0]

    async def test_of_many_expired_holds_gives_back_to_each_budget(self, teacher):
        one, other = await with_budget(teacher, 100), await with_budget(teacher, 100)
        for each in [await money.hold(one, 10), await money.hold(one, 20), await money.hold(other, 40)]:
            await money.lapse(each)
        await money.hold(other, 5)
        await money.release_expired()
        assert [await spent(one), await spent(other)] == [[0], [5]]


class TestPeriod:
    def test_begins_at_midnight_utc(self):
        at = datetime(2026, 11, 26, 15, 30, tzinfo=UTC)  # a Thursday
        assert [period.began(at).strftime("%m-%d %H:%M") for period in Period] == [
            "11-26 00:00",
            "11-23 00:00",
            "11-01 00:00",
            "01-01 00:00",
        ]

    async def test_that_follows_begins_with_nothing_spent(self, teacher, monkeypatch):
        key = await with_budget(teacher, 100)
        held = await money.hold(key, 100)
        monkeypatch.setattr(Period, "began", lambda self, at: datetime(2027, 1, 1, tzinfo=UTC))
        await money.hold(key, 90)
        assert sorted(await spent(key)) == [90, 100]
        await money.settle(teacher, held, 30)
        assert sorted(await spent(key)) == [30, 90]
