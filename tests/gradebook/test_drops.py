"""Drops: against trying all subsets with exact fractions, and what a class that comes from Canvas knows of them."""

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faraday_app.gradebook.calculation import Aggregate, DropBy, Group, Rules, Sheet, View, Work, calculate
from tests.factories.gradebook import group, points

Pieces = list[Work]


def tried_all(droppable: Pieces, protected: Pieces, lowest: int, highest: int) -> set[int]:
    """The rule as it is written, word for word; ids of what is dropped."""
    droppable = sorted(droppable, key=lambda work: work.id)
    lowest = max(min(lowest, len(droppable) - 1), 0)
    highest = 0 if lowest + highest >= len(droppable) else highest
    if not any(_possible(work) for work in droppable + protected):
        order = sorted(droppable, key=_score)
        gone = order[:lowest] + order[len(order) - highest :]
    else:
        kept = _winner(droppable, protected, len(droppable) - lowest, 1)
        last = _winner(kept, protected, len(kept) - highest, -1)
        gone = [work for work in droppable if work not in last]
    return {work.id for work in gone}


def _winner(pieces: Pieces, protected: Pieces, keep: int, sign: int) -> Pieces:
    """The so many with the best ratio (with sign −1 the worst); of equal ones those without the highest ids."""

    def merit(kept: tuple[Work, ...]) -> tuple[object, ...]:
        score = sign * sum(map(_score, [*kept, *protected]))
        possible = sum(map(_possible, [*kept, *protected]))
        gone = sorted((work.id for work in pieces if work not in kept), reverse=True)
        if possible:
            return (1, Fraction(score) / possible, gone)
        if score > 0 or not any(map(_possible, pieces + protected)):
            return (2, score, gone)
        return (0, score, gone)

    return list(max(combinations(pieces, keep), key=merit))


def _score(work: Work) -> Fraction:
    return Fraction(work.score or 0)


def _possible(work: Work) -> Fraction:
    return Fraction(work.possible or 0)


# Few different numbers, so that ties are the rule; some nothing, some not whole, some below nothing.
SCORES = st.sampled_from([None, 0, 1, 2, 3, 5, 5, 10, Fraction(5, 2), Fraction(1, 3), Fraction(3325, 100), -1])
POSSIBLE = st.sampled_from([0, 0, None, 1, 2, 5, 10, 10, 20, Fraction(20, 3)])
FLAGS = st.sampled_from(["", "", "", "", "unposted", "pending_review", "excused", "hidden", "omitted", "not_graded"])


@st.composite
def groups(draw: st.DrawFn) -> Group:
    count = draw(st.integers(1, 7))
    ids = draw(st.permutations(range(1, count + 1)))
    work = []
    for each in ids:
        flag = draw(FLAGS)
        work.append(Work(each, draw(POSSIBLE), draw(SCORES), **({flag: True} if flag else {})))
    never = draw(st.frozensets(st.integers(1, count), max_size=2))
    return Group(1, tuple(work), None, Rules(draw(st.integers(0, 8)), draw(st.integers(0, 8)), never))


class TestDropping:
    @settings(max_examples=300, deadline=None)
    @given(groups(), st.sampled_from(View))
    def test_is_what_trying_all_subsets_finds(self, group, view):
        grades = calculate(Sheet((group,)), view)
        standing = [work for work in group.work if not (work.excused or work.hidden or work.omitted or work.not_graded)]
        unseen = [work for work in standing if work.score is None or (work.unposted and view is View.student)]
        now = [work for work in standing if work not in unseen and not work.pending_review]
        last = [Work(work.id, work.possible, 0) if work in unseen else work for work in standing]
        for result, counting in ((grades.current, now), (grades.final, last)):
            rules = group.rules
            droppable = [work for work in counting if work.id not in rules.never]
            protected = [work for work in counting if work.id in rules.never]
            gone = tried_all(droppable, protected, rules.lowest, rules.highest)
            kept = [work for work in counting if work.id not in gone]
            assert set(result.dropped) == gone
            assert result.score == sum(map(_score, kept))
            assert result.possible == sum(map(_possible, kept))

    @settings(max_examples=50, deadline=None)
    @given(groups())
    def test_goes_by_ids_and_not_by_the_order_in_which_work_comes(self, group):
        turned = Group(1, group.work[::-1], None, group.rules)
        one, other = calculate(Sheet((group,))), calculate(Sheet((turned,)))
        assert set(one.current.dropped) == set(other.current.dropped)
        assert set(one.final.dropped) == set(other.final.dropped)

    def test_of_two_hundred_pieces_needs_no_patience(self):
        pairs = [(place * 37 % 101, 40 + place * 53 % 61) for place in range(200)]
        result = calculate(points(group(*pairs, lowest=60, highest=40))).final
        assert len(result.dropped) == 100


CANVAS = [(100, 100), (42, 91), (14, 55), (3, 38), (None, 1000)]
RIDICULOUS = [(None, 20), (3, 10), (None, 10), (None, 10**50), (None, None)]


class TestLowest:
    @pytest.mark.parametrize(
        ("pairs", "rules", "current", "final"),
        [
            ([(31, 40), (17, 24), (6, 10)], {"lowest": 1}, (48, 64, {103}), (48, 64, {103})),
            ([(31, 40), (17, 24), (7, 10)], {"lowest": 1}, (38, 50, {102}), (38, 50, {102})),
            ([(31, 40), (17, 24), (None, 10)], {"lowest": 1}, (31, 40, {102}), (48, 64, {103})),
            ([(31, 0), (17, 24), (6, 10)], {"lowest": 1}, (37, 10, {102}), (37, 10, {102})),
            (CANVAS, {"lowest": 2}, (103, 138, {102, 103}), (156, 246, {104, 105})),
            (CANVAS, {"lowest": 4}, (100, 100, {102, 103, 104}), (100, 100, {102, 103, 104, 105})),
            (RIDICULOUS, {"lowest": 2}, (3, 10, set()), (3, 20, {101, 104})),
        ],
    )
    def test_leaves_the_best_total_rather_than_the_best_percents(self, pairs, rules, current, final):
        grades = calculate(points(group(*pairs, **rules)))
        for result, (score, possible, gone) in ((grades.current, current), (grades.final, final)):
            assert (result.score, result.possible, set(result.dropped)) == (score, possible, gone)

    def test_leaves_one_however_many_are_to_go(self):
        assert calculate(points(group((1, 10), (9, 10), lowest=50))).final.dropped == (101,)

    def test_of_equals_drops_the_highest_id(self):
        assert calculate(points(group((10, 10), (10, 10), (10, 10), lowest=1))).final.dropped == (103,)

    def test_of_equals_without_points_drops_the_lowest_id(self):
        assert calculate(points(group((10, 0), (10, 0), (10, 0), lowest=1))).final.dropped == (101,)

    def test_without_points_goes_by_the_raw_score(self):
        assert calculate(points(group((15, 0), (5, 0), (10, 0), lowest=1))).final.dropped == (102,)

    def test_spares_a_percent_where_nothing_over_nothing_would_be_left(self):
        assert calculate(points(group((None, 0), (17, 24), lowest=1))).final.percent is not None

    @pytest.mark.parametrize(
        ("ids", "gone"), [((9, 10), 10), (("9", "10"), "10"), (("a", "b"), "b"), ((7, "a"), "a"), (("9", 10), 10)]
    )
    def test_compares_ids_as_numbers_where_they_are(self, ids, gone):
        work = tuple(Work(each, 10, 5) for each in ids)
        assert calculate(Sheet((Group(1, work, None, Rules(lowest=1)),))).final.dropped == (gone,)


class TestHighest:
    @pytest.mark.parametrize(
        ("pairs", "rules", "current", "final"),
        [
            ([(31, 40), (17, 24), (6, 10)], {"highest": 1}, (23, 34, {101}), (23, 34, {101})),
            ([(31, 40), (17, 24), (10, 10)], {"highest": 1}, (48, 64, {103}), (48, 64, {103})),
            (CANVAS, {"lowest": 1, "highest": 1}, (56, 146, {101, 104}), (59, 184, {101, 105})),
            (CANVAS, {"lowest": 2, "highest": 2}, (103, 138, {102, 103}), (14, 55, {101, 102, 104, 105})),
            (CANVAS, {"lowest": 2, "highest": 3}, (103, 138, {102, 103}), (156, 246, {104, 105})),
            (CANVAS, {"highest": 4}, (159, 284, set()), (0, 1000, {101, 102, 103, 104})),
            (CANVAS, {"highest": 5}, (159, 284, set()), (159, 1284, set())),
        ],
    )
    def test_leaves_the_worst_total_of_what_the_lowest_left(self, pairs, rules, current, final):
        grades = calculate(points(group(*pairs, **rules)))
        for result, (score, possible, gone) in ((grades.current, current), (grades.final, final)):
            assert (result.score, result.possible, set(result.dropped)) == (score, possible, gone)

    def test_of_equal_percents_drops_the_highest_id(self):
        assert calculate(points(group((2, 10), (2, 10), (10, 50), highest=1))).final.dropped == (103,)

    def test_without_points_drops_the_highest_score_and_of_equals_the_highest_id(self):
        assert calculate(points(group((10, 0), (15, 0), (5, 0), highest=1))).final.dropped == (102,)
        assert calculate(points(group((10, 0), (10, 0), (10, 0), highest=1))).final.dropped == (103,)


class TestNeverDrop:
    @pytest.mark.parametrize(
        ("rules", "score", "possible", "gone"),
        [
            ({"lowest": 1, "never": [4]}, 56, 74, (103,)),
            ({"lowest": 1, "never": [3, 4]}, 49, 66, (102,)),
            ({"highest": 1, "never": [1]}, 49, 66, (102,)),
            ({"lowest": 1, "never": [2, 3, 4]}, 68, 90, ()),
            ({"highest": 1, "never": [2, 3, 4]}, 68, 90, ()),
            ({"lowest": 1, "never": [1, 2, 3, 4]}, 68, 90, ()),
        ],
    )
    def test_counts_what_is_protected_in_the_total(self, rules, score, possible, gone):
        result = calculate(points(group((31, 40), (19, 24), (12, 16), (6, 10), **rules))).final
        assert (result.score, result.possible, result.dropped) == (score, possible, gone)


class TestByPercent:
    def test_drops_the_lowest_percent_though_another_would_leave_more(self):
        pairs = [(31, 40), (17, 24), (7, 10)]
        assert calculate(points(group(*pairs, lowest=1))).final.dropped == (102,)
        assert calculate(points(group(*pairs, lowest=1, by=DropBy.item_percent))).final.dropped == (103,)

    def test_never_brings_one_back_because_one_more_is_to_drop(self):
        """Which the best total does: one to drop is 3/38, two are the two others."""
        gone = {
            by: [set(calculate(points(group(*CANVAS[:4], lowest=many, by=by))).final.dropped) for many in (1, 2, 3)]
            for by in DropBy
        }
        assert gone[DropBy.item_percent] == [{104}, {103, 104}, {102, 103, 104}]
        assert gone[DropBy.best_total] == [{104}, {102, 103}, {102, 103, 104}]

    @pytest.mark.parametrize("by", DropBy)
    def test_never_drops_work_as_the_lowest_because_its_score_was_raised(self, by):
        kept = [
            103 not in calculate(points(group((10, 10), (5, 20), (score, 100), lowest=1, by=by))).final.dropped
            for score in range(101)
        ]
        assert kept == sorted(kept)
        assert len(set(kept)) == 2

    @pytest.mark.parametrize(
        ("pairs", "rules", "gone"),
        [
            ([(5, 10), (10, 20), (5, 10)], {"lowest": 1}, (103,)),
            ([(5, 10), (10, 20), (5, 10)], {"highest": 1}, (103,)),
            ([(0, 0), (5, 10), (9, 10)], {"lowest": 1}, (102,)),
            ([(9, 0), (5, 10), (9, 10)], {"highest": 1}, (103,)),
            ([(9, 0), (5, 10), (4, 0)], {"lowest": 2}, (102, 103)),
            ([(1, 0), (1, 0)], {"lowest": 1}, (101,)),
            ([(1, 10), (2, 10), (3, 10)], {"lowest": 1, "never": [1]}, (102,)),
        ],
    )
    def test_takes_work_without_points_last_and_the_highest_id_of_equals(self, pairs, rules, gone):
        result = calculate(points(group(*pairs, **rules, by=DropBy.item_percent))).final
        assert result.dropped == gone

    def test_is_what_a_group_of_percents_does_anyway(self):
        pairs = [(31, 40), (17, 24), (7, 10)]
        result = calculate(points(group(*pairs, lowest=1, aggregate=Aggregate.mean_of_percents))).final
        assert result.dropped == (103,)
