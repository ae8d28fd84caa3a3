"""The installation over HTTP."""

import pytest

from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Permission
from tests.factories.api import is_problem
from tests.factories.platform import appoint

PLATFORM = (Permission.platform_read, Permission.organizations_manage)
LIST = "/platform/organizations"


@pytest.fixture
async def platform(as_, cast):
    return await as_(await appoint(cast.administrator), *PLATFORM)


class TestOrganizations:
    async def test_are_listed_and_shown_in_numbers(self, cast, platform):
        found = (await platform.get(LIST, params={"text": "lake school", "limit": 50})).json()["items"]
        line = next(each for each in found if each["id"] == str(cast.stranger.organization))
        assert (line["people"], line["credits_issued"]) == (1, 0)
        shown = (await platform.get(f"{LIST}/{line['id']}")).json()
        assert (shown["roles"]["administrator"], shown["people"]) == (1, 1)
        assert "Olga" not in str(shown)
        assert is_problem(await platform.get(f"{LIST}/{new_id()}"), 404)

    async def test_are_paged(self, platform):
        first = (await platform.get(LIST, params={"limit": 1})).json()
        second = (await platform.get(LIST, params={"limit": 1, "cursor": first["next"]})).json()
        assert first["items"][0]["id"] > second["items"][0]["id"]

    async def test_are_founded_with_an_invitation(self, platform):
        wanted = {"name": f"Lake {new_id().hex}", "email": f"{new_id().hex}@test.example", "by_link": True}
        made = await platform.post(LIST, json=wanted)
        assert made.status_code == 201
        assert "/invitation?token=" in made.json()["link"]
        assert is_problem(await platform.post(LIST, json=wanted), 409)
        path = f"{LIST}/{made.json()['organization_id']}/administrator"
        again = await platform.post(path, json={"email": wanted["email"], "by_link": True})
        assert again.json()["link"] != made.json()["link"]

    async def test_are_refused_to_administrators_of_organizations_and_to_other_keys(self, as_, cast):
        other = await as_(await appoint(cast.teacher), Permission.home_read)
        for client in (await as_(cast.administrator), await as_(cast.stranger), other):
            assert is_problem(await client.get(LIST), 403)
            assert is_problem(await client.get(f"{LIST}/{cast.organization_id}"), 403)
            assert is_problem(await client.post(LIST, json={"name": "Mine", "email": "x@test.example"}), 403)
            path = f"{LIST}/{cast.organization_id}/administrator"
            assert is_problem(await client.post(path, json={"email": "x@test.example"}), 403)


class TestAddressRules:
    RULES = "/platform/address-rules"

    async def test_are_added_shadowed_and_removed(self, cast, platform):
        made = await platform.post(self.RULES, json={"kind": "block", "what": "198.51.100.77"})
        assert made.status_code == 201
        path = f"{self.RULES}/{made.json()['id']}"
        assert made.json()["id"] in [each["id"] for each in (await platform.get(self.RULES)).json()["items"]]
        assert (await platform.put(f"{path}/shadow", json={"shadow": True})).json()["shadow"] is True
        assert is_problem(await platform.post(self.RULES, json={"kind": "block", "what": "198.51.100.77"}), 409)
        assert (await platform.delete(path)).status_code == 204
        assert is_problem(await platform.delete(path), 404)

    async def test_are_refused_to_administrators_of_organizations(self, as_, cast):
        client = await as_(cast.administrator)
        assert is_problem(await client.get(self.RULES), 403)
        assert is_problem(await client.post(self.RULES, json={"kind": "block", "what": "198.51.100.78"}), 403)
