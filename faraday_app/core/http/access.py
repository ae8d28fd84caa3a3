"""Who asks over HTTP: a session cookie, or a bearer API key."""

import time
from collections.abc import Awaitable, Callable
from typing import Annotated
from urllib.parse import unquote

from fastapi import Request, Security
from fastapi.security import APIKeyCookie, HTTPBearer

from faraday_app.core import refusals
from faraday_app.core.addresses import gate
from faraday_app.core.addresses.client import address_in
from faraday_app.core.errors import NotPermitted, NotSignedIn
from faraday_app.core.http.passage import Passage
from faraday_app.core.identity import identities
from faraday_app.core.limits.counting import count, refusal
from faraday_app.core.limits.policies import endpoint_of
from faraday_app.core.permissions import Actor, Permission
from faraday_app.core.settings import settings
from faraday_app.core.sightings import sightings

SESSION_COOKIE = "__Host-faraday" if settings().secure else "faraday"
DEVICE_COOKIE = f"{SESSION_COOKIE}-device"
SAFE = {"GET", "HEAD", "OPTIONS"}
SIGNED_IN = "signed in"

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
    """The address of whoever asks."""
    return address_in(request.scope, request.headers)


def site_of(request: Request) -> str:
    """The origin that this request was made to, never one that is not ours."""
    return settings().site(f"{request.url.scheme}://{request.headers.get('host', '')}")


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
        actor = await identities.of_key(secret.strip(), client_address(request))
    else:
        token = session_token(request.headers.get("cookie", ""))
        actor = await identities.of_session(token, by_person=True, address=client_address(request))
        if actor and request.method not in SAFE:
            same_origin(request)
    if actor is None:
        raise NotSignedIn("Send an API key as a bearer token, or sign in.")
    address, is_api = client_address(request), actor.api_key_id is not None
    actor = actor.at(address)
    await gate.must_be_admitted(address, actor.organization_id, staff=actor.is_staff, api=is_api)
    if permission is not None:
        await _admit(actor, permission, request)
    return actor


async def _admit(actor: Actor, permission: Permission, request: Request) -> None:
    """What depends on the thing is decided where the thing is known."""
    if not actor.could(permission):
        await refusals.note(actor, f"{request.method} {_route(request)}", permission)
        actor.must(permission)


def _route(request: Request) -> str:
    """The address as it is declared, so that made-up ids do not make up routes."""
    return str(getattr(request.scope.get("route"), "path", "") or request.url.path.split("/")[1])


def signed_in(permission: Permission | None) -> Access:
    """A dependency: the actor of a request, who must have the permission. None: anybody who is signed in."""

    async def access(
        request: Request,
        _bearer: Annotated[object, Security(_BEARER)] = None,
        _cookie: Annotated[object, Security(_COOKIE)] = None,
    ) -> Actor:
        try:
            actor = await recognise(request)
        except NotSignedIn:
            await _count(request, None)
            raise
        await _count(request, actor)
        sightings.key_used(actor)
        if permission is not None:
            await _admit(actor, permission, request)
        return actor

    access.__permission__ = permission or SIGNED_IN  # type: ignore[attr-defined]
    return access


async def _count(request: Request, actor: Actor | None) -> None:
    """In one question to Redis, for the caller and everything they belong to."""
    decision = await count(endpoint_of(request.method, request.url.path), actor, client_address(request))
    if passage := Passage.of(request.scope):
        passage.decision, passage.actor, passage.reached = decision, actor, time.perf_counter()
    if not decision.allowed:
        raise refusal(decision)


async def anyone(request: Request) -> None:
    """A dependency that says a route is public on purpose."""


anyone.__permission__ = "public"  # type: ignore[attr-defined]
