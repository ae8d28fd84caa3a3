"""The outermost layer: security and cache headers, body limits, request rates, pages for members only."""

from collections.abc import Callable
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from faraday_app.core.errors import Unavailable
from faraday_app.core.http.access import session_token
from faraday_app.core.http.cookies import keep_session
from faraday_app.core.http.problems import problem
from faraday_app.core.identity import identities
from faraday_app.core.limits import Rate
from faraday_app.core.permissions import Permission
from faraday_app.core.settings import settings

LARGEST_BODY = 1_000_000  # bytes
# For each address, files aside: a whole school may sit behind one.
REQUESTS = Rate(per_second=100, burst=1_000)
FILES = ("/assets/", "/brand/", "/fonts/", "/scripts/", "/styles/", "/favicon", "/manifest")

# Reflex puts inline scripts into each page and evaluates the calls that handlers return.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self' {sockets}",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

PageRule = Callable[[str], Permission | str | None]


class Shield:
    """Wraps the whole app. ``page_rule`` tells the permission of a page's path, "public", or None for no page."""

    def __init__(self, app: ASGIApp, page_rule: PageRule) -> None:
        self._app = app
        self._page_rule = page_rule
        sockets = " ".join(f"ws{origin.removeprefix('http')}" for origin in settings().origins)
        self._headers = {
            "Content-Security-Policy": CONTENT_SECURITY_POLICY.format(sockets=sockets),
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
            "Cross-Origin-Opener-Policy": "same-origin",
        }
        if settings().secure:
            self._headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._open_socket(scope, receive, send)
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path, headers = scope["path"], Headers(scope=scope)
        sending = self._dressed(path, send)
        if wait := 0.0 if path.startswith(FILES) else REQUESTS.take(_address(scope, headers)):
            refusal = problem(429, "A limit is reached", "Too many requests.", {"Retry-After": str(int(wait) + 1)})
            await refusal(scope, receive, sending)
        elif _announced(headers) > LARGEST_BODY:
            await _too_large()(scope, receive, sending)
        elif self._is_for_members(scope):
            await self._show(scope, receive, sending, headers)
        else:
            await _Body(receive, sending).answered_by(self._app, scope)

    def _is_for_members(self, scope: Scope) -> bool:
        rule = self._page_rule(scope["path"]) if scope["method"] in ("GET", "HEAD") else None
        return rule is not None and rule != "public"

    async def _show(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        """A member gets the page, with a new cookie when one is due; a guest signs in and comes back to it."""
        token = session_token(headers.get("cookie", ""))
        try:
            actor = await identities.of_session(token, by_person=True, address=_address(scope, headers))
            renewed = await identities.renewed(actor) if actor else ""
        except Unavailable:
            pass  # The page itself is no secret; it says what is wrong and recovers.
        else:
            if actor is None:
                await _to_sign_in(scope)(scope, receive, send)
                return
            send = _with_cookie(send, renewed) if renewed else send
        await _Body(receive, send).answered_by(self._app, scope)

    async def _open_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A websocket lives with the cookie it is opened with: one that is no live session does not come along."""
        headers = Headers(scope=scope)
        try:
            token = session_token(headers.get("cookie", ""))
            if token and not await identities.of_session(token, address=_address(scope, headers)):
                scope = {**scope, "headers": [(name, value) for name, value in scope["headers"] if name != b"cookie"]}
        except Unavailable:
            await send({"type": "websocket.close", "code": 1013, "reason": "Try again later"})
            return
        await self._app(scope, receive, send)

    def _dressed(self, path: str, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", _cache_rule(path))
            await send(message)

        return sending


def safe_path(wanted: str) -> str:
    """A path of our own to go to after signing in; anything else becomes the first page."""
    parts = urlsplit(wanted)
    ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return wanted if ours and "\\" not in wanted and wanted.isprintable() else "/"


def _to_sign_in(scope: Scope) -> RedirectResponse:
    query = scope["query_string"].decode("latin-1")
    wanted = scope["path"] + (f"?{query}" if query else "")
    return RedirectResponse("/sign-in" if wanted == "/" else f"/sign-in?next={quote(wanted, safe='')}", 303)


def _with_cookie(send: Send, token: str) -> Send:
    cookie = Response()
    keep_session(cookie, token)

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).append("set-cookie", cookie.headers["set-cookie"])
        await send(message)

    return sending


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


def _announced(headers: Headers) -> int:
    """Bytes of the body by its own word; a length that is no number is for the server to refuse."""
    length = headers.get("content-length", "")
    return int(length) if length.isdecimal() and length.isascii() else 0


def _too_large() -> JSONResponse:
    return problem(413, "Too large", "Send at most 1 MB.")


class _Body:
    """Counts a body that came without a length; whatever the app makes of one too large, it is refused as that."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._received = 0

    @property
    def _is_too_large(self) -> bool:
        return self._received > LARGEST_BODY

    async def answered_by(self, app: ASGIApp, scope: Scope) -> None:
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            if started or not self._is_too_large:
                started = True
                await self._send(message)

        try:
            await app(scope, self._receiving, sending)
        except Exception:
            if started or not self._is_too_large:
                raise
        if self._is_too_large and not started:
            await _too_large()(scope, self._receive, self._send)

    async def _receiving(self) -> Message:
        if self._is_too_large:
            return {"type": "http.disconnect"}
        message = await self._receive()
        self._received += len(message.get("body", b""))
        return {"type": "http.disconnect"} if self._is_too_large else message
