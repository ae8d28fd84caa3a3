"""Who asks over HTTP: a session cookie, or a bearer API key."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from http.cookies import CookieError, SimpleCookie

from fastapi import Request

from faraday_app.core.errors import NotPermitted, NotSignedIn
from faraday_app.core.identity import identities
from faraday_app.core.permissions import Actor, Permission
from faraday_app.core.settings import settings

SESSION_COOKIE = "__Host-faraday" if settings().secure else "faraday"
SAFE = {"GET", "HEAD", "OPTIONS"}

Access = Callable[[Request], Awaitable[Actor | None]]


def session_token(cookie_header: str) -> str:
    """The session token in a Cookie header, or an empty string."""
    try:
        morsel = SimpleCookie(cookie_header).get(SESSION_COOKIE)
    except CookieError:
        return ""
    return morsel.value if morsel else ""


def client_address(request: Request) -> str:
    """The address of whoever asks; forwarded addresses count only through the configured number of proxies."""
    forwarded = [part.strip() for part in request.headers.get("x-forwarded-for", "").split(",") if part.strip()]
    hops = settings().trusted_proxies
    if hops and len(forwarded) >= hops:
        return forwarded[-hops]
    return request.client.host if request.client else ""


def same_origin(request: Request) -> None:
    """Refuse a form or call that another website makes a browser send."""
    origin = request.headers.get("origin")
    allowed = origin in settings().origins if origin else request.headers.get("sec-fetch-site") == "same-origin"
    if not allowed and (origin or request.headers.get("sec-fetch-site")):
        raise NotPermitted("This request came from another website.")


def signed_in(permission: Permission) -> Access:
    """A dependency: the actor of the key or the cookie, who must have the permission."""

    async def access(request: Request) -> Actor:
        scheme, _, secret = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            actor = await identities.of_key(secret.strip())
        else:
            actor = await identities.of_session(session_token(request.headers.get("cookie", "")))
            if actor and request.method not in SAFE:
                same_origin(request)
        if actor is None:
            raise NotSignedIn("Send an API key as a bearer token, or sign in.")
        actor.must(permission)
        return replace(actor, address=client_address(request))

    access.__permission__ = permission  # type: ignore[attr-defined]
    return access


async def anyone(request: Request) -> None:
    """A dependency that says a route is public on purpose."""


anyone.__permission__ = "public"  # type: ignore[attr-defined]
