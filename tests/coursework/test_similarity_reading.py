"""Words as they are compared: what makes no difference, and that each one is found again in the original."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faraday_app.coursework.similarity import Kind, read
from faraday_app.coursework.similarity.documents import CONTENT, FUNCTION
from tests.factories.essays import GERMAN, PARAGRAPH, PLANTS, WAR
from tests.factories.programs import SCORES, SCORES_RENAMED, STACK


def words(text: str) -> list[str]:
    return list(read(text, kind=Kind.prose).words)


class TestReadProse:
    @pytest.mark.parametrize(
        ("text", "other"),
        [
            ("The Bees, they dance!", "the bees they dance"),
            ("a naïve café", "A NAIVE CAFE"),
            ("cafe\u0301", "café"),
            ("ﬁnal ｗｏｒｄｓ", "final words"),
            ("Straße", "STRASSE"),
            ("Anna’s hives", "Anna hive"),
            ("don't", "don’t"),
            ("the cities", "the city"),
            ("exam-\n  ple of it", "example of it"),
            ("well-known", "well known"),
            ("in\u00advis\u200bible", "invisible"),
            ("the pоpulаtion of the tоwn", "the population of the town"),  # with Cyrillic о and а
            ("l'homme", "l’homme"),
        ],
    )
    def test_takes_these_for_the_same(self, text, other):
        assert words(text) == words(other)

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("3.5 million in 1914", ["3", "5", "million", "in", "1914"]),
            ("l'homme d’État", ["l", "homme", "d", "etat"]),
            ("this glass is a crisis", ["this", "glass", "is", "a", "crisis"]),
            ("Снег и лёд", ["снег", "и", "лед"]),
            ("私は学生です", list("私は学生です")),
            ("\u200b — …", []),
            ("", []),
        ],
    )
    def test_finds_these_words(self, text, found):
        assert words(text) == found

    @pytest.mark.parametrize("text", [*WAR, *PLANTS, *GERMAN, PARAGRAPH])
    def test_knows_function_words_in_each_language(self, text):
        document = read(text)
        assert document.kind is Kind.prose
        assert 0.4 < document.weights.count(FUNCTION) / len(document.words) < 0.7
        assert document.weights[document.words.index(max(document.words, key=len))] == CONTENT

    def test_tells_scripts_without_spaces(self):
        assert read("春になると、祖母は学校の裏で蜂を飼っていた。巣は家族というより町に似ている。").kind is Kind.signs

    @given(st.text())
    def test_of_any_text_says_where_each_word_stands(self, text):
        document = read(text, kind=Kind.prose)
        spans = list(zip(document.starts, document.ends, strict=True))
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert all(end <= start for (_, end), (start, _) in pairwise(spans))
        assert len(document.words) == len(document.weights) == len(document.left_out) == len(spans)


class TestReadCode:
    def test_leaves_out_what_only_people_read(self):
        plain = 'total = 0\nfor mark in marks:\n    total += mark\nprint("sum", total)\n'
        dressed = (
            '"""Adds up."""\r\n# mine\r\nx=0\r\nfor  y in zs :  # each\r\n\tx  +=  y\r\nprint( \'total:\' , x )\r\n'
        )
        assert read(plain, "a.py").words == read(dressed, "b.py").words

    def test_keeps_what_the_program_does(self):
        document = read("for (int i = 0; i < n; i++) sum += a[i];", "A.java")
        assert " ".join(document.words) == (
            "for ( int name = number ; name < name ; name + + ) name + = name [ name ] ;"
        )

    @pytest.mark.parametrize(
        ("text", "name", "kind"),
        [
            (SCORES, "", Kind.code),
            (SCORES_RENAMED, "upload.txt", Kind.code),
            (STACK, "", Kind.code),
            ("x", "Main.java", Kind.code),
            ("A first line.\nA second line.\nA third line.", "essay.md", Kind.prose),
            (PARAGRAPH, "essay.docx", Kind.prose),
            (WAR[0], "", Kind.prose),
            ("for\nif\nwhile", "", Kind.prose),
        ],
    )
    def test_is_told_by_the_file_or_by_the_look(self, text, name, kind):
        assert read(text, name).kind is kind

    @pytest.mark.parametrize("name", ["a.py", "a.java", "a.c", "a.js", "a.html", "a.sql", "a.hs"])
    @given(text=st.text(st.sampled_from("ab1_ \n\r\t(){};:\"'#/*<>=é€"), max_size=60))
    def test_of_any_text_says_where_each_word_stands(self, name, text):
        document = read(text, name)
        spans = list(zip(document.starts, document.ends, strict=True))
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert all(end <= start for (_, end), (start, _) in pairwise(spans))

    @pytest.mark.parametrize("much", ["\n", "(", '\\"', "`", "if ", "; ", "/*", "def a(\n", "a'"])
    @pytest.mark.parametrize("name", ["a.py", "A.java"])
    def test_takes_no_longer_for_what_is_odd(self, name, much):
        """Generous by far: one that looks back at everything takes minutes."""
        began = time.process_time()
        read(much * 50_000, name)
        assert time.process_time() - began < 10
