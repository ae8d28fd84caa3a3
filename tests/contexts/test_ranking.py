"""Cutting long texts, and ranking their parts: without a database."""

import pytest

from faraday_app.contexts.service import chunking, ranking
from faraday_app.core.ids import new_id
from tests.factories.data import FROGS

TEXTS = ["Frogs eat insects.", "The tax office is closed.", "Insects have six legs; frogs have four."]


class TestParts:
    def test_keep_to_headings(self):
        parts = chunking.parts_of(FROGS)
        assert [part.heading for part in parts] == ["Frogs", "Volcanoes", "Rivers"]
        assert parts[2].whole == "Rivers\nRivers carry water from the mountains to the sea."

    @pytest.mark.parametrize("text", ["word " * 5_000, "One sentence of six words here.\n\n" * 800, "x" * 100_000])
    def test_are_short_and_lose_nothing(self, text):
        parts = chunking.parts_of(text)
        assert all(len(part.text.split()) <= chunking.WORDS + chunking.OVERLAP for part in parts)
        assert sum(len(part.text.split()) for part in parts) >= len(text.split())
        assert len(parts) > 1

    def test_repeat_the_end_of_the_one_before(self):
        numbered = "\n\n".join(f"Line {number} says something short." for number in range(200))
        one, two = chunking.parts_of(numbered)[:2]
        assert two.text.split("\n\n")[0] in one.text

    def test_of_a_table_begin_with_its_columns(self):
        parts = chunking.table_parts("name,age\n" + "\n".join(f"Nova {n},{n}" for n in range(500)))
        assert len(parts) > 3
        assert {part.whole.splitlines()[0] for part in parts} == {"name,age"}
        assert sum(len(part.text.splitlines()) for part in parts) == 500

    def test_of_nothing_are_none(self):
        assert chunking.parts_of(" \n\n ") == []
        assert chunking.table_parts("") == []


class TestByWords:
    def test_puts_first_what_shares_rare_words(self):
        assert [place for place, _ in ranking.by_words("What do frogs eat?", TEXTS)] == [0, 2]

    def test_finds_nothing_without_a_word_in_common(self):
        assert ranking.by_words("Quadratic equations", TEXTS) == []
        assert ranking.by_words("", TEXTS) == []


class TestFused:
    def test_prefers_what_both_rankings_like(self):
        assert [thing for thing, _ in ranking.fused(["a", "b", "c"], ["b", "d", "a"])][:2] == ["b", "a"]

    def test_is_one_for_the_first_of_all_and_of_the_only_one(self):
        assert ranking.fused(["a", "b"], ["a"])[0] == ("a", 1.0)
        assert ranking.fused([], ["x", "y"])[0] == ("x", 1.0)
        assert ranking.fused([], []) == []


class TestBlind:
    def test_is_the_same_for_the_same_organization_only(self):
        ours, theirs = new_id(), new_id()
        assert ranking.blind(ours, ["frog", "frog"]) == ranking.blind(ours, ["frog"]) * 2
        assert ranking.blind(ours, ["frog"]) != ranking.blind(theirs, ["frog"])
        assert "frog" not in ranking.blind(ours, ["frog"])[0]


def test_asked_words_are_those_that_tell_texts_apart():
    assert ranking.asked_words("What does the frogs' family eat, and the frogs?") == ["frog", "family", "eat"]
    assert ranking.asked_words("to be or not to be") == ["to", "be", "or", "not"]
