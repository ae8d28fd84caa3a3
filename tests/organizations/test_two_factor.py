"""Signing in in two steps, over HTTP and in the services."""

import asyncio
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update
from sqlmodel import col

from faraday_app.api import v1
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid, LimitReached
from faraday_app.core.http import SESSION_COOKIE, install_problem_handlers
from faraday_app.core.identity import identities
from faraday_app.core.ids import new_id
from faraday_app.core.mail.models import OutgoingMail
from faraday_app.core.permissions import Actor
from faraday_app.core.settings import settings
from faraday_app.organizations.auth import router
from faraday_app.organizations.service import (
    SecondFactorNeeded,
    actor_of_key,
    actor_of_session,
    people,
    sign_in,
    sign_in_policy,
    two_factor,
)
from faraday_app.organizations.service.sign_in import TICKET_COOKIE
from faraday_app.security.models import AuditEvent, SignInTicket
from faraday_app.security.service import sessions, tickets
from tests.factories.api import is_problem
from tests.factories.browsers import unique_address
from tests.factories.factors import code, confirmed, enrol
from tests.factories.people import PASSWORD, email_of

OURS = {"origin": "http://localhost:3000", "accept": "application/json"}


@pytest.fixture
async def guest():
    identities.install(actor_of_session, actor_of_key)
    app = FastAPI()
    install_problem_handlers(app)
    app.include_router(router)
    app.include_router(v1)
    transport = httpx.ASGITransport(app, client=(unique_address(), 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:3000", headers=OURS) as client:
        yield client


async def ticket_of(actor):
    with pytest.raises(SecondFactorNeeded) as needed:
        await sign_in(await email_of(actor), PASSWORD, "10.0.1.1", "")
    return needed.value.ticket


async def passed(ticket, way, text):
    try:
        return await two_factor.pass_second(ticket, way, text, None, "10.0.1.1", "")
    except (Invalid, LimitReached, tickets.TicketGone) as error:
        return error


async def policy(actor, required, days=0):
    actor = confirmed(actor)
    async with transaction(actor) as session:
        version = (await sign_in_policy.get_policy(session, actor.organization)).version
        await sign_in_policy.set_policy(session, actor, required, days, version)


async def session_of(actor):
    async with transaction(Actor.system(actor.organization)) as session:
        return await sessions.open_session(session, actor.user, actor.organization, "127.0.0.1", "")


class TestSignIn:
    async def test_leads_from_the_password_to_the_second_factor_to_the_page_that_was_wanted(self, guest, cast):
        secret, _ = await enrol(cast.teacher)
        form = {"email": await email_of(cast.teacher), "password": PASSWORD, "next": "/credits"}
        first = await guest.post("/auth/sign-in", data=form)
        assert first.json() == {"next": "/sign-in/verify?next=%2Fcredits"}
        assert SESSION_COOKIE not in guest.cookies
        assert "HttpOnly" in first.headers["set-cookie"]
        second = await guest.post("/auth/second-step", data={"way": "app", "code": code(secret), "next": "/credits"})
        assert second.json() == {"next": "/credits"}
        assert TICKET_COOKIE not in guest.cookies
        actor = await actor_of_session(guest.cookies[SESSION_COOKIE])
        assert actor.user_id == cast.teacher.user_id
        actor.must_be_confirmed()

    async def test_tells_nothing_of_factors_before_the_password_is_right(self, guest, cast):
        await enrol(cast.teacher)
        answers = [
            await guest.post("/auth/sign-in", data={"email": email, "password": "wrong"})  # pragma: allowlist secret
            for email in (await email_of(cast.teacher), await email_of(cast.aide), f"{new_id().hex}@test.example")
        ]
        assert len({(answer.status_code, answer.text) for answer in answers}) == 1
        assert not guest.cookies

    @pytest.mark.parametrize("ticket", ["", "nonsense"])
    async def test_goes_nowhere_without_a_ticket(self, guest, ticket):
        guest.cookies.set(TICKET_COOKIE, ticket)
        assert is_problem(await guest.post("/auth/second-step", data={"way": "app", "code": "123456"}), 401)
        assert is_problem(await guest.post("/auth/second-step/passkey-options"), 401)

    async def test_refuses_the_form_of_another_website(self, guest):
        evil = {"origin": "https://evil.example"}
        for path in (
            "second-step",
            "second-step/mail",
            "passkey",
            "passkey-options",
            "confirm",
            "passkeys/options",
            "passkeys",
        ):
            assert (await guest.post(f"/auth/{path}", headers=evil)).status_code in (401, 403), path

    async def test_with_a_passkey_that_is_none_is_refused_and_takes_the_challenge(self, guest):
        assert (await guest.post("/auth/passkey-options")).json()["userVerification"] == "required"
        assert is_problem(await guest.post("/auth/passkey", data={"code": "{}"}), 401)
        assert is_problem(await guest.post("/auth/passkey", data={"code": "{}"}), 422)


class TestTickets:
    async def test_let_one_of_a_hundred_at_once_in(self, cast):
        secret, codes = await enrol(cast.teacher)
        ticket = await ticket_of(cast.teacher)
        ways = [("app", code(secret)), *(("backup", each) for each in codes)]
        outcomes = await asyncio.gather(*(passed(ticket, *ways[number % len(ways)]) for number in range(100)))
        assert sum(isinstance(outcome, str) for outcome in outcomes) == 1

    async def test_that_were_used_are_gone(self, cast):
        secret, codes = await enrol(cast.teacher)
        ticket = await ticket_of(cast.teacher)
        assert isinstance(await passed(ticket, "app", code(secret)), str)
        assert isinstance(await passed(ticket, "backup", codes[0]), tickets.TicketGone)

    async def test_leave_the_code_unused_when_they_are_gone(self, cast):
        _, codes = await enrol(cast.teacher)
        assert isinstance(await passed("nonsense", "backup", codes[0]), tickets.TicketGone)
        assert isinstance(await passed(await ticket_of(cast.teacher), "backup", codes[0]), str)

    async def test_expire(self, cast):
        secret, _ = await enrol(cast.teacher)
        ticket = await ticket_of(cast.teacher)
        async with transaction(Actor.system()) as session:
            gone = now() - timedelta(seconds=1)
            await session.execute(
                update(SignInTicket).where(col(SignInTicket.user_id) == cast.teacher.user).values(expires_at=gone)
            )
        assert isinstance(await passed(ticket, "app", code(secret)), tickets.TicketGone)

    async def test_bear_five_wrong_codes_and_then_even_a_new_one_has_to_wait(self, cast):
        secret, _ = await enrol(cast.teacher)
        ticket = await ticket_of(cast.teacher)
        wrong = [await passed(ticket, "app", "nonsense") for _ in range(6)]
        assert [type(each) for each in wrong[:5]] == [Invalid] * 5
        assert isinstance(wrong[5], tickets.TicketGone)
        assert isinstance(await passed(await ticket_of(cast.teacher), "app", code(secret)), LimitReached)

    async def test_do_not_outlive_the_membership(self, cast):
        secret, _ = await enrol(cast.teacher)
        ticket = await ticket_of(cast.teacher)
        async with transaction(cast.administrator) as session:
            await people.deactivate(session, cast.administrator, cast.teacher.user)
        assert isinstance(await passed(ticket, "app", code(secret)), tickets.TicketGone)

    @pytest.mark.parametrize("way", ["", "password", "mail", "passkey", "nonsense"])
    async def test_are_of_no_use_with_a_way_that_is_not_there(self, cast, way):
        await enrol(cast.teacher)
        assert isinstance(await passed(await ticket_of(cast.teacher), way, PASSWORD), Invalid)

    async def test_that_were_refused_are_in_the_trail(self, cast):
        await enrol(cast.teacher)
        await passed(await ticket_of(cast.teacher), "app", "nonsense")
        async with transaction(Actor.system()) as session:
            event = await session.scalar(
                select(AuditEvent)
                .where(col(AuditEvent.actor_id) == cast.teacher.user)
                .order_by(col(AuditEvent.id).desc())
                .limit(1)
            )
        assert (event.action, event.details, event.address) == ("session.refused", {"method": "app"}, "10.0.1.1")


def _codes_to(address):
    return select(OutgoingMail).where(
        col(OutgoingMail.recipient) == address, col(OutgoingMail.subject) == "Your code to sign in"
    )


class TestMailedCode:
    @pytest.fixture(autouse=True)
    def _smtp(self, monkeypatch):
        monkeypatch.setenv("SMTP_URL", "smtp://localhost:1")
        settings.cache_clear()
        yield
        monkeypatch.undo()
        settings.cache_clear()

    async def test_works_once_and_is_replaced_by_the_next(self, cast):
        await enrol(cast.teacher)
        ticket = await ticket_of(cast.teacher)
        async with transaction(Actor.system()) as session:
            old, new = await tickets.new_mail_code(session, ticket), await tickets.new_mail_code(session, ticket)
        assert old == new or isinstance(await passed(ticket, "mail", old), Invalid)
        assert isinstance(await passed(ticket, "mail", new), str)

    async def test_goes_to_the_person_three_times_at_most(self, cast):
        await enrol(cast.teacher)
        ticket, address = await ticket_of(cast.teacher), await email_of(cast.teacher)
        for _ in range(3):
            await two_factor.post_code(ticket)
        with pytest.raises(LimitReached):
            await two_factor.post_code(ticket)
        async with transaction(Actor.system()) as session:
            sent = (await session.scalars(_codes_to(address))).all()
            assert len(sent) == 3
            for mail in sent:
                await session.delete(mail)
