"""The HTTP routes that open and end sessions: the only places where the cookie is set."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from faraday_app.core.database import transaction
from faraday_app.core.errors import FaradayError, NotSignedIn
from faraday_app.core.http import SESSION_COOKIE, anyone, same_origin, session_token
from faraday_app.core.http.access import client_address
from faraday_app.core.http.shield import safe_path
from faraday_app.core.identity import identities
from faraday_app.core.permissions import Actor
from faraday_app.core.settings import settings
from faraday_app.organizations.service import invitations, set_up, sign_in, sign_out
from faraday_app.security.service import attempts

router = APIRouter(prefix="/auth", include_in_schema=False, dependencies=[Depends(anyone), Depends(same_origin)])
Text = Annotated[str, Form(max_length=500)]


@router.post("/sign-in")
async def open_session(request: Request, email: Text = "", password: Text = "", next: Text = "/") -> Response:
    try:
        token = await _sign_in(request, email, password)
    except FaradayError:
        if _wants_json(request):
            raise
        return RedirectResponse("/sign-in?problem=refused", 303)
    return _welcome(request, token, safe_path(next))


@router.post("/sign-out")
async def end_session(request: Request) -> Response:
    actor = await identities.of_session(session_token(request.headers.get("cookie", "")))
    if actor:
        async with transaction(actor) as session:
            await sign_out(session, actor)
    answer = _answer(request, "/sign-in")
    answer.delete_cookie(SESSION_COOKIE, path="/", secure=settings().secure, httponly=True, samesite="lax")
    return answer


@router.post("/set-up")
async def first_organization(
    request: Request, organization: Text = "", name: Text = "", email: Text = "", password: Text = ""
) -> Response:
    async with transaction(Actor.system()) as session:
        await set_up(session, organization, name, email, password)
    return _welcome(request, await _sign_in(request, email, password), "/")


@router.post("/invitation")
async def accept_invitation(request: Request, token: Text = "", name: Text = "", password: Text = "") -> Response:
    async with transaction(Actor.system()) as session:
        email = (await invitations.find_invitation(session, token)).email
        # Whoever has an account proves it with its password here: guessing is slowed down as it is at sign-in.
        await attempts.take_attempt(session, email, client_address(request))
    async with transaction(Actor.system()) as session:
        await invitations.accept(session, token, name, password)
    return _welcome(request, await _sign_in(request, email, password), "/")


async def _sign_in(request: Request, email: str, password: str) -> str:
    if not email.strip() or not password:
        raise NotSignedIn("Enter your e-mail and your password.")
    return await sign_in(email, password, client_address(request), request.headers.get("user-agent", ""))


def _welcome(request: Request, token: str, path: str) -> Response:
    answer = _answer(request, path)
    answer.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=settings().session_hours * 3600,
        path="/",
        secure=settings().secure,
        httponly=True,
        samesite="lax",
    )
    return answer


def _answer(request: Request, path: str) -> Response:
    body: dict[str, Any] = {"next": path}
    return JSONResponse(body) if _wants_json(request) else RedirectResponse(path, 303)


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")
