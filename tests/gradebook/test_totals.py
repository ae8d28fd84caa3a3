"""Totals: what counts, schemes, extra credit, aggregates, periods, rounding. A class per rule."""

from decimal import Decimal
from fractions import Fraction

import pytest

from faraday_app.gradebook.calculation import (
    Aggregate,
    Group,
    Period,
    Scheme,
    Sheet,
    View,
    Work,
    as_decimal,
    calculate,
    half_up,
)
from tests.factories.gradebook import group, number, points, weighted


def percents(sheet, view=View.teacher):
    """Of the current and the final result, as text; None stays None."""
    grades = calculate(sheet, view)
    return tuple(None if each.percent is None else str(each.percent) for each in (grades.current, grades.final))


def one(**flags):
    """A class of two pieces, 8/10 and 4/10, of which the second is as the flags say."""
    return points(Group(1, (Work(1, 10, 8), Work(2, 10, 4, **flags))))


class TestWhatCounts:
    @pytest.mark.parametrize(
        "flags",
        [{"excused": True}, {"omitted": True}, {"not_graded": True}, {"hidden": True}, {"published": False}],
        ids=lambda flags: next(iter(flags)),
    )
    def test_is_not_what_is_left_out_of_both_results(self, flags):
        assert percents(one(**flags)) == ("80.00", "80.00")

    def test_of_what_is_pending_review_the_final_result_alone(self):
        assert percents(one(pending_review=True)) == ("80.00", "60.00")

    def test_of_what_is_ungraded_counts_nothing_in_the_final_result(self):
        assert percents(points(group((8, 10), (None, 10)))) == ("80.00", "40.00")

    def test_of_what_is_unposted_is_known_to_the_teacher_only(self):
        assert percents(one(unposted=True)) == ("60.00", "60.00")
        assert percents(one(unposted=True), View.student) == ("80.00", "40.00")

    def test_of_what_is_unposted_and_excused_is_nothing_in_any_view(self):
        assert percents(one(unposted=True, excused=True), View.student) == ("80.00", "80.00")

    def test_can_be_dropped_by_a_student_who_does_not_know_the_score(self):
        work = (Work(1, 10, 8), Work(2, 10, 9, unposted=True))
        sheet = points(Group(1, work, None, group(lowest=1).rules))
        assert calculate(sheet).final.dropped == (1,)
        assert calculate(sheet, View.student).final.dropped == (2,)
        assert calculate(sheet, View.student).current.dropped == ()


class TestNull:
    """The third state: nothing can be said."""

    @pytest.mark.parametrize(
        ("sheet", "expected"),
        [
            (points(), (None, None)),
            (points(group()), (None, None)),
            (points(group((None, 10))), (None, "0.00")),
            (points(group((0, 10))), ("0.00", "0.00")),
            (points(group((5, 0))), (None, None)),
            (points(group((5, None))), (None, None)),
            (weighted(), (None, None)),
            (weighted(group((None, 10), weight=50)), (None, "0.00")),
            (weighted(group((9, 10))), (None, None)),
            (weighted(group((9, 10), weight=0)), (None, None)),
            (weighted(group((5, 0), weight=100)), (None, None)),
        ],
    )
    def test_is_not_nought(self, sheet, expected):
        assert percents(sheet) == expected
        for result, percent in zip((calculate(sheet).current, calculate(sheet).final), expected, strict=True):
            assert (result.letter is None) == (percent is None)

    def test_of_a_weighted_class_has_no_score_either(self):
        result = calculate(weighted(group((None, 10), weight=50))).current
        assert (result.score, result.possible) == (None, None)


class TestPoints:
    def test_go_into_one_pot(self):
        sheet = points(group((100, 100), (42, 91)), group((14, 55), (3, 38), (None, 1000), id=2))
        grades = calculate(sheet)
        assert (grades.current.score, grades.current.possible) == (159, 284)
        assert (grades.final.score, grades.final.possible) == (159, 1284)

    def test_do_not_ask_for_weights(self):
        pots = [group((1, 10), id=1, weight=90), group((9, 10), id=2, weight=10)]
        assert percents(points(*pots)) == ("50.00", "50.00")


class TestWeights:
    @pytest.mark.parametrize(
        ("weights", "expected"),
        [
            ((50, 50), ("46.31", "37.95")),
            ((5, 5), ("46.31", "37.95")),
            ((100, 100), ("92.63", "75.90")),
            ((75, 25), ("60.33", "56.15")),
            (("33.33", 50), ("40.70", "30.67")),
            ((50, None), ("74.35", "74.35")),
            ((None, None), (None, None)),
        ],
    )
    def test_under_100_are_scaled_up_and_over_100_stay(self, weights, expected):
        first = group((100, 100), (42, 91), id=1, weight=weights[0])
        second = group((14, 55), (3, 38), (None, 1000), id=2, weight=weights[1])
        assert percents(weighted(first, second)) == expected

    def test_of_groups_without_anything_graded_go_to_the_others(self):
        sheet = weighted(group((9, 10), id=1, weight=40), group((None, 10), id=2, weight=60))
        assert percents(sheet) == ("90.00", "36.00")

    def test_of_a_group_without_possible_points_go_to_the_others(self):
        sheet = weighted(group((9, 10), id=1, weight=40), group((5, 0), id=2, weight=60))
        assert percents(sheet) == ("90.00", "90.00")


class TestExtraCredit:
    @pytest.mark.parametrize(
        ("sheet", "expected"),
        [
            (points(group((11, 10))), "110.00"),
            (points(group((9, 10), (2, 0))), "110.00"),
            (points(group((9, 10), (2, None))), "110.00"),
            (weighted(group((9, 10), id=1, weight=100), group((5, 10), id=2, weight=10)), "95.00"),
            (points(group((11, 10)), cap=100), "100.00"),
            (points(group((9, 10)), cap=100), "90.00"),
            (points(group((-1, 10))), "-10.00"),
        ],
    )
    def test_is_not_cut_off_unless_the_class_says_so(self, sheet, expected):
        assert percents(sheet) == (expected, expected)

    def test_beyond_the_cap_stays_in_the_points(self):
        assert calculate(points(group((11, 10)), cap=100)).final.score == 11

    def test_below_nothing_has_the_lowest_letter(self):
        assert calculate(points(group((-1, 10)))).final.letter == "F"


class TestAggregates:
    PAIRS = ((5, 10), (20, 20), (15, 30), (9, 10), (3, 0))

    @pytest.mark.parametrize(
        ("aggregate", "expected"),
        [
            (Aggregate.sum, "74.29"),
            (Aggregate.mean_of_percents, "72.50"),
            (Aggregate.median, "70.00"),
            (Aggregate.min, "50.00"),
            (Aggregate.max, "100.00"),
            (Aggregate.mode, "50.00"),
        ],
    )
    @pytest.mark.parametrize("scheme", Scheme)
    def test_make_one_percent_of_a_group(self, aggregate, expected, scheme):
        sheet = Sheet((group(*self.PAIRS, weight=30, aggregate=aggregate),), scheme)
        assert percents(sheet) == (expected, expected)

    def test_count_in_points_for_as_many_as_are_possible(self):
        groups = group((0, 10), (30, 30), id=1, aggregate=Aggregate.mean_of_percents), group((10, 10), id=2)
        assert percents(points(*groups))[1] == "60.00"

    def test_of_an_odd_number_have_the_one_in_the_middle(self):
        assert percents(points(group((1, 10), (9, 10), (2, 10), aggregate=Aggregate.median)))[1] == "20.00"

    def test_of_several_most_frequent_percents_take_the_highest(self):
        pairs = (5, 10), (1, 2), (8, 10), (4, 5), (9, 10)
        assert percents(points(group(*pairs, aggregate=Aggregate.mode)))[1] == "80.00"

    @pytest.mark.parametrize("aggregate", Aggregate)
    def test_of_nothing_are_null(self, aggregate):
        assert percents(points(group((3, 0), aggregate=aggregate))) == (None, None)


def in_periods(*weights, scheme=Scheme.weighted, is_weighted=True, third=None):
    """Two periods: 15/20 in the first; 12/20 and 16/40 in the second. In Canvas's own example: 75 % and 50 %."""
    groups = (
        Group("tests", (Work(201, 10, 10, "a"), Work(202, 10, 5, "a")), 60),
        Group("essays", (Work(203, 20, 12, "b"),), 20),
        Group("projects", (Work(204, 40, 16, "b"), *([third] if third else [])), 20),
    )
    periods = tuple(Period(name, number(weight)) for name, weight in zip("abc", weights, strict=False))
    return Sheet(groups, scheme, periods, is_weighted)


class TestPeriods:
    @pytest.mark.parametrize(
        ("weights", "expected"),
        [
            ((50, 50), ("62.50", "62.50")),
            ((5, 5), ("62.50", "62.50")),
            ((25, 75), ("56.25", "56.25")),
            ((100, 100), ("125.00", "125.00")),
            ((None, 5), ("50.00", "50.00")),
            ((0, 0), (None, None)),
            ((None, None), (None, None)),
            ((40, 40, 20), ("62.50", "50.00")),
        ],
    )
    def test_are_combined_by_weight(self, weights, expected):
        assert percents(in_periods(*weights)) == expected

    def test_have_totals_by_points_where_the_class_adds_points(self):
        assert percents(in_periods(50, 50, scheme=Scheme.points)) == ("60.83", "60.83")

    @pytest.mark.parametrize("scheme", Scheme)
    def test_without_weight_do_not_change_the_total(self, scheme):
        whole = Sheet(in_periods().groups, scheme)
        assert percents(in_periods(90, 10, scheme=scheme, is_weighted=False)) == percents(whole)
        assert percents(in_periods(scheme=scheme)) == percents(whole)

    def test_with_nothing_graded_are_skipped_for_now(self):
        third = Work(205, 10, None, "c")
        assert percents(in_periods(40, 40, 20, third=third)) == ("62.50", "50.00")

    def test_leave_out_work_that_falls_into_none(self):
        third = Work(205, 10, 10)
        assert percents(in_periods(50, 50, third=third)) == ("62.50", "62.50")
        assert calculate(in_periods(50, 50, third=third)).final.derivation.outside == (205,)

    def test_split_a_group_and_its_drops(self):
        work = (Work(1, 10, 1, "a"), Work(2, 10, 9, "a"), Work(3, 10, 5, "b"), Work(4, 10, 6, "b"))
        groups = (Group(1, work, 100, group(lowest=1).rules),)
        result = calculate(Sheet(groups, Scheme.points, (Period("a", 50), Period("b", 50)), True)).final
        assert result.dropped == (1, 3)
        assert str(result.percent) == "75.00"

    def test_are_not_rounded_before_they_are_combined(self):
        """Two thirds twice: 66.67 each would make 133.34."""
        work = (Work(1, 3, 2, "a"), Work(2, 3, 2, "b"))
        sheet = Sheet((Group(1, work),), Scheme.points, (Period("a", 100), Period("b", 100)), True)
        assert percents(sheet)[1] == "133.33"


class TestRounding:
    @pytest.mark.parametrize(
        ("value", "rounded"),
        [
            (Fraction(93825, 1000), "93.83"),
            (Fraction(90875, 1000), "90.88"),
            (Fraction(88545, 1000), "88.55"),
            (Fraction(2, 3), "0.67"),
            (Fraction(93994999, 10**6), "93.99"),
            (Fraction(-5, 1000), "-0.01"),
            (Fraction(-4, 1000), "0.00"),
            (Fraction(0), "0.00"),
            (Fraction(10**50), f"1{'0' * 50}.00"),
        ],
    )
    def test_takes_a_half_up(self, value, rounded):
        assert str(half_up(value)) == rounded

    @pytest.mark.parametrize(
        ("groups", "expected"),
        [
            ([("194.5", 200, 10), (100, 100, 10), ("94.5", 100, 50), ("89.5", 100, 30)], "93.83"),
            ([("124.46", 148, 50), ("144.53", 148, 50)], "90.88"),
            ([("81.01", 100, 40), ("96.08", 100, 40)], "88.55"),
        ],
    )
    def test_is_done_once_at_the_end(self, groups, expected):
        made = [group((score, most), id=place, weight=weight) for place, (score, most, weight) in enumerate(groups, 1)]
        assert percents(weighted(*made)) == (expected, expected)

    def test_does_not_touch_points(self):
        result = calculate(points(group(("110.1", 120), ("170.7", 180)))).final
        assert as_decimal(result.score) == Decimal("280.8")

    @pytest.mark.parametrize(
        ("value", "text"), [(Fraction(5, 2), "2.5"), (Fraction(3), "3"), (Fraction(1, 3), "0.333333333333")]
    )
    def test_of_what_ends_is_left_alone(self, value, text):
        assert str(as_decimal(value)) == text

    def test_refuses_floats_from_the_beginning(self):
        with pytest.raises(TypeError, match="exact"):
            calculate(points(group((93.825, 100))))
