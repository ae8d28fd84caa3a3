"""Forgotten passwords, over HTTP, with the letters that are sent."""

import asyncio
import time
from datetime import timedelta
from statistics import median

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from faraday_app.accounts.models import AccountLink, User
from faraday_app.core import mail, notices
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import ConfirmationNeeded, Invalid, NotFound, NotPermitted, NotSignedIn
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor, Role
from faraday_app.organizations.service import actor_of_session, recovery
from faraday_app.organizations.service import sign_in as password_sign_in
from faraday_app.organizations.service.people import add_member
from faraday_app.organizations.service.sign_in import REFUSED_AFTER
from faraday_app.security.models import AuditEvent
from faraday_app.security.service import attempts
from tests.factories.browsers import open_browser, session_of, signed_in_with
from tests.factories.mailbox import link_in, token_in, words_of
from tests.factories.people import PASSWORD, email_of, make_organization
from tests.factories.providers import confirmed

NEW = "seven quiet lanterns"
TRIES = 9
CLOSE = 0.015  # seconds between the medians of known and unknown; the answers take 0.4


@pytest.fixture
async def browser():
    async with open_browser() as browser:
        yield browser


async def forget(browser, email):
    return await browser.post("/auth/forgot", data={"email": email})


async def letter(browser, mailbox, actor):
    """The letter that somebody gets who has forgotten their password."""
    email = await email_of(actor)
    assert (await forget(browser, email)).status_code == 200
    await mail.deliver_waiting()
    return mailbox.to(email)[-1]


async def reset(browser, token, password=NEW):
    return await browser.post("/auth/reset", data={"token": token, "password": password})


async def sign_in(browser, email, password):
    return await browser.post("/auth/sign-in", data={"email": email, "password": password})


class TestForgot:
    async def test_sends_a_link_of_half_an_hour_and_keeps_its_hash(self, cast, mailbox, browser):
        sent = await letter(browser, mailbox, cast.teacher)
        assert link_in(sent).startswith("http://localhost:3000/reset?token=")
        assert "because" in words_of(sent)
        async with transaction(Actor.system()) as session:
            link = (
                await session.scalars(select(AccountLink).where(col(AccountLink.user_id) == cast.teacher.user))
            ).one()
        assert token_in(sent) not in link.model_dump_json()
        assert timedelta(minutes=29) < link.expires_at - now() <= timedelta(minutes=30)

    async def test_says_the_same_of_everybody(self, cast, mailbox, browser):
        known = await forget(browser, await email_of(cast.teacher))
        unknown = await forget(browser, f"{new_id().hex}@test.example")
        assert (known.status_code, known.text) == (unknown.status_code, unknown.text)

    async def test_sends_nothing_to_nobody(self, mailbox, browser):
        email = f"{new_id().hex}@test.example"
        await forget(browser, email)
        await mail.deliver_waiting()
        assert mailbox.to(email) == []

    async def test_makes_wait_who_asks_often_with_an_account_and_without(self, cast, mailbox, browser):
        for email in (await email_of(cast.teacher), f"{new_id().hex}@test.example"):
            answers = [(await forget(browser, email)).status_code for _ in range(4)]
            assert answers == [200, 200, 200, 429]

    async def test_leads_to_no_host_that_the_request_made_up(self, cast, mailbox, browser):
        email = await email_of(cast.teacher)
        await browser.post("/auth/forgot", data={"email": email}, headers={"host": "evil.example"})
        await mail.deliver_waiting()
        assert link_in(mailbox.to(email)[-1]).startswith("http://localhost:3000/")


class TestTime:
    """Whether an address has an account cannot be read from a clock."""

    async def medians(self, known, unknown, floor):
        """In turns, so that the machine's moods meet both; no answer came before the floor."""
        took = {known: [], unknown: []}
        for _ in range(TRIES):
            for ask in (known, unknown):
                begin = time.perf_counter()
                await ask()
                took[ask].append(time.perf_counter() - begin)
        assert min(took[known] + took[unknown]) >= floor
        return median(took[known]), median(took[unknown])

    async def test_of_forgetting_is_the_same_for_everybody(self, cast, mailbox, monkeypatch):
        monkeypatch.setattr(recovery, "FREE_REQUESTS", 1_000)
        monkeypatch.setattr(recovery, "FREE_REQUESTS_OF_ADDRESS", 1_000)
        email = await email_of(cast.teacher)
        known, unknown = await self.medians(
            lambda: recovery.forgot(email, "10.8.0.1", "http://localhost:3000"),
            lambda: recovery.forgot("nobody@test.example", "10.8.0.1", "http://localhost:3000"),
            recovery.ANSWERED_AFTER,
        )
        assert abs(known - unknown) < CLOSE

    async def test_of_signing_in_is_the_same_for_everybody(self, cast, monkeypatch):
        monkeypatch.setattr(attempts, "FREE_PER_EMAIL", 1_000)
        monkeypatch.setattr(attempts, "FREE_PER_ADDRESS", 1_000)
        email = await email_of(cast.teacher)

        async def fail(email):
            with pytest.raises(NotSignedIn):
                await password_sign_in(email, "not the password", "10.8.0.2", "")

        known, unknown = await self.medians(lambda: fail(email), lambda: fail("nobody@test.example"), REFUSED_AFTER)
        assert abs(known - unknown) < CLOSE


class TestReset:
    async def test_gives_a_new_password_and_ends_every_session(self, cast, mailbox, browser):
        before = await session_of(cast.teacher)
        answer = await reset(browser, token_in(await letter(browser, mailbox, cast.teacher)))
        assert answer.json() == {"next": "/sign-in?done=reset"}
        assert await actor_of_session(before) is None
        email = await email_of(cast.teacher)
        assert (await sign_in(browser, email, PASSWORD)).status_code == 401
        assert (await sign_in(browser, email, NEW)).status_code == 200

    async def test_signs_nobody_in(self, cast, mailbox, browser):
        answer = await reset(browser, token_in(await letter(browser, mailbox, cast.teacher)))
        assert "set-cookie" not in answer.headers
        assert not signed_in_with(browser)

    async def test_works_once_of_a_hundred_at_once(self, cast, mailbox, browser):
        token = token_in(await letter(browser, mailbox, cast.teacher))
        answers = await asyncio.gather(*(reset(browser, token, f"{NEW} {number}") for number in range(100)))
        won = [number for number, answer in enumerate(answers) if answer.status_code == 200]
        assert len(won) == 1
        assert (await sign_in(browser, await email_of(cast.teacher), f"{NEW} {won[0]}")).status_code == 200

    async def test_keeps_the_link_when_the_password_is_not_good_enough(self, cast, mailbox, browser):
        token = token_in(await letter(browser, mailbox, cast.teacher))
        assert (await reset(browser, token, "maya okafor")).status_code == 422
        assert (await reset(browser, token)).status_code == 200

    async def test_ends_the_other_links_too(self, cast, mailbox, browser):
        first, second = [token_in(await letter(browser, mailbox, cast.teacher)) for _ in range(2)]
        assert (await reset(browser, second)).status_code == 200
        assert (await reset(browser, first)).status_code == 404

    async def test_refuses_an_expired_link(self, cast, mailbox, browser):
        token = token_in(await letter(browser, mailbox, cast.teacher))
        async with transaction(Actor.system()) as session:
            await session.execute(update(AccountLink).values(expires_at=now() - timedelta(seconds=1)))
        assert (await reset(browser, token)).status_code == 404

    async def test_refuses_a_link_that_went_to_another_address_than_the_persons(self, cast, mailbox, browser):
        token = token_in(await letter(browser, mailbox, cast.teacher))
        async with transaction(Actor.system()) as session:
            (await session.get_one(User, cast.teacher.user)).email = f"{new_id().hex}@test.example"
        assert (await reset(browser, token)).status_code == 404

    @pytest.mark.parametrize("token", ["", "guess", "x" * 500])
    async def test_refuses_what_is_no_token(self, browser, token):
        assert (await reset(browser, token)).status_code == 404

    async def test_refuses_the_form_of_another_website(self, cast, mailbox, browser):
        token = token_in(await letter(browser, mailbox, cast.teacher))
        form = {"token": token, "password": NEW}
        answer = await browser.post("/auth/reset", data=form, headers={"origin": "https://evil.example"})
        assert answer.status_code == 403

    async def test_lets_a_person_in_whom_failures_have_made_wait(self, cast, mailbox, browser):
        email = await email_of(cast.teacher)
        for _ in range(4):
            await sign_in(browser, email, "wrong")
        assert (await reset(browser, token_in(await letter(browser, mailbox, cast.teacher)))).status_code == 200
        assert (await sign_in(browser, email, NEW)).status_code == 200

    async def test_is_recorded_and_told(self, cast, mailbox, browser, monkeypatch):
        told = []

        async def deliver(_session, notice):
            told.append(notice)

        monkeypatch.setattr(notices, "_deliver", [deliver])
        await reset(browser, token_in(await letter(browser, mailbox, cast.teacher)))
        assert [(notice.kind, notice.recipients, notice.urgent) for notice in told] == [
            ("password.changed", (cast.teacher.user,), True)
        ]
        async with transaction(cast.administrator) as session:
            actions = set(
                await session.scalars(
                    select(col(AuditEvent.action)).where(col(AuditEvent.organization_id) == cast.organization_id)
                )
            )
        assert {"password.reset_asked", "password.reset"} <= actions


class TestChangePassword:
    async def change(self, browser, current=PASSWORD, new=NEW):
        return await browser.post("/auth/password", data={"current": current, "password": new})

    async def test_ends_every_other_session_and_keeps_this_one(self, cast):
        elsewhere = await session_of(cast.teacher)
        async with open_browser(cast.teacher) as browser:
            assert (await self.change(browser)).json() == {"next": "/account?done=password"}
            assert await actor_of_session(signed_in_with(browser))
        assert await actor_of_session(elsewhere) is None

    async def test_makes_wait_who_guesses_the_current_one(self, cast):
        async with open_browser(cast.teacher) as browser:
            answers = [(await self.change(browser, f"guess {number}")).status_code for number in range(4)]
            assert answers == [422, 422, 422, 429]
            assert (await self.change(browser)).status_code == 429

    async def test_refuses_the_same_and_a_weak_one(self, cast):
        async with open_browser(cast.teacher) as browser:
            assert (await self.change(browser, new=PASSWORD)).status_code == 422
            assert (await self.change(browser, new="mayaokafor1")).status_code == 422

    async def test_is_for_who_is_signed_in(self, browser):
        assert (await self.change(browser)).status_code == 401


class TestMakeResetLink:
    async def make(self, actor, user_id):
        async with transaction(Actor.system(actor.organization_id)) as session:
            return await recovery.make_reset_link(session, actor, user_id)

    async def test_gives_a_person_a_new_password_where_no_e_mail_can_be_sent(self, cast, browser):
        token = await self.make(confirmed(cast.administrator), cast.student.user)
        assert (await reset(browser, token)).status_code == 200

    async def test_needs_a_fresh_proof_of_who_asks(self, cast):
        with pytest.raises(ConfirmationNeeded):
            await self.make(cast.administrator, cast.student.user)

    async def test_is_for_who_manages_people(self, cast):
        with pytest.raises(NotPermitted):
            await self.make(confirmed(cast.head), cast.student.user)

    async def test_is_not_found_for_another_organization(self, cast):
        with pytest.raises(NotFound):
            await self.make(confirmed(cast.stranger), cast.student.user)

    async def test_opens_no_account_that_another_organization_shares(self, cast):
        other = await make_organization("Third School")
        async with transaction(Actor.system(other)) as session:
            await add_member(session, Actor.system(other), cast.student.user, Role.student)
        with pytest.raises(Invalid):
            await self.make(confirmed(cast.administrator), cast.student.user)

    async def test_is_refused_where_people_can_ask_for_a_letter(self, cast, mailbox):
        with pytest.raises(Invalid):
            await self.make(confirmed(cast.administrator), cast.student.user)
