"""To an identity provider and back. What comes back comes from another website: it is bound by its state instead."""

from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, FaradayError, LimitReached
from faraday_app.core.http import anyone, same_origin, session_token, signed_in, site_of
from faraday_app.core.http.access import client_address, cookie_value
from faraday_app.core.http.shield import safe_path
from faraday_app.core.identity import identities
from faraday_app.core.log import reference
from faraday_app.core.permissions import Actor, Permission
from faraday_app.core.settings import settings
from faraday_app.organizations.auth.admission import browser_of, go_on
from faraday_app.organizations.service import federation, flows
from faraday_app.organizations.service.flows import Flow
from faraday_app.security.service import attempts

router = APIRouter(prefix="/oidc")
Owner = Annotated[Actor, Depends(signed_in(Permission.account_manage))]
Short = Annotated[str, Query(max_length=4_000)]

BROWSER_COOKIE = "__Host-faraday-oidc" if settings().secure else "faraday-oidc"
FREE_STARTS = 300  # of an address that do not end signed in: a whole school may sit behind one
_log = structlog.get_logger(__name__)


@router.get("/{provider_id}/start", dependencies=[Depends(anyone)])
async def leave(request: Request, provider_id: UUID, next: Short = "/") -> Response:
    """To the provider, to sign in there."""
    try:
        await _slow_down(request)
        url, browser = await federation.start(provider_id, site_of(request), safe_path(next))
    except FaradayError as error:
        return _back("/sign-in", error)
    return _bound(RedirectResponse(url, 303), browser)


@router.post("/{provider_id}/connect", dependencies=[Depends(same_origin)])
async def leave_to_connect(request: Request, provider_id: UUID, actor: Owner) -> Response:
    """To the provider, to connect the account of whoever is signed in: never because another website says so."""
    url, browser = await federation.start(provider_id, site_of(request), "/account", actor)
    return _bound(JSONResponse({"next": url}), browser)


@router.get("/callback", dependencies=[Depends(anyone)])
async def come_back(
    request: Request, state: Short = "", code: Short = "", iss: Short = "", error: Short = ""
) -> Response:
    """From the provider, with its answer."""
    place = "/sign-in"
    try:
        flow = await flows.take(state, cookie_value(request.headers.get("cookie", ""), BROWSER_COOKIE))
        place = "/account" if flow.user_id else place
        if error or not code:
            return _gone(RedirectResponse(f"{place}?problem=refused_there", 303))
        return _gone(await _arrive(request, flow, code, iss))
    except FaradayError as problem:
        return _gone(_back(place, problem))


async def _arrive(request: Request, flow: Flow, code: str, iss: str) -> Response:
    provider, who = await federation.visitor_of(flow, code, iss)
    if not flow.user_id:
        async with transaction(Actor.system()) as session:
            agent = request.headers.get("user-agent", "")
            address, browser = client_address(request), browser_of(request)
            admission = await federation.enter(session, provider, who, address, agent, browser)
            await attempts.give_back_one(session, "oidc from", client_address(request))
        return go_on(request, admission, safe_path(flow.next))
    actor = await identities.of_session(session_token(request.headers.get("cookie", "")))
    if actor is None or str(actor.user_id) != flow.user_id:
        raise flows.Over
    async with transaction(actor) as session:
        await federation.connect(session, actor, provider, who)
    return RedirectResponse("/account?done=connected", 303)


async def _slow_down(request: Request) -> None:
    async with transaction(Actor.system()) as session:
        await attempts.take_turn(session, "oidc from", client_address(request), FREE_STARTS)


def _back(place: str, error: FaradayError) -> Response:
    """A code that the page has words for; never what somebody else wrote."""
    codes = {
        federation.Unknown: "unknown",
        federation.LinkFirst: "link_first",
        flows.Over: "over",
        Conflict: "taken",
        LimitReached: "too_often",
    }
    code = codes.get(type(error), "provider")
    _log.warning("oidc_refused", reference=reference(), problem=code, error=type(error).__name__, said=error.message)
    return RedirectResponse(f"{place}?problem={code}", 303)


def _bound(response: Response, browser: str) -> Response:
    """Known again when it comes back. Lax, since it comes back by a link from another website."""
    response.set_cookie(
        BROWSER_COOKIE,
        browser,
        max_age=flows.GOOD_FOR,
        path="/",
        secure=settings().secure,
        httponly=True,
        samesite="lax",
    )
    return response


def _gone(response: Response) -> Response:
    response.delete_cookie(BROWSER_COOKIE, path="/", secure=settings().secure, httponly=True, samesite="lax")
    return response
