"""Two texts side by side: a copy is found whatever was renamed and wherever it went, and own work is left alone."""

import random
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faraday_app.coursework.similarity import (
    Comparison,
    Kind,
    common_fingerprints,
    compare,
    fingerprints,
    leave_out,
    read,
    template,
)
from tests.factories.essays import GERMAN, NOUNS, PARAGRAPH, PLANTS, UNRELATED, WAR, renamed, with_paragraph
from tests.factories.programs import SCORES, SCORES_OWN, SCORES_RENAMED, STACK, STACK_RENAMED

SEEDS = range(4)
QUOTATION = """Two households, both alike in dignity, in fair Verona, where we lay our scene, from ancient grudge break
to new mutiny, where civil blood makes civil hands unclean. From forth the fatal loins of these two foes a pair of
star-cross'd lovers take their life; whose misadventured piteous overthrows do with their death bury their parents'
strife."""
MODERN = QUOTATION
for old, new in {
    "households": "families", "alike": "equal", "fair": "lovely", "scene": "play", "grudge": "hatred",
    "mutiny": "fighting", "hands": "fingers", "forth": "out", "loins": "bodies", "pair": "couple", "star-": "moon-",
    "misadventured": "unlucky", "death": "dying", "strife": "quarrel",
}.items():  # fmt: skip
    MODERN = MODERN.replace(old, new)
HANDOUT = f"""Read the prologue of the play. “{QUOTATION}” Explain in your own words what the chorus tells the audience,
and why it gives away the end before the play has even begun. Write at least three hundred words."""


def covered(comparison: Comparison, text: str, passage: str) -> float:
    """The share of the passage, in characters, that lies in spans of the left text."""
    at = text.index(passage)
    inside = sum(max(0, min(span.end, at + len(passage)) - max(span.start, at)) for span in comparison.left.spans)
    return inside / len(passage)


def every(count: int) -> str:
    """The paragraph with each word replaced whose number can be divided by this one."""
    words = PARAGRAPH.split()
    return " ".join(f"x{place}" if place % count == 1 else word for place, word in enumerate(words))


def shuffled(seed: int) -> str:
    sentences = re.split(r"(?<=\.) ", renamed(PARAGRAPH, 0.2, seed))
    random.Random(seed).shuffle(sentences)
    return " ".join(sentences)


def stirred(seed: int) -> str:
    """One word in twenty put in, another one left out."""
    rng = random.Random(seed)
    kept = [word for word in renamed(PARAGRAPH, 0.15, seed).split() if rng.random() >= 0.05]
    return " ".join(f"{rng.choice(NOUNS.split())} {word}" if rng.random() < 0.05 else word for word in kept)


class TestCompareFinds:
    original = with_paragraph(WAR[0], PARAGRAPH, 1)

    @pytest.mark.parametrize(
        ("copy", "at_least"),
        [
            pytest.param(PARAGRAPH, 0.99, id="as it was"),
            *[pytest.param(renamed(PARAGRAPH, 0.10, seed), 0.95, id=f"10 % renamed, {seed}") for seed in SEEDS],
            *[pytest.param(renamed(PARAGRAPH, 0.25, seed), 0.95, id=f"25 % renamed, {seed}") for seed in SEEDS],
            *[pytest.param(renamed(PARAGRAPH, 1, seed), 0.9, id=f"every long word renamed, {seed}") for seed in SEEDS],
            *[pytest.param(renamed(PARAGRAPH, 0.2, seed, 1), 0.8, id=f"20 % of any words, {seed}") for seed in SEEDS],
            *[pytest.param(shuffled(seed), 0.85, id=f"sentences in another order, {seed}") for seed in SEEDS],
            *[pytest.param(stirred(seed), 0.75, id=f"words put in and left out, {seed}") for seed in SEEDS],
            *[pytest.param(every(count), 0.9, id=f"every {count}th word") for count in (3, 4, 5, 6)],
            pytest.param(PARAGRAPH.upper().replace(" ", "  "), 0.99, id="in capitals"),
            pytest.param(PARAGRAPH.replace("a", "а").replace("e", "\u200bе"), 0.99, id="in letters that look the same"),
        ],
    )
    @pytest.mark.parametrize("place", [0, 2])
    def test_a_paragraph_moved_elsewhere_in_the_essay(self, copy, at_least, place):
        found = compare(read(self.original), read(with_paragraph(PLANTS[1], copy, place)))
        assert covered(found, self.original, PARAGRAPH) >= at_least
        outside = sum(span.end - span.start for span in found.left.spans) - len(PARAGRAPH)
        assert outside <= 0.1 * len(PARAGRAPH)

    def test_a_sentence_of_twenty_words(self):
        sentence = (
            "Nobody tells them what to do, and yet the cells are cleaned and the entrance is guarded every single day."
        )
        left, right = f"{WAR[0]} {sentence}", f"{sentence} {PLANTS[0]}"
        found = compare(read(left), read(right))
        assert [left[span.start : span.end] for span in found.left.spans] == [sentence[:-1]]
        assert [right[span.start : span.end] for span in found.right.spans] == [sentence[:-1]]
        assert found.longest == 20

    def test_in_german_too(self):
        copy = GERMAN[0].replace("Jungen", "Knaben").replace("Junge", "Knabe").replace("Bahnhof", "Hafen")
        copy = copy.replace("Vater", "Onkel").replace("Züge", "Schiffe").replace("Schaffner", "Matrose")
        assert compare(read(GERMAN[0]), read(copy)).left.share > 0.95

    def test_in_chinese_too(self):
        shared = "祖母在学校后面养蜂，是她教我，一个蜂巢与其说是一个家庭，不如说是一座城市，春天蜂后每天产两千个卵。"
        left, right = f"今天我想谈谈我的家乡。{shared}", f"{shared}我们去年夏天去了海边，天气非常好。"
        found = compare(read(left), read(right))
        assert covered(found, left, shared) > 0.9
        assert "characters" in found.description

    @pytest.mark.parametrize(
        ("text", "copy", "name"), [(SCORES, SCORES_RENAMED, "a.py"), (STACK, STACK_RENAMED, "A.java")]
    )
    def test_a_program_with_other_names_in_another_order(self, text, copy, name):
        found = compare(read(text, name), read(copy, name))
        assert found.similarity > 0.9
        assert len(found.matches) == 3


class TestCompareIsSilent:
    @pytest.mark.parametrize(("left", "right"), UNRELATED)
    def test_on_essays_about_the_same(self, left, right):
        found = compare(read(left), read(right))
        assert (found.matches, found.similarity, found.longest) == ((), 0, 0)
        assert found.description == "No passage runs alike."

    def test_on_programs_for_the_same(self):
        assert compare(read(SCORES, "a.py"), read(SCORES_OWN, "b.py")).matches == ()

    def test_between_prose_and_a_program(self):
        assert compare(read(SCORES, "a.py"), read(SCORES, kind=Kind.prose)).matches == ()

    @pytest.mark.parametrize(
        ("mine", "theirs"),
        [
            (QUOTATION, QUOTATION),
            (QUOTATION, " ".join(QUOTATION.split()[12:45])),
            (QUOTATION, QUOTATION.replace("ancient", "old").replace("fatal", "deadly").replace("piteous", "sad")),
            (MODERN, MODERN),
            (HANDOUT, HANDOUT),
        ],
    )
    def test_on_quotations_from_the_handout(self, mine, theirs):
        given_out = template([read(HANDOUT)])
        left, right = (
            leave_out(read(with_paragraph(essay, quotation, 1)), given_out)
            for essay, quotation in ((WAR[0], mine), (PLANTS[0], theirs))
        )
        assert compare(read(WAR[0] + mine), read(PLANTS[0] + mine)).matches
        found = compare(left, right)
        assert found.matches == ()
        assert found.left.left_out >= len(mine.split()) * 0.9
        assert "are left out" in found.description

    def test_on_a_program_to_start_from(self):
        given_out = template([read(STACK, "Stack.java")])
        mine = "class Mine { void show() { for (int i : items) System.out.println(i); } }"
        theirs = "class Theirs { boolean full() { return items.size() == LIMIT || (closed && !open); } }"
        left, right = read(STACK + mine, "A.java"), read(STACK_RENAMED + theirs, "B.java")
        assert compare(left, right).matches
        assert compare(leave_out(left, given_out), leave_out(right, given_out)).matches == ()

    def test_on_what_much_of_the_class_has(self):
        saying = "We were told to remember that a source is never simply true or false but always made by someone."
        essays = [f"{essay} {saying}" for essay in (*WAR, *PLANTS)] + [PARAGRAPH] * 5
        having: dict[int, int] = {}
        for essay in essays[:6]:
            for number in fingerprints(read(essay)):
                having[number] = having.get(number, 0) + 1
        given_out = template(common=common_fingerprints(having, 12))
        left, right = (read(essay) for essay in essays[:2])
        assert compare(left, right).matches
        assert compare(leave_out(left, given_out), leave_out(right, given_out)).matches == ()


class TestCompareBesideAHandout:
    def test_shows_own_words_around_a_quotation_and_not_the_quotation(self):
        before, after = PARAGRAPH.split(" Nobody ")
        text = f"{before} {QUOTATION} Nobody {after}"
        given_out = template([read(HANDOUT)])
        left, right = (leave_out(read(f"{text}\n\n{essay}"), given_out) for essay in (WAR[0], PLANTS[0]))
        found = compare(left, right)
        assert len(found.matches) == 2
        shown = " ".join(text[span.start : span.end] for span in found.left.spans)
        assert "grandmother" in shown
        assert "protractor" in shown
        assert "Verona" not in shown
        assert found.left.words == len(left.words) - found.left.left_out


class TestCompareSays:
    def test_how_much_of_each_side_it_is(self):
        found = compare(read(PARAGRAPH), read(with_paragraph(WAR[0], PARAGRAPH, 1)))
        assert found.left.share == 1
        assert 0.3 < found.right.share < 0.4
        assert found.similarity == 1

    def test_it_in_a_sentence(self):
        copy = with_paragraph(WAR[0], PARAGRAPH.replace("Danube", "Rhine").replace("Munich", "Vienna"), 1)
        assert compare(read(PARAGRAPH), read(copy)).description == (
            "One passage runs alike: 100 % of the left text and 36 % of the right one. "
            "It has 160 words, 2 of them changed; up to 99 in a row are the same."
        )

    @given(st.data())
    def test_of_any_two_texts_what_can_be_shown(self, data):
        pieces = st.lists(st.sampled_from([*PARAGRAPH.split(". "), *WAR[0].split(". ")]), max_size=6)
        first, second = (". ".join(data.draw(pieces)) for _ in range(2))
        left, right = read(first), read(second)
        found, turned = compare(left, right), compare(right, left)
        for side, text in ((found.left, first), (found.right, second)):
            assert 0 <= side.alike <= side.words
            assert all(0 <= span.start < span.end <= len(text) for span in side.spans)
            assert all(a.end < b.start for a, b in zip(side.spans, side.spans[1:], strict=False))
        assert bool(found.matches) == bool(turned.matches)
        assert found.longest <= min(found.left.alike, found.right.alike)

    def test_never_what_it_means(self):
        said = compare(read(PARAGRAPH), read(PARAGRAPH)).description.lower()
        assert not re.search("verdict|plagiar|cheat|copied|guilt", said)


class TestSpeed:
    def test_does_not_explode_on_repetition(self):
        """Generous by far: a text against itself that says the same thousands of times."""
        document = read("the same old song of the same old man " * 2000)
        began = time.process_time()
        compare(document, document)
        assert time.process_time() - began < 10
