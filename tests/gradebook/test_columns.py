"""Totals of many students at once are the totals of each: the one thing there is to say, over all kinds of sheets."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from faraday_app.gradebook.calculation import (
    Aggregate,
    Course,
    DropBy,
    Group,
    Period,
    Rules,
    Scheme,
    Scores,
    Sheet,
    View,
    Work,
    calculate,
    half_up,
)
from tests.gradebook.test_drops import FLAGS, POSSIBLE, SCORES

UNIT = 12  # every score there is a whole number of these
PERIODS = (Period(1, 40), Period(2, 80), Period(3))


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    groups = []
    for number in range(draw(st.integers(0, 3))):
        ids = draw(st.permutations(range(number * 10 + 1, number * 10 + 1 + draw(st.integers(0, 6)))))
        work = tuple(_work(draw, each) for each in ids)
        never = draw(st.frozensets(st.sampled_from(ids), max_size=2)) if ids else frozenset()
        counts = st.integers(0, 3)
        rules = Rules(draw(counts), draw(counts), never, draw(st.sampled_from(DropBy)))
        weight = draw(st.sampled_from([None, 0, 20, 60, 100]))
        groups.append(Group(number, work, weight, rules, draw(st.sampled_from(Aggregate))))
    periods = draw(st.sampled_from([(), PERIODS[:2], PERIODS]))
    cap = draw(st.sampled_from([None, None, 100]))
    return Sheet(tuple(groups), draw(st.sampled_from(Scheme)), periods, draw(st.booleans()), cap=cap)


def _work(draw: st.DrawFn, id: int) -> Work:
    flag, period = draw(FLAGS), draw(st.sampled_from([None, 1, 2, 2, 3]))
    return Work(id, draw(POSSIBLE), draw(SCORES), period, **({flag: True} if flag else {}))


def course(sheet: Sheet) -> Course:
    """Of the work alone, as it is before anybody has a grade."""
    blank = {"score": None, "excused": False, "unposted": True, "pending_review": False}
    groups = (replace(group, work=tuple(replace(work, **blank) for work in group.work)) for group in sheet.groups)
    return Course(replace(sheet, groups=tuple(groups)), UNIT)


def scores(sheet: Sheet) -> Scores:
    work = [work for group in sheet.groups for work in group.work]
    flagged = ({each.id for each in work if getattr(each, flag)} for flag in ("excused", "pending_review", "unposted"))
    return Scores({each.id: None if each.score is None else int(each.score * UNIT) for each in work}, *flagged)


class TestColumns:
    @settings(max_examples=400, deadline=None)
    @given(sheets(), st.sampled_from(View))
    def test_give_what_the_calculator_gives(self, sheet, view):
        current, final = course(sheet).shown(scores(sheet), view)
        expected = calculate(sheet, view)
        for found, wanted in ((current, expected.current), (final, expected.final)):
            assert (found.percent, found.letter) == (wanted.percent, wanted.letter)
            assert set(found.dropped) == set(wanted.dropped)

    @settings(max_examples=200, deadline=None)
    @given(sheets(), st.sampled_from(View))
    def test_give_what_each_group_comes_to(self, sheet, view):
        sheet = replace(sheet, periods=(), weighted_periods=False)
        wanted = calculate(sheet, view).current.derivation.groups
        found = course(sheet).subtotals(scores(sheet), view)
        assert found == {each.id: None if each.percent is None else half_up(each.percent) for each in wanted}

    def test_add_a_group_up_over_periods(self):
        work = (Work(1, 10, 5, 1), Work(2, 30, 27, 2))
        sheet = Sheet((Group(7, work),), periods=PERIODS[:2], weighted_periods=True)
        assert {id: str(each) for id, each in course(sheet).subtotals(scores(sheet)).items()} == {7: "80.00"}

    def test_bring_scores_to_the_unit_of_the_points(self):
        sheet = Sheet((Group(1, (Work(1, Fraction(15, 7), 1), Work(2, Fraction(20, 7), 2))),))
        assert str(course(sheet).shown(scores(sheet))[0].percent) == "60.00"
