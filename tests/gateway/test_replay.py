"""What another policy would have done."""

from hypothesis import given
from hypothesis import strategies as st

from faraday_app.gateway.service.replay import Past, replay
from faraday_app.gateway.service.routing import AUTO
from faraday_app.gateway.views import Policy, Strategy, Task
from tests.factories.ways import id_of, model, offered, way

DEAR, CHEAP = model("dear", way("dear", cost=10), tier=5), model("cheap", way("cheap", cost=1), tier=1)
OFFERED = offered(DEAR, CHEAP)


def call(to: str, first_token_ms: int = 500, *, failed: bool = False) -> Past:
    cost = {"dear": 10, "cheap": 1}[to] * 200
    return Past(AUTO, Task.chat, 100, 100, id_of(to), cost, first_token_ms, failed)


class TestReplay:
    def test_of_the_same_policy_changes_nothing(self):
        past = [call("dear") for _ in range(30)]
        forecast = replay(past, OFFERED, OFFERED.policy)
        assert forecast.moved == 0
        assert forecast.real == forecast.under

    def test_moves_calls_and_expects_what_the_other_did(self):
        past = [call("dear", 900) for _ in range(30)] + [call("cheap", 100) for _ in range(30)]
        forecast = replay(past, OFFERED, Policy(Strategy.cheapest))
        assert (forecast.moved, forecast.guessed) == (30, 0)
        assert (forecast.real.cost, forecast.under.cost) == (30 * 2_000 + 30 * 200, 60 * 200)
        assert forecast.under.first_token_ms == 100

    def test_counts_failures_with_how_sure_it_is(self):
        past = [call("dear", failed=number % 2 == 0) for number in range(40)] + [call("cheap") for _ in range(40)]
        forecast = replay(past, OFFERED, Policy(Strategy.cheapest))
        assert forecast.real.failing == 0.25
        assert 0 < forecast.real.margin < 0.15
        assert forecast.under.failing == 0

    def test_says_that_it_guesses_about_what_it_does_not_know(self):
        assert replay([call("dear")] * 5, OFFERED, Policy(Strategy.cheapest)).guessed == 5

    def test_of_nothing_is_nothing(self):
        assert replay([], OFFERED, OFFERED.policy).under.calls == 0

    @given(
        st.lists(st.tuples(st.sampled_from(["dear", "cheap"]), st.integers(1, 9_000), st.booleans()), max_size=40),
        st.sampled_from(list(Strategy)),
    )
    def test_never_costs_more_than_the_dearest_nor_less_than_the_cheapest(self, calls, strategy):
        past = [call(to, wait, failed=failed) for to, wait, failed in calls]
        under = replay(past, OFFERED, Policy(strategy)).under
        assert 200 * len(past) <= under.cost <= 2_000 * len(past)
        assert 0 <= under.failing <= 1
