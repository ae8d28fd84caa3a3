from faraday_app.classes.oneroster import read
from faraday_app.core.permissions import Permission
from tests.factories.api import is_problem
from tests.factories.rosters import package


class TestRosters:
    async def test_are_looked_at_then_applied(self, as_, cast):
        client = await as_(cast.administrator, Permission.rosters_manage)
        sent = await client.post("/rosters/imports?name=autumn.zip", content=package())
        assert sent.status_code == 201, sent.text
        found = sent.json()
        assert (found["state"], found["name"], found["counts"]["users"]) == ("checked", "autumn.zip", {"create": 3})
        at = f"/rosters/imports/{found['id']}"
        first = (await client.get(f"{at}/changes?file=enrollments&limit=2")).json()
        rest = (await client.get(f"{at}/changes?file=enrollments&limit=2&cursor={first['next']}")).json()
        assert [each["sourced_id"] for each in first["items"] + rest["items"]] == ["e1", "e2", "e3"]
        assert is_problem(await client.post(f"{at}/apply", json={"digest": "another"}), 409)
        done = await client.post(f"{at}/apply", json={"digest": found["digest"]})
        assert (done.status_code, done.json()["state"], done.json()["made"]["enrolments"]) == (200, "applied", 2)
        assert is_problem(await client.post(f"{at}/apply", json={"digest": found["digest"]}), 409)
        assert [each["state"] for each in (await client.get("/rosters/imports")).json()["items"]] == ["applied"]
        assert (await client.get(at)).json()["made"]["people"] == 3

    async def test_can_be_discarded(self, as_, cast):
        client = await as_(cast.administrator)
        found = (await client.post("/rosters/imports", content=package())).json()
        assert (await client.delete(f"/rosters/imports/{found['id']}")).json()["state"] == "discarded"
        assert is_problem(await client.delete(f"/rosters/imports/{found['id']}"), 409)

    async def test_are_refused_with_the_row_that_is_wrong(self, as_, cast):
        client = await as_(cast.administrator)
        found = (await client.post("/rosters/imports", content=package(orgs="nonsense"))).json()
        assert found["state"] == "refused"
        assert [each["file"] for each in found["findings"] if each["severity"] == "refuses"] != []
        assert is_problem(await client.post("/rosters/imports", content=b""), 422, "file")

    async def test_are_exported(self, as_, cast):
        client = await as_(cast.administrator)
        answer = await client.get("/rosters/export?version=1.1")
        assert answer.headers["content-type"] == "application/zip"
        assert read(answer.content).applicable

    async def test_have_settings(self, as_, cast):
        client = await as_(cast.administrator)
        assert (await client.get("/rosters/settings")).json() == {"demographics": False}
        assert (await client.put("/rosters/settings", json={"demographics": True})).json() == {"demographics": True}

    async def test_are_for_those_who_manage_them(self, as_, cast):
        client = await as_(cast.teacher)
        assert is_problem(await client.get("/rosters/imports"), 403)
