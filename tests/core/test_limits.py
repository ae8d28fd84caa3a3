import asyncio
import contextlib
import subprocess

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as options
from hypothesis import strategies as st
from redis.asyncio import Redis

from faraday_app.core.embedded import free_port
from faraday_app.core.embedded.valkey import binary
from faraday_app.core.ids import new_id
from faraday_app.core.limits import Rule, Take, limiter
from faraday_app.core.limits.gcra import SECOND, decide, decide_all
from faraday_app.core.limits.policies import Endpoint, endpoint_of
from faraday_app.core.limits.script import TAKE
from faraday_app.core.limits.shared import Limiter
from faraday_app.core.limits.simulation import replay
from faraday_app.core.limits.traffic import Arrivals, Traffic, arrivals_of, counts_of
from faraday_app.core.redis import RedisError, redis
from faraday_app.core.settings import settings

RULES = st.builds(Rule, st.integers(1, 120 * SECOND), st.integers(1, 1_000))


def _takes(*rules: Rule) -> list[Take]:
    unique = new_id().hex
    return [Take(f"rule {number}", f"test:{unique}:{number}", rule) for number, rule in enumerate(rules)]


class TestDecide:
    def test_lets_a_burst_pass_and_then_one_each_interval(self):
        rule, due = Rule(SECOND, 3), 0
        passed = []
        for now in [0, 0, 0, 0, SECOND, SECOND, 2 * SECOND - 1, 2 * SECOND]:
            outcome = decide(due, 10**15 + now, rule)
            due = outcome.due
            passed.append(outcome.allowed)
        assert passed == [True, True, True, False, True, False, False, True]

    def test_says_exactly_when_a_refused_call_would_pass(self):
        rule, now = Rule(700_001, 4), 10**15
        due = decide(0, now, rule, cost=4).due
        wait = decide(due, now, rule).wait
        assert not decide(due, now + wait - 1, rule).allowed
        assert decide(due, now + wait, rule).allowed

    def test_never_lets_a_call_pass_that_costs_more_than_the_burst(self):
        assert not decide(0, 10**15, Rule(SECOND, 3), cost=4).allowed

    @given(RULES, st.lists(st.integers(0, 3 * SECOND), min_size=1, max_size=60))
    def test_never_exceeds_burst_and_rate(self, rule, gaps):
        due, now, passed, begun = 0, 10**15, 0, 10**15
        for gap in gaps:
            now += gap
            outcome = decide(due, now, rule)
            due, passed = outcome.due, passed + outcome.allowed
            assert passed <= rule.burst + (now - begun) // rule.interval


class TestTake:
    @options(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        rules=st.lists(RULES, min_size=1, max_size=5),
        costs=st.lists(st.integers(1, 40), min_size=1, max_size=12),
    )
    def test_decides_as_the_reference_does_by_the_clock_of_redis(self, rules, costs):
        asyncio.run(_compare(rules, costs))

    async def test_counts_a_refused_call_for_none_of_its_keys(self):
        wide, narrow = _takes(Rule.of(60, 10), Rule.of(60, 1))
        assert (await limiter.take([wide, narrow])).allowed
        refused = await limiter.take([wide, narrow])
        assert not refused.allowed
        assert refused.take == narrow
        assert (await limiter.take([wide])).remaining == 8

    async def test_lets_exactly_the_burst_pass_of_a_hundred_at_once(self):
        (take,) = _takes(Rule(3_600 * SECOND, 7))
        decisions = await asyncio.gather(*(limiter.take([take]) for _ in range(100)))
        assert sum(decision.allowed for decision in decisions) == 7
        assert all(decision.shared for decision in decisions)

    async def test_waits_as_long_as_it_says(self):
        (take,) = _takes(Rule(SECOND // 5, 1))
        await limiter.take([take])
        refused = await limiter.take([take])
        assert 0 < refused.wait <= 0.2
        await asyncio.sleep(refused.wait + 0.005)
        assert (await limiter.take([take])).allowed

    async def test_leaves_nothing_in_redis_that_does_not_expire(self):
        (take,) = _takes(Rule(SECOND, 3))
        await limiter.take([take], cost=3)
        assert 0 < await redis().pttl(f"rate:{take.key}") <= 3_001


class TestWithoutRedis:
    @pytest.fixture
    async def lonely(self, monkeypatch):
        """A server of its own, which can be killed."""
        port = free_port()

        def start() -> subprocess.Popen[bytes]:
            return subprocess.Popen(
                [str(binary()), "--port", str(port), "--save", "", "--bind", "127.0.0.1"], stdout=subprocess.DEVNULL
            )

        client = Redis.from_url(f"redis://127.0.0.1:{port}", decode_responses=True, socket_connect_timeout=1)
        monkeypatch.setattr("faraday_app.core.limits.shared.redis", lambda: client)
        server = [start()]
        yield start, server, client
        server[0].kill()
        server[0].wait()
        await client.aclose()

    async def test_goes_on_counting_alone_says_so_and_comes_back(self, lonely, monkeypatch):
        start, server, client = lonely
        monkeypatch.setattr("faraday_app.core.limits.shared.PROBE_EVERY", 0.1)
        own, (take,) = Limiter(), _takes(Rule(3_600 * SECOND, 5))
        await _until_answered(client)
        assert (await own.take([take])).shared
        server[0].kill()
        server[0].wait()
        decisions = [await own.take([take]) for _ in range(20)]
        assert own.degraded
        assert not any(decision.shared for decision in decisions)
        assert sum(decision.allowed for decision in decisions) == 5
        server[0] = start()
        async with asyncio.timeout(10):
            while own.degraded:
                await own.take([take])
                await asyncio.sleep(0.05)
        assert (await own.take([take])).shared

    async def test_keeps_no_call_waiting(self, lonely, monkeypatch):
        _, server, client = lonely
        own, (take,) = Limiter(), _takes(Rule(SECOND, 1_000))
        await _until_answered(client)
        server[0].kill()
        server[0].wait()
        begun = asyncio.get_running_loop().time()
        for _ in range(200):
            await own.take([take])
        assert asyncio.get_running_loop().time() - begun < 1.5


class TestEndpointOf:
    @pytest.mark.parametrize(
        ("method", "path", "endpoint"),
        [
            ("POST", "/auth/sign-in", Endpoint.sign_in),
            ("GET", "/api/v1/me", Endpoint.api_read),
            ("POST", "/api/v1/conversations", Endpoint.api_write),
            ("POST", "/api/v1/conversations/0193/messages", Endpoint.answers),
            ("GET", "/people", Endpoint.pages),
        ],
    )
    def test_tells_what_a_request_is(self, method, path, endpoint):
        assert endpoint_of(method, path) is endpoint


class TestTraffic:
    async def test_counts_by_minute_kind_and_outcome(self):
        traffic, organization = Traffic(), str(new_id())
        for allowed in (True, True, False):
            traffic.note(Endpoint.api_read, organization, "key", "key:one", allowed)
        await traffic.flush()
        ((found, counts),) = (await counts_of(organization)).items()
        assert found[1:] == (Endpoint.api_read, "key")
        assert counts == (2, 1)

    async def test_keeps_when_each_caller_came(self):
        traffic, organization = Traffic(), str(new_id())
        for caller in ("key:one", "person:two", "key:one"):
            traffic.note(Endpoint.api_read, organization, "key", caller, True)
        await traffic.flush()
        found = await arrivals_of(organization, Endpoint.api_read, 0)
        assert {caller: len(times) for caller, times in found.times.items()} == {"key:one": 2, "person:two": 1}
        assert not found.thinned

    async def test_keeps_some_callers_whole_when_there_are_too_many_calls(self):
        traffic, organization = Traffic(), str(new_id())
        for number in range(400):
            for _ in range(3):
                traffic.note(Endpoint.api_read, organization, "key", f"key:{number}", True)
        await traffic.flush()
        found = await arrivals_of(organization, Endpoint.api_read, 0)
        assert found.thinned
        assert 0 < len(found.times) < 150
        assert {len(times) for times in found.times.values()} == {3}


class TestReplay:
    def test_refuses_what_the_limit_would_have_refused(self):
        arrivals = Arrivals({"key:busy": [0, 0, 0, 0, 60_000], "key:calm": [0, 30_000]}, since=0)
        done = replay(arrivals, Rule.of(per_minute=1, burst=2))
        assert (done.calls, done.refused, done.known) == (7, 2, 2)
        assert done.callers == [("key:busy", 2, 5)]


async def _until_answered(client: Redis) -> object:
    async with asyncio.timeout(10):
        while True:
            with contextlib.suppress(RedisError):
                return await client.execute_command("PING")
            await asyncio.sleep(0.02)


async def _compare(rules: list[Rule], costs: list[int]) -> None:
    takes = _takes(*rules)
    client = Redis.from_url(settings().redis_url.get_secret_value(), decode_responses=True)
    dues = [0] * len(rules)
    async with client:
        for cost in costs:
            arguments = [number for rule in rules for number in (rule.interval, rule.burst)]
            answer = await client.eval(TAKE, len(takes), *(f"rate:{take.key}" for take in takes), cost, *arguments)
            now, *told = map(int, answer.split())
            expected = decide_all(dues, now, rules, cost)
            for number, outcome in enumerate(expected):
                allowed, wait, remaining, reset = told[4 * number : 4 * number + 4]
                assert (bool(allowed), wait, remaining) == (outcome.allowed, outcome.wait, outcome.remaining)
                assert reset == outcome.due - now
            dues = [outcome.due for outcome in expected]
        await client.delete(*(f"rate:{take.key}" for take in takes))
