"""A file as a browser may have it: shown only where nothing in it can run, in the part that was asked for."""

import re

from fastapi.responses import Response

from faraday_app.core.http.downloads import SEALED, named
from faraday_app.coursework.models import MaterialFile

# What browsers show without running anything of it. HTML and SVG are only ever saved.
SHOWN = frozenset(
    {
        "application/pdf", "audio/flac", "audio/mp4", "audio/mpeg", "audio/ogg", "audio/wav", "image/avif",
        "image/gif", "image/jpeg", "image/png", "image/webp", "video/mp4", "video/webm",
    }
)  # fmt: skip
_READ_AS_TEXT = frozenset({"text", "markdown", "csv", "json"})
_SEALED = f"{SEALED}; frame-ancestors 'self'"
# The viewer that browsers have for PDF does not start in a sandbox; it is one by itself, and nothing else may load.
_PDF = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def shown_as(file: MaterialFile) -> str | None:
    """The type by which a browser may show it; None for what is only saved."""
    if file.kind in _READ_AS_TEXT:
        return "text/plain; charset=utf-8"
    return file.content_type if file.content_type in SHOWN else None


def served(file: MaterialFile, content: bytes, wanted_range: str, *, inline: bool) -> Response:
    """206 for a part, 416 for one that is not there. A range that is none of the usual ones gets the whole file."""
    content_type = shown_as(file) if inline else None
    headers = {
        "Content-Disposition": named(file.name, inline=content_type is not None),
        "Content-Security-Policy": _PDF if content_type == "application/pdf" else _SEALED,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN",
        "Cache-Control": "private, no-cache",
        "Accept-Ranges": "bytes",
        "ETag": f'"{file.digest}"',
    }
    media_type = content_type or "application/octet-stream"
    part = part_of(wanted_range, len(content))
    if part is None:
        return Response(content, media_type=media_type, headers=headers)
    begin, end = part
    if begin > end:
        return Response(b"", 416, headers={**headers, "Content-Range": f"bytes */{len(content)}"})
    headers["Content-Range"] = f"bytes {begin}-{end}/{len(content)}"
    return Response(content[begin : end + 1], 206, media_type=media_type, headers=headers)


def part_of(wanted: str, size: int) -> tuple[int, int] | None:
    """The first and last byte (RFC 9110, 14.1.2); the first behind the last where none of them is there."""
    if not (found := _RANGE.fullmatch(wanted.strip())) or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        return (max(size - int(last), 0), size - 1) if int(last) else (size, size - 1)
    begin = int(first)
    end = min(int(last), size - 1) if last else size - 1
    if last and int(last) < begin:
        return None
    return (begin, end) if begin < size else (size, size - 1)
