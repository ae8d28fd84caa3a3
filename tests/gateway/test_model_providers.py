"""Providers and their keys, as administrators manage them."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlmodel import col

from faraday_app.core import vault
from faraday_app.core.database import transaction
from faraday_app.core.errors import (
    ConfirmationNeeded,
    Conflict,
    Invalid,
    NotFound,
    NotPermitted,
    Unavailable,
)
from faraday_app.core.permissions import Actor
from faraday_app.core.settings import settings
from faraday_app.gateway import service as gateway
from faraday_app.gateway.models import DeploymentRow, ProviderKeyRow, ProviderRow
from faraday_app.gateway.service.managing import keys, providers, testing
from faraday_app.gateway.service.managing.providers import ProviderTerms
from faraday_app.gateway.views import Privacy
from faraday_app.security.models import AuditEvent
from tests.factories import models as making
from tests.factories.roles import confirmed


def terms(**changes):
    wanted = ProviderTerms("Azure", settings().openai_base_url, "EU", Privacy.contract)
    return replace(wanted, **changes)


async def kept(provider):
    async with transaction(Actor.system()) as session:
        return await session.get_one(ProviderRow, provider.id)


async def trail(organization_id, action):
    async with transaction(Actor.system()) as session:
        query = select(AuditEvent).where(
            col(AuditEvent.organization_id) == organization_id, col(AuditEvent.action) == action
        )
        return list((await session.scalars(query)).all())


class TestAddProvider:
    async def test_keeps_what_was_said_in_its_one_spelling(self, cast):
        async with transaction(cast.administrator) as session:
            row = await providers.add_provider(
                session, cast.administrator, terms(name="  Azure  Sweden ", base_url=f"{settings().openai_base_url}/ ")
            )
        found = await kept(row)
        assert (found.name, found.region, found.privacy) == ("Azure Sweden", "eu", "contract")
        assert found.base_url == settings().openai_base_url

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"name": " "}, "name"),
            ({"name": "x" * 61}, "name"),
            ({"base_url": ""}, "base_url"),
            ({"base_url": "ftp://models.example"}, "base_url"),
            ({"base_url": "http://169.254.169.254/v1"}, "base_url"),
            ({"base_url": "https://name:secret@models.example"}, "base_url"),  # pragma: allowlist secret
            ({"base_url": "https://models.example/v1?key=1"}, "base_url"),
            ({"base_url": "https://models.example/" + "x" * 300}, "base_url"),
            ({"region": "x" * 21}, "region"),
        ],
    )
    async def test_says_what_cannot_be_used(self, cast, changes, field):
        async with transaction(cast.administrator) as session:
            with pytest.raises(Invalid) as refused:
                await providers.add_provider(session, cast.administrator, terms(**changes))
        assert refused.value.field == field

    async def test_is_a_conflict_for_the_same_name_but_not_elsewhere(self, cast):
        await making.add_provider(cast.administrator)
        with pytest.raises(Conflict):
            await making.add_provider(cast.administrator)
        await making.add_provider(cast.stranger)

    async def test_is_for_those_who_manage_models(self, cast):
        for person in (cast.head, cast.teacher, cast.student):
            with pytest.raises(NotPermitted):
                await making.add_provider(person)


class TestChangeProvider:
    async def change(self, actor, row, version, wanted):
        async with transaction(actor) as session:
            return await providers.change_provider(session, actor, row.id, version, wanted)

    async def test_tells_the_trail_what_was_before_and_after(self, cast):
        row = await making.add_provider(cast.administrator, "Azure", region="eu")
        await self.change(
            cast.administrator, row, 1, ProviderTerms("Azure", settings().openai_base_url, "us", Privacy.own)
        )
        (event,) = await trail(cast.organization_id, "model_provider.changed")
        assert (event.details["before"], event.details["after"]) == ({"region": "eu"}, {"region": "us"})

    async def test_is_a_conflict_when_somebody_was_faster(self, cast):
        row = await making.add_provider(cast.administrator)
        await self.change(cast.administrator, row, 1, terms(name="First"))
        with pytest.raises(Conflict):
            await self.change(cast.administrator, row, 1, terms(name="Second"))

    async def test_wants_to_know_who_is_there_before_keys_go_elsewhere(self, cast):
        row = await making.add_provider(cast.administrator)
        moved = terms(base_url="https://models.example/v1")
        with pytest.raises(ConfirmationNeeded):
            await self.change(cast.administrator, row, 1, moved)
        assert (await self.change(confirmed(cast.administrator), row, 1, moved)).base_url == moved.base_url

    async def test_is_not_found_for_another_organization(self, cast):
        row = await making.add_provider(cast.administrator)
        with pytest.raises(NotFound):
            await self.change(confirmed(cast.stranger), row, 1, terms())


class TestRemoveProvider:
    async def test_takes_keys_and_deployments_along_and_offers_the_model_nowhere(self, cast):
        provider = await making.add_provider(cast.administrator)
        key, model = (
            await making.add_key(cast.administrator, provider),
            await making.add_model(cast.administrator, provider),
        )
        deployment = await making.deployment_of(cast.administrator, model)
        async with transaction(cast.administrator) as session:
            await providers.remove_provider(session, cast.administrator, provider.id)
        async with transaction(Actor.system()) as session:
            for table, id in ((ProviderRow, provider.id), (ProviderKeyRow, key.id), (DeploymentRow, deployment.id)):
                assert await session.get(table, id) is None
        offered = await gateway.offered(cast.organization_id)
        assert [each.deployments for each in offered.models if each.name == model.name] == [()]

    async def test_that_is_disabled_is_asked_for_nothing(self, cast):
        provider = await making.add_provider(cast.administrator)
        model = await making.add_model(cast.administrator, provider)
        async with transaction(cast.administrator) as session:
            await providers.set_enabled(session, cast.administrator, provider.id, False)
        found = (await gateway.offered(cast.organization_id)).named(model.name)
        assert found is not None
        assert found.deployments == ()


class TestKeys:
    async def test_are_sealed_and_shown_by_their_end(self, cast):
        provider = await making.add_provider(cast.administrator)
        key = await making.add_key(cast.administrator, provider)
        assert key.ending == making.SECRET[-4:]
        assert making.SECRET not in key.model_dump_json()
        assert await vault.unseal(key.sealed_secret, keys.purpose(key.id)) == making.SECRET

    async def test_of_few_characters_show_none_of_them(self, cast):
        provider = await making.add_provider(cast.administrator)
        key = await making.add_key(cast.administrator, provider, secret="abcd1234")  # pragma: allowlist secret
        assert key.ending == ""

    async def test_are_named_but_never_told_in_the_trail(self, cast):
        provider = await making.add_provider(cast.administrator)
        key = await making.add_key(cast.administrator, provider)
        async with transaction(cast.administrator) as session:
            await keys.remove_key(session, cast.administrator, key.id)
        query = text("select string_agg(details::text, ' ') from audit_events where organization_id = :id")
        async with transaction(Actor.system()) as session:
            told = str(await session.scalar(query, {"id": cast.organization_id}))
        assert '"label": "Main"' in told
        assert making.SECRET not in told
        assert "v1." not in told

    async def test_are_added_by_those_who_have_just_shown_who_they_are(self, cast):
        provider = await making.add_provider(cast.administrator)
        async with transaction(cast.administrator) as session:
            with pytest.raises(ConfirmationNeeded):
                await keys.add_key(session, cast.administrator, provider.id, "Main", making.SECRET)
        with pytest.raises(NotPermitted):
            await making.add_key(cast.teacher, provider)
        with pytest.raises(NotFound):
            await making.add_key(cast.stranger, provider)

    @pytest.mark.parametrize("secret", ["", " ", "x" * 501, "with\nline", "schlüssel"])
    async def test_that_no_header_could_carry_are_refused(self, cast, secret):
        provider = await making.add_provider(cast.administrator)
        with pytest.raises(Invalid) as refused:
            await making.add_key(cast.administrator, provider, secret=secret)
        assert refused.value.field == "secret"

    async def test_of_another_organization_do_not_exist(self, cast):
        key = await making.add_key(cast.administrator, await making.add_provider(cast.administrator))
        async with transaction(cast.stranger) as session:
            with pytest.raises(NotFound):
                await keys.set_enabled(session, cast.stranger, key.id, False)
            with pytest.raises(NotFound):
                await keys.remove_key(session, cast.stranger, key.id)


class TestAskForModels:
    async def test_lists_what_the_provider_has(self, cast):
        provider = await making.add_provider(cast.administrator)
        await making.add_key(cast.administrator, provider, secret=await making.local_key())
        tested = await testing.ask_for_models(cast.administrator, provider.id)
        assert settings().model in json.dumps([each.name for each in tested.models])
        assert all(each.window == 0 or each.window >= 512 for each in tested.models)

    async def test_says_what_to_mend(self, cast):
        provider = await making.add_provider(cast.administrator)
        with pytest.raises(Invalid, match="add one first"):
            await testing.ask_for_models(cast.administrator, provider.id)
        await making.add_key(cast.administrator, provider, secret="wrong-key-0123456789")  # pragma: allowlist secret
        with pytest.raises(Invalid, match="refused the key"):
            await testing.ask_for_models(cast.administrator, provider.id)
        silent = await making.add_provider(cast.administrator, "Silent", making.NOWHERE)
        with pytest.raises(Unavailable):
            await testing.ask_for_models(cast.administrator, silent.id)

    async def test_is_not_for_others(self, cast):
        provider = await making.add_provider(cast.administrator)
        with pytest.raises(NotPermitted):
            await testing.ask_for_models(cast.teacher, provider.id)
        with pytest.raises(NotFound):
            await testing.ask_for_models(cast.stranger, provider.id)
