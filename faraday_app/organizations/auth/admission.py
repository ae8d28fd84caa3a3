"""Letting a person in: the cookie, and where they go from here."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from faraday_app.core.http import SESSION_COOKIE
from faraday_app.core.http.access import cookie_value
from faraday_app.core.settings import settings
from faraday_app.organizations.service.sign_in import TICKET_COOKIE, Admission

Text = Annotated[str, Form(max_length=500)]
LongText = Annotated[str, Form(max_length=8_000)]

CHALLENGE_COOKIE = f"{'__Host-' if settings().secure else ''}faraday-challenge"
_MINUTES = 60


def welcome(request: Request, token: str, path: str) -> Response:
    """Signed in: the browser keeps the token where no script can read it."""
    response = answer(request, path)
    keep(response, SESSION_COOKIE, token, settings().session_hours * 3600)
    drop(response, TICKET_COOKIE)
    return response


def go_on(request: Request, admission: Admission, path: str) -> Response:
    """Signed in, or on to the page that asks for the second factor; from there to the path."""
    if admission.token:
        return welcome(request, admission.token, path)
    response = answer(request, f"/sign-in/verify?next={quote(path, safe='')}")
    keep(response, TICKET_COOKIE, admission.ticket, 10 * _MINUTES)
    return response


def farewell(request: Request) -> Response:
    response = answer(request, "/sign-in")
    drop(response, SESSION_COOKIE)
    return response


def challenged(token: str, options: str) -> Response:
    """What a passkey has to sign, and the cookie that says which browser was asked."""
    response = Response(options, media_type="application/json")
    keep(response, CHALLENGE_COOKIE, token, 5 * _MINUTES)
    return response


def keep(response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(name, value, max_age=seconds, path="/", secure=settings().secure, httponly=True, samesite="lax")


def drop(response: Response, name: str) -> None:
    response.delete_cookie(name, path="/", secure=settings().secure, httponly=True, samesite="lax")


def cookie(request: Request, name: str) -> str:
    return cookie_value(request.headers.get("cookie", ""), name)


def answer(request: Request, path: str) -> Response:
    """Where to go: as JSON for our own script, as a redirect for a form without one."""
    body: dict[str, Any] = {"next": path}
    return JSONResponse(body) if wants_json(request) else RedirectResponse(path, 303)


def wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")
