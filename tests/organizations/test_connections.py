"""Accounts elsewhere that people connect with their own, over HTTP and with a real issuer."""

import httpx
import pytest
from sqlalchemy import func, select
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.organizations.models import LinkedIdentity, Membership
from tests.factories.browsers import open_browser
from tests.factories.federation import add, connect, land, sign_in, who


@pytest.fixture
async def provider(cast, issuer):
    return await add(cast.administrator, issuer)


@pytest.fixture
async def browser():
    async with open_browser() as browser:
        yield browser


class TestConnect:
    async def test_makes_it_a_way_in_for_the_signed_in_person(self, cast, issuer, provider, browser):
        issuer.introduces("maya@private.example", subject="maya", verified=False)
        async with open_browser(cast.teacher) as signed_in:
            assert await connect(signed_in, provider) == "/account?done=connected"
        await sign_in(browser, provider)
        assert (await who(browser)).user_id == cast.teacher.user_id

    async def test_takes_nobody_elses(self, cast, issuer, provider):
        issuer.introduces("maya@private.example", subject="maya")
        async with open_browser(cast.teacher) as first, open_browser(cast.colleague) as second:
            await connect(first, provider)
            assert await connect(second, provider) == "/account?problem=taken"

    async def test_is_not_begun_by_another_website_or_a_guest(self, cast, provider, browser):
        path = f"/auth/oidc/{provider.id}/connect"
        assert (await browser.post(path)).status_code == 401
        async with open_browser(cast.teacher) as signed_in:
            answer = await signed_in.post(path, headers={"origin": "https://evil.example"})
            assert answer.status_code == 403

    async def test_belongs_to_the_person_who_began_it(self, cast, issuer, provider):
        issuer.introduces("maya@private.example", subject="maya")
        async with open_browser(cast.teacher) as browser:
            left = await browser.post(f"/auth/oidc/{provider.id}/connect")
            async with httpx.AsyncClient() as outside:
                back = (await outside.get(left.json()["next"])).headers["location"]
            cookies = {cookie.name: cookie.value for cookie in browser.cookies.jar}
        async with open_browser(cast.student) as other:
            other.cookies.set("faraday-oidc", cookies["faraday-oidc"], domain="localhost.local")
            assert await land(other, back) == "/account?problem=over"

    async def test_is_not_found_in_another_organization(self, cast, provider):
        async with open_browser(cast.stranger) as browser:
            assert (await browser.post(f"/auth/oidc/{provider.id}/connect")).status_code == 404


class TestLinkedIdentity:
    async def test_is_one_for_each_person_and_issuer(self, cast, issuer, provider):
        async with open_browser(cast.teacher) as browser:
            for subject in ("first", "second"):
                issuer.introduces("maya@private.example", subject=subject)
                await connect(browser, provider)
        async with transaction(cast.teacher) as session:
            query = select(col(LinkedIdentity.subject)).where(col(LinkedIdentity.user_id) == cast.teacher.user)
            assert (await session.scalars(query)).all() == ["second"]

    async def test_leaves_no_account_behind_that_was_refused(self, issuer, provider, browser):
        issuer.introduces("nova@elsewhere.example")
        await sign_in(browser, provider)
        async with transaction(Actor.system()) as session:
            query = select(func.count()).select_from(User).join(Membership, col(Membership.user_id) == col(User.id))
            assert await session.scalar(query.where(col(User.email) == "nova@elsewhere.example")) == 0
