"""The routes that open and end sessions, over HTTP."""

import httpx
import pytest
from fastapi import FastAPI

from faraday_app.core.database import transaction
from faraday_app.core.http import SESSION_COOKIE, install_problem_handlers
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Role
from faraday_app.organizations.auth import router
from faraday_app.organizations.service import actor_of_session, invitations
from tests.factories.people import PASSWORD, email_of


@pytest.fixture
async def guest():
    app = FastAPI()
    install_problem_handlers(app)
    app.include_router(router)
    headers = {"accept": "application/json"}
    transport = httpx.ASGITransport(app, client=(f"10.4.{new_id().hex[-4:]}", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:3000", headers=headers) as client:
        yield client


async def invite(actor, email):
    async with transaction(actor) as session:
        return (await invitations.invite(session, actor, email, Role.teacher))[1]


async def join(guest, token, password=PASSWORD):
    return await guest.post("/auth/invitation", data={"token": token, "name": "Nova", "password": password})


class TestSignIn:
    async def test_sets_a_cookie_that_scripts_cannot_read(self, guest, cast):
        answer = await guest.post(
            "/auth/sign-in", data={"email": await email_of(cast.teacher), "password": PASSWORD, "next": "/people"}
        )
        assert answer.json() == {"next": "/people"}
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert await actor_of_session(guest.cookies[SESSION_COOKIE])

    @pytest.mark.parametrize("next", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:0"])
    async def test_leads_nowhere_else(self, guest, cast, next):
        answer = await guest.post(
            "/auth/sign-in", data={"email": await email_of(cast.teacher), "password": PASSWORD, "next": next}
        )
        assert answer.json() == {"next": "/"}

    async def test_refuses_the_form_of_another_website(self, guest, cast):
        form = {"email": await email_of(cast.teacher), "password": PASSWORD}
        answer = await guest.post("/auth/sign-in", data=form, headers={"origin": "https://evil.example"})
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers


class TestInvitation:
    async def test_signs_the_new_member_in(self, guest, cast):
        answer = await join(guest, await invite(cast.administrator, f"{new_id().hex}@test.example"))
        assert answer.status_code == 200
        actor = await actor_of_session(guest.cookies[SESSION_COOKIE])
        assert actor is not None
        assert (actor.name, actor.organization_id) == ("Nova", cast.organization_id)

    async def test_does_not_let_whoever_invites_guess_a_password(self, guest, cast):
        token = await invite(cast.stranger, await email_of(cast.teacher))
        answers = [await join(guest, token, f"guess number {number}") for number in range(5)]
        assert [answer.status_code for answer in answers] == [401, 401, 401, 429, 429]
        assert (await join(guest, token)).status_code == 429
