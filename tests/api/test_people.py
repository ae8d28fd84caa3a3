from datetime import UTC, datetime, timedelta

import pytest

from faraday_app.core.database import transaction
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Permission, Role
from faraday_app.organizations.service import people
from tests.factories.api import is_problem, make_key


class TestKeys:
    async def test_are_asked_for(self, guest):
        response = await guest.get("/api/v1/me")
        assert is_problem(response, 401)
        assert response.headers["www-authenticate"] == "Bearer"

    @pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer fdy_unknown", "Basic eDp5", "Bearer ü"])
    async def test_must_be_real(self, guest, header):
        response = await guest.get("/api/v1/me", headers={"Authorization": header.encode()})
        assert is_problem(response, 401)

    async def test_open_nothing_beyond_their_scopes(self, as_, cast):
        client = await as_(cast.administrator, Permission.credits_read)
        assert (await client.get("/credits/balance")).status_code == 200
        for path in ("/people", "/audit", "/api-keys", "/conversations", "/credits/pool"):
            assert is_problem(await client.get(path), 403)
        assert (await client.get("/me")).json()["permissions"] == ["credits:read"]

    async def test_lose_with_their_person(self, as_, cast):
        client = await as_(cast.teacher)
        assert (await client.get("/me")).status_code == 200
        async with transaction(cast.administrator) as session:
            await people.change_member(session, cast.administrator, cast.teacher.user, 1, Role.student, None)
        assert "api_keys:manage" not in (await client.get("/me")).json()["permissions"]
        async with transaction(cast.administrator) as session:
            await people.deactivate(session, cast.administrator, cast.teacher.user)
        assert is_problem(await client.get("/me"), 401)

    async def test_expire(self, guest, cast, monkeypatch):
        soon = datetime.now(UTC) + timedelta(hours=1)
        secret = await make_key(cast.teacher, expires_at=soon)
        headers = {"Authorization": f"Bearer {secret}"}
        assert (await guest.get("/api/v1/me", headers=headers)).status_code == 200
        monkeypatch.setattr("faraday_app.core.identity.now", lambda: soon)
        assert is_problem(await guest.get("/api/v1/me", headers=headers), 401)


class TestMe:
    async def test_tells_who_the_key_acts_for(self, as_, cast):
        me = (await (await as_(cast.head)).get("/me")).json()
        assert me["user_id"] == str(cast.head.user_id)
        assert me["role"] == "head"
        assert me["organization"] == "Hill School"


class TestListPeople:
    async def test_gives_every_member_once_by_name_in_pages(self, as_, cast):
        client = await as_(cast.administrator)
        names, cursor = [], ""
        while cursor is not None:
            page = (await client.get("/people", params={"limit": 3, "cursor": cursor})).json()
            assert len(page["items"]) <= 3
            names += [person["name"] for person in page["items"]]
            cursor = page["next"]
        assert names == sorted(names)
        assert len(names) == 7

    @pytest.mark.parametrize(
        ("wanted", "names"),
        [
            ({"role": "head"}, ["Tom Lindqvist"]),
            ({"text": "okafor"}, ["Maya Okafor"]),
            ({"text": "%"}, []),
            ({"active": False}, []),
        ],
    )
    async def test_filters(self, as_, cast, wanted, names):
        page = (await (await as_(cast.administrator)).get("/people", params=wanted)).json()
        assert [person["name"] for person in page["items"]] == names

    @pytest.mark.parametrize(
        ("wanted", "field"),
        [
            ({"role": "pirate"}, "role"),
            ({"limit": 0}, "limit"),
            ({"limit": 51}, "limit"),
            ({"cursor": "xyz"}, "cursor"),
            ({"cursor": "W10"}, "cursor"),
            ({"department_id": "1"}, "department_id"),
            ({"text": "\x00"}, "text"),
        ],
    )
    async def test_names_the_value_that_is_wrong(self, as_, cast, wanted, field):
        assert is_problem(await (await as_(cast.administrator)).get("/people", params=wanted), 422, field)

    async def test_is_for_administrators(self, as_, cast):
        assert is_problem(await (await as_(cast.teacher)).get("/people"), 403)


class TestGetPerson:
    async def test_gives_a_member(self, as_, cast):
        person = (await (await as_(cast.administrator)).get(f"/people/{cast.teacher.user_id}")).json()
        assert person["name"] == "Maya Okafor"
        assert person["department"] == "Science"
        assert "password" not in str(person)

    async def test_does_not_find_people_of_another_organization(self, as_, cast):
        client = await as_(cast.stranger)
        assert is_problem(await client.get(f"/people/{cast.teacher.user_id}"), 404)
        assert is_problem(await client.get(f"/people/{new_id()}"), 404)
