"""Replays of the past, and what was learned, as they are asked for and shown."""

import pytest

from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotPermitted
from faraday_app.gateway import jobs
from faraday_app.gateway.models import RoutingReplay
from faraday_app.gateway.service import catalogue, learned, learning, replaying, trials
from faraday_app.gateway.state import DrillsState, LearnedState, PolicyState, ReplayState
from faraday_app.gateway.views import Strategy, Task
from tests.factories import gateway as models
from tests.factories.tabs import open_tab
from tests.factories.upstream import Upstream

CHEAP, DEAR = (1_000_000, 0, 1_000_000), (9_000_000, 0, 9_000_000)


@pytest.fixture
async def school(cast):
    """Two models, of which the dear one answered three times."""
    learning.install()
    await models.end_trials()
    id = cast.organization_id
    await models.make_policy(id, offers_default=False)
    provider = await models.make_provider(id, Upstream(port=9))
    for name, price in (("dear", DEAR), ("cheap", CHEAP)):
        await models.make_model(id, name, provider, price=price)
    (dear,) = (await catalogue.offered(id)).named("dear").deployments
    for failed in (False, False, True):
        outcome = "failed" if failed else "answered"
        told = {"model": "dear", "deployment_id": dear.id, "outcome": outcome, "cost": 1_800}
        await models.make_receipt(id, prompt_tokens=100, answer_tokens=100, **told)
    await models.make_receipt(cast.stranger.organization, prompt_tokens=5)
    return id


class TestReplay:
    async def test_of_few_calls_is_there_at_once(self, cast, school):
        row = await replaying.ask(cast.administrator, 7, Strategy.cheapest)
        assert (row.status, row.total) == ("done", 3)
        assert row.forecast["real"]["cost"] == 5_400
        assert (row.forecast["under"]["cost"], row.forecast["moved"], row.forecast["guessed"]) == (600, 3, 3)
        async with transaction(cast.administrator) as session:
            kept = await trials.get(session, cast.administrator, RoutingReplay, row.id)
        assert kept.forecast == row.forecast

    async def test_of_many_is_a_job_that_tells_how_far_it_is(self, cast, school, monkeypatch):
        monkeypatch.setattr(replaying, "FEW_CALLS", 2)
        monkeypatch.setattr(replaying, "AT_ONCE", 2)
        row = await replaying.ask(cast.administrator, 7, Strategy.cheapest)
        assert (row.status, row.forecast) == ("waiting", None)
        with pytest.raises(Conflict):
            await replaying.ask(cast.administrator, 7, Strategy.fastest)
        told = []

        async def tell(done, total):
            told.append((done, total))

        await replaying.forecast(row, tell)
        assert told == [(2, 3), (3, 3)]
        await jobs.replay_asked()
        async with transaction(cast.administrator) as session:
            (done,) = await trials.newest(session, cast.administrator, RoutingReplay)
        assert (done.status, done.done, done.forecast["under"]["cost"]) == ("done", 3, 600)

    async def test_goes_by_what_was_learned_where_that_is_asked(self, cast, school):
        async with transaction(cast.administrator) as session:
            for _ in range(20):
                await learning.learn(session, school, "writing", "cheap", 1.0)
        row = await replaying.ask(cast.administrator, 7, Strategy.order, learned=True)
        assert row.forecast["moved"] == 3
        assert (await replaying.ask(cast.administrator, 7, Strategy.order)).forecast["moved"] == 0

    async def test_is_for_those_who_manage_models_and_of_days_that_there_are(self, cast, school):
        with pytest.raises(NotPermitted):
            await replaying.ask(cast.teacher, 7, Strategy.order)
        for days in (0, 91):
            with pytest.raises(Invalid):
                await replaying.ask(cast.administrator, days, Strategy.order)


class TestLearned:
    async def test_says_how_good_and_how_sure(self, cast, school):
        async with transaction(cast.administrator) as session:
            for number in range(20):
                await learning.learn(session, school, "writing", "cheap", 0.0 if number % 4 == 0 else 1.0)
                await learning.learn(session, school, "writing", "dear", 0.0)
        cheap, dear = (await learned.learned(cast.administrator))[Task.writing]
        assert (cheap.model, cheap.judged, dear.model) == ("cheap", 20, "dear")
        assert 0 < cheap.low < 0.7 < cheap.mean < 0.75 < cheap.high < 1
        assert cheap.first > 0.99
        with pytest.raises(NotPermitted):
            await learned.learned(cast.teacher)


class TestThePage:
    async def test_replays_and_tells_it_in_words(self, cast, school):
        tab = await open_tab(cast.administrator, ReplayState)
        await ReplayState.start.fn(tab, {"replay_strategy": "cheapest", "replay_days": "7"})
        await ReplayState.refresh.fn(tab)
        (row,) = tab.rows
        assert (row.what, row.calls, row.says) == ("Cheapest · last 7 days", "3 calls", "Done")
        assert row.lines[0] == ("Credits", "0.005", "0.0006", "89 % less")
        assert row.note.startswith("3 of 3 calls would have gone elsewhere. For 3 of them that is a guess")

    async def test_switches_learning_without_a_conflict_with_the_policy(self, cast, school):
        policy = await open_tab(cast.administrator, PolicyState)
        await PolicyState.enter.fn(policy)
        tab = await open_tab(cast.administrator, LearnedState)
        await LearnedState.switch.fn(tab, True)
        await PolicyState.save.fn(policy, {"policy_strategy": "cheapest", "policy_retries": "1"})
        assert policy.problem == ""
        async with transaction(cast.administrator) as session:
            await learning.learn(session, school, "writing", "cheap", 1.0)
        await LearnedState.refresh.fn(tab)
        assert tab.on
        (task,) = tab.tasks
        assert (task.task, [model.label for model in task.models]) == ("Writing", ["cheap", "dear"])
        assert "1 answer was judged" in task.models[0].words
        assert "nobody judged it yet" in task.models[1].words

    async def test_asks_for_a_drill_and_sets_when_they_are_done(self, cast, school):
        tab = await open_tab(cast.administrator, DrillsState)
        await DrillsState.set_schedule.fn(tab, "monthly")
        await DrillsState.start.fn(tab)
        await DrillsState.refresh.fn(tab)
        (row,) = tab.rows
        assert (tab.schedule, tab.going_on, row.says, row.by) == ("monthly", True, "Waiting", "Asked for")
        await DrillsState.show.fn(tab, row.id)
        assert (tab.open, tab.summary) == (True, "It is going on.")
