"""Passwords and addresses: forgotten, reset, changed, confirmed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from faraday_app.accounts import service as accounts
from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in, site_of
from faraday_app.core.http.access import client_address
from faraday_app.core.permissions import Actor, Permission
from faraday_app.organizations.auth.admission import Text, answer
from faraday_app.organizations.service import recovery
from faraday_app.security.service import attempts

router = APIRouter()
Owner = Annotated[Actor, Depends(signed_in(Permission.account_manage))]

FREE_LINKS_OF_ADDRESS = 100
FREE_PASSWORDS = 3
FREE_LETTERS = 3


@router.post("/forgot")
async def forgot(request: Request, email: Text = "") -> Response:
    await recovery.forgot(email, client_address(request), site_of(request))
    return answer(request, "/forgot?done=sent")


@router.post("/reset")
async def reset(request: Request, token: Text = "", password: Text = "") -> Response:
    address = client_address(request)
    await _slow_down("link from", address, FREE_LINKS_OF_ADDRESS)
    async with transaction(Actor.system()) as session:
        await recovery.reset(session, token, password, address)
        await attempts.give_back_one(session, "link from", address)
    return answer(request, "/sign-in?done=reset")


@router.post("/verify")
async def verify(request: Request, token: Text = "") -> Response:
    address = client_address(request)
    await _slow_down("link from", address, FREE_LINKS_OF_ADDRESS)
    async with transaction(Actor.system()) as session:
        await recovery.confirm_email(session, token, address)
        await attempts.give_back_one(session, "link from", address)
    return answer(request, "/verify?done=verified")


@router.post("/password")
async def change_password(request: Request, actor: Owner, current: Text = "", password: Text = "") -> Response:
    await _slow_down("own password", str(actor.user), FREE_PASSWORDS)
    async with transaction(Actor.system(actor.organization)) as session:
        await recovery.change_password(session, actor, current, password)
    return answer(request, "/account?done=password")


@router.post("/email")
async def change_email(request: Request, actor: Owner, email: Text = "", email_password: Text = "") -> Response:
    await _slow_down("own password", str(actor.user), FREE_PASSWORDS)
    await _slow_down("letters of", str(actor.user), FREE_LETTERS)
    async with transaction(Actor.system(actor.organization)) as session:
        await recovery.change_email(session, actor, email, email_password, site_of(request))
    return answer(request, "/account?done=email")


@router.post("/email/verify")
async def ask_to_verify(request: Request, actor: Owner) -> Response:
    await _slow_down("letters of", str(actor.user), FREE_LETTERS)
    async with transaction(Actor.system(actor.organization)) as session:
        await accounts.emails.ask_to_verify(session, actor, site_of(request))
    return answer(request, "/account?done=verify")


async def _slow_down(what: str, who: str, free: int) -> None:
    """In a transaction of its own: an attempt counts whatever comes of it."""
    async with transaction(Actor.system()) as session:
        await attempts.take_turn(session, what, who, free)
