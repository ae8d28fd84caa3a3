"""What a file is, by what is in it. Its name only says which of several kinds of text it is meant to be."""

import csv
import io
import json
import re
from enum import StrEnum
from pathlib import PurePosixPath

from faraday_app.core import archives
from faraday_app.core.errors import Invalid

TAKEN = "Faraday reads text, Markdown, CSV, JSON, HTML, PDF and Word files (.docx)."
_HTML = re.compile(r"\s*(<!--.*?-->\s*)*<(!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_LOOKED_AT = 64 * 1024  # characters


class FileKind(StrEnum):
    text = "text"
    markdown = "markdown"
    csv = "csv"
    json = "json"
    html = "html"
    pdf = "pdf"
    docx = "docx"

    @property
    def content_type(self) -> str:
        return {
            "text": "text/plain; charset=utf-8",
            "markdown": "text/markdown; charset=utf-8",
            "csv": "text/csv; charset=utf-8",
            "json": "application/json",
            "html": "text/html; charset=utf-8",
            "pdf": "application/pdf",
            "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        }[self.value]

    @property
    def label(self) -> str:
        named = {"text": "Text", "markdown": "Markdown", "docx": "Word"}
        return named.get(self.value, self.value.upper())


def kind_of(content: bytes, name: str) -> FileKind:
    """Invalid for what is empty, or is no kind that Faraday reads. It blocks: call it in a thread."""
    if not content.strip():
        raise Invalid("This file is empty.", field="file")
    if content.lstrip()[:5] == b"%PDF-":
        return FileKind.pdf
    if content[:4] == b"PK\x03\x04":
        return _of_archive(content)
    text = decoded(content)
    if text is None:
        raise Invalid(f"This kind of file cannot be read. {TAKEN}", field="file")
    return kind_of_text(text, PurePosixPath(name).suffix.lower())


def decoded(content: bytes) -> str | None:
    """Text in one of the usual encodings; None for what is none."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text if _is_written(text[:_LOOKED_AT]) else None
    return None


def _is_written(text: str) -> bool:
    """Hardly any of it are control characters."""
    odd = sum(1 for sign in text if ord(sign) < 32 and sign not in "\t\n\r\f\x1b")
    return "\x00" not in text and odd * 200 <= len(text)


def _of_archive(content: bytes) -> FileKind:
    """Word's own files are archives too; what swells or points outside is refused before anything is read."""
    names = {name for name, _ in archives.unpacked(io.BytesIO(content))}
    if "word/document.xml" in names:
        return FileKind.docx
    raise Invalid(f"This archive is no Word file. {TAKEN}", field="file")


def kind_of_text(text: str, suffix: str) -> FileKind:
    """Which kind of text it is; the suffix is that of its name, with the dot, in small letters."""
    if _HTML.match(text[:_LOOKED_AT]):
        return FileKind.html
    if suffix == ".json" and _is_json(text):
        return FileKind.json
    if suffix in (".csv", ".tsv") and len(_dialect(text)) > 1:
        return FileKind.csv
    return FileKind.markdown if suffix in (".md", ".markdown") else FileKind.text


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def rows_of(text: str, most: int) -> list[list[str]]:
    """The first rows of a table in text, whatever its cells are separated by; empty lines are no rows."""
    separator = separator_of(text)
    found: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text), delimiter=separator):
            if any(cell.strip() for cell in row):
                found.append([cell.strip() for cell in row])
            if len(found) >= most:
                break
    except csv.Error:
        return found
    return found


def separator_of(text: str) -> str:
    """Whichever of the usual ones the first lines agree on best."""
    lines = [line for line in text[:_LOOKED_AT].splitlines() if line.strip()][:10]
    if not lines:
        return ","
    return max(",;\t|", key=lambda sign: (min(line.count(sign) for line in lines) > 0, lines[0].count(sign)))


def _dialect(text: str) -> list[str]:
    """The cells of the first row."""
    return next(iter(rows_of(text, 1)), [])
