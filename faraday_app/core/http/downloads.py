"""How a file that somebody sent in leaves Faraday: to be saved, never to be shown or run."""

from urllib.parse import quote

from fastapi.responses import Response

SEALED = "sandbox; default-src 'none'"
BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


def named(name: str, *, inline: bool = False) -> str:
    """A Content-Disposition (RFC 6266) that holds any name."""
    return f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(name, safe='')}"


def to_save(name: str, content: bytes) -> Response:
    """What is in a file is its author's affair: no browser guesses its kind, and nothing of it runs here."""
    headers = {
        "Content-Disposition": named(name),
        "Content-Security-Policy": SEALED,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return Response(content, media_type="application/octet-stream", headers=headers)
