"""What a file is by its content, and whether it may be served. Pure; it blocks: call it in a thread.

Nothing here calls a file safe. It says what would surprise whoever opens it: a program, macros, a name that says
something else. Such a file is kept in quarantine, and its teacher is told why.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from faraday_app.core import archives
from faraday_app.core.errors import Invalid
from faraday_app.core.extraction import FileKind
from faraday_app.core.extraction.kinds import decoded, kind_of_text

MOST_PACKED = 10_000  # files in an archive
LARGEST_UNPACKED = 1024**3  # bytes that an archive says it unpacks to
_TEST = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE"
_LAUNCH = re.compile(rb"/S\s*/Launch\b")
_SVG = re.compile(r"\s*(<\?xml.*?\?>\s*)?(<!--.*?-->\s*|<!doctype svg.*?>\s*)*<svg\b", re.IGNORECASE | re.DOTALL)
_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"\x00asm",
    b"L\x00\x00\x00\x01\x14",
)
_RUNS = frozenset(
    {"bat", "cmd", "com", "cpl", "dll", "exe", "hta", "lnk", "msi", "pif", "ps1", "reg", "scr", "vbe", "vbs", "wsf"}
)
_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image", "image/png"),
    (b"\xff\xd8\xff", "image", "image/jpeg"),
    (b"GIF8", "image", "image/gif"),
    (b"OggS", "audio", "audio/ogg"),
    (b"fLaC", "audio", "audio/flac"),
    (b"ID3", "audio", "audio/mpeg"),
)
_RIFF = {b"WEBP": ("image", "image/webp"), b"WAVE": ("audio", "audio/wav"), b"AVI ": ("video", "video/x-msvideo")}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MACROS = "This document holds macros. Save it without them, and add it again."
_OFFICE = {
    "word/document.xml": ("docx", FileKind.docx.content_type),
    "xl/workbook.xml": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ppt/presentation.xml": ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    "META-INF/container.xml": ("epub", "application/epub+zip"),
}
_NAMED = {
    "pdf": "pdf",
    **dict.fromkeys(("png", "jpg", "jpeg", "gif", "webp", "avif", "heic", "svg"), "image"),
    **dict.fromkeys(("mp3", "wav", "ogg", "oga", "flac", "m4a", "mp4", "m4v", "mov", "webm", "mkv", "avi"), "media"),
    **dict.fromkeys(("docx", "xlsx", "pptx", "odt", "ods", "odp", "doc", "xls", "ppt", "epub"), "office"),
    **dict.fromkeys(("txt", "md", "markdown", "csv", "tsv", "json", "html", "htm", "py"), "text"),
}
_FAMILIES = {
    "pdf": "a PDF",
    "image": "a picture",
    "media": "sound or video",
    "office": "an office document",
    "text": "text",
    "archive": "an archive",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Inspected:
    """``kind`` is for people and previews, ``content_type`` for browsers; ``problem``: why it goes into quarantine."""

    kind: str
    content_type: str
    problem: str = ""


def inspect(content: bytes, name: str) -> Inspected:
    """Invalid for what is empty; everything else is kept, served or not."""
    if not content.strip():
        raise Invalid("This file is empty.", field="file")
    suffix = PurePosixPath(name).suffix.lower().removeprefix(".")
    found = _by_content(content, suffix)
    if found.problem:
        return found
    return Inspected(found.kind, found.content_type, _surprise(content, suffix, found))


def _by_content(content: bytes, suffix: str) -> Inspected:
    if content.startswith(_PROGRAMS):
        return _unknown("This is a program. Programs are not handed out to a class.")
    if content.startswith(b"PK\x03\x04"):
        return _archive(content)
    if found := _media(content):
        return Inspected(*found)
    return _old_office(content) if content[:8] == _OLE else _text(content, suffix)


def _old_office(content: bytes) -> Inspected:
    macros = "_VBA_PROJECT".encode("utf-16-le") in content
    return Inspected("office", "application/x-ole-storage", _MACROS if macros else "")


def _text(content: bytes, suffix: str) -> Inspected:
    text = decoded(content)
    if text is None:
        return _unknown("Faraday does not know this kind of file. Save it in a common one, and add it again.")
    if _SVG.match(text[:4_000]):
        return Inspected("svg", "image/svg+xml")
    kind = kind_of_text(text, f".{suffix}")
    return Inspected(kind, kind.content_type)


def _surprise(content: bytes, suffix: str, found: Inspected) -> str:
    if suffix in _RUNS:
        return f"A file called .{suffix} is run when it is opened. Rename it to .txt if it is for reading."
    if _TEST in content:
        return "This is the file by which virus scanners are tested."
    if found.kind == "pdf" and _LAUNCH.search(content):
        return "This PDF starts a program when it is opened."
    family, named = _family(found.kind), _NAMED.get(suffix)
    if named and named != family and not (found.kind == "svg" and named == "text"):
        return f"Its name says {_FAMILIES[named]}, but its content is {_FAMILIES[family]}."
    return ""


def _family(kind: str) -> str:
    if kind in ("audio", "video"):
        return "media"
    if kind in ("image", "svg"):
        return "image"
    if kind in ("docx", "xlsx", "pptx", "epub", "office"):
        return "office"
    return kind if kind in ("pdf", "archive") else "text"


def _unknown(problem: str) -> Inspected:
    return Inspected("other", "application/octet-stream", problem)


def _media(content: bytes) -> tuple[str, str] | None:
    """By the first bytes, as browsers do it (the WHATWG's MIME Sniffing)."""
    head = content[:64]
    if content.lstrip()[:5] == b"%PDF-":
        return "pdf", "application/pdf"
    if head[4:8] == b"ftyp":
        return _boxed(head[8:12])
    for begin, kind, content_type in _BEGINNINGS:
        if head.startswith(begin):
            return kind, content_type
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[:4] == b"\x1aE\xdf\xa3":
        return ("video", "video/webm") if b"webm" in head else ("video", "video/x-matroska")
    is_frame = len(head) > 2 and head[0] == 0xFF and head[1] & 0xE6 in (0xE2, 0xE4) and head[1] & 0x18 != 0x08
    return ("audio", "audio/mpeg") if is_frame else None


def _boxed(brand: bytes) -> tuple[str, str]:
    if brand in (b"heic", b"heix", b"mif1"):
        return "image", "image/heic"
    if brand == b"avif":
        return "image", "image/avif"
    if brand in (b"M4A ", b"M4B "):
        return "audio", "audio/mp4"
    return "video", "video/quicktime" if brand == b"qt  " else "video/mp4"


def _archive(content: bytes) -> Inspected:
    try:
        for _ in archives.unpacked(io.BytesIO(content), most_files=MOST_PACKED, wanted=lambda _: False):
            pass
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            entries = opened.infolist()
            mime = opened.read("mimetype")[:80].decode("ascii", "replace") if _says(opened) else ""
    except Invalid as refusal:
        return Inspected("archive", "application/zip", refusal.message)
    names = {entry.filename for entry in entries}
    kind, content_type = next((_OFFICE[name] for name in _OFFICE if name in names), ("archive", "application/zip"))
    if mime.startswith("application/vnd.oasis.opendocument."):
        kind, content_type = "office", mime.strip()
    return Inspected(kind, content_type, _packed(entries))


def _says(opened: zipfile.ZipFile) -> bool:
    """OpenDocument names its kind in its first file, which is tiny and not packed."""
    first = next(iter(opened.infolist()), None)
    return first is not None and first.filename == "mimetype" and first.file_size < 200


def _packed(entries: Sequence[zipfile.ZipInfo]) -> str:
    if sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        return "This archive unpacks to more than a gigabyte."
    for entry in entries:
        if entry.filename.endswith("vbaProject.bin"):
            return _MACROS
        if PurePosixPath(entry.filename).suffix.lower().removeprefix(".") in _RUNS:
            return f"This archive holds a program: “{entry.filename[:80]}”."
    return ""
