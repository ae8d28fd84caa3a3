from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faraday_app.contexts.service.templates.odds import Tally, chance_that_second_is_better, verdict

TALLIES = st.integers(0, 60).flatmap(lambda many: st.builds(Tally, st.integers(0, many), st.just(many)))


class TestInterval:
    @given(TALLIES)
    def test_holds_the_rate_and_stays_between_nothing_and_all(self, tally):
        low, high = tally.interval
        assert 0 <= low <= tally.rate + 1e-9 or not tally.all
        assert tally.rate - 1e-9 <= high <= 1 or not tally.all

    def test_is_wilsons(self):
        low, high = Tally(8, 10).interval
        assert (round(low, 3), round(high, 3)) == (0.490, 0.943)


class TestChance:
    @given(TALLIES, TALLIES)
    def test_is_a_probability_that_both_sides_share(self, one, other):
        first, second = chance_that_second_is_better(one, other), chance_that_second_is_better(other, one)
        assert 0 <= first <= 1
        assert isclose(first + second, 1, abs_tol=1e-6)

    @given(TALLIES)
    def test_is_even_for_equals(self, tally):
        assert isclose(chance_that_second_is_better(tally, tally), 0.5, abs_tol=1e-6)

    def test_is_what_integration_gives(self):
        assert isclose(chance_that_second_is_better(Tally(0, 1), Tally(1, 1)), 5 / 6, abs_tol=1e-9)


class TestVerdict:
    @pytest.mark.parametrize(
        ("first", "second", "better", "says"),
        [
            (
                Tally(0, 0),
                Tally(0, 0),
                0,
                "Not enough uses yet: version 1 has 0, version 2 has 0;",
            ),
            (Tally(19, 19), Tally(0, 500), 0, "Not enough uses yet"),
            (Tally(15, 20), Tally(15, 20), 0, "Both do equally well so far: 75%"),
            (Tally(14, 20), Tally(16, 20), 0, "No clear difference: version 2 is ahead"),
            (Tally(10, 40), Tally(30, 40), 2, "Version 2 does better: 75% of 40 went well, against 25% of 40"),
            (Tally(38, 40), Tally(20, 40), 1, "Version 1 does better"),
        ],
    )
    def test_claims_no_more_than_the_cases_carry(self, first, second, better, says):
        found = verdict(1, first, 2, second)
        assert found.better == better
        assert found.words.startswith(says)
        assert "100%" not in found.words.split("probability")[-1]
