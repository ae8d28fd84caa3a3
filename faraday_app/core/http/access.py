"""Who asks over HTTP: a session cookie, or a bearer API key."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated
from urllib.parse import unquote

from fastapi import Request, Security
from fastapi.security import APIKeyCookie, HTTPBearer

from faraday_app.core.errors import LimitReached, NotPermitted, NotSignedIn
from faraday_app.core.identity import identities
from faraday_app.core.limits import Rate
from faraday_app.core.permissions import Actor, Permission
from faraday_app.core.settings import settings

SESSION_COOKIE = "__Host-faraday" if settings().secure else "faraday"
DEVICE_COOKIE = f"{SESSION_COOKIE}-device"
SAFE = {"GET", "HEAD", "OPTIONS"}
SIGNED_IN = "signed in"
REQUESTS_PER_CALLER = Rate(per_second=20, burst=100)

Access = Callable[..., Awaitable[Actor]]

# For the description of the API only: who asks is found out below.
_BEARER = HTTPBearer(auto_error=False, scheme_name="ApiKey", description="A key as the bearer token.")
_COOKIE = APIKeyCookie(
    name=SESSION_COOKIE, auto_error=False, scheme_name="Session", description="A signed-in browser, from its own pages."
)


def cookie_value(cookie_header: str, name: str) -> str:
    """The value of a cookie in a Cookie header, or an empty string. Other cookies, however odd, do not matter."""
    for part in cookie_header.split(";"):
        key, _, value = part.strip().partition("=")
        if key == name:
            return unquote(value.strip('"'))
    return ""


def session_token(cookie_header: str) -> str:
    """The session token in a Cookie header, or an empty string."""
    return cookie_value(cookie_header, SESSION_COOKIE)


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


async def recognise(request: Request, permission: Permission | None = None) -> Actor:
    """The actor of the key or the cookie with the rights of now, who must have the permission where one is named."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        actor = await identities.of_key(secret.strip())
    else:
        token = session_token(request.headers.get("cookie", ""))
        actor = await identities.of_session(token, by_person=True, address=client_address(request))
        if actor and request.method not in SAFE:
            same_origin(request)
    if actor is None:
        raise NotSignedIn("Send an API key as a bearer token, or sign in.")
    if permission is not None:
        actor.must(permission)
    return replace(actor, address=client_address(request))


def signed_in(permission: Permission | None) -> Access:
    """A dependency: the actor of a request, who must have the permission. None: anybody who is signed in."""

    async def access(
        request: Request,
        _bearer: Annotated[object, Security(_BEARER)] = None,
        _cookie: Annotated[object, Security(_COOKIE)] = None,
    ) -> Actor:
        actor = await recognise(request)
        if wait := REQUESTS_PER_CALLER.take(str(actor.api_key_id or actor.user_id)):
            raise LimitReached("Too many requests. Please slow down.", retry_after=wait)
        if permission is not None:
            actor.must(permission)
        return actor

    access.__permission__ = permission or SIGNED_IN  # type: ignore[attr-defined]
    return access


async def anyone(request: Request) -> None:
    """A dependency that says a route is public on purpose."""


anyone.__permission__ = "public"  # type: ignore[attr-defined]
