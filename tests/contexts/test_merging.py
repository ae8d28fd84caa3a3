"""What two people did to one text or thing, put together."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faraday_app.contexts.service.differing import comparison, hunks, lines_of
from faraday_app.contexts.service.merging import (
    Choice,
    Clash,
    merge_fields,
    merge_texts,
    merge_without_base,
)

TEXTS = st.lists(st.sampled_from(["", "a", "b", "c", "d"]), max_size=6).map("\n".join)
FIELDS = st.fixed_dictionaries({"name": st.sampled_from("xyz"), "steps": st.integers(0, 2), "text": TEXTS})
quick = settings(max_examples=300, deadline=None)


def turned(pieces):
    return [Clash(each.base, each.theirs, each.mine) if isinstance(each, Clash) else each for each in pieces]


def came_in(base, text):
    return [line.rstrip("\n") for hunk in hunks(lines_of(base), lines_of(text)) for line in hunk.lines]


class TestHunks:
    @quick
    @given(TEXTS, TEXTS)
    def test_lead_from_one_text_to_the_other(self, older, newer):
        lines, out, at = lines_of(older), [], 0
        for hunk in hunks(lines, lines_of(newer)):
            out += [*lines[at : hunk.start], *hunk.lines]
            at = hunk.end
        assert "".join([*out, *lines[at:]]) == newer

    def test_take_no_longer_for_texts_made_to_keep_us(self):
        assert hunks(["\n"] * 20_000, ["a\n", "\n"] * 10_000)


class TestComparison:
    @quick
    @given(TEXTS, TEXTS)
    def test_holds_what_came_and_what_went(self, older, newer):
        lines = comparison(older, newer, around=99)
        for sign, text in (("gone", older), ("new", newer)):
            shown = [line.text for line in lines if line.sign in ("same", sign)]
            assert shown == ([] if older == newer else [line.rstrip("\n") for line in lines_of(text)])

    def test_leaves_out_what_is_far_from_any_difference(self):
        text = "\n".join(str(number) for number in range(50))
        shown = comparison(text, text.replace("25", "twenty-five"), around=1)
        assert [(line.sign, line.text) for line in shown] == [
            ("skipped", "24 lines alike"), ("same", "24"), ("gone", "25"), ("new", "twenty-five"), ("same", "26"),
            ("skipped", "23 lines alike"),
        ]  # fmt: skip


class TestMergeTexts:
    @quick
    @given(TEXTS, TEXTS)
    def test_takes_what_only_one_side_changed(self, base, side):
        for merged in (merge_texts(base, side, base), merge_texts(base, base, side), merge_texts(base, side, side)):
            assert not merged.clashes
            assert merged.text() == side

    @quick
    @given(TEXTS, TEXTS, TEXTS)
    def test_comes_to_the_same_whoever_is_first(self, base, mine, theirs):
        there, back = merge_texts(base, mine, theirs), merge_texts(base, theirs, mine)
        assert list(there.pieces) == turned(back.pieces)

    @quick
    @given(TEXTS, TEXTS, TEXTS)
    def test_loses_no_line_that_anybody_wrote(self, base, mine, theirs):
        merged = merge_texts(base, mine, theirs)
        kept = merged.text([Choice.both] * len(merged.clashes)).split("\n")
        assert [line for side in (mine, theirs) for line in came_in(base, side) if line not in kept] == []

    @quick
    @given(TEXTS, TEXTS)
    def test_without_a_base_keeps_every_line_of_both(self, mine, theirs):
        merged = merge_without_base(mine, theirs)
        kept = merged.text([Choice.both] * len(merged.clashes)).split("\n")
        assert [line for line in f"{mine}\n{theirs}".split("\n") if line and line not in kept] == []

    @pytest.mark.parametrize(
        ("choice", "text"),
        [(Choice.mine, "1\nzwei\n3\n"), (Choice.theirs, "1\ndeux\n3\n"), (Choice.both, "1\nzwei\ndeux\n3\n")],
    )
    def test_asks_only_where_both_changed_the_same_line(self, choice, text):
        merged = merge_texts("1\n2\n3\n", "1\nzwei\n3\n", "1\ndeux\n3\n")
        assert merged.clashes == (Clash("2\n", "zwei\n", "deux\n"),)
        assert merged.text([choice]) == text

    def test_is_clean_for_neighbouring_lines(self):
        assert merge_texts("1\n2\n3", "eins\n2\n3", "1\nzwei\n3").text() == "eins\nzwei\n3"


class TestMergeFields:
    @quick
    @given(FIELDS, FIELDS)
    def test_takes_what_only_one_side_changed(self, base, side):
        for mine, theirs in ((side, base), (base, side), (side, side)):
            merged = merge_fields(base, mine, theirs, frozenset({"text"}))
            assert merged.settled
            assert merged.values == side

    @quick
    @given(FIELDS, FIELDS, FIELDS)
    def test_has_both_values_to_choose_from_where_both_changed(self, base, mine, theirs):
        merged = merge_fields(base, mine, theirs, frozenset({"text"}))
        for name, sides in merged.clashing.items():
            assert sides == (mine[name], theirs[name])
            assert len({base[name], *sides}) == 3
        every = {**{name: [Choice.theirs] for name in merged.clashing}}
        every |= {name: [Choice.theirs] * len(text.clashes) for name, text in merged.texts.items()}
        assert merged.chosen(every).keys() == base.keys()
