import httpx
import pytest

from faraday_app.core.abuse import abuse
from faraday_app.core.settings import settings
from tests.factories.api import is_problem, make_key

RULES, BLOCKS = "/address-rules", "/address-blocks"


@pytest.fixture(autouse=True)
def behind_a_proxy(monkeypatch):
    monkeypatch.setattr(settings(), "trusted_proxies", 1)


def _from(client: httpx.AsyncClient, address: str) -> httpx.AsyncClient:
    client.headers["X-Forwarded-For"] = address
    return client


class TestRules:
    async def test_block_a_key_at_its_next_call_and_let_it_in_again(self, as_, cast):
        administrator, client = await as_(cast.administrator), _from(await as_(cast.teacher), "198.51.100.9")
        assert (await client.get("/me")).status_code == 200
        made = await administrator.post(RULES, json={"kind": "block", "what": "198.51.100.0/24"})
        assert made.status_code == 201
        assert is_problem(await client.get("/me"), 403)
        shadowed = await administrator.put(f"{RULES}/{made.json()['id']}/shadow", json={"shadow": True})
        assert shadowed.json()["shadow"] is True
        assert (await client.get("/me")).status_code == 200
        assert (await administrator.delete(f"{RULES}/{made.json()['id']}")).status_code == 204
        assert (await administrator.get(RULES)).json()["items"] == []

    async def test_cannot_be_passed_by_a_forged_address(self, as_, cast):
        administrator, client = await as_(cast.administrator), _from(await as_(cast.teacher), "8.8.8.8, 198.51.100.9")
        await administrator.post(RULES, json={"kind": "block", "what": "198.51.100.0/24"})
        assert is_problem(await client.get("/me"), 403)

    async def test_refuse_to_lock_out_whoever_adds_them(self, as_, cast):
        administrator = _from(await as_(cast.administrator), "198.51.100.9")
        refused = await administrator.post(RULES, json={"kind": "block", "what": "198.51.100.0/24"})
        assert is_problem(refused, 422, "what")
        assert "198.51.100.9" in refused.json()["detail"]

    async def test_come_in_pages_and_are_of_the_organisation(self, as_, cast):
        administrator, stranger = await as_(cast.administrator), await as_(cast.stranger)
        for last in range(3):
            await administrator.post(RULES, json={"kind": "block", "what": f"198.51.100.{last}"})
        first = (await administrator.get(RULES, params={"limit": 2})).json()
        rest = (await administrator.get(RULES, params={"limit": 2, "cursor": first["next"]})).json()
        assert [each["what"] for each in first["items"] + rest["items"]] == [
            f"198.51.100.{last}/32" for last in (2, 1, 0)
        ]
        assert (await stranger.get(RULES)).json()["items"] == []
        assert is_problem(await stranger.delete(f"{RULES}/{first['items'][0]['id']}"), 404)

    async def test_are_not_for_teachers(self, as_, cast):
        assert is_problem(await (await as_(cast.teacher)).get(RULES), 403)


class TestPolicy:
    async def test_lets_keys_in_from_allowed_addresses_only(self, as_, cast):
        administrator = _from(await as_(cast.administrator), "203.0.113.5")
        client = _from(await as_(cast.teacher), "198.51.100.9")
        assert is_problem(await administrator.put("/address-policy", json={"staff": False, "api": True}), 422)
        await administrator.post(RULES, json={"kind": "allow", "what": "203.0.113.0/24"})
        assert (await administrator.put("/address-policy", json={"staff": False, "api": True})).status_code == 200
        assert is_problem(await client.get("/me"), 403)
        assert (await administrator.get("/me")).status_code == 200


class TestBlocks:
    async def test_follow_from_many_unknown_keys_and_are_released(self, as_, guest, cast):
        administrator = await as_(cast.administrator)
        headers = {"Authorization": "Bearer fdy_wrong", "X-Forwarded-For": "198.18.99.7"}
        for _ in range(22):
            await guest.get("/api/v1/me", headers=headers)
        await abuse.settled()
        assert is_problem(await guest.get("/api/v1/me", headers=headers), 403)
        honest = {"Authorization": f"Bearer {await make_key(cast.teacher)}", "X-Forwarded-For": "198.18.99.8"}
        assert (await guest.get("/api/v1/me", headers=honest)).status_code == 200
        (found,) = [each for each in (await administrator.get(BLOCKS)).json() if each["place"] == "198.18.99.7"]
        assert found["reason"] == "unknown API keys"
        assert (await administrator.delete(f"{BLOCKS}/198.18.99.7")).status_code == 204
        assert (await guest.get("/api/v1/me", headers=headers)).status_code == 401
        assert is_problem(await administrator.delete(f"{BLOCKS}/198.18.99.7"), 404)

    async def test_follow_from_guessed_ids(self, as_, guest, cast):
        client = _from(await as_(cast.student), "198.18.99.9")
        path = "/conversations/0193aaaa-0000-7000-8000-{:012x}"
        for number in range(5):
            assert is_problem(await client.get(path.format(number)), 404)
        await abuse.settled()
        # One account alone is never enough to block an address.
        for number in range(130):
            await client.get(path.format(number))
        await abuse.settled()
        assert (await client.get("/me")).status_code == 200
