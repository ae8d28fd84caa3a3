"""Models, providers, the policy and receipts over HTTP."""

import json

import pytest

from faraday_app.core.permissions import Permission
from faraday_app.core.settings import settings
from faraday_app.gateway.service import catalogue
from faraday_app.gateway.service.standing import here
from tests.factories import contexts, models
from tests.factories.api import is_problem

PROVIDER = {"name": "Here", "region": "eu", "privacy": "own"}


@pytest.fixture(autouse=True)
def by_the_tables() -> None:
    catalogue.install()
    here.deployments.forget()


@pytest.fixture
async def keeper(as_, cast):
    return await as_(cast.administrator)


async def add_provider(keeper, **changes):
    wanted = {**PROVIDER, "base_url": settings().openai_base_url, **changes}
    return (await keeper.post("/model-providers", json=wanted)).json()


class TestProviders:
    async def test_are_added_changed_and_removed(self, keeper):
        made = await add_provider(keeper)
        assert (made["keys"], made["deployments"], made["version"]) == ([], 0, 1)
        change = {**PROVIDER, "base_url": made["base_url"], "name": "There", "version": 1, "enabled": False}
        changed = (await keeper.put(f"/model-providers/{made['id']}", json=change)).json()
        assert (changed["name"], changed["enabled"]) == ("There", False)
        assert is_problem(await keeper.put(f"/model-providers/{made['id']}", json=change), 409)
        assert (await keeper.delete(f"/model-providers/{made['id']}")).status_code == 204
        assert is_problem(await keeper.get(f"/model-providers/{made['id']}"), 404)

    async def test_take_no_keys_and_no_other_address_from_a_program(self, keeper):
        made = await add_provider(keeper)
        key = {"label": "Main", "secret": models.SECRET}
        assert is_problem(await keeper.post(f"/model-providers/{made['id']}/keys", json=key), 403)
        moved = {**PROVIDER, "base_url": "https://models.example/v1", "version": 1}
        assert is_problem(await keeper.put(f"/model-providers/{made['id']}", json=moved), 403)

    async def test_show_of_a_key_its_end_alone(self, keeper, cast):
        provider = await models.add_provider(cast.administrator)
        await models.add_key(cast.administrator, provider)
        said = await keeper.get(f"/model-providers/{provider.id}")
        (key,) = said.json()["keys"]
        assert (key["label"], key["ending"]) == ("Main", models.SECRET[-4:])
        assert models.SECRET not in said.text
        assert "v1." not in said.text.replace("/v1", "")

    async def test_say_what_they_offer(self, keeper, cast):
        provider = await models.add_provider(cast.administrator)
        assert is_problem(await keeper.post(f"/model-providers/{provider.id}/test"), 422)
        await models.add_key(cast.administrator, provider, secret=await models.local_key())
        found = (await keeper.post(f"/model-providers/{provider.id}/test")).json()
        assert settings().model in [each["name"] for each in found["models"]]

    async def test_are_for_those_who_manage_models(self, as_, cast):
        teacher = await as_(cast.teacher)
        assert is_problem(await teacher.get("/model-providers"), 403)
        assert is_problem(await teacher.get("/routing-policy"), 403)
        assert is_problem(await teacher.get("/route-receipts"), 403)
        assert is_problem(await teacher.get("/models/figures"), 403)

    async def test_refuse_an_address_that_must_not_be_called(self, keeper):
        wanted = {**PROVIDER, "base_url": "http://169.254.169.254/v1"}
        assert is_problem(await keeper.post("/model-providers", json=wanted), 422, "base_url")


class TestModels:
    async def test_are_added_placed_priced_and_listed_page_by_page(self, keeper, as_, cast):
        provider = await add_provider(keeper)
        made = (await keeper.post("/models", json={"name": "large", "context": 4096, "longest_answer": 64})).json()
        place = {"provider_id": provider["id"], "upstream": settings().model, "version": made["version"]}
        placed = (await keeper.post(f"/models/{made['id']}/deployments", json=place)).json()
        (deployment,) = placed["deployments"]
        assert deployment["price"] is None
        price = {"input": 1_000_000, "output": 3_000_000}
        said = await keeper.post(f"/models/deployments/{deployment['id']}/prices", json=price)
        assert said.status_code == 201
        teacher = await as_(cast.teacher, Permission.models_read)
        first = (await teacher.get("/models", params={"limit": 1})).json()
        assert [each["name"] for each in first["items"]] == [settings().model]
        (found,) = (await teacher.get("/models", params={"cursor": first["next"]})).json()["items"]
        assert found["deployments"][0]["price"] == {**price, "cached_input": 1_000_000}
        assert is_problem(await teacher.post("/models", json={"name": "other"}), 403)

    async def test_cannot_be_changed_for_an_older_version(self, keeper):
        made = (await keeper.post("/models", json={"name": "large"})).json()
        change = {"name": "large", "label": "Large", "version": made["version"]}
        assert (await keeper.put(f"/models/{made['id']}", json=change)).json()["label"] == "Large"
        assert is_problem(await keeper.put(f"/models/{made['id']}", json=change), 409)
        assert is_problem(await keeper.put(f"/models/{catalogue.HERE}", json=change), 404)


class TestRouting:
    async def test_policy_is_set_once_for_each_version(self, keeper):
        assert (await keeper.get("/routing-policy")).json()["version"] == 0
        wanted = {"strategy": "cheapest", "tasks": {"code": [settings().model]}, "version": 0}
        said = (await keeper.put("/routing-policy", json=wanted)).json()
        assert (said["version"], said["tasks"]) == (1, {"code": [settings().model]})
        assert is_problem(await keeper.put("/routing-policy", json=wanted), 409)

    async def test_receipt_of_an_answer_is_for_whoever_asked(self, keeper, as_, cast):
        await contexts.fund(cast, cast.teacher, amount=1_000_000_000)
        teacher, student = await as_(cast.teacher), await as_(cast.student)
        begun = (await teacher.post("/conversations", json={"model": "auto"})).json()
        assert begun["model"] == "auto"
        said = (await teacher.post(f"/conversations/{begun['id']}/messages", json={"message": "Say hello."})).json()
        receipt = (await teacher.get(f"/answers/{said['id']}/route-receipt")).json()
        assert (receipt["asked"], receipt["model"]) == ("auto", settings().model)
        assert receipt["candidates"][0]["provider"] == "This installation"
        assert "key" not in json.dumps(receipt)
        assert is_problem(await student.get(f"/answers/{said['id']}/route-receipt"), 404)
        (listed,) = (await keeper.get("/route-receipts")).json()["items"]
        assert (await keeper.get(f"/route-receipts/{listed['id']}")).json() == receipt
        (figures,) = (await keeper.get("/models/figures")).json()
        assert (figures["calls"], figures["failed"]) == (1, 0)

    async def test_model_of_a_conversation_can_be_chosen(self, as_, cast):
        teacher = await as_(cast.teacher)
        begun = (await teacher.post("/conversations", json={})).json()
        changed = await teacher.patch(f"/conversations/{begun['id']}", json={"model": "auto"})
        assert changed.json()["model"] == "auto"
        unknown = await teacher.patch(f"/conversations/{begun['id']}", json={"model": "nobody"})
        assert is_problem(unknown, 422, "model")
