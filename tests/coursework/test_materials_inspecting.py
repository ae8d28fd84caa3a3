"""What a file is by its content, and what is kept from a class."""

import io
import zipfile

import pytest

from faraday_app.core.errors import Invalid
from faraday_app.coursework.service.materials.inspecting import inspect
from tests.factories.materials import PDF, PNG, PROGRAM


def packed(*names: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return kept.getvalue()


SERVED = [
    ("cells.pdf", PDF, "pdf", "application/pdf"),
    ("cells.png", PNG, "image", "image/png"),
    ("cells.png", b"\xff\xd8\xff\xe0" + bytes(20), "image", "image/jpeg"),  # a picture all the same
    ("film.mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(20), "video", "video/mp4"),
    ("film.mov", b"\x00\x00\x00\x14ftypqt  " + bytes(20), "video", "video/quicktime"),
    ("film.webm", b"\x1aE\xdf\xa3" + bytes(10) + b"webm", "video", "video/webm"),
    ("song.mp3", b"ID3\x03" + bytes(20), "audio", "audio/mpeg"),
    ("song.mp3", b"\xff\xfb\x90\x00" + bytes(20), "audio", "audio/mpeg"),
    ("song.wav", b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio", "audio/wav"),
    ("song.m4a", b"\x00\x00\x00\x18ftypM4A " + bytes(20), "audio", "audio/mp4"),
    ("notes.md", b"# Cells\n", "markdown", "text/markdown; charset=utf-8"),
    ("page.html", b"<!doctype html><p>Cells", "html", "text/html; charset=utf-8"),
    ("cell.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "svg", "image/svg+xml"),
    ("slides.pptx", packed("ppt/presentation.xml"), "pptx", None),
    ("work.zip", packed("a.txt", "b/c.py"), "archive", "application/zip"),
]
WITHHELD = [
    ("setup.exe", PROGRAM, "program"),
    ("cells.pdf", PROGRAM, "program"),
    ("cells.pdf", b"\x7fELF" + bytes(64), "program"),
    ("cells.pdf", b"Dear class", "Its name says a PDF, but its content is text"),
    ("photo.jpg", packed("a.txt"), "Its name says a picture, but its content is an archive"),
    ("notes.txt", PDF, "Its name says text"),
    ("run.bat", b"echo hello", r"\.bat is run"),
    ("work.zip", packed("a.txt", "games/play.exe"), "play.exe"),
    ("plan.docx", packed("word/document.xml", "word/vbaProject.bin"), "macros"),
    ("plan.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "_VBA_PROJECT".encode("utf-16-le"), "macros"),
    ("out.zip", packed("../../etc/passwd"), "points outside"),
    ("broken.zip", b"PK\x03\x04" + bytes(40), "damaged"),
    ("start.pdf", PDF + b"<</S /Launch /F (calc.exe)>>", "starts a program"),
    ("odd.bin", bytes(range(256)) * 4, "does not know"),
]


class TestInspect:
    @pytest.mark.parametrize(("name", "content", "kind", "content_type"), SERVED)
    def test_goes_by_the_content(self, name, content, kind, content_type):
        found = inspect(content, name)
        assert (found.kind, found.problem) == (kind, "")
        assert content_type in (None, found.content_type)

    @pytest.mark.parametrize(("name", "content", "why"), WITHHELD)
    def test_says_why_it_is_kept_from_a_class(self, name, content, why):
        with pytest.raises(AssertionError, match=why):
            assert not inspect(content, name).problem, inspect(content, name).problem

    def test_refuses_what_is_empty(self):
        with pytest.raises(Invalid, match="empty"):
            inspect(b" \n", "cells.txt")
