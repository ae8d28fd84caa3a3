import pytest
from sqlalchemy import select
from sqlmodel import col

from faraday_app.accounts import service as accounts
from faraday_app.core.database import transaction
from faraday_app.core.errors import ConfirmationNeeded, Conflict, Invalid, NotFound, NotPermitted
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor, Role
from faraday_app.organizations.models import IdentityProvider
from faraday_app.organizations.service import federation, providers
from faraday_app.organizations.service.identity import member
from faraday_app.organizations.service.oidc import discover
from faraday_app.organizations.state.providers import ProvidersState
from tests.factories.issuer import SECRET
from tests.factories.providers import confirmed, terms
from tests.factories.tabs import open_tab


async def add(actor, wanted):
    actor = confirmed(actor)
    async with transaction(actor) as session:
        return await providers.add_provider(session, actor, wanted)


async def change(actor, provider, version, wanted):
    actor = confirmed(actor)
    async with transaction(actor) as session:
        await providers.change_provider(session, actor, provider.id, version, wanted)


async def kept(provider):
    async with transaction(Actor.system()) as session:
        return await session.get_one(IdentityProvider, provider.id)


class TestAddProvider:
    async def test_keeps_the_secret_sealed(self, cast, issuer):
        provider = await add(cast.administrator, terms(issuer))
        assert SECRET not in (await kept(provider)).model_dump_json()
        assert await providers.secret_of(await kept(provider)) == SECRET

    async def test_keeps_the_name_that_the_issuer_gives_itself(self, cast, issuer):
        assert (await add(cast.administrator, terms(f"{issuer.name}/"))).issuer == issuer.name

    async def test_looks_at_the_issuer_first(self, cast, issuer):
        await add(cast.administrator, terms(issuer))
        assert "/.well-known/openid-configuration" in issuer.asked
        with pytest.raises(Invalid, match="Nobody answers") as refused:
            await add(cast.administrator, terms("http://127.0.0.1:1"))
        assert refused.value.field == "issuer"

    @pytest.mark.parametrize(
        "says",
        [
            {"issuer": "https://evil.example"},
            {"issuer": None},
            {"token_endpoint": "javascript:alert(1)"},
            {"authorization_endpoint": ""},
            {"id_token_signing_alg_values_supported": ["HS256", "none"]},
            {"code_challenge_methods_supported": ["plain"]},
        ],
    )
    async def test_refuses_an_issuer_that_cannot_be_trusted(self, cast, issuer, says):
        issuer.lies.says = says
        with pytest.raises(Invalid) as refused:
            await add(cast.administrator, terms(issuer))
        assert refused.value.field == "issuer"

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"label": " "}, "label"),
            ({"issuer": ""}, "issuer"),
            ({"issuer": "ftp://id.example"}, "issuer"),
            ({"client_id": ""}, "client_id"),
            ({"secret": " "}, "secret"),
            ({"domains": ("school",)}, "domains"),
            ({"domains": ("*",)}, "domains"),
            ({"domains": (), "role": Role.student}, "domains"),
            ({"role": Role.administrator}, "role"),
        ],
    )
    async def test_says_what_is_missing(self, cast, issuer, changes, field):
        with pytest.raises(Invalid) as refused:
            await add(cast.administrator, terms(issuer, **changes))
        assert refused.value.field == field

    async def test_is_a_conflict_for_the_same_client_twice(self, cast, issuer):
        await add(cast.administrator, terms(issuer))
        with pytest.raises(Conflict):
            await add(cast.administrator, terms(issuer))

    async def test_is_for_who_manages_sign_in_and_has_just_shown_who_they_are(self, cast, issuer):
        with pytest.raises(NotPermitted):
            await add(cast.head, terms(issuer))
        async with transaction(cast.administrator) as session:
            with pytest.raises(ConfirmationNeeded):
                await providers.add_provider(session, cast.administrator, terms(issuer))


class TestChangeProvider:
    async def test_keeps_the_secret_when_none_is_given(self, cast, issuer):
        provider = await add(cast.administrator, terms(issuer))
        await change(cast.administrator, provider, provider.version, terms(issuer, label="Other", secret=""))
        assert (await kept(provider)).label == "Other"
        assert await providers.secret_of(await kept(provider)) == SECRET

    async def test_sends_the_old_secret_to_no_other_client(self, cast, issuer):
        provider = await add(cast.administrator, terms(issuer))
        with pytest.raises(Invalid) as refused:
            await change(cast.administrator, provider, provider.version, terms(issuer, client_id="other", secret=""))
        assert refused.value.field == "secret"

    async def test_is_a_conflict_when_somebody_was_faster(self, cast, issuer):
        provider = await add(cast.administrator, terms(issuer))
        version = provider.version
        await change(cast.administrator, provider, version, terms(issuer, label="First"))
        with pytest.raises(Conflict):
            await change(cast.administrator, provider, version, terms(issuer, label="Second"))

    async def test_is_not_found_for_another_organization(self, cast, issuer):
        provider = await add(cast.administrator, terms(issuer))
        with pytest.raises(NotFound):
            await change(cast.stranger, provider, provider.version, terms(issuer))


class TestRemoveProvider:
    async def test_takes_it_off_the_sign_in_page(self, cast, issuer):
        first = f"0 {new_id().hex}"  # by label: other tests have theirs
        provider, actor = await add(cast.administrator, terms(issuer, label=first)), confirmed(cast.administrator)
        async with transaction(Actor.system()) as session:
            assert (provider.id, first) in await providers.offered(session)
        async with transaction(actor) as session:
            await providers.remove_provider(session, actor, provider.id)
        async with transaction(Actor.system()) as session:
            assert provider.id not in [id for id, _ in await providers.offered(session)]
            found = select(IdentityProvider).where(col(IdentityProvider.id) == provider.id)
            assert await session.scalar(found) is None

    async def test_is_not_found_for_another_organization(self, cast, issuer):
        provider, actor = await add(cast.administrator, terms(issuer)), confirmed(cast.stranger)
        async with transaction(actor) as session:
            with pytest.raises(NotFound):
                await providers.remove_provider(session, actor, provider.id)


class TestPage:
    async def test_never_gets_the_secret_back(self, cast, issuer):
        provider = await add(cast.administrator, terms(issuer))
        page = await open_tab(cast.administrator, ProvidersState)
        await ProvidersState.refresh.fn(page)
        await ProvidersState.edit.fn(page, str(provider.id))
        assert (page.label, page.domains, page.role) == ("School account", "test.example", "student")
        assert SECRET not in repr(page.dict())
        assert "v1." not in repr(page.dict())

    async def test_puts_what_is_wrong_beside_its_field(self, cast):
        page = await open_tab(cast.administrator, ProvidersState)
        await ProvidersState.add.fn(page)
        form = {"provider_label": "School", "provider_issuer": "http://127.0.0.1:1", "provider_client_id": "faraday"}
        await ProvidersState.save.fn(page, {**form, "provider_secret": "x"})
        assert list(page.faults) == ["issuer"]
        assert page.editing


class TestDisconnect:
    async def test_is_refused_where_it_is_the_only_way_in(self, cast, issuer):
        provider = await add(cast.administrator, terms(issuer))
        who = federation.Visitor("nova", "nova.only@test.example", True, "Nova Quist")
        async with transaction(Actor.system()) as session:
            await federation.enter(session, provider, who, "10.6.0.1", "Firefox")
        async with transaction(Actor.system(cast.organization_id)) as session:
            user = await accounts.find_user(session, who.email)
            actor = await member(session, user.id, cast.organization_id)
        async with transaction(actor) as session:
            (linked,) = await federation.connections(session, actor)
            with pytest.raises(Invalid, match="only way"):
                await federation.disconnect(session, actor, linked.id)

    async def test_ends_the_way_in_of_who_has_a_password(self, cast, issuer):
        provider = await add(cast.administrator, terms(issuer))
        who = federation.Visitor("maya", "maya@private.example", False, "Maya")
        async with transaction(cast.teacher) as session:
            await federation.connect(session, cast.teacher, provider, who)
        async with transaction(cast.colleague) as session:
            assert await federation.connections(session, cast.colleague) == []
        async with transaction(cast.teacher) as session:
            (linked,) = await federation.connections(session, cast.teacher)
            await federation.disconnect(session, cast.teacher, linked.id)
        async with transaction(Actor.system()) as session:
            with pytest.raises(federation.LinkFirst):
                await federation.enter(session, provider, who, "10.6.0.1", "Firefox")

    async def test_is_not_found_for_anybody_else(self, cast, issuer):
        provider = await add(cast.administrator, terms(issuer))
        async with transaction(cast.teacher) as session:
            who = federation.Visitor("maya", "", False, "")
            await federation.connect(session, cast.teacher, provider, who)
            (linked,) = await federation.connections(session, cast.teacher)
        for other in (cast.colleague, cast.stranger):
            async with transaction(other) as session:
                with pytest.raises(NotFound):
                    await federation.disconnect(session, other, linked.id)


class TestDiscover:
    async def test_is_remembered(self, issuer):
        await discover(issuer.name)
        before = len(issuer.asked)
        await discover(issuer.name)
        assert len(issuer.asked) == before
