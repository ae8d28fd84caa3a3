"""Letting a person in: the cookie, and where they go from here."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from faraday_app.core.crypto import new_token
from faraday_app.core.http import DEVICE_COOKIE, drop, forget_session, keep, keep_device, keep_session, session_token
from faraday_app.core.http.access import cookie_value
from faraday_app.core.settings import settings
from faraday_app.organizations.service.sign_in import TICKET_COOKIE, Admission
from faraday_app.security.service import familiar
from faraday_app.security.service.devices import Browser

FAMILIAR_COOKIE = "__Secure-faraday-familiar" if settings().secure else "faraday-familiar"
Text = Annotated[str, Form(max_length=500)]
LongText = Annotated[str, Form(max_length=8_000)]

CHALLENGE_COOKIE = f"{'__Host-' if settings().secure else ''}faraday-challenge"
_MINUTES = 60


def welcome(request: Request, token: str, path: str, email: str = "") -> Response:
    """Signed in: the browser keeps the token where no script can read it, and will be known again.

    ``email``: whoever gave the password of it; the browser is familiar to them from now on.
    """
    response = answer(request, path)
    keep_session(response, token)
    keep_device(response, browser_of(request).device_token)
    drop(response, TICKET_COOKIE)
    if email:
        response.set_cookie(
            FAMILIAR_COOKIE,
            familiar.remembered(_familiar_cookie(request), email),
            max_age=familiar.GOOD_FOR,
            path="/auth",
            secure=settings().secure,
            httponly=True,
            samesite="lax",
        )
    return response


def familiar_to(request: Request, email: str) -> str:
    """The name of this browser, when this person has signed in with it before: it has an attempts budget of its own."""
    return familiar.known(_familiar_cookie(request), email)


def _familiar_cookie(request: Request) -> str:
    return cookie_value(request.headers.get("cookie", ""), FAMILIAR_COOKIE)


def browser_of(request: Request) -> Browser:
    """What ``admit`` wants to know of the browser. One that brought no device cookie gets it with the answer."""
    cookies, headers = request.headers.get("cookie", ""), request.headers
    known: str = getattr(request.state, "device_token", "") or cookie_value(cookies, DEVICE_COOKIE)[:100]
    request.state.device_token = known or new_token()
    return Browser(
        languages=headers.get("accept-language", "")[:200],
        platform=headers.get("sec-ch-ua-platform", "")[:40],
        mobile=headers.get("sec-ch-ua-mobile", "")[:10],
        device_token=request.state.device_token,
        session_token=session_token(cookies),
    )


def go_on(request: Request, admission: Admission, path: str, email: str = "") -> Response:
    """Signed in, or on to the page that asks for the second factor; from there to the path."""
    if admission.token:
        return welcome(request, admission.token, path, email)
    response = answer(request, f"/sign-in/verify?next={quote(path, safe='')}")
    keep(response, TICKET_COOKIE, admission.ticket, 10 * _MINUTES)
    return response


def challenged(token: str, options: str) -> Response:
    """What a passkey has to sign, and the cookie that says which browser was asked."""
    response = Response(options, media_type="application/json")
    keep(response, CHALLENGE_COOKIE, token, 5 * _MINUTES)
    return response


def cookie(request: Request, name: str) -> str:
    return cookie_value(request.headers.get("cookie", ""), name)


def farewell(request: Request) -> Response:
    response = answer(request, "/sign-in")
    forget_session(response)
    return response


def answer(request: Request, path: str) -> Response:
    """Where to go: as JSON for our own script, as a redirect for a form without one."""
    body: dict[str, Any] = {"next": path}
    return JSONResponse(body) if wants_json(request) else RedirectResponse(path, 303)


def wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")
