"""Which browser somebody signs in with, and who is told of a strange one."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlmodel import col

from faraday_app.core import mail, notices
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.notifications import service as notifications
from faraday_app.organizations.service import actor_of_session, sign_in
from faraday_app.security.models import Session
from faraday_app.security.service import sessions
from faraday_app.security.service.devices import Browser, fingerprint, kind_of
from tests.factories.people import PASSWORD, email_of

LINUX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
NEWER = LINUX.replace("128.0", "131.0")
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5"
    " Mobile/15E148 Safari/604.1"
)
DESK = Browser(languages="en-GB,en", device_token="desk")  # pragma: allowlist secret


@pytest.fixture(autouse=True)
def delivered(monkeypatch):
    monkeypatch.setattr(notices, "_deliver", [notifications.deliver])


async def enter(actor, user_agent=LINUX, browser=DESK, address="10.5.0.1"):
    return await sign_in(await email_of(actor), PASSWORD, address, user_agent, browser=browser)


async def told(actor):
    async with transaction(actor) as session:
        return await notifications.mine(session, actor)


class TestKindOf:
    @pytest.mark.parametrize(
        ("user_agent", "name"),
        [(LINUX, ("Firefox", "Linux")), (PHONE, ("Safari", "iPhone"))],
    )
    async def test_says_it_as_people_do(self, user_agent, name):
        kind = await kind_of(user_agent)
        assert (kind.browser, kind.system) == name

    @pytest.mark.parametrize("odd", ["", "\x00" * 40, "x" * 10_000])
    async def test_takes_whatever_a_browser_says(self, odd):
        assert len((await kind_of(odd)).browser) <= 60


class TestFingerprint:
    async def test_outlives_an_update_and_no_change_of_browser(self):
        linux, newer, phone = [fingerprint(await kind_of(each), DESK) for each in (LINUX, NEWER, PHONE)]
        assert linux == newer != phone
        assert fingerprint(await kind_of(LINUX), replace(DESK, languages="de")) != linux


class TestSignIn:
    async def test_tells_nobody_of_the_first_browser_nor_of_a_known_one(self, cast):
        for user_agent in (LINUX, NEWER):
            await enter(cast.teacher, user_agent)
        assert await told(cast.teacher) == []

    @pytest.mark.parametrize(
        ("user_agent", "browser"),
        [(PHONE, replace(DESK, device_token="phone")), (PHONE, DESK)],  # pragma: allowlist secret
        ids=["new cookie", "copied cookie"],
    )
    async def test_tells_its_person_alone_of_a_strange_one(self, cast, mailbox, user_agent, browser):
        await enter(cast.teacher)
        await enter(cast.teacher, user_agent, browser)
        (notice,) = await told(cast.teacher)
        assert (notice.kind, notice.title) == ("session.strange", "New sign-in: Safari on iPhone")
        assert await told(cast.administrator) == []
        await mail.deliver_waiting()
        assert len(mailbox.to(await email_of(cast.teacher))) == 1

    async def test_keeps_the_country_of_a_public_address(self, cast):
        await enter(cast.teacher, address="8.8.8.8")
        async with transaction(Actor.system()) as session:
            row = await session.scalar(select(Session).where(col(Session.user_id) == cast.teacher.user))
        assert (row.country, row.device_name) == ("US", "Firefox on Linux")

    async def test_ends_what_the_browser_brought_and_makes_a_new_token(self, cast):
        first = await enter(cast.teacher)
        second = await enter(cast.teacher, browser=replace(DESK, session_token=first))
        assert first != second
        assert await actor_of_session(first) is None
        assert await actor_of_session(second)


class TestEnd:
    async def test_of_others_leaves_this_one_and_other_people(self, cast):
        here, there, hers = [await enter(each) for each in (cast.teacher, cast.teacher, cast.colleague)]
        actor = await actor_of_session(here)
        async with transaction(actor) as session:
            assert await sessions.end_others(session, actor) == 1
        assert [bool(await actor_of_session(token)) for token in (here, there, hers)] == [True, False, True]
