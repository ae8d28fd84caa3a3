"""Lateness and missing work."""

from decimal import Decimal
from fractions import Fraction

import pytest

from faraday_app.gradebook.calculation import (
    Grading,
    Interval,
    Penalty,
    PerInterval,
    Tier,
    Tiers,
    again,
    late,
    missing,
)

DAILY = PerInterval(10)
DAY, HOUR = 86_400, 3_600
TABLE = Tiers((Tier(0, 5), Tier(DAY, 20), Tier(7 * DAY, 60)))


class TestLate:
    @pytest.mark.parametrize(
        ("seconds", "deducted"),
        [(-5, 0), (0, 0), (1, 10), (DAY, 10), (DAY + 1, 20), (Decimal("86400.5"), 20), (9 * DAY, 90), (40 * DAY, 90)],
    )
    def test_costs_a_share_for_each_interval_that_has_begun(self, seconds, deducted):
        assert late(90, 100, seconds, Grading.points, DAILY).deducted == deducted

    def test_is_counted_in_hours_too(self):
        hourly = PerInterval(Decimal("2.5"), Interval.hour)
        assert late(80, 100, 2 * HOUR + 1, Grading.points, hourly).deducted == Decimal("7.5")

    @pytest.mark.parametrize(
        ("raw", "floor", "shown"), [(90, 40, 40), (50, 40, 40), (40, 40, 40), (30, 40, 30), (0, 0, 0), (120, 0, 20)]
    )
    def test_never_goes_below_the_floor(self, raw, floor, shown):
        policy = PerInterval(50, floor=floor)
        assert late(raw, 100, 2 * DAY, Grading.points, policy).shown == shown

    def test_is_a_share_of_the_possible_points(self):
        found = late(Decimal("18.5"), 20, 3 * DAY, Grading.percent, DAILY)
        assert found == Penalty(Fraction(37, 2), Fraction(6), Fraction(25, 2))

    @pytest.mark.parametrize("grading", Grading)
    def test_costs_only_where_there_are_points(self, grading):
        costs = grading in {Grading.points, Grading.percent, Grading.letter, Grading.gpa}
        assert (late(90, 100, DAY, grading, DAILY).deducted > 0) == costs

    @pytest.mark.parametrize("possible", [None, 0])
    def test_costs_nothing_where_nothing_is_possible(self, possible):
        assert late(5, possible, DAY, Grading.points, DAILY) == Penalty(Fraction(5), Fraction(0), Fraction(5))

    def test_costs_nothing_without_a_score_or_a_policy(self):
        assert late(None, 100, DAY, Grading.points, DAILY) == Penalty(None, Fraction(0), None)
        assert late(90, 100, DAY, Grading.points, None).deducted == 0

    @pytest.mark.parametrize(
        ("seconds", "deducted"), [(0, 0), (1, 5), (DAY, 5), (DAY + 1, 20), (7 * DAY, 20), (30 * DAY, 60)]
    )
    def test_can_go_by_a_table(self, seconds, deducted):
        assert late(90, 100, seconds, Grading.points, TABLE).deducted == deducted

    def test_by_a_table_takes_no_more_than_there_is(self):
        assert late(30, 100, 30 * DAY, Grading.points, TABLE).shown == 0
        assert late(30, 100, 30 * DAY, Grading.points, Tiers(TABLE.table, floor=20)).shown == 20

    def test_gives_back_what_it_took_when_the_due_date_moves(self):
        before = late(90, 100, 2 * DAY, Grading.points, DAILY)
        anew = late(before.raw, 100, -DAY, Grading.points, DAILY)
        assert again(before, anew, closed=False) == Penalty(Fraction(90), Fraction(0), Fraction(90))

    def test_changes_nothing_in_a_closed_period(self):
        before = late(90, 100, 2 * DAY, Grading.points, DAILY)
        assert again(before, late(90, 100, 0, Grading.points, DAILY), closed=True) == before


class TestMissing:
    @pytest.mark.parametrize(
        ("possible", "grading", "deduct", "score"),
        [
            (20, Grading.points, 100, 0),
            (20, Grading.points, 40, 12),
            (20, Grading.letter, 0, 20),
            (20, Grading.pass_fail, 40, 0),
            (None, Grading.points, 40, 0),
            (20, Grading.points, None, None),
            (20, Grading.not_graded, 40, None),
        ],
    )
    def test_work_is_given_a_real_score(self, possible, grading, deduct, score):
        assert missing(possible, grading, deduct) == score
