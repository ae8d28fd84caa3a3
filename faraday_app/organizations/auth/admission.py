"""Letting a person in: the cookie, and where they go from here."""

from typing import Annotated, Any

from fastapi import Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from faraday_app.core.http import SESSION_COOKIE
from faraday_app.core.settings import settings

Text = Annotated[str, Form(max_length=500)]


def welcome(request: Request, token: str, path: str) -> Response:
    """Signed in: the browser keeps the token where no script can read it."""
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
    return response


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
