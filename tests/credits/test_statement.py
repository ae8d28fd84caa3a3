from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid, NotFound, NotPermitted
from faraday_app.credits import service as credits
from faraday_app.credits.service import Balance, Line
from faraday_app.credits.views import CREDIT
from tests.factories.credits import give, hold, open_pool, settle


@pytest.fixture
async def school(cast):
    """The cast; the teacher was granted 10 credits and has spent 1, 2 and 3."""
    await open_pool(cast.administrator, 1000 * CREDIT)
    await give(cast.administrator, cast.teacher, 10 * CREDIT, "Welcome")
    for cost in (1, 2, 3):
        await settle(cast.teacher, await hold(cast.teacher, 3 * CREDIT), cost * CREDIT, f"Answer {cost}")
    return cast


async def statement(actor, *args, **options) -> list[Line]:
    async with transaction(actor) as session:
        return await credits.statement(session, actor, *args, **options)


class TestStatement:
    async def test_lists_own_entries_newest_first_with_the_balance_after_each(self, school):
        lines = await statement(school.teacher)
        assert [(line.memo, line.amount // CREDIT, line.balance // CREDIT) for line in lines] == [
            ("Answer 3", -3, 4),
            ("Answer 2", -2, 7),
            ("Answer 1", -1, 9),
            ("Welcome", 10, 10),
        ]

    async def test_says_who_gave(self, school):
        assert [line.person for line in await statement(school.teacher)] == ["", "", "", "Jonas Prie"]

    async def test_goes_on_where_a_page_ended(self, school):
        first = await statement(school.teacher, limit=3)
        rest = await statement(school.teacher, first[-1].id, 3)
        assert [line.memo for line in first + rest] == ["Answer 3", "Answer 2", "Answer 1", "Welcome"]

    async def test_shows_an_administrator_a_member_and_the_pool(self, school):
        assert len(await statement(school.administrator, user_id=school.teacher.user)) == 4
        lines = await statement(school.administrator, pool=True)
        assert [(line.person, line.amount // CREDIT, line.balance // CREDIT) for line in lines] == [
            ("Maya Okafor", -10, 990),
            ("", 1000, 1000),
        ]

    async def test_shows_others_only_their_own(self, school):
        with pytest.raises(NotPermitted):
            await statement(school.colleague, user_id=school.teacher.user)
        with pytest.raises(NotPermitted):
            await statement(school.colleague, pool=True)
        assert await statement(school.colleague) == []

    async def test_does_not_find_a_person_of_another_organization(self, school):
        with pytest.raises(NotFound):
            await statement(school.stranger, user_id=school.teacher.user)


class TestBalance:
    async def test_is_nothing_before_the_first_grant(self, school):
        async with transaction(school.parent) as session:
            assert await credits.balance(session, school.parent) == Balance(0, 0)

    async def test_of_a_member_is_for_administrators(self, school):
        async with transaction(school.administrator) as session:
            assert await credits.balance(session, school.administrator, school.teacher.user) == Balance(4 * CREDIT, 0)
        async with transaction(school.colleague) as session:
            with pytest.raises(NotPermitted):
                await credits.balance(session, school.colleague, school.teacher.user)


class TestDailyUsage:
    async def usage(self, actor, *args, **options) -> dict[date, int]:
        async with transaction(actor) as session:
            days = await credits.daily_usage(session, actor, *args, **options)
        return {day.day: day.spent // CREDIT for day in days}

    async def test_has_every_day_and_ends_today(self, school):
        usage = await self.usage(school.teacher, 30)
        today = now().date()
        assert list(usage) == [today - timedelta(days=29 - n) for n in range(30)]
        assert usage[today] == 6
        assert sum(usage.values()) == 6

    async def test_counts_a_day_of_the_viewers_zone(self, school):
        for zone in (ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Niue")):  # 25 hours apart: never the same day
            assert await self.usage(school.teacher, 1, zone) == {now().astimezone(zone).date(): 6}

    async def test_of_everyone_is_for_administrators(self, school):
        await give(school.administrator, school.student, CREDIT)
        await settle(school.student, await hold(school.student, CREDIT), CREDIT)
        assert (await self.usage(school.administrator, 7, everyone=True))[now().date()] == 7
        assert sum((await self.usage(school.administrator, 7)).values()) == 0
        with pytest.raises(NotPermitted):
            await self.usage(school.teacher, 7, everyone=True)

    @pytest.mark.parametrize("days", [0, 367])
    async def test_refuses_a_period_without_sense(self, school, days):
        with pytest.raises(Invalid):
            await self.usage(school.teacher, days)
