"""How a window is spread, without a database: never above it, nothing cut, nothing silent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faraday_app.contexts.models import Given
from faraday_app.contexts.service import assembly, repeats
from faraday_app.contexts.service.assembly import Item
from faraday_app.contexts.service.budgeting import BESIDE, Spread, spread
from faraday_app.core.errors import Invalid
from faraday_app.gateway.service import Turn, most_tokens

LONG = "Light bends where it passes from air into glass. " * 10


def item(id: str, text: str = "Light bends.", weight: float = 1.0, kind: Given = Given.data, covers: int = 0) -> Item:
    return Item(kind, id, 1, f"Note {id}", text, weight, covers)


def turns(*contents: str) -> list[Turn]:
    roles = ("user", "assistant")
    return [Turn(role=roles[place % 2], content=content) for place, content in enumerate(contents)]


def sent(found: Spread, system: str) -> list[Turn]:
    words = "\n\n".join(part for part in (system, assembly.told(found.given)) if part)
    return [Turn(role="system", content=words), *found.turns] if words else found.turns


words = st.text(st.sampled_from("ab \n\n⟦⟧ß€漢"), max_size=700)
items = st.lists(
    st.builds(
        Item,
        st.sampled_from([Given.data, Given.knowledge, Given.memory]),
        st.sampled_from("abcdefgh"),
        st.just(1),
        words.map(lambda text: text[:60]),
        words,
        st.floats(0, 5),
    ),
    max_size=8,
)
several = st.lists(words, min_size=1, max_size=9).map(lambda each: turns(*each))


class TestSpread:
    @given(st.integers(0, 2_500), st.integers(1, 300), words, items, several)
    def test_is_never_above_the_window_and_accounts_for_everything(self, window, answer, system, wanted, said):
        try:
            found = spread(window, answer, system, wanted, said)
        except Invalid:
            alone = [Turn(role="system", content=system)] if system else []
            assert most_tokens([*alone, said[-1]]) + answer + BESIDE > window - 3
            return
        assert most_tokens(sent(found, system)) + answer + BESIDE <= window
        assert sum(each.tokens for each in found.portions) + BESIDE <= window
        assert found.turns[-1] == said[-1]
        told = {each.part: each for each in found.portions}
        earlier = told.get("turns")
        assert (earlier.count + earlier.left_out if earlier else 0) == len(said) - 1
        assert not set(found.given) & set(found.left_out)
        assert {*found.given, *found.left_out} == set(repeats.items_once(wanted, said[-1]["content"]))

    @given(st.integers(300, 2_500), words, items, several)
    def test_cuts_nothing_and_keeps_the_newest(self, window, system, wanted, said):
        try:
            found = spread(window, 50, system, wanted, said)
        except Invalid:
            return
        assert set(found.given) <= set(wanted)
        whole = repeats.turns_once(said)
        assert found.turns == repeats.turns_beside(whole[len(whole) - found.last :], found.given)

    @given(st.integers(600, 2_500), items, several)
    def test_of_what_was_chosen_is_told_again_in_the_same_way(self, window, wanted, said):
        """The worker that answers reads the branch anew, and sends what was paid for."""
        try:
            found = spread(window, 50, "", wanted, said)
        except Invalid:
            return
        newest = repeats.turns_once(said)[len(said) - found.last :]
        assert repeats.turns_beside(newest, found.given) == found.turns

    def test_is_refused_where_question_and_instructions_alone_do_not_fit(self):
        with pytest.raises(Invalid, match="too long"):
            spread(200, 100, "word " * 60, [], turns("word " * 60))

    def test_lets_each_kind_have_its_share_before_the_heavier_takes_the_rest(self):
        data = [item(f"d{n}", LONG + str(n), 5) for n in range(8)]
        memory = item("m", "Mira likes frogs.", 0.1, Given.memory)
        found = spread(900, 100, "", [*data, memory], turns("Why?"))
        assert memory in found.given
        assert found.left_out
        (portion,) = [each for each in found.portions if each.part == "data"]
        assert (portion.count + portion.left_out, portion.left_out) == (8, len(found.left_out))

    def test_prefers_the_heavier_of_a_kind_and_keeps_their_order(self):
        found = spread(
            420, 100, "", [item("a", LONG + "a", 1), item("b", LONG + "b", 3), item("c", LONG + "c", 2)], turns("Why?")
        )
        assert [each.source_id for each in found.given] == ["b"]
        wider = spread(620, 100, "", [*found.left_out, *found.given], turns("Why?"))
        assert [each.source_id for each in wider.given] == ["c", "b"]

    def test_gives_what_the_turns_do_not_need_to_the_material(self):
        text = "".join(f"Word {n} of the text. " for n in range(60))
        assert spread(700, 100, "", [item("a", text)], turns("Why?")).given
        earlier = turns(*(f"Turn {n}: {'word ' * 30}" for n in range(6)), "Why?")
        assert not spread(700, 100, "", [item("a", text)], earlier).given


class TestSummary:
    def test_stands_in_for_the_turns_that_it_covers_only_where_they_do_not_fit(self):
        said = turns(*(f"Turn {n}: {'word ' * 40}" for n in range(8)), "Why?")
        summary = item("s", "They spoke of light.", 10, Given.summary, covers=5)
        tight = spread(600, 100, "", [summary], said)
        assert tight.given == (summary,)
        assert tight.turns == said[5:]
        assert tight.turns_left_out == 0
        assert spread(5_000, 100, "", [summary], said).turns == said
        assert spread(5_000, 100, "", [summary], said).given == ()

    def test_says_how_many_turns_neither_told_nor_summarised_found_no_place(self):
        said = turns(*(f"Turn {n}: {'word ' * 40}" for n in range(8)), "Why?")
        without = spread(600, 100, "", [], said)
        assert without.turns_left_out == len(said) - without.last > 0
        part = next(each for each in without.told()["parts"] if each["part"] == "turns")
        assert part["left_out"] == without.turns_left_out


class TestRepeats:
    def test_of_a_long_paste_stays_where_it_stands_last(self):
        said = turns(f"Look:\n\n{LONG}", "A lens.", f"And now?\n\n{LONG.replace('. ', '.  ')}")
        once = repeats.turns_once(said)
        assert once == [turns(f"Look:\n\n{repeats.LATER}")[0], *said[1:]]

    def test_of_an_item_in_an_older_turn_are_told_as_the_item_alone(self):
        said = turns(LONG, "A lens.", "Why?")
        assert spread(2_000, 100, "", [item("a", LONG)], said).turns[0]["content"] == repeats.ABOVE

    def test_of_what_the_question_quotes_are_not_given_beside_it(self):
        assert spread(2_000, 100, "", [item("a", LONG)], turns(f"Explain: {LONG}")).given == ()

    def test_within_items_keep_the_heavier(self):
        same = [item("a", LONG), item("b", LONG + "More.", 2), item("c", "Short."), item("d", "Short.", 3)]
        assert [each.source_id for each in repeats.items_once(same, "")] == ["b", "d"]

    @given(st.lists(st.sampled_from([LONG, f"{LONG}\n\nShort.", "Short.", "x" * 400]), min_size=1, max_size=6))
    def test_never_make_a_prompt_longer_and_lose_no_text(self, contents):
        said = turns(*contents)
        once = repeats.turns_once(said)
        assert most_tokens(once) <= most_tokens(said)
        assert once[-1] == said[-1]
        assert repeats.turns_once(once) == once
        everything = "\n".join(each["content"] for each in once)
        assert all(block in everything for content in contents for block in content.split("\n\n"))
