"""Which permission the address of a page asks for, before any of it is sent."""

import re
from functools import lru_cache

from faraday_app.core.permissions import Permission
from faraday_app.ui.guard import PUBLIC
from faraday_app.ui.shell.registry import PAGES

SIGNED_IN = "signed in"


def permission_of_path(path: str) -> Permission | str | None:
    """A page's permission, "signed in" when any member may see it, "public", or None when no page is there."""
    for pattern, rule in _rules():
        if pattern.fullmatch(path):
            return rule
    return None


@lru_cache(maxsize=1)
def _rules() -> list[tuple[re.Pattern[str], Permission | str]]:
    return [
        (re.compile(_pattern(spec.route)), PUBLIC if spec.kind == "plain" else spec.permission or SIGNED_IN)
        for spec in PAGES.values()
    ]


def _pattern(route: str) -> str:
    parts = ["[^/]+" if part.startswith("[") else re.escape(part) for part in route.strip("/").split("/")]
    return "/" + "/".join(parts) + "(?:/|\\.html)?" if parts != [""] else "/(?:index\\.html)?"
