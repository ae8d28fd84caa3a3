"""Models, deployments, prices and the policy, as administrators manage them and people see them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted
from faraday_app.core.permissions import Role
from faraday_app.core.settings import settings
from faraday_app.gateway import service as gateway
from faraday_app.gateway.service.managing import deployments, listing, models, policies, prices
from faraday_app.gateway.service.managing.deployments import Place
from faraday_app.gateway.service.managing.models import ModelTerms
from faraday_app.gateway.service.managing.policies import PolicyTerms
from faraday_app.gateway.service.managing.prices import PriceTerms
from faraday_app.gateway.views import Category, Privacy, Strategy, Task
from tests.factories import models as making


async def listed(actor, text="", category=""):
    async with transaction(actor) as session:
        return await listing.list_models(session, actor, text, category)


async def change(actor, row, version, **changes):
    terms = ModelTerms(row.name, row.label, context=row.context, longest_answer=row.longest_answer)
    async with transaction(actor) as session:
        return await models.change_model(session, actor, row.id, version, replace(terms, **changes))


async def set_policy(actor, version, **terms):
    async with transaction(actor) as session:
        return await policies.set_policy(session, actor, version, PolicyTerms(**terms))


class TestAddModel:
    async def test_offers_it_at_its_price_at_once(self, cast):
        await making.add_model(cast.administrator, await making.add_provider(cast.administrator))
        model = await gateway.model_named(cast.teacher, "demo-large")
        assert model.deployments[0].upstream == settings().model
        assert model.deployments[0].price.cost(1_000, 1_000) == 2_000_000

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"name": ""}, "name"),
            ({"name": "with space"}, "name"),
            ({"name": "auto"}, "name"),
            ({"name": "x" * 121}, "name"),
            ({"label": "x" * 121}, "label"),
            ({"context": 100}, "context"),
            ({"longest_answer": 3_000}, "longest_answer"),
            ({"tier": 6}, "tier"),
            ({"fallbacks": ("nobody",)}, "fallbacks"),
            ({"larger": ("fine",)}, "larger"),
            ({"laxer": tuple(f"m{i}" for i in range(11))}, "laxer"),
        ],
    )
    async def test_says_what_cannot_be_used(self, cast, changes, field):
        terms = ModelTerms("fine", context=4_096, longest_answer=64)
        async with transaction(cast.administrator) as session:
            with pytest.raises(Invalid) as refused:
                await models.add_model(session, cast.administrator, replace(terms, **changes))
        assert refused.value.field == field

    async def test_leaves_the_name_of_the_own_model_alone(self, cast):
        with pytest.raises(Invalid):
            await making.add_model(cast.administrator, await making.add_provider(cast.administrator), settings().model)

    async def test_asks_no_provider_of_another_organization(self, cast):
        theirs = await making.add_provider(cast.stranger)
        with pytest.raises(Invalid) as refused:
            await making.add_model(cast.administrator, theirs)
        assert refused.value.field == "provider"
        assert [each.name for each in await listed(cast.administrator)] == [settings().model]

    async def test_is_for_those_who_manage_models(self, cast):
        provider = await making.add_provider(cast.administrator)
        with pytest.raises(NotPermitted):
            await making.add_model(cast.teacher, provider)


class TestChangeModel:
    async def test_is_a_conflict_when_somebody_was_faster(self, cast):
        row = await making.add_model(cast.administrator, await making.add_provider(cast.administrator))
        version = row.version
        await change(cast.administrator, row, version, label="First")
        with pytest.raises(Conflict):
            await change(cast.administrator, row, version, label="Second")

    async def test_takes_a_new_name_over_wherever_it_is_named(self, cast):
        provider = await making.add_provider(cast.administrator)
        first = await making.add_model(cast.administrator, provider, "first")
        await making.add_model(cast.administrator, provider, "second", fallbacks=("first",))
        await set_policy(cast.administrator, 0, tasks={Task.code: ("first",)})
        await change(cast.administrator, first, first.version, name="renamed")
        offered = await gateway.offered(cast.organization_id)
        assert offered.named("second").fallbacks == ("renamed",)
        assert offered.policy.tasks == {"code": ("renamed",)}

    async def test_that_is_removed_is_named_nowhere(self, cast):
        provider = await making.add_provider(cast.administrator)
        first = await making.add_model(cast.administrator, provider, "first")
        await making.add_model(cast.administrator, provider, "second", fallbacks=("first",))
        await set_policy(cast.administrator, 0, tasks={Task.code: ("first",)})
        async with transaction(cast.administrator) as session:
            await models.remove_model(session, cast.administrator, first.id)
        offered = await gateway.offered(cast.organization_id)
        assert offered.named("first") is None
        assert offered.named("second").fallbacks == ()
        assert offered.policy.tasks == {}

    async def test_is_not_found_for_another_organization(self, cast):
        row = await making.add_model(cast.administrator, await making.add_provider(cast.administrator))
        with pytest.raises(NotFound):
            await change(cast.stranger, row, row.version)
        async with transaction(cast.stranger) as session:
            for act in (models.remove_model, listing.get_model):
                with pytest.raises(NotFound):
                    await act(session, cast.stranger, row.id)


class TestListModels:
    async def test_shows_people_what_they_may_use_and_managers_everything(self, cast):
        provider = await making.add_provider(cast.administrator)
        await making.add_model(cast.administrator, provider, "for-teachers", roles=frozenset({Role.teacher}))
        hidden = await making.add_model(cast.administrator, provider, "hidden")
        async with transaction(cast.administrator) as session:
            await models.set_enabled(session, cast.administrator, hidden.id, False)
        own = settings().model
        assert [each.name for each in await listed(cast.administrator)] == [own, "for-teachers", "hidden"]
        assert [each.name for each in await listed(cast.teacher)] == [own, "for-teachers"]
        assert [each.name for each in await listed(cast.student)] == [own]
        assert [each.name for each in await listed(cast.stranger)] == [own]

    async def test_finds_by_words_and_category_and_goes_on_where_it_stopped(self, cast):
        provider = await making.add_provider(cast.administrator)
        for number in range(3):
            await making.add_model(cast.administrator, provider, f"m{number}", category=Category.code)
        assert [each.name for each in await listed(cast.teacher, "M1")] == ["m1"]
        assert len(await listed(cast.teacher, "", "code")) == 3
        async with transaction(cast.teacher) as session:
            first = await listing.list_models(session, cast.teacher, limit=2)
            rest = await listing.list_models(session, cast.teacher, after=first[-1].id)
        assert [each.name for each in [*first, *rest]] == [settings().model, "m0", "m1", "m2"]

    async def test_says_from_whom_names_are_hidden(self, cast):
        abroad = await making.add_provider(cast.administrator, "Abroad", region="us", privacy=Privacy.public)
        near = await making.add_provider(cast.administrator, "Near", region="eu", privacy=Privacy.contract)
        await making.add_model(cast.administrator, abroad, "far")
        await making.add_model(cast.administrator, near, "near")
        await set_policy(cast.administrator, 0, region="eu", privacy=Privacy.contract)
        trusted = {each.name: [place.trusted for place in each.places] for each in await listed(cast.teacher)}
        assert trusted == {settings().model: [True], "far": [False], "near": [True]}


class TestDeployments:
    async def test_carry_the_version_of_their_model(self, cast):
        provider = await making.add_provider(cast.administrator)
        row = await making.add_model(cast.administrator, provider)
        deployment = await making.deployment_of(cast.administrator, row)
        async with transaction(cast.administrator) as session:
            place = Place(provider.id, "other", rank=2, weight=3)
            await deployments.change_deployment(session, cast.administrator, deployment.id, row.version, place)
        async with transaction(cast.administrator) as session:
            with pytest.raises(Conflict):
                await deployments.remove_deployment(session, cast.administrator, deployment.id, row.version)
        (found,) = (await gateway.model_named(cast.teacher, row.name)).deployments
        assert (found.upstream, found.rank, found.weight) == ("other", 2, 3)

    async def test_of_another_organization_do_not_exist(self, cast):
        row = await making.add_model(cast.administrator, await making.add_provider(cast.administrator))
        deployment = await making.deployment_of(cast.administrator, row)
        theirs = await making.add_provider(cast.stranger)
        async with transaction(cast.stranger) as session:
            with pytest.raises(NotFound):
                await deployments.remove_deployment(session, cast.stranger, deployment.id, row.version)
            with pytest.raises(NotFound):
                await deployments.add_deployment(session, cast.stranger, row.id, row.version, Place(theirs.id, "x"))
            with pytest.raises(NotFound):
                await prices.set_price(session, cast.stranger, deployment.id, making.PRICE)


class TestPrices:
    async def test_of_the_future_do_not_hold_yet_and_can_be_taken_back(self, cast):
        row = await making.add_model(cast.administrator, await making.add_provider(cast.administrator))
        deployment = await making.deployment_of(cast.administrator, row)
        later = PriceTerms(1, 2, valid_from=now() + timedelta(days=3))
        await making.set_price(cast.administrator, deployment, later)
        async with transaction(cast.administrator) as session:
            (place,) = (await listing.get_model(session, cast.administrator, row.id)).places
            assert place.price.output == making.PRICE.output
            assert place.next_price[2].output == 2
            await prices.remove_price(session, cast.administrator, place.next_price[0])
        async with transaction(cast.administrator) as session:
            (held,) = await prices.list_prices(session, cast.administrator, deployment.id)
            with pytest.raises(Conflict, match="holds already"):
                await prices.remove_price(session, cast.administrator, held.id)

    @pytest.mark.parametrize(
        ("terms", "field"),
        [
            (PriceTerms(-1, 0), "input"),
            (PriceTerms(0, prices.DEAREST + 1), "output"),
            (PriceTerms(0, 0, valid_from=now() - timedelta(days=1)), "valid_from"),
            (PriceTerms(0, 0, valid_from=now() + timedelta(days=1_000)), "valid_from"),
        ],
    )
    async def test_that_cannot_be_meant_are_refused(self, cast, terms, field):
        row = await making.add_model(cast.administrator, await making.add_provider(cast.administrator))
        with pytest.raises(Invalid) as refused:
            await making.set_price(cast.administrator, await making.deployment_of(cast.administrator, row), terms)
        assert refused.value.field == field


class TestPolicy:
    async def test_begins_with_the_default_and_is_set_once_for_each_version(self, cast):
        assert await set_policy(cast.administrator, 0, strategy=Strategy.cheapest, retries=2) == 1
        with pytest.raises(Conflict):
            await set_policy(cast.administrator, 0)
        policy = (await gateway.offered(cast.organization_id)).policy
        assert (policy.strategy, policy.retries) == (Strategy.cheapest, 2)

    async def test_names_only_models_that_there_are(self, cast):
        with pytest.raises(Invalid) as refused:
            await set_policy(cast.administrator, 0, tasks={Task.maths: ("nobody",)})
        assert refused.value.field == "maths"

    async def test_can_take_the_own_model_away_where_there_is_another(self, cast):
        await set_policy(cast.administrator, 0, offers_default=False)
        assert [each.name for each in await listed(cast.teacher)] == [settings().model]
        await making.add_model(cast.administrator, await making.add_provider(cast.administrator))
        assert [each.name for each in await listed(cast.teacher)] == ["demo-large"]

    async def test_is_for_those_who_manage_models(self, cast):
        async with transaction(cast.teacher) as session:
            with pytest.raises(NotPermitted):
                await policies.get_policy(session, cast.teacher)
        with pytest.raises(NotPermitted):
            await set_policy(cast.teacher, 0)
