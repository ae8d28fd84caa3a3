"""The outermost layer: addresses, request rates, security and cache headers, body limits, pages for members only."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from faraday_app.core.addresses import gate
from faraday_app.core.addresses.client import address_in
from faraday_app.core.context import begin_request, request_id
from faraday_app.core.errors import LimitReached, Unavailable
from faraday_app.core.http import dialects
from faraday_app.core.http.access import session_token
from faraday_app.core.http.body import Body, unfit_head
from faraday_app.core.http.content_policy import ContentPolicy
from faraday_app.core.http.cookies import keep_session
from faraday_app.core.http.passage import Passage
from faraday_app.core.http.problems import problem
from faraday_app.core.http.sockets import sockets, without_secrets, without_session
from faraday_app.core.identity import identities
from faraday_app.core.limits import Endpoint, Rate
from faraday_app.core.limits.counting import count, refusal
from faraday_app.core.limits.policies import endpoint_of
from faraday_app.core.permissions import Permission
from faraday_app.core.settings import settings

# For each address, files aside: a whole school may sit behind one. Counted here, before anything else is asked.
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
        headers = {
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        if settings().secure:
            headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
        self._headers = _raw(headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._connect(scope, receive, send)
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begin_request()
        path, headers = scope["path"], Headers(scope=scope)
        passage = Passage(address_in(scope, headers), path, endpoint_of(scope["method"], path))
        passage.has_key = "authorization" in headers
        passage.put_in(scope)
        sending = dialects.speaking(path, self._dressed(passage, send))
        if refused := None if path.startswith(FILES) else await _refused(passage):
            await refused(scope, receive, sending)
        elif unfit := unfit_head(scope, headers):
            await unfit(scope, receive, sending)
        elif self._is_for_members(scope):
            await self._show(scope, receive, sending, headers)
        else:
            await Body(receive, sending).answered_by(self._app, scope)

    async def _connect(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A websocket lives with the session it is opened with, and with none where that is not alive.

        From a blocked address none is opened.
        """
        headers = Headers(scope=scope)
        cookies = headers.get("cookie", "")
        address, token = address_in(scope, headers), session_token(cookies)
        try:
            actor = await identities.of_session(token, address=address)
        except Unavailable:
            await send({"type": "websocket.close", "code": 1013, "reason": "Try again later"})
            return
        organization, staff = (actor.organization_id, actor.is_staff) if actor else (None, False)
        if await gate.admits_anybody(address) and await gate.admits(address, organization, staff=staff, api=False):
            with sockets.opened(cookies if actor else without_session(cookies)) as reference:
                await self._app(without_secrets(scope, reference), receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 1008})

    def _is_for_members(self, scope: Scope) -> bool:
        rule = self._page_rule(scope["path"]) if scope["method"] in ("GET", "HEAD") else None
        return rule is not None and rule != "public"

    async def _show(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        """A member gets the page, with a new cookie when one is due; a guest signs in and comes back to it."""
        token = session_token(headers.get("cookie", ""))
        try:
            actor = await identities.of_session(token, by_person=True, address=address_in(scope, headers))
            renewed = await identities.renewed(actor) if actor else ""
        except Unavailable:
            pass  # The page itself is no secret; it says what is wrong and recovers.
        else:
            if actor is None:
                await _to_sign_in(scope)(scope, receive, send)
                return
            send = _with_cookie(send, renewed) if renewed else send
        await Body(receive, send).answered_by(self._app, scope)

    def _dressed(self, passage: Passage, send: Send) -> Send:
        own = {"X-Request-Id": request_id()}

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                more = {
                    **own,
                    **passage.headers(),
                    "Content-Security-Policy": self._content_policy.of(passage.path),
                    "Cache-Control": _cache_rule(passage.path),
                }
                known = {name.lower() for name, _ in message["headers"]}
                added = [each for each in (*self._headers, *_raw(more)) if each[0] not in known]
                message = {**message, "headers": [*message["headers"], *added]}
                if not passage.path.startswith(FILES):
                    passage.answered(message["status"])
            await send(message)

        return sending


async def _refused(passage: Passage) -> JSONResponse | None:
    """Refused before it is known who calls. Calls of the API count where that is known, together with the caller."""
    if not await gate.admits_anybody(passage.address):
        return problem(403, "Not from here", "Your address is blocked. Try again later, or ask an administrator.")
    if wait := REQUESTS.take(passage.address):
        return _too_many(LimitReached("Too many requests.", retry_after=wait))
    if passage.endpoint in (Endpoint.pages, Endpoint.sign_in) and not passage.path.startswith("/health/"):
        passage.decision = await count(passage.endpoint, None, passage.address)
        if not passage.decision.allowed:
            return _too_many(refusal(passage.decision))
    return None


def _raw(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]


def _too_many(error: LimitReached) -> JSONResponse:
    return problem(429, error.title, error.message, {"Retry-After": str(int(error.retry_after + 0.999))})


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
    return "no-cache" if not path.startswith(("/api/", "/v1/", "/ims/", "/auth/")) else "no-store"
