"""Addresses that are shown to be a person's, over HTTP, with the letters that are sent."""

import asyncio

import pytest

from faraday_app.accounts.models import User
from faraday_app.core import mail
from faraday_app.core.database import transaction
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor
from tests.factories.browsers import open_browser
from tests.factories.mailbox import link_in, token_in, words_of
from tests.factories.people import PASSWORD, email_of


@pytest.fixture
async def browser(cast):
    async with open_browser(cast.teacher) as browser:
        yield browser


def address():
    return f"{new_id().hex}@test.example"


async def user_of(actor):
    async with transaction(Actor.system()) as session:
        return await session.get_one(User, actor.user)


async def ask_to_change(browser, email, password=PASSWORD):
    answer = await browser.post("/auth/email", data={"email": email, "email_password": password})
    await mail.deliver_waiting()
    return answer


async def confirm(browser, token):
    return await browser.post("/auth/verify", data={"token": token})


class TestVerify:
    async def asked(self, browser, mailbox, actor):
        assert (await browser.post("/auth/email/verify")).status_code == 200
        await mail.deliver_waiting()
        return token_in(mailbox.to(await email_of(actor))[-1])

    async def test_shows_the_address_to_be_theirs_once(self, cast, mailbox, browser):
        token = await self.asked(browser, mailbox, cast.teacher)
        assert (await user_of(cast.teacher)).email_verified_at is None
        assert (await confirm(browser, token)).status_code == 200
        assert (await user_of(cast.teacher)).email_verified_at
        assert (await confirm(browser, token)).status_code == 404

    async def test_proves_nothing_of_another_address(self, cast, mailbox, browser):
        token = await self.asked(browser, mailbox, cast.teacher)
        async with transaction(Actor.system()) as session:
            (await session.get_one(User, cast.teacher.user)).email = address()
        assert (await confirm(browser, token)).status_code == 404
        assert (await user_of(cast.teacher)).email_verified_at is None

    async def test_does_not_fill_a_mailbox(self, cast, mailbox, browser):
        answers = [(await browser.post("/auth/email/verify")).status_code for _ in range(4)]
        assert answers == [200, 200, 200, 429]


class TestChange:
    async def test_waits_for_the_new_address_and_tells_the_old_one(self, cast, mailbox, browser):
        before, after = await email_of(cast.teacher), address()
        assert (await ask_to_change(browser, f" {after.upper()} ")).status_code == 200
        assert await email_of(cast.teacher) == before
        assert mailbox.to(before) == []
        assert link_in(mailbox.to(after)[-1]).startswith("http://localhost:3000/verify?token=")
        assert (await confirm(browser, token_in(mailbox.to(after)[-1]))).status_code == 200
        user = await user_of(cast.teacher)
        assert (user.email, user.email_verified_at is not None) == (after, True)
        await mail.deliver_waiting()
        assert after in words_of(mailbox.to(before)[-1])

    async def test_needs_the_current_password_and_slows_guessing_down(self, cast, mailbox, browser):
        after = address()
        answers = [(await ask_to_change(browser, after, f"guess {number}")).status_code for number in range(4)]
        assert answers == [422, 422, 422, 429]
        assert mailbox.to(after) == []

    async def test_tells_nobody_but_the_mailbox_that_an_address_is_taken(self, cast, mailbox, browser):
        taken = await email_of(cast.stranger)
        free_answer, taken_answer = await ask_to_change(browser, address()), await ask_to_change(browser, taken)
        assert (free_answer.status_code, free_answer.text) == (taken_answer.status_code, taken_answer.text)
        assert "http" not in words_of(mailbox.to(taken)[-1])

    async def test_gives_an_address_to_one_of_two_who_want_it_at_once(self, cast, mailbox, browser):
        after = address()
        async with open_browser(cast.student) as other:
            for each in (browser, other):
                assert (await ask_to_change(each, after)).status_code == 200
            tokens = [token_in(letter) for letter in mailbox.to(after)]
            answers = await asyncio.gather(*(confirm(other, token) for token in tokens))
        assert sorted(answer.status_code for answer in answers) == [200, 409]

    @pytest.mark.parametrize(
        "email", ["", "nobody", "a@b@c.example", "a b@c.example", "a@c.example\r\nBcc: x@y.example"]
    )
    async def test_refuses_what_is_no_address(self, mailbox, browser, email):
        assert (await ask_to_change(browser, email)).status_code == 422

    async def test_is_not_offered_where_no_e_mail_can_be_sent(self, browser):
        assert (await ask_to_change(browser, address())).status_code == 422

    async def test_is_for_who_is_signed_in(self, mailbox):
        async with open_browser() as guest:
            assert (await ask_to_change(guest, address())).status_code == 401
