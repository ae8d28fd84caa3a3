"""Failover drills and health checks, with the local model as the one that stands in."""

import pytest

from faraday_app.core.database import transaction
from faraday_app.core.errors import NotPermitted
from faraday_app.gateway.service import catalogue, drills, health, upstream
from faraday_app.gateway.service.faults import Faulty, Trouble
from faraday_app.gateway.service.standing import Standing
from tests.factories.ways import id_of, local, offered


@pytest.fixture
def two(monkeypatch):
    """A dear model, and a cheap one that stands in for it; the third stands alone."""
    found = offered(local("dear", price=9_000_000, fallbacks=("spare",)), local("spare"), local("lonely"), retries=0)

    async def of(_):
        return found

    monkeypatch.setattr(catalogue, "offered", of)
    return found


class TestDrill:
    async def test_recovers_from_every_trouble_and_keeps_the_report(self, cast, two):
        await drills.run(cast.administrator)
        async with transaction(cast.administrator) as session:
            (report, *_) = await drills.newest(session, cast.administrator)
        assert report.recovered_percent == 100, report.outcomes
        assert {each["trouble"] for each in report.outcomes} == set(Trouble)
        assert {each["answered_by"] for each in report.outcomes} == {"spare at Machine of spare"}
        assert report.alone == ["spare", "lonely"]

    async def test_says_who_cannot_recover(self, cast, two):
        nobody = Faulty(upstream.real, {id_of("spare"): Trouble.error})
        report = await drills.drill(cast.organization_id, nobody)
        assert report.recovered_percent == 0

    async def test_does_not_change_what_the_worker_thinks_of_the_deployments(self, cast, two):
        from faraday_app.gateway.service.standing import here

        here.forget()
        await drills.drill(cast.organization_id)
        assert here.deployments.cooling(id_of("dear")) is None
        assert here.measures.of(id_of("dear")).first_token is None

    async def test_is_for_those_who_manage_models(self, cast, two):
        with pytest.raises(NotPermitted):
            await drills.run(cast.teacher)
        async with transaction(cast.stranger) as session:
            assert await drills.newest(session, cast.stranger) == []


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
