"""What needs no provider: routes, breakers, seams."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faraday_app.gateway.service.cooling import LONGEST, SHORTEST, Coolers
from faraday_app.gateway.service.measures import Measure
from faraday_app.gateway.service.routing import AUTO, Asked, Facts, Reason, Route, after_context, route
from faraday_app.gateway.service.seam import LONGEST as HELD_BACK
from faraday_app.gateway.service.seam import Seam
from faraday_app.gateway.views import Capability, Deployment, Model, Offered, Policy, Price, Privacy, Provider, Strategy

ID = UUID(int=7)


def deployment(number: int, price: int = 1, rank: int = 1) -> Deployment:
    provider = Provider(UUID(int=number), f"Provider {number}", "http://127.0.0.1", "", Privacy.own)
    return Deployment(UUID(int=number), provider, "up", Price(price * 1_000_000, 0, price * 1_000_000), rank)


def model(name: str, *deployments: Deployment, **options: object) -> Model:
    wanted = {"context": 8_000, "longest_answer": 500, **options}
    return Model(name, name, deployments=deployments, **wanted)  # type: ignore[arg-type]


def found(asked: Asked, *models: Model, strategy: Strategy = Strategy.order, breakers: Coolers | None = None) -> Route:
    cooling = breakers or Coolers()
    facts = Facts(lambda _: Measure(), lambda each: cooling.cooling(each.id), chance=lambda: 0.5)
    return route(asked, Offered(models, Policy(strategy)), lambda _: True, facts)


numbers = st.lists(st.tuples(st.integers(0, 9), st.integers(1, 3), st.integers(600, 20_000)), min_size=1, max_size=6)


class TestRoute:
    @given(numbers, st.integers(1, 20_000), st.sampled_from(list(Strategy)), st.booleans())
    def test_has_each_deployment_once_in_the_chain_or_left_out(self, given_numbers, prompt, strategy, auto):
        models = [
            model(f"m{n}", deployment(n, price, rank), context=context, fallbacks=("m0", "m1"))
            for n, (price, rank, context) in enumerate(given_numbers)
        ]
        result = found(Asked(AUTO if auto else "m0", prompt), *models, strategy=strategy)
        seen = [step.deployment.id for step in (*result.chain, *result.left_out)]
        assert len(seen) == len(set(seen))
        assert all(step.left_out for step in result.left_out)
        assert all(prompt + 16 < step.model.context for step in result.chain)
        assert list(result.chain) == sorted(result.chain, key=lambda step: (step.rank, step.score))
        if auto:
            assert len(seen) == len(models)

    def test_is_by_price_within_a_rank(self):
        dear, cheap, last = deployment(1, 9), deployment(2, 1), deployment(3, 0, rank=2)
        result = found(Asked("a", 10), model("a", dear, cheap, last), strategy=Strategy.cheapest)
        assert [step.deployment for step in result.chain] == [cheap, dear, last]

    def test_asks_fallbacks_after_all_of_the_model_itself(self):
        result = found(
            Asked("a", 10),
            model("b", deployment(3)),
            model("a", deployment(1), deployment(2, rank=9), fallbacks=("b",)),
        )
        assert [step.model.name for step in result.chain] == ["a", "a", "b"]

    def test_says_why_somebody_is_left_out(self):
        needs = Asked("a", 10, needs=frozenset({Capability.tools}))
        assert found(needs, model("a", deployment(1))).left_out[0].left_out is Reason.lacks
        assert found(Asked("a", 9_000), model("a", deployment(1))).left_out[0].left_out is Reason.too_small
        assert found(Asked("a", 10, 10, most=19), model("a", deployment(1))).left_out[0].left_out is Reason.too_dear
        assert found(Asked("a", 10, 10, most=20), model("a", deployment(1))).chain

    def test_asks_one_that_failed_rather_than_nobody(self):
        breakers = Coolers()
        breakers.rest(UUID(int=1), 60, "It asked for a pause")
        result = found(Asked("a", 10), model("a", deployment(1)), breakers=breakers)
        assert [step.left_out for step in result.chain] == [Reason.cooling]

    def test_after_a_full_window_goes_to_larger_ones(self):
        small, large = model("a", deployment(1), larger=("b",)), model("b", deployment(2), context=32_000)
        result = found(Asked("a", 10), small, large)
        assert [step.model.name for step in after_context(result, small)] == ["b"]


class TestBreaker:
    @pytest.fixture
    def at(self) -> list[float]:
        return [0.0]

    @pytest.fixture
    def breaker(self, at) -> Coolers:
        return Coolers(lambda: at[0])

    def test_opens_after_three_failures_in_a_row(self, breaker):
        breaker.failed(ID, "It failed")
        breaker.failed(ID, "It failed")
        breaker.worked(ID)
        breaker.failed(ID, "It failed")
        breaker.failed(ID, "It failed")
        assert breaker.cooling(ID) is None
        breaker.failed(ID, "It failed")
        assert breaker.cooling(ID).seconds == SHORTEST

    def test_lets_one_through_when_the_time_is_over(self, breaker, at):
        breaker.rest(ID, 10, "")
        at[0] = 10.1
        assert breaker.cooling(ID) is None
        breaker.asked(ID)
        assert breaker.cooling(ID) is not None
        breaker.worked(ID)
        assert breaker.cooling(ID) is None

    def test_stays_open_twice_as_long_when_that_one_fails(self, breaker, at):
        for _ in range(3):
            breaker.failed(ID, "")
        at[0] = SHORTEST + 1
        breaker.asked(ID)
        breaker.failed(ID, "")
        assert breaker.cooling(ID).seconds == 2 * SHORTEST

    def test_lets_the_next_find_out_when_that_one_was_stopped(self, breaker, at):
        breaker.rest(ID, 1, "")
        at[0] = 2
        breaker.asked(ID)
        breaker.given_up(ID)
        assert breaker.cooling(ID) is None

    @given(st.floats(0, 1e9))
    def test_rests_no_longer_than_the_longest(self, seconds):
        breaker = Coolers(lambda: 0.0)
        breaker.rest(ID, seconds, "")
        assert 1 <= breaker.cooling(ID).seconds <= LONGEST


class TestSeam:
    @given(st.text(min_size=3, max_size=60), st.text(max_size=200), st.integers(1, 9))
    def test_takes_away_no_more_than_what_was_said(self, said, more, size):
        seam = Seam(said)
        joined = "".join([*(seam.join(more[at : at + size]) for at in range(0, len(more), size)), seam.rest()])
        assert more.endswith(joined)
        assert said.endswith(more[: len(more) - len(joined)])

    def test_takes_away_what_is_said_again(self):
        seam = Seam("The leaf takes in light")
        assert seam.join("takes in light and ") + seam.join("makes sugar.") + seam.rest() == " and makes sugar."

    def test_holds_back_no_longer_than_it_must(self):
        seam = Seam("Light.")
        assert seam.join("x" * HELD_BACK) == "x" * HELD_BACK
        assert seam.join("y") == "y"

    def test_with_nothing_said_all_passes(self):
        assert Seam("").join("Hi") == "Hi"
