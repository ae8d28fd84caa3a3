"""What a template asks for, and what it takes for an answer."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faraday_app.contexts.service.templates.variables import Kind, Variable, checked, fill, read
from faraday_app.core.errors import Invalid

GRADE = {"name": "grade", "kind": "number", "least": 1, "most": 13, "whole": True}
ANYTHING = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.text(), max_size=2))


def asked(**what) -> Variable:
    return Variable(**{"name": "x", **what})


class TestChecked:
    @pytest.mark.parametrize(
        ("what", "given", "text"),
        [
            ({}, "  tides ", "tides"),
            ({"kind": "long_text"}, "a\nb", "a\nb"),
            ({"kind": "class_name"}, "7b", "7b"),
            ({"kind": "person_name"}, "Sara Byrne", "Sara Byrne"),
            ({"kind": "number"}, "07.50", "7.5"),
            ({"kind": "number"}, 1200, "1200"),
            ({"kind": "number"}, "1e3", "1000"),
            ({"kind": "number"}, "-0.0", "0"),
            ({"kind": "date"}, "2027-03-31", "2027-03-31"),
            ({"kind": "choice", "choices": ["A", "B"]}, "B", "B"),
            ({"kind": "yes_no"}, True, "yes"),
            ({"kind": "yes_no"}, "on", "yes"),
            ({"kind": "yes_no"}, "", "no"),
            ({"required": False}, "", ""),
            ({"pattern": r"[A-Z]{2}\d+"}, "AB12", "AB12"),
        ],
    )
    def test_takes_what_fits(self, what, given, text):
        assert checked(asked(**what), given) == checked(asked(**what), text)
        assert checked(asked(**what), given).text == text

    @pytest.mark.parametrize(
        ("what", "given", "why"),
        [
            ({}, "", "Fill this in"),
            ({}, None, "Fill this in"),
            ({}, "a\nb", "one line"),
            ({}, "x" * 201, "200 characters at most"),
            ({"shortest": 5}, "four", "5 characters at least"),
            ({"longest": 3}, "four", "3 characters at most"),
            ({"pattern": "[a-z]+"}, "Ab", "of the form"),
            ({"kind": "number"}, "seven", "Enter a number"),
            ({"kind": "number"}, "nan", "Enter a number"),
            ({"kind": "number"}, "Infinity", "Enter a number"),
            ({"kind": "number"}, "1e999", "Enter a number"),
            ({"kind": "number"}, "1e-99", "12 decimals"),
            ({"kind": "number", "least": 2}, "1.9", "2 at least"),
            ({"kind": "number", "most": "2.5"}, "3", "2.5 at most"),
            ({"kind": "number", "whole": True}, "1.5", "whole"),
            ({"kind": "date"}, "31.3.2027", "Enter a date"),
            ({"kind": "date", "earliest": "2027-01-01"}, "2026-12-31", "Not before"),
            ({"kind": "date", "latest": "2027-01-01"}, "2027-01-02", "Not after"),
            ({"kind": "choice", "choices": ["A"]}, "a", "one of the list"),
            ({"kind": "yes_no"}, "maybe", "yes or no"),
            ({}, ["a"], "as text"),
            ({"kind": "number"}, 10**20, "as text"),
            ({}, "a\x00b", "NUL"),
        ],
    )
    def test_says_what_is_wanted(self, what, given, why):
        assert why in checked(asked(**what), given).problem

    @given(st.sampled_from(Kind), ANYTHING)
    def test_answers_or_says_why_not_whatever_comes(self, kind, value):
        variable = asked(kind=kind, choices=("A",) if kind is Kind.choice else (), required=False)
        found = checked(variable, value)
        assert not (found.text and found.problem)
        if found.text:
            assert checked(variable, found.text).text == found.text

    @given(st.decimals(min_value=-(10**6), max_value=10**6, places=3))
    def test_keeps_a_number_what_it_is(self, number):
        assert Decimal(checked(asked(kind="number"), str(number)).text) == number

    @given(st.dates())
    def test_keeps_a_day_what_it_is(self, day):
        assert date.fromisoformat(checked(asked(kind="date"), day).text) == day


class TestRead:
    @pytest.mark.parametrize(
        ("wrong", "why"),
        [
            ([{"name": "Topic"}], "small letters"),
            ([{"name": "a"}, {"name": "a"}], "twice"),
            ([{"name": "a", "kind": "file"}], "kind"),
            ([{"name": "a", "kind": "choice"}], "at least one"),
            ([{"name": "a", "kind": "choice", "choices": ["x", "x"]}], "once"),
            ([{"name": "a", "pattern": "(a"}], "without"),
            ([{"name": "a", "shortest": 5, "longest": 2}], "smallest"),
            ([{**GRADE, "least": 20}], "smallest"),
            ([{**GRADE, "default": "14"}], "its default cannot be entered: 13 at most"),
            ([{"name": "a", "default": "\x00"}], "NUL"),
            ([{"name": f"a{number}"} for number in range(41)], "40 things at most"),
        ],
    )
    def test_says_which_field_is_wrong(self, wrong, why):
        with pytest.raises(Invalid, match=why):
            read(wrong)

    def test_takes_nothing_over_that_it_does_not_know(self):
        (variable,) = read([{"name": "a", "owner_id": "me", "__class__": "x"}])
        assert set(variable.model_dump()) == set(Variable.model_fields)


class TestFill:
    def test_gathers_answers_problems_and_what_was_left_as_it_was(self):
        fields = read([
            {"name": "topic"},
            {**GRADE, "default": "7"},
            {"name": "hint", "required": False},
            {"name": "quiz", "kind": "yes_no"},
        ])  # fmt: skip
        found = fill(fields, {"topic": "tides", "quiz": True, "role": "administrator"})
        assert found.texts == {"topic": "tides", "grade": "7", "hint": "", "quiz": "yes"}
        assert found.truths == {"topic": True, "grade": True, "hint": False, "quiz": True}
        assert (found.problems, found.at_default, found.left_empty) == ({}, ("grade",), ("hint",))
        assert fill(fields, {"grade": "99"}).problems.keys() == {"topic", "grade"}
