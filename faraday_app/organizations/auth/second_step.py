"""The second step of signing in, and signing in with a passkey alone."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from faraday_app.accounts.service import passkeys
from faraday_app.accounts.service.passkeys import Signature
from faraday_app.core.database import transaction
from faraday_app.core.errors import FaradayError
from faraday_app.core.http.access import client_address
from faraday_app.core.http.shield import safe_path
from faraday_app.core.permissions import Actor
from faraday_app.organizations.auth.admission import (
    CHALLENGE_COOKIE,
    LongText,
    Text,
    answer,
    browser_of,
    challenged,
    cookie,
    wants_json,
    welcome,
)
from faraday_app.organizations.service import sign_in_with_passkey, two_factor
from faraday_app.organizations.service.sign_in import TICKET_COOKIE
from faraday_app.security.service import challenges, tickets

router = APIRouter()
ALONE = "sign-in"


@router.post("/second-step")
async def show_second(request: Request, way: Text = "app", code: LongText = "", next: Text = "/") -> Response:
    """A code of the app, of the mail or for emergencies, or what a passkey has signed."""
    ticket = cookie(request, TICKET_COOKIE)
    try:
        challenge = await taken(request, f"verify {ticket}") if way == "passkey" else None
        token = await two_factor.pass_second(
            ticket, way, code, challenge, client_address(request), _agent(request), browser_of(request)
        )
    except FaradayError:
        if wants_json(request):
            raise
        return RedirectResponse("/sign-in/verify?problem=refused", 303)
    return welcome(request, token, safe_path(next))


@router.post("/second-step/mail")
async def post_code(request: Request) -> Response:
    await two_factor.post_code(cookie(request, TICKET_COOKIE))
    return answer(request, "/sign-in/verify")


@router.post("/second-step/passkey-options")
async def options_for_ticket(request: Request) -> Response:
    token = cookie(request, TICKET_COOKIE)
    async with transaction(Actor.system()) as session:
        ticket = await tickets.find_ticket(session, token)
        if ticket is None:
            raise tickets.TicketGone
        bound, value = await challenges.new_challenge(session, f"verify {token}")
        return challenged(bound, await passkeys.request_options(session, value, ticket.user_id))


@router.post("/passkey-options")
async def options_for_anybody(request: Request) -> Response:
    async with transaction(Actor.system()) as session:
        bound, value = await challenges.new_challenge(session, ALONE)
        return challenged(bound, await passkeys.request_options(session, value, None))


@router.post("/passkey")
async def sign_in_alone(request: Request, code: LongText = "", next: Text = "/") -> Response:
    signed = Signature(code, await taken(request, ALONE))
    token = await sign_in_with_passkey(signed, client_address(request), _agent(request), browser_of(request))
    return welcome(request, token, safe_path(next))


def _agent(request: Request) -> str:
    return request.headers.get("user-agent", "")


async def taken(request: Request, purpose: str) -> bytes:
    """The challenge of this browser, which is gone whatever comes of it."""
    async with transaction(Actor.system()) as session:
        return await challenges.take_challenge(session, cookie(request, CHALLENGE_COOKIE), purpose)
