"""Derivations: every figure of a total can be followed back, and adds up."""

from dataclasses import FrozenInstanceError
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings

from faraday_app.gradebook.calculation import (
    Aggregate,
    DropBy,
    Group,
    Kind,
    Period,
    Reason,
    Rules,
    Scheme,
    Sheet,
    Standing,
    View,
    Work,
    calculate,
)
from tests.factories.gradebook import group, points, weighted
from tests.gradebook.test_seeking import sheets

MIXED = Group(
    "quizzes",
    (
        Work("q1", 10, 9, deducted=1),
        Work("q2", 10, 2),
        Work("q3", 10, 10),
        Work("q4", 10, None),
        Work("q5", 10, 5, excused=True),
        Work("q6", 10, 7, pending_review=True),
        Work("q7", 10, 6, unposted=True),
    ),
    60,
    Rules(lowest=2, highest=1, never=frozenset({"q2"})),
)


def standings(result):
    return {line.id: (line.standing, line.reason) for line in result.derivation.groups[0].work}


class TestWork:
    def test_says_what_became_of_each_piece_in_each_result(self):
        grades = calculate(points(MIXED))
        kept, low, high, out = Standing
        assert standings(grades.final) == {
            "q1": (kept, None),
            "q2": (kept, None),
            "q3": (high, None),
            "q4": (low, None),
            "q5": (out, Reason.excused),
            "q6": (kept, None),
            "q7": (low, None),
        }
        assert standings(grades.current) == {
            "q1": (low, None),
            "q2": (kept, None),
            "q3": (kept, None),
            "q4": (out, Reason.ungraded),
            "q5": (out, Reason.excused),
            "q6": (out, Reason.pending_review),
            "q7": (low, None),
        }
        assert standings(calculate(points(MIXED), View.student).current)["q7"] == (out, Reason.unposted)

    def test_tells_what_was_earned_and_what_lateness_took(self):
        line = calculate(points(MIXED)).final.derivation.groups[0].work[0]
        assert (line.earned, line.deducted, line.score, line.possible) == (10, 1, 9, 10)

    def test_tells_a_missing_score_from_nought(self):
        lines = calculate(points(group((None, 10), (0, 10)))).final.derivation.groups[0].work
        assert [(line.score, line.earned, line.counted_as_zero) for line in lines] == [(0, None, True), (0, 0, False)]

    def test_never_tells_a_student_an_unposted_score(self):
        line = calculate(points(MIXED), View.student).final.derivation.groups[0].work[6]
        assert (line.score, line.earned, line.counted_as_zero) == (0, None, True)

    def test_marks_what_is_protected(self):
        lines = calculate(points(MIXED)).final.derivation.groups[0].work
        assert [line.id for line in lines if line.protected] == ["q2"]


class TestGroups:
    def test_tell_the_rules_as_asked_and_as_applied(self):
        line = calculate(points(MIXED)).current.derivation.groups[0]
        assert (line.asked, line.lowest, line.highest, line.by) == ((2, 1), 2, 0, DropBy.best_total)

    def test_of_percents_tell_that_they_drop_by_percent(self):
        made = group((1, 10), (2, 10), lowest=1, aggregate=Aggregate.median)
        assert calculate(points(made)).final.derivation.groups[0].by is DropBy.item_percent

    def test_that_do_not_count_contribute_nothing(self):
        sheet = weighted(group((9, 10), id=1, weight=40), group((None, 10), id=2, weight=60))
        first, second = calculate(sheet).current.derivation.groups
        assert (first.percent, first.contribution) == (90, 90)
        assert (second.percent, second.contribution) == (None, None)


class TestTotals:
    def test_tell_the_scaling_the_rounding_and_the_letter(self):
        sheet = weighted(group(("81.01", 100), id=1, weight=40), group(("96.08", 100), id=2, weight=40))
        told = calculate(sheet).final.derivation
        assert (told.kind, told.view, told.scheme) == (Kind.final, View.teacher, Scheme.weighted)
        assert (told.adding.weights, told.adding.factor) == (80, Fraction(5, 4))
        assert (told.exact, told.percent) == (Fraction(88545, 1000), Decimal("88.55"))
        assert (told.letter, told.letter_from, told.capped) == ("B+", 87, False)

    def test_tell_the_cap(self):
        told = calculate(points(group((11, 10)), cap=100)).final.derivation
        assert (told.exact, told.cap, told.capped, told.percent) == (110, 100, True, 100)

    def test_tell_of_nothing_nothing(self):
        told = calculate(points(group((None, 10)))).current.derivation
        assert (told.exact, told.percent, told.letter, told.groups[0].contribution) == (None, None, None, None)

    def test_tell_the_periods(self):
        work = (Work(1, 10, 9, "a"), Work(2, 10, None, "b"), Work(3, 10, 1))
        sheet = Sheet((Group(1, work),), Scheme.points, (Period("a", 30), Period("b", 70)), True)
        now, last = calculate(sheet).current.derivation, calculate(sheet).final.derivation
        assert [(each.id, each.counts, each.contribution) for each in now.periods] == [
            ("a", True, 90),
            ("b", False, None),
        ]
        assert [(each.id, each.counts, each.contribution) for each in last.periods] == [("a", True, 27), ("b", True, 0)]
        assert (last.outside, last.groups) == ((3,), ())

    @settings(max_examples=40, deadline=None)
    @given(sheets())
    def test_add_up_to_the_last_digit(self, sheet):
        for result in (calculate(sheet).current, calculate(sheet).final):
            told = result.derivation
            lines = told.periods or told.groups
            if told.exact is not None:
                assert sum(line.contribution or 0 for line in lines) == told.exact
            for line in (*told.groups, *(each for period in told.periods for each in period.groups)):
                kept = [each for each in line.work if each.standing is Standing.kept]
                assert sum(each.possible or 0 for each in kept) == line.possible
                assert line.aggregate is not Aggregate.sum or sum(each.score for each in kept) == line.score
            dropped = {
                each.id
                for line in (*told.groups, *(each for period in told.periods for each in period.groups))
                for each in line.work
                if each.standing in (Standing.dropped_lowest, Standing.dropped_highest)
            }
            assert dropped == set(result.dropped)

    def test_cannot_be_changed(self):
        told = calculate(points(group((1, 10)))).final.derivation
        with pytest.raises(FrozenInstanceError):
            told.percent = Decimal(100)
