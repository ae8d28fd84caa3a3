"""The pages of models, providers and routing, as their states see them."""

import pytest
from sqlalchemy import update
from sqlmodel import col

from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.core.settings import settings
from faraday_app.gateway.models import RouteReceipt
from faraday_app.gateway.service.managing import listing, providers
from faraday_app.gateway.state import (
    ModelFormState,
    ModelProvidersState,
    ModelsState,
    ModelState,
    PolicyState,
    ProviderKeysState,
    ProviderTestState,
    ReceiptsState,
    ReceiptState,
)
from faraday_app.security.models import Session
from faraday_app.ui.guard import ConfirmationWanted
from tests.factories import models
from tests.factories.tabs import open_tab

FORM = {
    "model_label": "Large",
    "model_name": "large",
    "model_context": "4,096",
    "model_longest_answer": "64",
    "model_tier": "3",
    "model_category": "code",
    "can_json": True,
    "for_teacher": True,
}


async def shown(actor):
    page = await open_tab(actor, ModelsState)
    await ModelsState.refresh.fn(page)
    return page


class TestModels:
    async def test_show_figures_to_those_who_manage_alone(self, cast):
        await models.add_model(cast.administrator, await models.add_provider(cast.administrator))
        page = await shown(cast.administrator)
        await ModelsState.count.fn(page)
        assert [row.calls for row in page.rows] == ["No calls", "No calls"]
        assert page.rows[1].price == "0.50 in, 1.50 out"
        assert [row.calls for row in (await shown(cast.teacher)).rows] == ["", ""]

    async def test_are_searched_and_paged(self, cast, monkeypatch):
        monkeypatch.setattr(listing, "PAGE", 2)
        provider = await models.add_provider(cast.administrator)
        for number in range(3):
            await models.add_model(cast.administrator, provider, f"m{number}")
        page = await shown(cast.administrator)
        assert (len(page.rows), page.shown, page.has_next) == (2, "1–2", True)
        await ModelsState.next_page.fn(page)
        await ModelsState.refresh.fn(page)
        assert [row.name for row in page.rows] == ["m1", "m2"]
        await ModelsState.set_search.fn(page, "M1")
        await ModelsState.refresh.fn(page)
        assert [row.name for row in page.rows] == ["m1"]

    async def test_say_where_there_is_nobody_to_ask(self, cast):
        await models.add_model(cast.administrator, await models.add_provider(cast.administrator))
        async with transaction(cast.administrator) as session:
            (found,) = await providers.list_providers(session, cast.administrator)
            await providers.set_enabled(session, cast.administrator, found.row.id, False)
        assert [row.state for row in (await shown(cast.administrator)).rows] == ["Offered", "Nowhere to ask"]


class TestModelForm:
    async def test_adds_a_model_with_its_place_and_price(self, cast):
        provider = await models.add_provider(cast.administrator)
        page = await open_tab(cast.administrator, ModelFormState)
        await ModelFormState.add.fn(page)
        place = {"model_provider": str(provider.id), "price_input": "0.5", "price_output": "1,500"}
        await ModelFormState.save.fn(page, {**FORM, **place})
        assert (page.open, page.problem, page.faults) == (False, "", {})
        row = (await shown(cast.teacher)).rows[1]
        assert (row.label, row.category, row.price, row.state) == ("Large", "Code", "0.0005 in, 1.50 out", "Offered")
        assert len((await shown(cast.student)).rows) == 1

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"model_context": "many"}, "context"),
            ({"model_name": "two words"}, "name"),
            ({"model_longest_answer": "4000"}, "longest_answer"),
            ({"price_input": "-1", "price_output": "1"}, "input"),
            ({"price_input": "1", "price_output": "NaN"}, "output"),
        ],
    )
    async def test_puts_what_is_wrong_beside_its_field(self, cast, changes, field):
        provider = await models.add_provider(cast.administrator)
        page = await open_tab(cast.administrator, ModelFormState)
        await ModelFormState.add.fn(page)
        await ModelFormState.save.fn(page, {**FORM, "model_provider": str(provider.id), **changes})
        assert list(page.faults) == [field]
        assert page.open

    async def test_begins_with_what_a_provider_told_under_a_name_that_is_free(self, cast):
        provider = await models.add_provider(cast.administrator, "Next door")
        page = await open_tab(cast.administrator, ModelFormState)
        await ModelFormState.add_found.fn(page, str(provider.id), settings().model, 2_048)
        assert (page.name, page.upstream) == (f"{settings().model}-next-door", settings().model)
        assert (page.context, page.longest_answer) == ("2048", "1024")


class TestModelDialog:
    async def test_tells_a_person_less_than_who_manages(self, cast):
        row = await models.add_model(cast.administrator, await models.add_provider(cast.administrator))
        theirs = await open_tab(cast.teacher, ModelState)
        await ModelState.show.fn(theirs, str(row.id))
        assert (theirs.places[0].state, theirs.places[0].lately) == ("Ready", "")
        ours = await open_tab(cast.administrator, ModelState)
        await ModelState.show.fn(ours, str(row.id))
        assert ours.places[0].lately == "No calls"

    async def test_sets_a_price_that_is_to_come_in_the_viewers_time(self, cast):
        row = await models.add_model(cast.administrator, await models.add_provider(cast.administrator))
        page = await open_tab(cast.administrator, ModelState)
        await ModelState.show.fn(page, str(row.id))
        await ModelState.set_price.fn(page, page.places[0].id)
        assert (page.price_input, page.price_output) == ("500", "1500")
        form = {"price_input": "600", "price_output": "1", "price_from": "2020-01-01T00:00"}
        await ModelState.save_price.fn(page, form)
        assert list(page.faults) == ["valid_from"]
        await ModelState.save_price.fn(page, {**form, "price_from": "2027-06-01T00:00"})
        assert page.places[0].coming.endswith("0.60 in, 0.001 out")
        await ModelState.remove_price.fn(page, page.places[0].coming_id)
        assert page.places[0].coming == ""

    async def test_changes_and_disables_a_place(self, cast):
        row = await models.add_model(cast.administrator, await models.add_provider(cast.administrator))
        page = await open_tab(cast.administrator, ModelState)
        await ModelState.show.fn(page, str(row.id))
        await ModelState.edit_place.fn(page, page.places[0].id)
        form = {"place_provider": page.provider, "place_upstream": "other", "place_rank": "2", "place_weight": "5"}
        await ModelState.save_place.fn(page, form)
        assert "other" in page.places[0].meta
        await ModelState.set_place_enabled.fn(page, page.places[0].id, False)
        assert page.places[0].state == "Disabled"
        await ModelState.remove_place.fn(page, page.places[0].id)
        assert page.places == []


class TestProviders:
    async def test_never_hold_a_secret(self, cast):
        provider = await models.add_provider(cast.administrator)
        await models.add_key(cast.administrator, provider)
        page = await open_tab(cast.administrator, ProviderKeysState)
        await ProviderKeysState.show.fn(page, str(provider.id))
        assert page.rows[0].ending == f"ends in {models.SECRET[-4:]}"
        await ProviderKeysState.add.fn(page, {"key_label": "Other", "key_secret": models.SECRET})
        assert [row.label for row in page.rows] == ["Main", "Other"]
        for state in (ProviderKeysState, ModelProvidersState):
            held = await page.get_state(state)
            assert models.SECRET not in repr(held.dict())
            assert "v1." not in repr(held.dict()).replace("/v1", "")

    async def test_take_no_key_from_an_old_session(self, cast):
        provider = await models.add_provider(cast.administrator)
        page = await open_tab(cast.administrator, ProviderKeysState)
        async with transaction(Actor.system()) as session:
            hers = update(Session).where(col(Session.user_id) == cast.administrator.user)
            await session.execute(hers.values(confirmed_at=None))
        await ProviderKeysState.show.fn(page, str(provider.id))
        with pytest.raises(ConfirmationWanted):
            await ProviderKeysState.add.fn(page, {"key_label": "Other", "key_secret": models.SECRET})

    async def test_are_added_with_faults_beside_their_fields(self, cast):
        page = await open_tab(cast.administrator, ModelProvidersState)
        await ModelProvidersState.add.fn(page)
        await ModelProvidersState.save.fn(page, {"provider_name": "X", "provider_base_url": "ftp://x"})
        assert list(page.faults) == ["base_url"]
        form = {"provider_name": "X", "provider_base_url": settings().openai_base_url, "provider_privacy": "own"}
        await ModelProvidersState.save.fn(page, form)
        await ModelProvidersState.refresh.fn(page)
        assert [(row.name, row.key_count) for row in page.rows] == [("X", "No key")]

    async def test_say_what_they_offer_or_why_they_do_not_answer(self, cast):
        provider = await models.add_provider(cast.administrator)
        page = await open_tab(cast.administrator, ProviderTestState)
        await ProviderTestState.ask.fn(page, str(provider.id))
        await ProviderTestState.listen.fn(page)
        assert "key" in page.problem
        await models.add_key(cast.administrator, provider, secret=await models.local_key())
        await models.add_model(cast.administrator, provider)
        await ProviderTestState.ask.fn(page, str(provider.id))
        await ProviderTestState.listen.fn(page)
        assert (page.problem, page.asking) == ("", False)
        assert [row.known for row in page.found if row.name == settings().model] == [True]


class TestRouting:
    async def test_saves_the_policy_and_refuses_names_that_nobody_has(self, cast):
        page = await open_tab(cast.administrator, PolicyState)
        await PolicyState.enter.fn(page)
        form = {"policy_strategy": "cheapest", "policy_retries": "2", "policy_privacy": "contract"}
        await PolicyState.save.fn(page, {**form, "task_code": "nobody"})
        assert "nobody" in page.problem
        await PolicyState.save.fn(page, {**form, "task_code": settings().model, "policy_offers_default": True})
        await PolicyState.enter.fn(page)
        assert (page.strategy, page.retries, page.tasks["code"]) == ("cheapest", "2", settings().model)

    async def test_explains_each_receipt(self, cast):
        candidate = {"model": "a", "deployment": "1", "provider": "P", "rank": 1, "score": 0.25, "masked": False}
        step = {"model": "a", "provider": "P", "key": "Main", "retry": 0, "message": "boom", "masked": True}
        step |= {"first_token_ms": None, "took_ms": 12.0, "answer_tokens": 0, "prompt_tokens": 0, "cost": 0}
        async with transaction(cast.administrator) as session:
            row = RouteReceipt(
                organization_id=cast.organization_id, purpose="assistant", asked="auto", strategy="order", model="b",
                outcome="answered", attempts=[{**step, "fault": "silent"}, {**step, "model": "b", "fault": ""}],
                candidates=[{**candidate, "left_out": "too_small", "detail": "512 tokens"}],
            )  # fmt: skip
            session.add(row)
        page = await open_tab(cast.administrator, ReceiptsState)
        await ReceiptsState.refresh.fn(page)
        assert [(each.asked, each.model, each.attempts) for each in page.rows] == [("Auto", "b", "2 attempts")]
        opened = await open_tab(cast.administrator, ReceiptState)
        await ReceiptState.show.fn(opened, str(row.id))
        assert opened.shown.summary == "b answered, because a could not."
        tried, could = opened.shown.parts
        assert "key “Main”" in tried.lines[0].meta
        assert (could.lines[0].says, "512 tokens" in could.lines[0].meta) == ("Left out", True)
