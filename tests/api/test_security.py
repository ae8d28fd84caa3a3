from datetime import UTC, datetime, timedelta

import pytest

from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Permission
from tests.factories.api import is_problem


class TestAudit:
    async def test_tells_what_happened_newest_first(self, as_, cast):
        client = await as_(cast.administrator)
        await client.post("/conversations", json={"title": "Audited"})
        page = (await client.get("/audit", params={"limit": 2})).json()
        assert [event["action"] for event in page["items"]] == ["context.created", "api_key.created"]
        assert page["items"][0]["actor_name"] == "Jonas Prie"
        following = (await client.get("/audit", params={"limit": 2, "cursor": page["next"]})).json()
        assert following["items"][0]["id"] < page["items"][1]["id"]

    async def test_filters(self, as_, cast):
        client = await as_(cast.administrator)
        for wanted, allowed in [
            ({"action": "membership."}, {"membership.created"}),
            ({"actor_id": str(new_id())}, set()),
            ({"since": (datetime.now(UTC) + timedelta(hours=1)).isoformat()}, set()),
            ({"action": "%"}, set()),
        ]:
            page = (await client.get("/audit", params=wanted)).json()
            assert {event["action"] for event in page["items"]} == allowed

    async def test_holds_nothing_of_another_organization(self, as_, cast):
        text = (await (await as_(cast.stranger)).get("/audit", params={"limit": 50})).text
        assert str(cast.organization_id) not in text
        assert str(cast.teacher.user_id) not in text

    async def test_is_for_administrators(self, as_, cast):
        assert is_problem(await (await as_(cast.head)).get("/audit"), 403)

    @pytest.mark.parametrize(
        ("name", "value"),
        [("since", "yesterday"), ("since", "2026-01-01T00:00:00"), ("cursor", "x"), ("actor_id", "x")],
    )
    async def test_names_the_value_that_is_wrong(self, as_, cast, name, value):
        client = await as_(cast.administrator)
        assert is_problem(await client.get("/audit", params={name: value}), 422, name)


class TestApiKeys:
    async def test_are_made_used_and_revoked_at_once(self, as_, cast, guest):
        owner = await as_(cast.teacher)
        made = await owner.post("/api-keys", json={"name": "Import", "scopes": ["credits:read"]})
        assert made.status_code == 201
        headers = {"Authorization": f"Bearer {made.json()['secret']}"}
        assert (await guest.get("/api/v1/credits/balance", headers=headers)).status_code == 200
        assert (await owner.delete(f"/api-keys/{made.json()['id']}")).status_code == 204
        assert is_problem(await guest.get("/api/v1/credits/balance", headers=headers), 401)
        assert is_problem(await owner.delete(f"/api-keys/{made.json()['id']}"), 404)

    async def test_show_their_secret_only_once(self, as_, cast):
        owner = await as_(cast.teacher)
        secret = (await owner.post("/api-keys", json={"name": "Once", "scopes": ["home:read"]})).json()["secret"]
        listed = await owner.get("/api-keys")
        assert secret not in listed.text
        assert listed.json()[0]["prefix"] == secret[:10]

    async def test_never_open_more_than_their_maker_may(self, as_, cast):
        client = await as_(cast.teacher)
        response = await client.post("/api-keys", json={"name": "More", "scopes": ["audit:read"]})
        assert is_problem(response, 422, "scopes")
        narrow = await as_(cast.administrator, Permission.api_keys_manage)
        response = await narrow.post("/api-keys", json={"name": "More", "scopes": ["audit:read"]})
        assert is_problem(response, 422, "scopes")

    async def test_of_others_do_not_exist(self, as_, cast):
        key = (await (await as_(cast.teacher)).get("/api-keys")).json()[0]
        for person in (cast.colleague, cast.head, cast.stranger):
            assert is_problem(await (await as_(person)).delete(f"/api-keys/{key['id']}"), 404)

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"name": ""}, "name"),
            ({"name": "   "}, "name"),
            ({"name": "\x00"}, "name"),
            ({"scopes": []}, "scopes"),
            ({"scopes": ["everything"]}, "scopes.0"),
            ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
            ({"expires_at": "9999-01-01T00:00:00Z"}, "expires_at"),
            ({"expires_at": "2099-01-01T00:00:00"}, "expires_at"),
        ],
    )
    async def test_names_the_value_that_is_wrong(self, as_, cast, change, field):
        wanted = {"name": "Key", "scopes": ["home:read"], **change}
        assert is_problem(await (await as_(cast.teacher)).post("/api-keys", json=wanted), 422, field)
