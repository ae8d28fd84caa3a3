"""What if, and what do I need: against trying every score."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faraday_app.gradebook.calculation import (
    DEFAULT,
    Aggregate,
    DropBy,
    Group,
    Kind,
    NotCounted,
    Period,
    Rules,
    Scheme,
    Sheet,
    Span,
    View,
    Work,
    calculate,
    goal,
    outlook,
    what_if,
)
from faraday_app.gradebook.calculation.seeking import STEP
from tests.factories.gradebook import group, points, weighted

MOST = Fraction(3, 10)  # thirty scores can all be tried


@st.composite
def sheets(draw):
    """Two groups with drops, of work that is worth little."""
    numbers = st.integers(0, 30).map(lambda tenths: Fraction(tenths, 100))
    groups = []
    for each in (1, 2):
        work = tuple(
            Work(each * 10 + place, draw(st.sampled_from([Fraction(3, 10), Fraction(1, 10), 0])), draw(numbers), "p")
            for place in range(draw(st.integers(1, 4)))
        )
        never = frozenset(draw(st.sets(st.sampled_from([work[0].id]))))
        rules = Rules(draw(st.integers(0, 2)), draw(st.integers(0, 2)), never, draw(st.sampled_from(DropBy)))
        groups.append(Group(each, work, draw(st.sampled_from([None, 40, 80])), rules, draw(st.sampled_from(Aggregate))))
    cap = draw(st.sampled_from([None, 100]))
    by_periods = draw(st.booleans())
    return Sheet(tuple(groups), draw(st.sampled_from(Scheme)), (Period("p", 50),), by_periods, cap=cap)


class TestGoal:
    @settings(max_examples=50, deadline=None)
    @given(sheets(), st.sampled_from([0, 30, Decimal("61.5"), 80, 100]))
    def test_is_what_trying_every_score_finds(self, sheet, target):
        work = sheet.groups[0].work[0]
        steps = range(int(MOST / STEP) + 1)
        tried = [calculate(what_if(sheet, {work.id: step * STEP})).final.percent for step in steps]
        reaching = [step for step in steps if tried[step] is not None and tried[step] >= target]
        said = [percent for percent in tried if percent is not None]
        found = goal(sheet, work.id, target, most=MOST)
        assert found.needed == (reaching[0] * STEP if reaching else None)
        assert [
            step for step in steps if any(each.first <= step * STEP <= each.last for each in found.spans)
        ] == reaching
        assert (found.lowest, found.highest) == (min(said, default=None), max(said, default=None))

    def test_says_what_is_needed_on_the_final_for_a_b_plus(self):
        sheet = weighted(
            group((70, 100), (92, 100), (85, 100), id=1, weight=60, lowest=1), group((None, 100), id=2, weight=40)
        )
        found = goal(sheet, 201, DEFAULT.named("B+").at_least)
        assert found.needed == Fraction("84.74")
        assert calculate(what_if(sheet, {201: found.needed})).final.letter == "B+"
        assert calculate(what_if(sheet, {201: found.needed - STEP})).final.letter == "B"
        assert (found.lowest, found.highest) == (Decimal("53.10"), Decimal("93.10"))

    def test_out_of_reach_says_so_unless_more_can_be_had(self):
        sheet = points(group((50, 100), (None, 100)))
        assert goal(sheet, 102, 94).needed is None
        assert goal(sheet, 102, 94, most=150).needed == Fraction("137.99")

    def test_is_reached_already_with_nothing_more(self):
        sheet = points(group((100, 100), (95, 100), (None, 100), lowest=1))
        assert goal(sheet, 103, 94).needed == 0

    def test_names_the_scores_where_more_is_less(self):
        """A high score makes another piece the one to drop, and the pot of all points a smaller one."""
        sheet = points(group((5, 10), (None, 100), id=1, lowest=1), group((100, 100), id=2))
        found = goal(sheet, 102, 94)
        assert found.spans == (Span(Fraction(0), Fraction(50)), Span(Fraction("87.99"), Fraction(100)))
        assert found.lowest < 94 < found.highest

    def test_can_be_for_what_is_graded_by_now(self):
        sheet = points(group((50, 100), (None, 100), (None, 100)))
        assert goal(sheet, 102, 60, kind=Kind.current).needed == Fraction("69.99")

    @pytest.mark.parametrize("flag", ["excused", "hidden", "omitted"])
    def test_of_what_does_not_count_is_refused(self, flag):
        work = (Work(1, 10, 5), Work(2, 10, **{flag: True}))
        with pytest.raises(NotCounted):
            goal(points(Group(1, work)), 2, 50)

    def test_of_what_is_not_there_is_refused(self):
        with pytest.raises(NotCounted):
            goal(points(group((1, 10))), 7, 50)
        with pytest.raises(NotCounted, match="7"):
            what_if(points(group((1, 10))), {7: 5})


class TestWhatIf:
    def test_takes_a_score_for_graded_and_posted(self):
        sheet = points(Group(1, (Work(1, 10, 5), Work(2, 10, 3, unposted=True, pending_review=True, deducted=2))))
        supposed = what_if(sheet, {2: 9})
        assert str(calculate(supposed, View.student).current.percent) == "70.00"
        assert calculate(supposed).current.derivation.groups[0].work[1].deducted == 0

    def test_can_take_a_score_away(self):
        assert calculate(what_if(points(group((5, 10), (10, 10))), {101: None})).current.percent == 100

    def test_leaves_the_sheet_as_it_was(self):
        sheet = points(group((5, 10)))
        what_if(sheet, {101: 10})
        assert sheet == points(group((5, 10)))


class TestOutlook:
    def test_goes_from_nothing_more_to_full_points(self):
        sheet = points(group((50, 100), (None, 100), (None, None)))
        found = outlook(sheet)
        assert (found.nothing_more, found.full_points) == (Decimal("25.00"), Decimal("75.00"))

    def test_knows_no_unposted_score_in_the_view_of_a_student(self):
        work = (Work(1, 100, 50), Work(2, 100, 20, unposted=True), replace(Work(3, 100), excused=True))
        assert outlook(points(Group(1, work))).full_points == Decimal("35.00")
        assert outlook(points(Group(1, work)), View.student).full_points == Decimal("75.00")
