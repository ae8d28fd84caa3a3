"""Signing in with an identity provider, over HTTP and with a real issuer."""

import asyncio

import httpx
import pytest

from faraday_app.core.database import transaction
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor, Role
from faraday_app.organizations.service import people, providers
from faraday_app.organizations.service.people import add_member
from tests.factories.browsers import open_browser, signed_in_with
from tests.factories.federation import add, land, sign_in, there, who
from tests.factories.people import email_of, make_organization
from tests.factories.providers import confirmed


@pytest.fixture
async def provider(cast, issuer):
    return await add(cast.administrator, issuer)


@pytest.fixture
async def browser():
    async with open_browser() as browser:
        yield browser


class TestSignIn:
    async def test_opens_the_account_of_a_member_with_that_verified_address(self, cast, issuer, provider, browser):
        issuer.introduces(await email_of(cast.teacher))
        assert await sign_in(browser, provider, "/credits") == "/credits"
        actor = await who(browser)
        assert actor is not None
        assert (actor.user_id, actor.role, actor.name) == (cast.teacher.user_id, Role.teacher, "Maya Okafor")

    async def test_knows_a_person_by_their_subject_whatever_address_they_have_by_now(
        self, cast, issuer, provider, browser
    ):
        issuer.introduces(await email_of(cast.teacher), subject="maya")
        await sign_in(browser, provider)
        issuer.introduces("maya@elsewhere.example", subject="maya", verified=False)
        async with open_browser() as later:
            await sign_in(later, provider)
            assert (await who(later)).user_id == cast.teacher.user_id

    async def test_lets_newcomers_of_the_domain_join_in_the_role_of_the_provider(self, cast, issuer, provider, browser):
        email = f"{new_id().hex}@test.example"
        issuer.introduces(email)
        issuer.person |= {"role": "administrator", "organization": "Lake School", "groups": ["administrator"]}
        await sign_in(browser, provider)
        actor = await who(browser)
        assert (actor.role, actor.organization_id, actor.email) == (Role.student, cast.organization_id, email)

    async def test_makes_one_person_of_a_newcomer_who_comes_twice_at_once(self, issuer, provider):
        email = f"{new_id().hex}@test.example"
        issuer.introduces(email)
        async with open_browser() as first, open_browser() as second:
            places = await asyncio.gather(sign_in(first, provider), sign_in(second, provider))
            assert places == ["/", "/"]
            assert (await who(first)).user_id == (await who(second)).user_id

    async def test_asks_userinfo_for_an_address_that_the_token_does_not_hold(self, cast, issuer, provider, browser):
        issuer.introduces(await email_of(cast.head))
        issuer.email_in_token = False
        await sign_in(browser, provider)
        assert (await who(browser)).user_id == cast.head.user_id

    async def test_goes_on_when_the_issuer_changes_its_keys(self, cast, issuer, provider, browser):
        issuer.introduces(await email_of(cast.teacher))
        await sign_in(browser, provider)
        issuer.rotate()
        async with open_browser() as later:
            assert await sign_in(later, provider) == "/"

    async def test_always_makes_a_session_of_its_own(self, cast, issuer, provider):
        issuer.introduces(await email_of(cast.teacher))
        async with open_browser(cast.student) as browser:
            before = signed_in_with(browser)
            answer = await browser.get(await there(browser, provider))
            assert before not in answer.headers["set-cookie"]

    @pytest.mark.parametrize("next", ["https://evil.example", "//evil.example", "/\\evil.example"])
    async def test_leads_nowhere_else(self, cast, issuer, provider, browser, next):
        issuer.introduces(await email_of(cast.teacher))
        assert await sign_in(browser, provider, next) == "/"


class TestWhoIsRefused:
    async def refused(self, browser, provider, code):
        assert await sign_in(browser, provider) == f"/sign-in?problem={code}"
        assert not signed_in_with(browser)

    async def test_an_address_that_is_not_verified(self, cast, issuer, provider, browser):
        issuer.introduces(await email_of(cast.teacher), verified=False)
        await self.refused(browser, provider, "link_first")

    @pytest.mark.parametrize("said", ["true", 1, None])
    async def test_an_address_that_is_verified_in_other_words_than_true(self, cast, issuer, provider, browser, said):
        issuer.introduces(await email_of(cast.teacher))
        issuer.lies.claims = {"email_verified": said}
        await self.refused(browser, provider, "link_first")

    async def test_an_address_of_another_domain(self, issuer, provider, browser):
        issuer.introduces("nova@elsewhere.example")
        await self.refused(browser, provider, "link_first")

    async def test_a_newcomer_where_people_must_be_invited(self, cast, issuer, browser):
        closed = await add(cast.administrator, issuer, role=None)
        issuer.introduces(f"{new_id().hex}@test.example")
        await self.refused(browser, closed, "unknown")

    async def test_somebody_of_another_organization(self, cast, issuer, provider, browser):
        """An administrator decides what their issuer says, and must not enter accounts elsewhere by it."""
        issuer.introduces(await email_of(cast.stranger))
        await self.refused(browser, provider, "link_first")

    async def test_a_member_who_belongs_to_another_organization_too(self, cast, issuer, provider, browser):
        other = await make_organization("Third School")
        async with transaction(Actor.system(other)) as session:
            await add_member(session, Actor.system(other), cast.teacher.user, Role.teacher)
        issuer.introduces(await email_of(cast.teacher))
        await self.refused(browser, provider, "link_first")

    async def test_a_deactivated_member(self, cast, issuer, provider, browser):
        async with transaction(cast.administrator) as session:
            await people.deactivate(session, cast.administrator, cast.aide.user)
        issuer.introduces(await email_of(cast.aide))
        await self.refused(browser, provider, "unknown")

    async def test_everybody_while_the_provider_is_disabled(self, cast, provider, browser):
        actor = confirmed(cast.administrator)
        async with transaction(actor) as session:
            await providers.set_enabled(session, actor, provider.id, False)
        answer = await browser.get(f"/auth/oidc/{provider.id}/start")
        assert answer.headers["location"] == "/sign-in?problem=provider"

    async def test_whoever_cancels_there(self, issuer, provider, browser):
        issuer.introduces("nova@test.example")
        back = (await there(browser, provider)).replace("code=", "error=<script>&no=")
        assert await land(browser, back) == "/sign-in?problem=refused_there"


LIES = {
    "alg_none": {"algorithm": "none"},
    "hs256_with_the_public_key": {"algorithm": "HS256"},
    "foreign_key": {"foreign_key": True},
    "wrong_audience": {"claims": {"aud": "somebody-else"}},
    "two_audiences": {"claims": {"aud": ["faraday", "somebody-else"]}},
    "authorised_to_another": {"claims": {"aud": ["faraday", "other"], "azp": "other"}},
    "no_audience": {"claims": {"aud": None}},
    "wrong_issuer": {"claims": {"iss": "https://evil.example"}},
    "wrong_nonce": {"claims": {"nonce": "another"}},
    "no_nonce": {"claims": {"nonce": None}},
    "expired": {"claims": {"exp": 1_700_000_000}},
    "no_expiry": {"claims": {"exp": None}},
    "from_the_future": {"claims": {"iat": 4_000_000_000}},
    "no_subject": {"claims": {"sub": None}},
    "subject_is_no_text": {"claims": {"sub": {"id": 1}}},
    "mix_up": {"iss": "https://evil.example"},
}


class TestIssuer:
    @pytest.mark.parametrize("lie", LIES)
    async def test_that_lies_signs_nobody_in(self, cast, issuer, provider, browser, lie):
        issuer.introduces(await email_of(cast.teacher))
        for name, value in LIES[lie].items():
            setattr(issuer.lies, name, value)
        assert await sign_in(browser, provider) == "/sign-in?problem=provider"
        assert not signed_in_with(browser)

    async def test_whose_userinfo_speaks_of_somebody_else_signs_nobody_in(self, cast, issuer, provider, browser):
        issuer.introduces(await email_of(cast.teacher))
        issuer.email_in_token, issuer.lies.subject_of_userinfo = False, "somebody else"
        assert await sign_in(browser, provider) == "/sign-in?problem=provider"

    async def test_must_name_itself_when_it_said_it_would(self, cast, issuer, provider, browser):
        issuer.introduces(await email_of(cast.teacher))
        back = (await there(browser, provider)).partition("&iss=")[0]
        assert await land(browser, back) == "/sign-in?problem=provider"

    async def test_that_is_gone_says_so_on_our_page(self, provider, browser, monkeypatch):
        from faraday_app.organizations.service import oidc

        oidc._issuers.clear()
        provider_of_nobody = provider.issuer
        monkeypatch.setattr(oidc.outbound, "WITHIN", 1.0)
        async with transaction(Actor.system()) as session:
            kept = await session.get_one(type(provider), provider.id)
            kept.issuer = provider_of_nobody.rpartition(":")[0] + ":1"
        answer = await browser.get(f"/auth/oidc/{provider.id}/start")
        assert answer.headers["location"] == "/sign-in?problem=provider"


class TestAnswer:
    async def test_counts_once(self, cast, issuer, provider, browser):
        issuer.introduces(await email_of(cast.teacher))
        back = await there(browser, provider)
        assert await land(browser, back) == "/"
        assert await land(browser, back) == "/sign-in?problem=over"

    async def test_counts_once_of_many_at_once(self, cast, issuer, provider, browser):
        issuer.introduces(await email_of(cast.teacher))
        back = await there(browser, provider)
        places = await asyncio.gather(*(land(browser, back) for _ in range(20)))
        assert places.count("/") == 1

    async def test_is_nothing_to_another_browser(self, cast, issuer, provider, browser):
        """Or somebody could have others sign in to an account that is not theirs."""
        issuer.introduces(await email_of(cast.teacher))
        back = await there(browser, provider)
        async with open_browser() as victim:
            assert await land(victim, back) == "/sign-in?problem=over"
            assert not signed_in_with(victim)

    @pytest.mark.parametrize("query", ["", "?state=guess&code=x", "?code=x", f"?state={'x' * 3_000}&code=x"])
    async def test_to_nothing_is_refused(self, browser, query):
        answer = await browser.get(f"/auth/oidc/callback{query}")
        assert answer.headers["location"] == "/sign-in?problem=over"

    async def test_with_a_code_of_another_flow_is_refused(self, cast, issuer, provider, browser):
        """The code is bound to the verifier of the browser that asked for it."""
        issuer.introduces(await email_of(cast.administrator))
        async with open_browser() as other:
            stolen = httpx.URL(await there(other, provider)).params["code"]
        back = httpx.URL(await there(browser, provider)).copy_set_param("code", stolen)
        assert await land(browser, str(back)) == "/sign-in?problem=provider"
