"""The net under the facts: what nobody told of is looked at, and nothing else."""

from datetime import timedelta

import pytest

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Unavailable
from faraday_app.core.permissions import Actor
from faraday_app.security.jobs import alerts as jobs
from faraday_app.security.service import alerts
from faraday_app.security.service.alerts import pending
from tests.factories import security as made
from tests.factories.people import make_cast
from tests.factories.security import raised, stuff

GERMANY, BRAZIL = "91.0.0.1", "200.160.2.3"


@pytest.fixture(autouse=True)
def installed():
    made.install()


@pytest.fixture(autouse=True)
def told(monkeypatch):
    return made.told_to(monkeypatch)


class TestNet:
    async def test_finds_what_no_fact_told_of(self, cast):
        await stuff(cast)
        await jobs.alert.func(0)
        assert len(await raised(cast.organization_id)) == 1

    async def test_catches_up_with_what_happened_while_nothing_ran(self, cast):
        await _looked(cast.organization_id, minutes_ago=600)
        await stuff(cast, minutes_ago=300)
        await jobs.catch_up.func(0)
        assert len(await raised(cast.organization_id)) == 1

    async def test_looks_where_something_happened_since_the_last_look_and_nowhere_else(self, cast, monkeypatch):
        monkeypatch.setattr(pending, "PAGE", 1)
        monkeypatch.setattr(alerts, "LATE", timedelta(0))
        now_and_then = [cast.organization_id, cast.stranger.organization]
        await stuff(cast, minutes_ago=100)
        await made.fail(cast.stranger, "203.0.113.9", minutes_ago=100)
        looks = _noted(monkeypatch)
        await jobs.catch_up.func(0)
        assert sorted(set(looks) & set(now_and_then)) == sorted(now_and_then)
        looks.clear()
        await jobs.catch_up.func(0)
        assert not set(looks) & set(now_and_then)
        await made.fail(cast.stranger, "203.0.113.9")
        await jobs.catch_up.func(0)
        assert set(looks) & set(now_and_then) == {cast.stranger.organization}

    async def test_counts_sign_ins_only_from_a_second_address(self, cast, monkeypatch):
        for organization_id in (cast.organization_id, cast.stranger.organization):
            await _looked(organization_id, minutes_ago=-11)
        looks = _noted(monkeypatch)
        await made.sign_in(cast.teacher, GERMANY, minutes_ago=-12)
        await made.sign_in(cast.stranger, GERMANY, minutes_ago=-12)
        await made.sign_in(cast.teacher, BRAZIL, minutes_ago=-12)
        await jobs.catch_up.func(0)
        assert cast.organization_id in looks
        assert cast.stranger.organization not in looks

    async def test_misses_nothing_when_a_page_fails_in_the_middle(self, cast, monkeypatch):
        """Of those that are left, the next time looks at all; of those that are done, at none."""
        monkeypatch.setattr(pending, "PAGE", 1)
        await stuff(cast, minutes_ago=100)
        other = await make_cast()
        await stuff(other, minutes_ago=100)
        monkeypatch.setattr(alerts, "LATE", timedelta(0))
        both = sorted([cast.organization_id, other.organization_id])
        real, asked = alerts.waiting, []

        async def fails_at_the_second(back, margin, after=None):
            found = await real(back, margin, after)
            if set(found) & {both[1]} and not asked:
                asked.append(found)
                raise Unavailable("The database does not answer.")
            return found

        monkeypatch.setattr(alerts, "waiting", fails_at_the_second)
        with pytest.raises(Unavailable):
            await jobs.catch_up.func(0)
        assert [len(await raised(each)) for each in both] == [1, 0]
        looks = _noted(monkeypatch)
        await jobs.catch_up.func(0)
        assert [len(await raised(each)) for each in both] == [1, 1]
        assert [looks.count(each) for each in both] == [0, 1]

    async def test_does_not_let_one_that_fails_keep_the_others_from_it(self, cast, monkeypatch):
        await stuff(cast)
        await made.fail(cast.stranger, "203.0.113.9")
        real = alerts.raise_alerts

        async def fails(organization_id):
            if organization_id == cast.stranger.organization:
                raise RuntimeError("No table of countries")
            return await real(organization_id)

        monkeypatch.setattr(alerts, "raise_alerts", fails)
        await jobs.catch_up.func(0)
        assert len(await raised(cast.organization_id)) == 1
        monkeypatch.setattr(alerts, "raise_alerts", real)
        looks = _noted(monkeypatch)
        await jobs.catch_up.func(0)
        assert cast.stranger.organization in looks

    async def test_looks_again_at_what_may_have_come_to_be_seen_late(self, cast):
        """It happened before the last look, whose snapshot it was not in."""
        await _looked(cast.organization_id, minutes_ago=1)
        await stuff(cast, minutes_ago=5)
        await jobs.catch_up.func(0)
        assert len(await raised(cast.organization_id)) == 1


async def _looked(organization_id, minutes_ago=0):
    async with transaction(Actor.system(organization_id)) as session:
        await pending.note_look(session, organization_id, now() - timedelta(minutes=minutes_ago))


def _noted(monkeypatch):
    """The organisations that are looked at from now on."""
    looks, real = [], jobs.look

    async def look(organization_id):
        looks.append(organization_id)
        await real(organization_id)

    monkeypatch.setattr(jobs, "look", look)
    return looks
