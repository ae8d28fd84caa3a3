"""Several assignments of the same two together."""

import re
from itertools import product

import pytest

from faraday_app.coursework.similarity import PastComparison, Strength, evidence

PAIRS = 300  # of a class of 25


def most_alike(similarity: float = 0.4) -> PastComparison:
    return PastComparison(similarity, [0.02, 0.1, 0.08], PAIRS)


NOTHING = PastComparison(0.0, [0.3, 0.1], PAIRS)


class TestEvidence:
    def test_is_none_without_comparisons(self):
        found = evidence([])
        assert (found.probability, found.expected, found.strength) == (1, 0, Strength.usual)

    def test_puts_each_pair_in_its_place_among_all(self):
        past = PastComparison(0.2, [0.5, 0.2, 0.1], 100)
        assert evidence([past]).places == (pytest.approx(3 / 100),)

    def test_of_one_assignment_is_never_unusual(self):
        """In every class some two are the most alike."""
        found = evidence([most_alike(1.0)])
        assert found.expected == pytest.approx(1)
        assert found.strength is Strength.usual

    def test_adds_up(self):
        strengths = [evidence([most_alike()] * count).strength for count in (1, 2, 3)]
        assert strengths == [Strength.usual, Strength.unusual, Strength.unusual]
        once_in_four = [evidence([*[most_alike()] * times, *[NOTHING] * (4 - times)]).probability for times in range(5)]
        assert once_in_four == sorted(once_in_four, reverse=True)

    def test_is_weaker_where_much_is_alike_in_the_class(self):
        crowded = PastComparison(0.4, [0.5] * 100, PAIRS)
        assert evidence([crowded] * 3).strength is Strength.usual

    def test_takes_little_for_nothing(self):
        assert evidence([PastComparison(0.04, [], PAIRS)] * 5).probability == 1

    def test_has_the_probability_of_its_formula(self):
        """Against counting: of all ways two places in 1 … n can fall, those whose product is as small or smaller."""
        n = 400
        past = [PastComparison(0.5, [0.6] * above, n) for above in (19, 39)]
        limit = 20 * 40
        counted = sum(first * second <= limit for first, second in product(range(1, n + 1), repeat=2)) / n**2
        assert evidence(past).probability == pytest.approx(counted, rel=0.1)

    @pytest.mark.parametrize("past", [[], [NOTHING], [most_alike()], [most_alike()] * 3, [most_alike(), NOTHING]])
    def test_is_told_in_words_that_judge_nobody(self, past):
        said = evidence(past).description
        assert said.endswith(".")
        assert not re.search("verdict|plagiar|cheat|copied|guilt|suspic", said.lower())
