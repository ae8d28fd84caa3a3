import pytest
from hypothesis import given
from hypothesis import strategies as st

from faraday_app.gradebook.calculation import statistics

percents = st.floats(0, 120).map(lambda value: round(value, 2))


class TestSummary:
    def test_is_none_of_nobody(self):
        assert statistics.summary([]) is None

    def test_of_one_is_that_one(self):
        found = statistics.summary([70.0])
        assert (found.mean, found.median, found.deviation, found.lower_quartile) == (70, 70, 0, 70)

    def test_has_the_figures_of_a_spreadsheet(self):
        found = statistics.summary([55, 60, 70, 80, 95])
        assert (found.count, found.mean, found.median, found.lowest, found.highest) == (5, 72, 70, 55, 95)
        assert (found.lower_quartile, found.upper_quartile) == (60, 80)
        assert found.deviation == pytest.approx(14.3527, abs=1e-4)

    @given(st.lists(percents, min_size=1, max_size=30))
    def test_is_in_order(self, found):
        it = statistics.summary(found)
        assert it.lowest <= it.lower_quartile <= it.median <= it.upper_quartile <= it.highest


class TestDiscrimination:
    def test_is_one_where_the_best_are_the_best_and_minus_one_the_other_way_round(self):
        ids = [str(place) for place in range(10)]
        rest = {id: 50 + 5.0 * place for place, id in enumerate(ids)}
        assert statistics.discrimination({id: rest[id] / 2 for id in ids}, rest) == pytest.approx(1)
        assert statistics.discrimination({id: 100 - rest[id] for id in ids}, rest) == pytest.approx(-1)

    def test_says_nothing_of_few_or_where_all_are_equal(self):
        ids = [str(place) for place in range(10)]
        rest = {id: float(place) for place, id in enumerate(ids)}
        assert statistics.discrimination({id: 1.0 * place for place, id in enumerate(ids[:7])}, rest) is None
        assert statistics.discrimination(dict.fromkeys(ids, 80.0), rest) is None


class TestTrend:
    def test_is_points_from_work_to_work(self):
        assert statistics.trend([60, 65, 70, 75]) == pytest.approx(5)
        assert statistics.trend([90, 80, 70, 60, 50]) == pytest.approx(-10)
        assert statistics.trend([70, 70, 70]) is None


class TestSpread:
    @given(st.lists(percents, max_size=40))
    def test_counts_everybody_once(self, found):
        assert sum(statistics.spread_over(found, [90, 80, 70, 0])) == len(found)

    def test_begins_a_band_at_its_bound(self):
        assert statistics.spread_over([90, 89.99, 70, 12, -3], [90, 80, 70, 0]) == [1, 1, 1, 2]
