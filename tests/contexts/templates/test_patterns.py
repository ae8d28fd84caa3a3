"""Patterns that cannot be made to take long."""

import contextlib
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faraday_app.contexts.service.templates.patterns import LONGEST_MATCHED, BadPattern, Pattern

ATOMS = st.sampled_from(["a", "b", ".", r"\d", r"\w", "[ab]", "[^a]", "[a-c1]", r"\.", "(a|bc)", "(ab)"])
TIMES = st.sampled_from(["", "", "?", "*", "+", "{2}", "{1,3}", "{2,}"])
PATTERNS = st.lists(st.tuples(ATOMS, TIMES), max_size=5).map(lambda parts: "".join(a + b for a, b in parts))


class TestMatches:
    @settings(max_examples=150)
    @given(PATTERNS, st.text(alphabet="abc1. ", max_size=8))
    def test_is_what_the_usual_notation_means(self, pattern, text):
        assert Pattern(pattern).matches(text) == bool(re.fullmatch(pattern, text, re.ASCII))

    @settings(max_examples=60)
    @given(PATTERNS, PATTERNS, st.text(alphabet="abc1. ", max_size=6))
    def test_holds_for_either_and_for_groups(self, one, other, text):
        pattern = f"({one}|{other})+"
        assert Pattern(pattern).matches(text) == bool(re.fullmatch(pattern, text, re.ASCII))

    @pytest.mark.parametrize("evil", ["(a+)+b", "(a|a)*b", "(a|aa)+b", "(.*)*b", "([a-z]+)*b", "(a*)*(a*)*b"])
    def test_takes_no_longer_for_what_makes_others_hang(self, evil):
        began = time.perf_counter()
        assert Pattern(evil).matches("a" * LONGEST_MATCHED) is False
        assert time.perf_counter() - began < 2

    def test_refuses_texts_beyond_its_length(self):
        assert Pattern("a*").matches("a" * (LONGEST_MATCHED + 1)) is False


class TestPattern:
    @pytest.mark.parametrize(
        "bad",
        ["(", ")", "[", "[]", "a**", "*", "+a", "{2}", "a{3,2}", "a{101}", "a{0}", "a{x}", "a{", "^a$", "\\", r"\q",
         "[b-a]", "((a{100}){100}){100}", "a" * 121, "(" * 50 + ")" * 50, "(?=a)", "(?P<x>a)", "[[a]"],
    )  # fmt: skip
    def test_says_what_cannot_be_read(self, bad):
        with pytest.raises(BadPattern):
            Pattern(bad)

    @given(st.text(alphabet="ab(){}[]|*+?\\^-.,12", max_size=20))
    def test_reads_or_refuses_whatever_comes(self, text):
        with contextlib.suppress(BadPattern):
            assert Pattern(text).matches("ab12") in (True, False)
