"""Roles over HTTP: the same rules as on the pages, and keys that stay within their scopes."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import ConfirmationNeeded
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import ROLE_PERMISSIONS, Permission, Role
from faraday_app.security.service import api_keys
from tests.factories.api import is_problem
from tests.factories.roles import allow, as_now, deny, give, make_role, set_rules

READER = {"name": "Reader", "rules": [{"effect": "allow", "permission": "people:read"}]}


@pytest.fixture
async def administrator(as_, cast):
    return await as_(cast.administrator)


class TestRoles:
    async def test_are_made_read_changed_and_deleted(self, administrator):
        made = (await administrator.post("/roles", json=READER)).json()
        assert (made["name"], made["version"]) == ("Reader", 1)
        changed = {**READER, "parent": "aide", "version": 1, "description": "Reads"}
        answer = await administrator.patch(f"/roles/{made['id']}", json=changed)
        assert (answer.json()["parent"], answer.json()["version"]) == ("aide", 2)
        assert is_problem(await administrator.patch(f"/roles/{made['id']}", json=changed), 409)
        listed, aides = (await administrator.get("/roles")).json(), len(ROLE_PERMISSIONS[Role.aide])
        assert [role["permissions"] for role in listed if role["name"] == "Reader"] == [aides + 1]
        assert (await administrator.delete(f"/roles/{made['id']}")).status_code == 204
        assert is_problem(await administrator.get(f"/roles/{made['id']}"), 404)

    @pytest.mark.parametrize(
        "rule",
        [
            {"permission": "platform:read"},
            {"permission": "people:fly"},
            {"permission": "people:read", "conditions": {"addresses": ["everywhere"]}},
            {"permission": "people:read", "conditions": {"hours": {"start": "25:00"}}},
            {"permission": "people:read", "conditions": {"moon": "full"}},
        ],
    )
    async def test_with_senseless_rules_are_refused(self, administrator, rule):
        answer = await administrator.post("/roles", json={"name": "Odd", "rules": [{"effect": "allow", **rule}]})
        assert is_problem(answer, 422)

    async def test_are_not_found_from_another_organization(self, as_, cast):
        role_id = await make_role(cast.administrator, "Reader")
        stranger = await as_(cast.stranger)
        assert is_problem(await stranger.get(f"/roles/{role_id}"), 404)
        assert is_problem(await stranger.delete(f"/roles/{role_id}"), 404)
        assert is_problem(await stranger.get(f"/roles/{role_id}/people"), 404)
        assert is_problem(await stranger.put(f"/people/{cast.aide.user_id}/rules", json={"rules": []}), 404)

    async def test_are_for_those_who_manage_them(self, as_, cast):
        teacher = await as_(cast.teacher)
        assert is_problem(await teacher.get("/roles"), 403)
        assert is_problem(await teacher.post("/roles", json=READER), 403)


class TestHolders:
    async def test_have_the_role_from_their_next_request(self, administrator, as_, cast):
        role_id = await make_role(cast.administrator, "Reader", allow("people:read"))
        path = f"/roles/{role_id}/people/{cast.aide.user_id}"
        await give(cast.administrator, role_id, cast.aide)
        aide = await as_(await as_now(cast.aide), Permission.people_read)
        assert (await administrator.delete(path)).status_code == 204
        assert is_problem(await aide.get("/people"), 403)
        assert (await administrator.put(path, json={})).status_code == 204
        assert (await aide.get("/people")).status_code == 200
        people = (await administrator.get(f"/roles/{role_id}/people")).json()["items"]
        assert [person["name"] for person in people] == ["Sara Byrne"]
        assert (await administrator.delete(path)).status_code == 204
        assert is_problem(await aide.get("/people"), 403)
        assert is_problem(await administrator.delete(path), 404)

    async def test_are_given_no_end_in_the_past(self, administrator, cast):
        role_id = await make_role(cast.administrator, "Reader")
        path = f"/roles/{role_id}/people/{cast.aide.user_id}"
        past = (now() - timedelta(seconds=1)).isoformat()
        assert is_problem(await administrator.put(path, json={"expires_at": past}), 422, "expires_at")
        assert is_problem(await administrator.put(f"/roles/{role_id}/people/{uuid4()}", json={}), 404)


class TestKeys:
    async def test_have_no_more_than_their_scopes_and_no_more_than_their_person(self, as_, cast):
        role_id = await make_role(cast.administrator, "Reader", allow("people:read"), deny("credits:read"))
        wide = await as_(cast.aide)
        await give(cast.administrator, role_id, cast.aide)
        granted = (await wide.get("/me")).json()["permissions"]
        assert "assistant:use" in granted
        assert not {"people:read", "credits:read"} & set(granted)

    async def test_obey_denials_by_address(self, as_, cast):
        aide = await as_(cast.aide)
        await set_rules(cast.administrator, cast.aide, deny("assistant:use", addresses=("127.0.0.0/8",)))
        assert is_problem(await aide.get("/conversations"), 403)
        await set_rules(cast.administrator, cast.aide, deny("assistant:use", addresses=("192.0.2.0/24",)))
        assert (await aide.get("/conversations")).status_code == 200

    async def test_that_change_roles_are_made_by_somebody_who_has_confirmed(self, cast):
        browser = replace(cast.administrator, session_id=new_id())
        async with transaction(browser) as session:
            with pytest.raises(ConfirmationNeeded):
                await api_keys.create_api_key(session, browser, "Roles", [Permission.roles_manage])


class TestDecide:
    async def test_explains_itself(self, administrator, cast):
        await set_rules(cast.administrator, cast.aide, allow("people:read", own_department=True))
        question = {"user_id": str(cast.aide.user_id), "permission": "people:read"}
        answer = (await administrator.post("/permissions/decide", json=question)).json()
        assert answer["allowed"] is False
        thing = {"kind": "person", "id": str(cast.teacher.user_id)}
        answer = (await administrator.post("/permissions/decide", json={**question, **thing})).json()
        assert answer["allowed"] is True
        assert [step["matched"] for step in answer["trace"]] == [True, True]
        assert answer["trace"][0]["says"] == "Allow people:read (own department)"

    async def test_knows_people_and_conversations_and_nothing_else(self, administrator, cast):
        question = {"user_id": str(cast.aide.user_id), "permission": "people:read", "id": str(uuid4())}
        assert is_problem(await administrator.post("/permissions/decide", json={**question, "kind": "moon"}), 422)
        assert is_problem(await administrator.post("/permissions/decide", json={**question, "kind": "person"}), 404)
        other = {**question, "kind": "conversation"}
        assert is_problem(await administrator.post("/permissions/decide", json=other), 404)
