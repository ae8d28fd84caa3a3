"""What was typed into a cell."""

from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest

from faraday_app.core.errors import Invalid
from faraday_app.gradebook.calculation import DEFAULT, MASTERY_OF_PERCENT, Grading
from faraday_app.gradebook.models import Lateness
from faraday_app.gradebook.service.entering import Typed, read
from faraday_app.gradebook.service.structure import WorkOf

LAB = WorkOf(
    uuid4(), uuid4(), "Root tip lab", Decimal(50), Grading.points, True, False, True, due_at=None, for_everyone=True
)


class TestRead:
    @pytest.mark.parametrize(
        ("typed", "raw", "entered"),
        [
            ("17", "17", ""),
            (" 17.25 ", "17.25", ""),
            ("17,5", "17.5", ""),
            ("-2", "-2", ""),
            ("0.33333", "0.3333", ""),
            ("85%", "42.5", "85 %"),
            ("85 %", "42.5", "85 %"),
            ("17/20", "42.5", ""),
            ("43/50", "43", ""),
            ("A", "50", "A"),
            ("b+", "44.5", "B+"),
            ("A-", "46.5", "A−"),
            ("F", "30", "F"),
        ],
    )
    def test_takes_points_percents_shares_and_letters(self, typed, raw, entered):
        assert read(typed, LAB, DEFAULT) == Typed(Decimal(raw), entered)

    @pytest.mark.parametrize(
        ("grading", "expected"),
        [(Grading.points, Typed(Decimal(3))), (Grading.letter, Typed(Decimal("44.5"), "3"))],
    )
    def test_takes_a_number_for_a_band_only_where_work_is_graded_in_such(self, grading, expected):
        assert read("3", replace(LAB, grading=grading), MASTERY_OF_PERCENT) == expected

    @pytest.mark.parametrize("typed", ["", "-", "—", " clear "])
    def test_clears(self, typed):
        assert read(typed, LAB, DEFAULT) == Typed()

    @pytest.mark.parametrize("typed", ["ex", "EX", "excused"])
    def test_excuses(self, typed):
        assert read(typed, LAB, DEFAULT) == Typed(excused=True)

    @pytest.mark.parametrize(
        ("typed", "lateness", "seconds"),
        [
            ("late", Lateness.late, None),
            ("late 2d", Lateness.late, 172_800),
            ("Late 3 hours", Lateness.late, 10_800),
            ("missing", Lateness.missing, None),
            ("on time", Lateness.on_time, None),
            ("by time", Lateness.by_time, None),
        ],
    )
    def test_says_how_late(self, typed, lateness, seconds):
        assert read(typed, LAB, DEFAULT) == Typed(lateness=lateness, late_seconds=seconds)

    @pytest.mark.parametrize("typed", ["seventeen", "1,000", "1e9", "17/0", "=1+1", "99999999", "late soon", "NaN"])
    def test_refuses_what_means_nothing(self, typed):
        with pytest.raises(Invalid):
            read(typed, LAB, DEFAULT)

    def test_is_percent_where_the_work_is_graded_in_percent(self):
        assert read("90", replace(LAB, grading=Grading.percent), DEFAULT) == Typed(Decimal(45), "90 %")

    @pytest.mark.parametrize(("typed", "raw", "entered"), [("pass", "50", "pass"), ("F", "0", "fail")])
    def test_passes_or_fails(self, typed, raw, entered):
        assert read(typed, replace(LAB, grading=Grading.pass_fail), DEFAULT) == Typed(Decimal(raw), entered)

    def test_has_no_percent_without_possible_points(self):
        with pytest.raises(Invalid, match="possible points"):
            read("85%", replace(LAB, points=None), DEFAULT)

    def test_grades_nothing_that_is_not_graded(self):
        with pytest.raises(Invalid, match="not graded"):
            read("17", replace(LAB, grading=Grading.not_graded), DEFAULT)
