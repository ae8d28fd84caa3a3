"""Sign in with a password, sign out, set up, accept an invitation."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from faraday_app.core.database import transaction
from faraday_app.core.errors import FaradayError, NotSignedIn
from faraday_app.core.http import session_token
from faraday_app.core.http.access import client_address
from faraday_app.core.http.shield import safe_path
from faraday_app.core.identity import identities
from faraday_app.core.permissions import Actor
from faraday_app.organizations.auth.admission import Text, browser_of, familiar_to, farewell, go_on, wants_json
from faraday_app.organizations.service import SecondFactorNeeded, invitations, set_up, sign_in, sign_out
from faraday_app.organizations.service.sign_in import Admission
from faraday_app.security.service import attempts

router = APIRouter()


@router.post("/sign-in")
async def open_session(request: Request, email: Text = "", password: Text = "", next: Text = "/") -> Response:
    try:
        admission = await _sign_in(request, email, password)
    except FaradayError:
        if wants_json(request):
            raise
        return RedirectResponse("/sign-in?problem=refused", 303)
    return go_on(request, admission, safe_path(next), email)


@router.post("/sign-out")
async def end_session(request: Request) -> Response:
    actor = await identities.of_session(session_token(request.headers.get("cookie", "")))
    if actor:
        async with transaction(actor) as session:
            await sign_out(session, actor)
    return farewell(request)


@router.post("/set-up")
async def first_organization(
    request: Request, organization: Text = "", name: Text = "", email: Text = "", password: Text = ""
) -> Response:
    async with transaction(Actor.system()) as session:
        await set_up(session, organization, name, email, password)
    return go_on(request, await _sign_in(request, email, password), "/", email)


@router.post("/invitation")
async def accept_invitation(request: Request, token: Text = "", name: Text = "", password: Text = "") -> Response:
    async with transaction(Actor.system()) as session:
        email = (await invitations.find_invitation(session, token)).email
        # Whoever has an account proves it with its password here: guessing is slowed down as it is at sign-in.
        await attempts.take_attempt(session, email, client_address(request), familiar_to(request, email))
    try:
        async with transaction(Actor.system()) as session:
            await invitations.accept(session, token, name, password)
    except NotSignedIn:
        await invitations.note_refused(token, client_address(request))
        raise
    return go_on(request, await _sign_in(request, email, password), "/", email)


async def _sign_in(request: Request, email: str, password: str) -> Admission:
    if not email.strip() or not password:
        raise NotSignedIn("Enter your e-mail and your password.")
    agent, device = request.headers.get("user-agent", ""), familiar_to(request, email)
    try:
        token = await sign_in(email, password, client_address(request), agent, device, browser_of(request))
    except SecondFactorNeeded as needed:
        return Admission(ticket=needed.ticket)
    return Admission(token=token)
