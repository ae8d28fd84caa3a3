"""Letting a person in: the cookie, and where they go from here."""

from typing import Annotated, Any

from fastapi import Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from faraday_app.core.http import SESSION_COOKIE
from faraday_app.core.http.access import cookie_value
from faraday_app.core.settings import settings
from faraday_app.security.service import devices

DEVICE_COOKIE = "__Secure-faraday-device" if settings().secure else "faraday-device"
Text = Annotated[str, Form(max_length=500)]


def welcome(request: Request, token: str, path: str, email: str = "") -> Response:
    """Signed in: the browser keeps the token where no script can read it.

    ``email``: whoever gave the password of it; the browser is known for them from now on.
    """
    response = answer(request, path)
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=settings().session_hours * 3600,
        path="/",
        secure=settings().secure,
        httponly=True,
        samesite="lax",
    )
    if email:
        response.set_cookie(
            DEVICE_COOKIE,
            devices.remembered(_device_cookie(request), email),
            max_age=devices.GOOD_FOR,
            path="/auth",
            secure=settings().secure,
            httponly=True,
            samesite="lax",
        )
    return response


def device_of(request: Request, email: str) -> str:
    """The name of this browser, when this person has signed in with it before."""
    return devices.known(_device_cookie(request), email)


def _device_cookie(request: Request) -> str:
    return cookie_value(request.headers.get("cookie", ""), DEVICE_COOKIE)


def farewell(request: Request) -> Response:
    response = answer(request, "/sign-in")
    response.delete_cookie(SESSION_COOKIE, path="/", secure=settings().secure, httponly=True, samesite="lax")
    return response


def answer(request: Request, path: str) -> Response:
    """Where to go: as JSON for our own script, as a redirect for a form without one."""
    body: dict[str, Any] = {"next": path}
    return JSONResponse(body) if wants_json(request) else RedirectResponse(path, 303)


def wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")
