"""Letters, and the scales beside them."""

from decimal import Decimal
from fractions import Fraction

import pytest

from faraday_app.gradebook.calculation import (
    DEFAULT,
    MASTERY,
    MASTERY_OF_PERCENT,
    Method,
    calculate,
    flaws,
    gpa,
    half_up,
    letters,
    mastery,
)
from tests.factories.gradebook import group, points


class TestLetters:
    @pytest.mark.parametrize(
        ("percent", "letter"),
        [
            ("150", "A"), ("94", "A"), ("93.99", "A−"), ("90", "A−"), ("89.99", "B+"), ("87", "B+"), ("84", "B"),
            ("80", "B−"), ("77", "C+"), ("74", "C"), ("70", "C−"), ("67", "D+"), ("64", "D"), ("61", "D−"),
            ("60.99", "F"), ("0", "F"), ("-3", "F"),
        ],
    )  # fmt: skip
    def test_begin_at_their_lower_bound(self, percent, letter):
        assert DEFAULT.band(Decimal(percent)).name == letter

    def test_are_those_of_the_percent_that_is_shown(self):
        """93.995 is shown as 94.00; next to it nobody would believe A−."""
        assert calculate(points(group(("93.995", 100)))).final.letter == "A"
        assert calculate(points(group(("93.994", 100)))).final.letter == "A−"

    def test_can_be_others_in_any_order(self):
        own = letters(("Not yet", 0), ("Bonus", 105), ("Pass", Decimal("49.5")))
        found = [own.band(percent).name for percent in (0, Decimal("49.49"), Decimal("49.5"), 105)]
        assert found == ["Not yet", "Not yet", "Pass", "Bonus"]
        assert calculate(points(group((5, 10)), letters=own)).final.letter == "Pass"

    def test_are_found_by_name(self):
        assert DEFAULT.named("B+").at_least == 87
        assert DEFAULT.named("E") is None


class TestFlaws:
    @pytest.mark.parametrize(
        ("bands", "place", "words"),
        [
            ([("A", 90), ("B", 50)], None, "begin at 0"),
            ([], None, "begin at 0"),
            ([("A", 90), ("A", 50), ("F", 0)], 1, "there twice"),
            ([("A", 90), ("B", Decimal("90.0")), ("F", 0)], 1, "Two letters"),
            ([("A", 90), ("F", 0), ("G", -5)], 2, "or above"),
            ([("A", 90), (" ", 0)], 1, "name"),
        ],
    )
    def test_are_named_with_their_place(self, bands, place, words):
        assert [each.place for each in flaws(bands) if words in each.words] == [place]

    def test_are_not_in_the_default(self):
        assert flaws([(band.name, band.at_least) for band in DEFAULT.bands]) == []


class TestMastery:
    @pytest.mark.parametrize(
        ("method", "level"),
        [
            (Method.latest, Fraction(3)),
            (Method.highest, Fraction(4)),
            (Method.mean, Fraction(8, 3)),
            (Method.decaying_average, Fraction(29825, 10000)),
        ],
    )
    def test_of_evidence_is_one_figure(self, method, level):
        assert mastery([1, 4, 3], method) == level
        assert mastery([], method) is None

    def test_is_read_off_a_scale_of_four(self):
        assert MASTERY.band(half_up(Fraction(29825, 10000))).name == "Near mastery"
        assert MASTERY.band(3).name == "Mastery"
        assert [MASTERY_OF_PERCENT.band(percent).points for percent in (100, 90, 75, 60, 59, 0)] == [4, 4, 3, 2, 1, 1]


class TestGpa:
    def test_weighs_by_credit_hours(self):
        assert half_up(gpa([(Decimal("4.0"), 3), (Decimal("2.7"), 1)])) == Decimal("3.68")

    def test_leaves_out_classes_without_a_grade(self):
        assert gpa([(4, 3), (None, 3)]) == 4
        assert gpa([(None, 3)]) is None
        assert DEFAULT.band(88).points == Decimal("3.3")
