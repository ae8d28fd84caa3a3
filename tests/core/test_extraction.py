"""What a file is by its content, and its words."""

import pytest

from faraday_app.core.errors import Invalid
from faraday_app.core.extraction import FileKind, kind_of, reading, text_of
from faraday_app.core.extraction.kinds import rows_of
from tests.factories.data import bomb, docx, escaping, pdf

KINDS = [
    (b"Hello", "a.txt", FileKind.text),
    (b"# Hello", "a.md", FileKind.markdown),
    (b"name,age\nNova,12\n", "a.csv", FileKind.csv),
    (b"just words", "a.csv", FileKind.text),
    (b'{"a": 1}', "a.json", FileKind.json),
    (b"{not json", "a.json", FileKind.text),
    (b"  <!DOCTYPE html><p>Hi", "page.pdf", FileKind.html),
    (pdf("Hi"), "a.txt", FileKind.pdf),
    ("Grüße".encode("cp1252"), "a.txt", FileKind.text),
    ("Grüße".encode("utf-16"), "a.txt", FileKind.text),
]
REFUSED = [
    (b"", "is empty"),
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), "cannot be read"),
    (b"PK\x03\x04 and nothing else", "not a ZIP"),
    (escaping(), "points outside"),
    (bomb(), "unpacks to more"),
]


class TestKindOf:
    @pytest.mark.parametrize(("content", "name", "kind"), KINDS)
    def test_goes_by_what_is_in_it(self, content, name, kind):
        assert kind_of(content, name) is kind

    def test_knows_word_files_under_any_name(self):
        assert kind_of(docx("Hello"), "notes.zip") is FileKind.docx

    @pytest.mark.parametrize(("content", "why"), REFUSED)
    def test_refuses_what_is_empty_unknown_or_hostile(self, content, why):
        with pytest.raises(Invalid, match=why):
            kind_of(content, "file.docx")


class TestTextOf:
    async def test_reads_word_files_with_headings_and_tables(self):
        text = await text_of(docx("Jupiter is large.", heading="Planets"), FileKind.docx)
        assert text.splitlines() == ["# Planets", "", "Jupiter is large.", "", "Planet | Moons"]

    async def test_reads_pdf(self):
        assert await text_of(pdf("Light bends in a prism."), FileKind.pdf) == "Light bends in a prism."

    async def test_reads_pages_without_what_only_a_browser_needs(self):
        page = b"<html><title>Frogs</title><script>alert(1)</script><style>p{}</style><h2>Food</h2><p>They eat flies."
        text = await text_of(page, FileKind.html)
        assert text.split() == ["#", "Frogs", "#", "Food", "They", "eat", "flies."]

    @pytest.mark.parametrize(
        ("content", "kind", "why"),
        [
            (pdf("Light")[:200], FileKind.pdf, "damaged"),
            (b"%PDF-1.7 " + b"\xff" * 4_000, FileKind.pdf, "damaged"),
            (docx("Hello")[:900], FileKind.docx, "damaged"),
            (pdf(""), FileKind.pdf, "no text in this file"),
            (b"<html><body></body></html>", FileKind.html, "no text in this file"),
        ],
    )
    async def test_says_in_a_sentence_why_it_cannot(self, content, kind, why):
        with pytest.raises(Invalid, match=why):
            await text_of(content, kind)

    async def test_ends_what_takes_too_long(self, monkeypatch):
        monkeypatch.setattr(reading, "WITHIN", 0.01)
        with pytest.raises(Invalid, match="took longer"):
            await text_of(pdf("Light"), FileKind.pdf)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_rows_of_tables_come_apart_at_whatever_separates_them(separator):
    text = f'name{separator}age\n\n"No{separator}va"{separator}12\nLyra{separator}9\n'
    assert rows_of(text, 2) == [["name", "age"], [f"No{separator}va", "12"]]
