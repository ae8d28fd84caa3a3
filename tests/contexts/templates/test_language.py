"""The language of templates: it puts in what was entered and can do nothing else."""

import contextlib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faraday_app.contexts.service.templates.language import LONGEST_TEXT, Mistake, names_in, parse, render

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
PLAIN = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40)


def said(text: str, **values: str) -> str:
    return render(parse(text), values, {name: bool(value) for name, value in values.items()})


class TestParse:
    @pytest.mark.parametrize(
        ("text", "why", "line"),
        [
            ("{{", "without }}", 1),
            ("a\nb {{ c", "without }}", 2),
            ("\n\n{{Topic}}", "is no name", 3),
            ("{{}}", "is no name", 1),
            ("{{ 7*7 }}", "is no name", 1),
            ("{{ a.b }}", "is no name", 1),
            ("{{a|upper}}", "is no name", 1),
            ("{{ x{{y}} }}", "is no name", 1),
            ("{{?a}} open", "not closed", 1),
            ("{{/a}}", "not open here", 1),
            ("{{?a}}{{!b}}{{/a}}{{/b}}", "not open here", 1),
            ("{{?a}}" * 20, "deep at most", 1),
            ("{{a}}" * 501, "marks at most", 1),
            ("x" * (LONGEST_TEXT + 1), "at most", 1),
        ],
    )
    def test_says_what_is_wrong_and_where(self, text, why, line):
        with pytest.raises(Mistake, match=re.escape(why)) as mistake:
            parse(text)
        assert mistake.value.line == line

    def test_names_each_variable_once_in_its_order(self):
        assert names_in(parse("{{b}} {{?a}}{{b}}{{c}}{{/a}}")) == ("b", "a", "c")

    @given(st.text(alphabet="{}?!/\\ab \n", max_size=60))
    def test_reads_or_says_why_not_whatever_comes(self, text):
        with contextlib.suppress(Mistake):
            assert isinstance(said(text, a="1"), str)


class TestRender:
    def test_puts_in_what_was_entered(self):
        assert said("Explain {{ topic }} to {{who}}.", topic="tides", who="a child") == "Explain tides to a child."

    def test_keeps_parts_by_their_field(self):
        text = "A{{?b}} with {{b}}{{/b}}{{!b}} alone{{/b}}."
        assert (said(text, b="C"), said(text, b="")) == ("A with C.", "A alone.")

    def test_knows_plain_braces(self):
        assert said(r"Write \{{name}} for {{a}}", a="1") == "Write {{name}} for 1"
        assert said(r"\{{", a="1") == "{{"

    @given(PLAIN)
    def test_never_reads_what_was_entered(self, value):
        """Whatever is entered, braces and expressions of any engine too, comes out as it went in."""
        assert said("[{{a}}]", a=value) == f"[{value}]"

    @pytest.mark.parametrize(
        "attack",
        ["{{ 7*7 }}", "{{b}}", "{{?b}}x{{/b}}", "{% for x in y %}", "${7*7}", "<%= 7*7 %>", "#{7*7}", "{0.__class__}",
         "{{ ''.__class__.__mro__[1].__subclasses__() }}", "{{config}}", "%(a)s", "\\{{"],
    )  # fmt: skip
    def test_runs_nothing_of_what_was_entered(self, attack):
        assert said("{{a}} and {{b}}", a=attack, b="secret") == f"{attack} and secret"

    @pytest.mark.parametrize("attack", ["{% if 1 %}", "${7*7}", "{0.__class__}", "%(a)s", "$a", "<%= 1 %>"])
    def test_runs_nothing_of_what_a_template_says(self, attack):
        assert said(attack, a="1") == attack

    @settings(max_examples=60)
    @given(st.lists(st.tuples(PLAIN.filter(lambda text: not set("{}\\") & set(text)), NAMES), max_size=6), st.data())
    def test_is_the_text_with_its_values(self, parts, data):
        values = {name: data.draw(PLAIN) for _, name in parts}
        text = "".join(f"{plain}{{{{{name}}}}}" for plain, name in parts)
        assert said(text, **values) == "".join(plain + values[name] for plain, name in parts)
