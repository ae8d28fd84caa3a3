"""Fingerprints: the promise of winnowing, numbers that stay, and whom they lead to."""

import random
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faraday_app.coursework.similarity import Kind, candidates, common_fingerprints, fingerprints, read
from faraday_app.coursework.similarity.documents import TUNING
from faraday_app.coursework.similarity.fingerprints import winnow
from tests.factories.essays import PARAGRAPH, PLANTS, UNRELATED, WAR, renamed, with_paragraph
from tests.factories.programs import SCORES, SCORES_OWN, SCORES_RENAMED, STACK, STACK_RENAMED

# Few numbers, so that equals are the rule.
NUMBERS = st.lists(st.integers(-5, 5), max_size=60)
MOST = 2**63
# Of the sentence in the test that uses it.
STORED = [
    -9109467405751039789,
    -8797577310345133279,
    -8306345544614308439,
    -7717608279286171486,
    -7660004736247326022,
    -6594182113910939869,
    -6232330087446865711,
    -4612260648142670980,
    -2223527972539545559,
]
WORDS = st.lists(st.sampled_from([f"w{letter}" for letter in "bcdfghjk"]), max_size=30)


class TestWinnow:
    @given(NUMBERS, st.integers(1, 8))
    def test_takes_the_rightmost_least_of_each_window(self, numbers, window):
        wide = min(window, len(numbers))
        expected = []
        for first in range(len(numbers) - wide + 1 if numbers else 0):
            least = min(numbers[first : first + wide])
            place = max(place for place in range(first, first + wide) if numbers[place] == least)
            if place not in expected:
                expected.append(place)
        assert winnow(numbers, window) == expected

    @given(NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.data())
    def test_of_two_that_share_a_window_takes_one_of_it_in_both(self, before, after, others, rest, data):
        window = data.draw(st.integers(1, 8))
        shared = data.draw(st.lists(st.integers(-5, 5), min_size=window, max_size=window + 5))
        first, second = before + shared + after, others + shared + rest
        mine = {first[place] for place in winnow(first, window) if len(before) <= place < len(before) + len(shared)}
        theirs = {second[place] for place in winnow(second, window) if len(others) <= place < len(others) + len(shared)}
        assert mine & theirs

    def test_takes_few(self):
        rng = random.Random(3)
        numbers = [rng.getrandbits(64) for _ in range(20_000)]
        assert len(winnow(numbers, 4)) / len(numbers) == pytest.approx(2 / 5, abs=0.02)  # 2 / (window + 1)


class TestFingerprints:
    @given(WORDS, WORDS, WORDS, WORDS, st.data())
    def test_find_every_shared_run_of_window_and_gram(self, before, after, others, rest, data):
        tuning = TUNING[Kind.prose]
        shared = data.draw(
            st.lists(
                st.sampled_from(["alpha", "beta", "gamma", "delta"]),
                min_size=tuning.window + tuning.gram - 1,
                max_size=14,
            )
        )
        first, second = (
            fingerprints(read(" ".join(words), kind=Kind.prose))
            for words in (before + shared + after, others + shared + rest)
        )
        assert first & second

    def test_are_numbers_that_a_database_holds(self):
        found = fingerprints(read(WAR[0]))
        assert all(-MOST <= number < MOST for number in found)
        assert min(found) < 0 < max(found)

    def test_are_the_same_in_another_process(self):
        say = (
            "from faraday_app.coursework.similarity import fingerprints, read\n"
            "from tests.factories.essays import PARAGRAPH\n"
            "print(sorted(fingerprints(read(PARAGRAPH))))"
        )
        said = subprocess.run(
            [sys.executable, "-c", say], capture_output=True, text=True, check=True, timeout=60
        ).stdout
        assert said.strip() == str(sorted(fingerprints(read(PARAGRAPH))))

    def test_stay_as_they_were_stored(self):
        """Another number here means that everything stored has to be fingerprinted anew."""
        text = "She told us that it was not for the bees to know what they had to do in the dark"
        assert sorted(fingerprints(read(text, kind=Kind.prose))) == STORED

    @pytest.mark.parametrize("text", ["", "four words are nothing", "—"])
    def test_of_too_few_words_are_none(self, text):
        assert fingerprints(read(text, kind=Kind.prose)) == frozenset()

    @pytest.mark.parametrize(("left", "right"), UNRELATED)
    def test_of_essays_on_the_same_subject_hardly_meet(self, left, right):
        assert len(fingerprints(read(left)) & fingerprints(read(right))) <= 2

    @pytest.mark.parametrize("share", [0.1, 0.25, 0.6, 1.0])
    def test_of_a_renamed_paragraph_meet_often(self, share):
        """With all words of five letters and more replaced too: the frame of the sentences is still there."""
        original = fingerprints(read(with_paragraph(WAR[0], PARAGRAPH, 1)))
        for seed in range(5):
            copy = with_paragraph(PLANTS[1], renamed(PARAGRAPH, share, seed), 2)
            assert len(original & fingerprints(read(copy))) >= 20

    @pytest.mark.parametrize(
        ("text", "copy", "own", "name"),
        [(SCORES, SCORES_RENAMED, SCORES_OWN, "a.py"), (STACK, STACK_RENAMED, "", "A.java")],
    )
    def test_of_programs_do_not_depend_on_names(self, text, copy, own, name):
        assert len(fingerprints(read(text, name)) & fingerprints(read(copy, name))) >= 8
        assert not fingerprints(read(text, name)) & fingerprints(read(own, name))


class TestCandidates:
    def test_are_those_that_share_most_of_what_is_rare(self):
        hits = {
            1: [("copy", 1), ("half", 1)],
            2: [("copy", 2)],
            3: [("copy", 1)],
            4: [("half", 1)],
            **{number: [(f"other {n}", 1) for n in range(90)] + [("half", 1)] for number in range(10, 14)},
        }
        found = candidates(hits, 100, enough=1.0)
        assert [(each.document, each.shared) for each in found] == [("copy", 3), ("half", 6)]
        assert found[0].score > found[1].score

    def test_are_none_for_phrases_that_everybody_uses(self):
        hits = {number: [(document, 1) for document in range(1000)] for number in range(30)}
        assert candidates(hits, 1000) == []

    def test_leave_out_what_is_a_template(self):
        hits = {number: [("a", 1)] for number in range(10)}
        assert candidates(hits, 50, leaving_out=set(range(9))) == []
        assert [each.shared for each in candidates(hits, 50, leaving_out=set(range(5)))] == [5]

    def test_are_not_more_than_asked_for_and_always_the_same(self):
        hits = {number: [(document, 1) for document in range(9)] for number in range(10)}
        assert [each.document for each in candidates(hits, 1000, limit=3)] == [0, 1, 2]

    @pytest.mark.parametrize("documents", [0, 1, 2])
    def test_are_found_among_the_first_few(self, documents):
        found = candidates({1: [("a", 1)], 2: [("a", 1)]}, documents)
        assert [each.document for each in found] == ["a"]
        assert candidates({}, documents) == []

    def test_among_real_ones_lead_with_the_copy(self):
        stored = {f"essay {n}": fingerprints(read(text)) for n, text in enumerate([*WAR, *PLANTS])}
        stored["source"] = fingerprints(read(with_paragraph(PLANTS[0], PARAGRAPH, 1)))
        new = fingerprints(read(with_paragraph(WAR[1], renamed(PARAGRAPH, 0.25, 1), 2)))
        hits = {number: [(name, 1) for name, have in stored.items() if number in have] for number in new}
        assert [each.document for each in candidates(hits, len(stored))][:2] == ["essay 1", "source"]


class TestCommonFingerprints:
    @pytest.mark.parametrize(
        ("having", "people", "common"),
        [(9, 30, False), (10, 30, True), (3, 4, False), (4, 4, True), (4, 13, True), (4, 14, False), (0, 0, False)],
    )
    def test_are_those_of_over_three_in_ten_and_of_four(self, having, people, common):
        assert common_fingerprints({7: having}, people) == ({7} if common else frozenset())

    def test_go_by_what_the_class_set(self):
        assert common_fingerprints({7: 2}, 20, share=0.05, at_least=2) == {7}
