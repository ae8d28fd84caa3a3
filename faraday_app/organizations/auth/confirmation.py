"""For who is signed in: showing again who one is, and making passkeys."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from faraday_app.accounts.service import passkeys
from faraday_app.accounts.service.passkeys import Signature
from faraday_app.core.database import transaction
from faraday_app.core.http import keep_session, same_origin, signed_in
from faraday_app.core.permissions import Actor, Permission
from faraday_app.organizations.auth.admission import LongText, Text, challenged
from faraday_app.organizations.auth.second_step import taken
from faraday_app.organizations.service import two_factor
from faraday_app.security.service import challenges

router = APIRouter()
Anybody = Annotated[Actor, Depends(signed_in(Permission.account_manage))]
FROM_OUR_PAGES = [Depends(same_origin)]


@router.get("/confirm")
async def ways_to_confirm(actor: Anybody) -> Response:
    async with transaction(actor) as session:
        return JSONResponse({"ways": await two_factor.ways_to_confirm(session, actor)})


@router.post("/confirm", dependencies=FROM_OUR_PAGES)
async def confirm(request: Request, actor: Anybody, way: Text = "password", code: LongText = "") -> Response:
    """Another token takes the place of the session's; open pages connect again with it."""
    challenge = await taken(request, f"confirm {actor.session_id}") if way == "passkey" else None
    token = await two_factor.confirm(actor, way, code, challenge)
    response = JSONResponse({"confirmed": True})
    if token:
        keep_session(response, token)
    return response


@router.post("/confirm/passkey-options", dependencies=FROM_OUR_PAGES)
async def options_to_confirm(actor: Anybody) -> Response:
    bound, value = await _challenge(f"confirm {actor.session_id}")
    async with transaction(actor) as session:
        return challenged(bound, await passkeys.request_options(session, value, actor.user))


@router.post("/passkeys/options", dependencies=FROM_OUR_PAGES)
async def options_to_register(actor: Anybody) -> Response:
    bound, value = await _challenge(f"register {actor.user}")
    async with transaction(actor) as session:
        return challenged(bound, await passkeys.registration_options(session, actor, value))


@router.post("/passkeys", dependencies=FROM_OUR_PAGES)
async def register(request: Request, actor: Anybody, code: LongText = "", name: Text = "") -> Response:
    signed = Signature(code, await taken(request, f"register {actor.user}"))
    async with transaction(actor) as session:
        passkey = await passkeys.register(session, actor, signed, name)
    return JSONResponse({"name": passkey.name})


async def _challenge(purpose: str) -> tuple[str, bytes]:
    async with transaction(Actor.system()) as session:
        return await challenges.new_challenge(session, purpose)
