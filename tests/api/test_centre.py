"""The security score, alerts and incidents over HTTP."""

import pytest

from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Permission
from tests.factories import security as made
from tests.factories.api import is_problem


async def opened(client, cast):
    alert = await made.make_alert(cast.organization_id, "Tried")
    response = await client.post("/security/incidents", json={"alert_id": str(alert.id)})
    assert response.status_code == 201, response.text
    return response.json()


class TestScore:
    async def test_explains_itself(self, as_, cast):
        score = (await (await as_(cast.administrator)).get("/security/score")).json()
        found = {finding["key"]: finding for finding in score["findings"]}
        assert 0 <= score["score"] < 100
        assert found["single_administrator"]["concerns"] == "Jonas Prie"
        assert all(finding["then"] > score["score"] for finding in found.values())

    async def test_is_for_those_who_may_see_it(self, as_, cast):
        for path in ("/security/score", "/security/alerts", "/security/incidents"):
            assert is_problem(await (await as_(cast.teacher)).get(path), 403)
            narrow = await as_(cast.administrator, Permission.home_read)
            assert is_problem(await narrow.get(path), 403)


class TestAlerts:
    async def test_come_newest_first_in_pages(self, as_, cast):
        for title in ("One", "Two", "Three"):
            await made.make_alert(cast.organization_id, title)
        client = await as_(cast.administrator)
        first = (await client.get("/security/alerts", params={"limit": 2})).json()
        rest = (await client.get("/security/alerts", params={"limit": 2, "cursor": first["next"]})).json()
        assert [each["title"] for each in first["items"] + rest["items"]] == ["Three", "Two", "One"]
        assert rest["next"] is None

    async def test_of_another_organization_do_not_exist(self, as_, cast):
        alert = await made.make_alert(cast.organization_id)
        client = await as_(cast.stranger)
        assert (await client.get("/security/alerts")).json()["items"] == []
        assert is_problem(await client.post("/security/incidents", json={"alert_id": str(alert.id)}), 404)


class TestIncidents:
    async def test_are_opened_noted_resolved_and_read_again(self, as_, cast):
        client = await as_(cast.administrator)
        incident = await opened(client, cast)
        where = f"/security/incidents/{incident['id']}"
        for _ in range(2):
            note = await client.post(f"{where}/notes", json={"text": "Called."}, headers={"Idempotency-Key": "1"})
            assert note.status_code == 201
        change = {"version": 1, "status": "resolved", "assignee_id": str(cast.administrator.user)}
        assert (await client.patch(where, json=change)).json()["resolved_at"]
        found = (await client.get(where)).json()
        assert [moment["kind"] for moment in found["timeline"]] == ["event", "note", "event", "alert"]
        assert (await client.get("/security/incidents", params={"status": "open"})).json()["items"] == []
        assert len((await client.get("/security/incidents", params={"status": "resolved"})).json()["items"]) == 1

    async def test_are_not_changed_by_whoever_saw_an_older_one(self, as_, cast):
        client = await as_(cast.administrator)
        where = f"/security/incidents/{(await opened(client, cast))['id']}"
        change = {"version": 1, "status": "investigating", "assignee_id": None}
        assert (await client.patch(where, json=change)).status_code == 200
        assert is_problem(await client.patch(where, json=change | {"status": "resolved"}), 409)

    async def test_take_further_alerts(self, as_, cast):
        client = await as_(cast.administrator)
        incident, other = await opened(client, cast), await made.make_alert(cast.organization_id, "More")
        where = f"/security/incidents/{incident['id']}"
        assert (await client.post(f"{where}/alerts/{other.id}")).status_code == 204
        assert [each["title"] for each in (await client.get(where)).json()["alerts"]] == ["Tried", "More"]
        second = await opened(client, cast)
        assert is_problem(await client.post(f"/security/incidents/{second['id']}/alerts/{other.id}"), 409)

    async def test_of_another_organization_do_not_exist(self, as_, cast):
        where = f"/security/incidents/{(await opened(await as_(cast.administrator), cast))['id']}"
        stranger = await as_(cast.stranger)
        change = {"version": 1, "status": "resolved", "assignee_id": None}
        assert is_problem(await stranger.get(where), 404)
        assert is_problem(await stranger.patch(where, json=change), 404)
        assert is_problem(await stranger.post(f"{where}/notes", json={"text": "Hello"}), 404)

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"status": "closed"}, "status"),
            ({"version": 0}, "version"),
            ({"assignee_id": str(new_id())}, "assignee_id"),
        ],
    )
    async def test_name_the_value_that_is_wrong(self, as_, cast, change, field):
        client = await as_(cast.administrator)
        where = f"/security/incidents/{(await opened(client, cast))['id']}"
        sent = {"version": 1, "status": "open", "assignee_id": None, **change}
        assert is_problem(await client.patch(where, json=sent), 422, field)

    async def test_are_not_worked_on_by_a_key_that_may_only_read(self, as_, cast):
        reader = await as_(cast.administrator, Permission.security_read)
        alert = await made.make_alert(cast.organization_id)
        assert is_problem(await reader.post("/security/incidents", json={"alert_id": str(alert.id)}), 403)
