"""API keys over HTTP: restricted, limited, rotated, and seen to by others."""

import pytest

from faraday_app.core.limits import limiter
from faraday_app.core.permissions import Permission
from faraday_app.gateway import service as gateway
from tests.factories.api import is_problem
from tests.factories.contexts import begin

CREDIT = 1_000_000
ASK = {"name": "Key", "scopes": ["credits:read", "assistant:use"]}


@pytest.fixture
async def owner(as_, funded):
    return await as_(funded.teacher)


def bearer(made):
    return {"Authorization": f"Bearer {made['secret']}"}


async def make(client, **wanted):
    made = await client.post("/api-keys", json=ASK | wanted)
    assert made.status_code == 201, made.text
    return made.json()


class TestCreate:
    async def test_takes_every_restriction_and_tells_it_again(self, owner):
        wanted = {
            "addresses": ["203.0.113.0/24", "2001:db8::/32"],
            "models": [gateway.built_in().name],
            "budget": 50 * CREDIT,
            "budget_period": "day",
            "limit_per_minute": 60,
            "burst": 10,
        }
        made = await make(owner, **wanted)
        found = (await owner.get(f"/api-keys/{made['id']}")).json()
        assert {name: found[name] for name in wanted} == wanted
        assert (found["owner"], found["spent"]) == ("Maya Okafor", 0)
        assert "secret" not in found

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"addresses": ["here"]}, "addresses"),
            ({"models": ["imagined"]}, "models"),
            ({"budget": 0}, "budget"),
            ({"budget_period": "hour"}, "budget_period"),
            ({"limit_per_minute": -1}, "limit_per_minute"),
            ({"burst": 5}, "limit_per_minute"),
        ],
    )
    async def test_names_the_value_that_is_wrong(self, owner, wrong, field):
        assert is_problem(await owner.post("/api-keys", json=ASK | wrong), 422, field)


class TestAddresses:
    async def test_are_the_callers_own(self, owner, guest):
        here, elsewhere = await make(owner, addresses=["127.0.0.0/8"]), await make(owner, addresses=["192.0.2.0/24"])
        assert (await guest.get("/api/v1/credits/balance", headers=bearer(here))).status_code == 200
        refused = await guest.get(
            "/api/v1/credits/balance", headers=bearer(elsewhere) | {"X-Forwarded-For": "192.0.2.1"}
        )
        assert is_problem(refused, 403)


class TestLimit:
    async def test_holds_for_the_key_and_says_when_to_come_back(self, owner, guest, monkeypatch):
        monkeypatch.setattr(limiter, "generosity", 1)
        made = await make(owner, limit_per_minute=60, burst=3)
        answers = [await guest.get("/api/v1/credits/balance", headers=bearer(made)) for _ in range(5)]
        assert [each.status_code for each in answers] == [200, 200, 200, 429, 429]
        assert answers[-1].headers["Retry-After"] == "1"
        assert (await owner.get("/credits/balance")).status_code == 200


class TestBudget:
    async def test_refuses_the_answer_and_leaves_the_wallet_alone(self, owner, guest, funded):
        made = await make(owner, budget=1_000)
        frogs = await begin(funded.teacher)
        before = (await owner.get("/credits/balance")).json()
        path = f"/api/v1/conversations/{frogs}/messages"
        refused = await guest.post(path, headers=bearer(made), json={"message": "Say hello."})
        assert is_problem(refused, 402)
        assert "budget of this key" in refused.json()["detail"]
        assert (await owner.get("/credits/balance")).json() == before

    async def test_counts_what_an_answer_cost(self, owner, guest, funded):
        made = await make(owner, budget=900 * CREDIT, budget_period="total")
        frogs = await begin(funded.teacher)
        path = f"/api/v1/conversations/{frogs}/messages"
        answer = (await guest.post(path, headers=bearer(made), json={"message": "Say hello."})).json()
        spent = (await owner.get(f"/api-keys/{made['id']}")).json()["spent"]
        assert spent == answer["cost"] > 0


class TestRotate:
    async def test_gives_a_new_secret_and_says_until_when_the_old_one_works(self, owner, guest):
        made = await make(owner)
        rotated = (await owner.post(f"/api-keys/{made['id']}/rotate", json={"grace_hours": 1})).json()
        assert rotated["id"] == made["id"]
        assert rotated["secret"] != made["secret"]
        listed = {key["id"]: key for key in (await owner.get("/api-keys")).json()}
        assert listed[made["id"]]["old_until"]
        for each in (made, rotated):
            assert (await guest.get("/api/v1/credits/balance", headers=bearer(each))).status_code == 200

    async def test_without_a_body_keeps_the_old_one_for_a_day(self, owner):
        made = await make(owner)
        assert (await owner.post(f"/api-keys/{made['id']}/rotate")).json()["old_until"]

    async def test_refuses_a_longer_time_of_grace(self, owner):
        made = await make(owner)
        wrong = await owner.post(f"/api-keys/{made['id']}/rotate", json={"grace_hours": 721})
        assert is_problem(wrong, 422, "grace_hours")


class TestAll:
    async def test_is_paged_and_names_the_owners(self, as_, owner, cast):
        for number in range(3):
            await make(owner, name=f"Key {number}")
        administrator = await as_(cast.administrator)
        page = (await administrator.get("/api-keys/all", params={"text": "key ", "limit": 2})).json()
        assert [(each["name"], each["owner"]) for each in page["items"]] == [
            ("Key 2", "Maya Okafor"),
            ("Key 1", "Maya Okafor"),
        ]
        more = {"text": "key ", "limit": 2, "cursor": page["next"]}
        following = (await administrator.get("/api-keys/all", params=more)).json()
        assert [each["name"] for each in following["items"]] == ["Key 0"]
        assert following["next"] is None

    async def test_is_for_those_who_see_to_security(self, as_, cast):
        assert is_problem(await (await as_(cast.head)).get("/api-keys/all"), 403)
        narrow = await as_(cast.administrator, Permission.api_keys_manage)
        assert is_problem(await narrow.get("/api-keys/all"), 403)

    async def test_lets_them_end_anybodys_in_their_organization(self, as_, owner, guest, cast):
        made = await make(owner)
        stranger = await as_(cast.stranger)
        assert is_problem(await stranger.delete(f"/api-keys/{made['id']}"), 404)
        administrator = await as_(cast.administrator)
        assert (await administrator.delete(f"/api-keys/{made['id']}")).status_code == 204
        assert is_problem(await guest.get("/api/v1/credits/balance", headers=bearer(made)), 401)
