"""What a sentence about a total may say."""

from decimal import Decimal

import pytest

from faraday_app.gradebook.calculation import DEFAULT, Group, Rules, Scheme, Sheet, Work, calculate, letters
from faraday_app.gradebook.service.locked import figures_of, invented

TITLES = ("Quizzes", "Labs", "Quiz 3", "Unit 12 test")


def figures(bands=DEFAULT):
    """Quizzes 17/20, 12/20 (dropped) and 18.5/20 of 40 %, labs 22.5/30 of 50 %: 81.11 % scaled up, B−."""
    quizzes = (Work("a", 20, 17), Work("b", 20, 12), Work("c", 20, Decimal("18.5"), deducted=1))
    groups = (
        Group("q", quizzes, 40, Rules(lowest=1)),
        Group("l", (Work("d", 30, Decimal("22.5")),), 50),
        Group("p", (), 10),
    )
    found = calculate(Sheet(groups, Scheme.weighted, letters=bands)).current
    assert (str(found.percent), found.letter) == ("81.11", bands.band(found.percent).name)
    return figures_of(found.derivation, bands, TITLES)


class TestInvented:
    @pytest.mark.parametrize(
        "sentence",
        [
            "You have 81.11 % now.",
            "You have 81,11 % now, which is a B−.",
            "You have 81.11 percent, a B-, or B minus.",
            "Your 17 of 20 and 18.5 out of 20 count; 12/20 was dropped.",
            "Quizzes count 40 percent and Labs 50 %.",
            "Two of three quizzes count, and one was dropped.",
            "Of your three quizzes the lowest was dropped; a late penalty took 1 point.",
            "Unit 12 test and Quiz 3 are not graded yet.",
            "A lab of 22.50 points is what brings most.",
            "No one else sees this.",
            "Labs bring 41.67 of it: 22.5 of 30 is 75 %.",
            "The weights that count add up to 90 %, so they are scaled up by 1.1111.",
            "It may rise when the rest is graded.",
            "The exact figure is 81.11111 %.",
        ],
    )
    def test_lets_through_what_the_derivation_has(self, sentence):
        assert invented(sentence, figures()) == []

    @pytest.mark.parametrize(
        ("sentence", "wrong"),
        [
            ("You have 91 % now.", "91 %"),
            ("You have 81 % now.", "81 %"),
            ("You have 81.1 %.", "81.1 %"),
            ("You lost 20 % on it.", "20 %"),  # 20 are points here
            ("You have 17 of 30.", "17 of 30"),
            ("You have 30/22.5.", "30/22.5"),
            ("Seven quizzes count.", "Seven"),
            ("It is eighty-five percent.", "eighty-five percent"),
            ("It is eighty-one point one two percent.", "eighty-one point one two percent"),
            ("You are in the top half.", "half"),
            ("It counts twice.", "twice"),
            ("It counts a third of the total.", "a third of"),
            ("You missed a dozen.", "dozen"),
            ("This was your 4th quiz.", "4"),
            ("This was your ninth quiz.", "ninth"),
            ("That makes a B+.", "B+"),
            ("That makes a B plus.", "B plus"),
            ("That makes a B.", "B"),
            ("You get an A!", "A"),
            ("Your grade is A.", "A"),
            ("It was due on 12 May.", "12 May"),
            ("It was due in November.", "November"),
            ("It was due on Monday.", "Monday"),
            ("It was due at 12:20.", "12:20"),
            ("You have ½ of it.", "½"),
            ("You have ٨١ %.", "٨"),
            ("You have 1,111 points.", "1,111"),
            ("You have 1.2.3 points.", "1.2.3"),
            ("Quiz 4 was dropped.", "4"),
            ("Between 12-17 points.", "12-17"),
        ],
    )
    def test_names_what_it_does_not(self, sentence, wrong):
        assert wrong in invented(sentence, figures())

    @pytest.mark.parametrize(
        ("sentence", "fine"),
        [("You have Mastery.", False), ("You have Near mastery.", True), ("You have near everything.", True)],
    )
    def test_knows_other_names_than_letters(self, sentence, fine):
        scale = letters(("Mastery", 90), ("Near mastery", 60), ("Below mastery", 0))
        assert (invented(sentence, figures(scale)) == []) is fine

    @pytest.mark.parametrize("number", ["81.11", "81,11", "081.11", "81.110"])
    def test_compares_numbers_and_not_their_spelling(self, number):
        assert invented(f"{number} %", figures()) == []
