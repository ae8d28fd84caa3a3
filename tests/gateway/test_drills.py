"""Failover drills and health checks."""

from datetime import date

import pytest
from sqlalchemy import update

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, NotPermitted, Unavailable
from faraday_app.gateway import jobs
from faraday_app.gateway.models import FailoverDrill
from faraday_app.gateway.service import catalogue, drills, health, trials, upstream
from faraday_app.gateway.service.faults import Faulty, Trouble
from faraday_app.gateway.service.managing import policies
from faraday_app.gateway.service.standing import Standing, here
from faraday_app.gateway.views import Schedule
from tests.factories import gateway as models
from tests.factories.upstream import open_upstream
from tests.factories.ways import local, offered


@pytest.fixture
def two(monkeypatch):
    """A dear model, and a cheap one that stands in for it; the third stands alone."""
    found = offered(local("dear", price=9_000_000, fallbacks=("spare",)), local("spare"), local("lonely"), retries=0)

    async def of(_):
        return found

    monkeypatch.setattr(catalogue, "offered", of)
    return found


@pytest.fixture
async def school(cast):
    """A dear model, and a cheap one that stands in for it; the third stands alone."""
    here.forget()
    await models.end_trials()
    async with open_upstream() as first, open_upstream(words=("Six ", "seven.")) as second:
        id = cast.organization_id
        await models.make_policy(id, offers_default=False)
        dear, spare = await models.make_provider(id, first), await models.make_provider(id, second, name="Next door")
        await models.make_model(id, "dear", dear, price=(9_000_000, 0, 9_000_000), fallbacks=["spare"])
        await models.make_model(id, "spare", spare)
        await models.make_model(id, "lonely", spare)
        yield id


async def newest(actor):
    async with transaction(actor) as session:
        return (await drills.newest(session, actor))[0]


async def ask(actor):
    async with transaction(actor) as session:
        return await drills.ask(session, actor)


class TestDrill:
    async def test_recovers_from_every_trouble_and_keeps_the_report(self, cast, school):
        await drills.run(cast.administrator)
        report = await newest(cast.administrator)
        assert report.recovered_percent == 100, report.outcomes
        assert {each["trouble"] for each in report.outcomes} == set(Trouble)
        assert {each["answered_by"] for each in report.outcomes} == {"spare at Next door"}
        assert (report.alone, report.status, report.finished_at is not None) == (["spare", "lonely"], "done", True)
        assert report.added_ms >= 0

    async def test_says_who_cannot_recover(self, cast, school):
        (spare,) = (await catalogue.offered(school)).named("spare").deployments
        report = await drills.drill(school, Faulty(upstream.real, {spare.id: Trouble.error}))
        assert report.recovered_percent == 0

    async def test_does_not_change_what_the_worker_thinks_of_the_deployments(self, cast, school):
        (dear,) = (await catalogue.offered(school)).named("dear").deployments
        await drills.drill(school)
        assert here.deployments.cooling(dear.id) is None
        assert here.measures.of(dear.id).first_token is None

    async def test_is_for_those_who_manage_models(self, cast, school):
        with pytest.raises(NotPermitted):
            await drills.run(cast.teacher)
        async with transaction(cast.stranger) as session:
            assert await drills.newest(session, cast.stranger) == []


class TestAsking:
    async def test_is_done_by_whichever_worker_comes_to_it(self, cast, school):
        await ask(cast.administrator)
        with pytest.raises(Conflict):
            await ask(cast.administrator)
        assert (await newest(cast.administrator)).status == "waiting"
        await jobs.drill_asked()
        report = await newest(cast.administrator)
        assert (report.status, report.recovered_percent, report.started_by) == ("done", 100, cast.administrator.user)
        await ask(cast.administrator)

    async def test_is_taken_up_when_the_worker_is_gone_and_not_before(self, cast, school, monkeypatch):
        async def nothing(row, told):
            await told(1, 2)
            return {"recovered_percent": 40}

        monkeypatch.setattr(drills, "report", nothing)
        await ask(cast.administrator)
        assert (await trials.claim(FailoverDrill)).organization_id == school
        await jobs.take_up(0)
        assert (await newest(cast.administrator)).status == "running"
        async with transaction(cast.administrator) as session:
            await session.execute(update(FailoverDrill).values(lease_until=now() - trials.LEASE))
        await jobs.take_up(0)
        report = await newest(cast.administrator)
        assert (report.status, report.recovered_percent, report.done, report.total) == ("done", 40, 1, 2)

    async def test_says_why_it_came_to_nothing(self, cast, school, monkeypatch):
        async def broken(row, told):
            raise Unavailable("The database does not answer.")

        monkeypatch.setattr(drills, "report", broken)
        await ask(cast.administrator)
        await jobs.drill_asked()
        assert (await newest(cast.administrator)).error == "The database does not answer."


class TestSchedule:
    @pytest.mark.parametrize(
        ("schedule", "nights"),
        [("never", 0), ("daily", 30), ("weekly", 5), ("monthly", 1)],
    )
    def test_of_november_has_so_many_nights(self, schedule, nights):
        days = [date(2026, 11, day) for day in range(1, 31)]
        assert sum(drills.is_due(Schedule(schedule), day) for day in days) == nights

    async def test_is_kept_apart_from_the_policy(self, cast, school):
        async with transaction(cast.administrator) as session:
            _, version = await policies.get_policy(session, cast.administrator)
            await policies.set_drills(session, cast.administrator, Schedule.never)
            await policies.set_learning(session, cast.administrator, True)
            await policies.set_policy(session, cast.administrator, version, policies.PolicyTerms())
        policy = (await catalogue.offered(school)).policy
        assert (policy.drills, policy.learning) == (Schedule.never, True)


class TestHealth:
    async def test_leaves_alone_who_is_away_until_they_are_back(self, two, monkeypatch):
        ways = [each for model in two.models for each in model.deployments]

        async def every():
            return ways

        monkeypatch.setattr(catalogue, "every_deployment", every)
        standing = Standing()
        await health.look_around(standing, Faulty(upstream.real, {ways[0].id: Trouble.unreachable}))
        assert all(standing.deployments.cooling(each.id) for each in ways)  # one provider, asked once for all
        await health.look_around(standing)
        assert not any(standing.deployments.cooling(each.id) for each in ways)

    async def test_does_not_ask_whom_calls_find_well(self, two, monkeypatch):
        ways = list(two.models[0].deployments)

        async def every():
            return ways

        monkeypatch.setattr(catalogue, "every_deployment", every)
        standing = Standing()
        standing.measures.ended(ways[0].id, failed=False)
        await health.look_around(standing, Faulty(upstream.real, {ways[0].id: Trouble.unreachable}))
        assert standing.deployments.cooling(ways[0].id) is None
