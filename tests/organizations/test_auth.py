"""The routes that open and end sessions, over HTTP."""

import httpx
import pytest
from fastapi import FastAPI

from faraday_app.core import notices
from faraday_app.core.database import transaction
from faraday_app.core.http import SESSION_COOKIE, install_problem_handlers
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Role
from faraday_app.organizations.auth import router
from faraday_app.organizations.service import actor_of_session, invitations
from faraday_app.security.service import attempts, familiar
from tests.factories.browsers import open_browser, unique_address
from tests.factories.people import PASSWORD, email_of


@pytest.fixture
async def guest():
    app = FastAPI()
    install_problem_handlers(app)
    app.include_router(router)
    headers = {"accept": "application/json"}
    transport = httpx.ASGITransport(app, client=(unique_address(), 1))
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

    async def test_always_makes_a_session_of_its_own(self, guest, cast):
        """Whatever token somebody has put into the browser, signing in does not make it worth anything."""
        guest.cookies.set(SESSION_COOKIE, "planted", domain="localhost.local")
        form = {"email": await email_of(cast.teacher), "password": PASSWORD}
        first = (await guest.post("/auth/sign-in", data=form)).cookies[SESSION_COOKIE]
        second = (await guest.post("/auth/sign-in", data=form)).cookies[SESSION_COOKIE]
        assert len({"planted", first, second}) == 3
        assert await actor_of_session("planted") is None


class TestKnownBrowser:
    """Whoever fails on purpose makes strangers wait, and not the person in front of their own browser."""

    async def sign_in(self, browser, email, password=PASSWORD):
        return (await browser.post("/auth/sign-in", data={"email": email, "password": password})).status_code

    async def test_lets_its_person_in_while_somebody_else_fails(self, guest, cast):
        email = await email_of(cast.teacher)
        assert await self.sign_in(guest, email) == 200
        async with open_browser() as attacker, open_browser() as unknown:
            assert [await self.sign_in(attacker, email, "wrong") for _ in range(5)][-1] == 429
            assert await self.sign_in(unknown, email) == 429
        assert await self.sign_in(guest, email) == 200

    async def test_lets_its_person_in_where_a_whole_address_has_to_wait(self, cast, monkeypatch):
        monkeypatch.setattr(attempts, "FREE_PER_ADDRESS", 3)
        email, place = await email_of(cast.teacher), "10.7.0.1"
        async with open_browser(address=place) as own, open_browser(address=place) as attacker:
            assert await self.sign_in(own, email) == 200
            for _ in range(4):
                await self.sign_in(attacker, f"{new_id().hex}@test.example", "wrong")
            assert await self.sign_in(attacker, await email_of(cast.student)) == 429
            assert await self.sign_in(own, email) == 200

    async def test_has_to_wait_when_it_fails_itself(self, guest, cast):
        email = await email_of(cast.teacher)
        await self.sign_in(guest, email)
        assert [await self.sign_in(guest, email, "wrong") for _ in range(5)] == [401, 401, 401, 429, 429]

    async def test_is_nothing_to_anybody_else(self, guest, cast):
        """A known browser of one's own gives no tries at others."""
        await self.sign_in(guest, await email_of(cast.student))
        email = await email_of(cast.teacher)
        async with open_browser() as attacker:
            for _ in range(4):
                await self.sign_in(attacker, email, "wrong")
        assert await self.sign_in(guest, email) == 429

    async def test_keeps_its_name_where_no_script_and_no_page_sees_it(self, guest, cast):
        form = {"email": await email_of(cast.teacher), "password": PASSWORD}
        answer = await guest.post("/auth/sign-in", data=form)
        (cookie,) = [each for each in answer.headers.get_list("set-cookie") if "familiar" in each]
        assert "HttpOnly" in cookie
        assert "Path=/auth" in cookie
        assert form["email"] not in cookie

    def test_remembers_a_few_people_and_believes_no_name_it_was_told(self):
        cookie = ""
        for number in range(6):
            cookie = familiar.remembered(cookie, f"p{number}@test.example")
        assert [bool(familiar.known(cookie, f"p{number}@test.example")) for number in range(6)] == [False] * 2 + [
            True
        ] * 4
        name = familiar.known(cookie, "p5@test.example")
        assert familiar.known(familiar.remembered(cookie, "p5@test.example"), "p5@test.example") == name
        assert not familiar.known(f"{name}.{'0' * 64}", "p5@test.example")
        assert not familiar.known("~" * 5_000, "p5@test.example")


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

    async def test_tells_the_person_whose_account_was_tried(self, guest, cast, monkeypatch):
        told = []

        async def deliver(_session, notice):
            told.append(notice)

        monkeypatch.setattr(notices, "_deliver", [deliver])
        await join(guest, await invite(cast.stranger, await email_of(cast.teacher)), "guess number one")
        assert [(notice.organization_id, notice.recipients) for notice in told] == [
            (cast.organization_id, (cast.teacher.user,))
        ]
