"""The outermost layer: security and cache headers, body limits, request rates, pages for members only."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from faraday_app.core.errors import Unavailable
from faraday_app.core.http.access import session_token
from faraday_app.core.http.body import Body, unfit_head
from faraday_app.core.http.content_policy import ContentPolicy
from faraday_app.core.http.problems import problem
from faraday_app.core.identity import identities
from faraday_app.core.limits import Rate
from faraday_app.core.permissions import Permission
from faraday_app.core.settings import settings

# For each address, files aside: a whole school may sit behind one.
REQUESTS = Rate(per_second=100, burst=1_000)
FILES = ("/assets/", "/brand/", "/fonts/", "/scripts/", "/styles/", "/favicon", "/manifest")

PageRule = Callable[[str], Permission | str | None]


class Shield:
    """Wraps the whole app. ``page_rule`` tells the permission of a page's path, "public", or None for no page.

    ``bundle`` is the folder of the built pages.
    """

    def __init__(self, app: ASGIApp, page_rule: PageRule, bundle: Path | None = None) -> None:
        self._app = app
        self._page_rule = page_rule
        self._content_policy = ContentPolicy(bundle)
        self._headers = {
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        if settings().secure:
            self._headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path, headers = scope["path"], Headers(scope=scope)
        sending = self._dressed(path, send)
        if wait := 0.0 if path.startswith(FILES) else REQUESTS.take(_address(scope, headers)):
            refusal = problem(429, "A limit is reached", "Too many requests.", {"Retry-After": str(int(wait) + 1)})
            await refusal(scope, receive, sending)
        elif unfit := unfit_head(scope, headers):
            await unfit(scope, receive, sending)
        elif redirect := await self._guest_redirect(scope, headers):
            await redirect(scope, receive, sending)
        else:
            await Body(receive, sending).answered_by(self._app, scope)

    async def _guest_redirect(self, scope: Scope, headers: Headers) -> RedirectResponse | None:
        """A guest who opens a members' page is asked to sign in and comes back to it."""
        path = scope["path"]
        rule = self._page_rule(path) if scope["method"] in ("GET", "HEAD") else None
        if rule is None or rule == "public":
            return None
        try:
            if await identities.of_session(session_token(headers.get("cookie", ""))):
                return None
        except Unavailable:
            return None  # The page itself is no secret; it says what is wrong and recovers.
        query = scope["query_string"].decode("latin-1")
        wanted = path + (f"?{query}" if query else "")
        return RedirectResponse("/sign-in" if wanted == "/" else f"/sign-in?next={quote(wanted, safe='')}", 303)

    def _dressed(self, path: str, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", self._content_policy.of(path))
                headers.setdefault("Cache-Control", _cache_rule(path))
            await send(message)

        return sending


def safe_path(wanted: str) -> str:
    """A path of our own to go to after signing in; anything else becomes the first page."""
    parts = urlsplit(wanted)
    ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return wanted if ours and "\\" not in wanted and wanted.isprintable() else "/"


def _cache_rule(path: str) -> str:
    """Files whose name holds their hash stay; everything else is asked for again."""
    if path.startswith("/assets/"):
        return "public, max-age=31536000, immutable"
    if path.startswith(("/fonts/", "/brand/")):
        return "public, max-age=604800"
    return "no-cache" if not path.startswith(("/api/", "/auth/")) else "no-store"


def _address(scope: Scope, headers: Headers) -> str:
    hops = settings().trusted_proxies
    forwarded = [part.strip() for part in headers.get("x-forwarded-for", "").split(",") if part.strip()]
    if hops and len(forwarded) >= hops:
        return forwarded[-hops]
    return scope["client"][0] if scope.get("client") else ""
