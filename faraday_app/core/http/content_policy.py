"""Which scripts a page may run: our files, and the inline ones that the build itself put into that page.

Nothing that somebody writes into a page can run, and no text is ever turned into code. Styles may be inline: Radix
sets them on elements.
"""

import base64
import hashlib
import re
from pathlib import Path

from faraday_app.core.settings import settings

FALLBACK = "404.html"  # what is served for every address without a document of its own
NO_DOCUMENT = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
# Under hot reload the pages are compiled as they are asked for.
_UNBUILT = "'unsafe-inline' 'unsafe-eval'"
_DATA = ("/api/", "/v1/", "/ims/", "/auth/", "/health/", "/.well-known/")
_INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)


class ContentPolicy:
    """The Content-Security-Policy of each path. ``bundle`` holds the built pages; without one nothing is strict."""

    def __init__(self, bundle: Path | None) -> None:
        documents = sorted(bundle.rglob("*.html")) if bundle and bundle.is_dir() else []
        self._scripts = {
            str(document.relative_to(bundle)): _hashes(document.read_text()) for document in documents if bundle
        }

    def of(self, path: str) -> str:
        if path.startswith(_DATA):
            return NO_DOCUMENT
        if not self._scripts:
            return _policy(_UNBUILT)
        name = path.strip("/").removesuffix(".html")
        candidates = (f"{name}.html", f"{name}/index.html" if name else "index.html", FALLBACK)
        return _policy(next((self._scripts[each] for each in candidates if each in self._scripts), ""))


def policy_for_document(html: str) -> str:
    """The policy of a document that is made on the spot."""
    return _policy(_hashes(html))


def _hashes(html: str) -> str:
    found = dict.fromkeys(_INLINE.findall(html))
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in found if script)
    return " ".join(f"'sha256-{digest}'" for digest in digests)


def _policy(scripts: str) -> str:
    sockets = " ".join(f"ws{origin.removeprefix('http')}" for origin in settings().origins)
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {scripts}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            f"connect-src 'self' {sockets}",
            "worker-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )
