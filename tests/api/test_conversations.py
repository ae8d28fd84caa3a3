import pytest

from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Permission
from tests.factories.api import is_problem


async def _begin(client, title="Light"):
    response = await client.post("/conversations", json={"title": title})
    assert response.status_code == 201
    return response.json()["id"]


class TestBegin:
    async def test_gives_an_empty_conversation_of_ones_own(self, as_, cast):
        conversation = (await (await as_(cast.teacher)).post("/conversations", json={})).json()
        assert conversation["access"] == "owner"
        assert conversation["owner_id"] == str(cast.teacher.user_id)
        assert conversation["run_id"] is None

    @pytest.mark.parametrize(
        ("wanted", "field"),
        [({"title": "x" * 201}, "title"), ({"title": "a\x00b"}, "title"), ({"model": "gpt-99"}, "model")],
    )
    async def test_names_the_value_that_is_wrong(self, as_, cast, wanted, field):
        assert is_problem(await (await as_(cast.teacher)).post("/conversations", json=wanted), 422, field)

    async def test_refuses_what_is_no_json(self, as_, cast):
        client = await as_(cast.teacher)
        for content in (b"{", b"[]", b"\xff", b'{"title": "\\ud800"}'):
            assert is_problem(await client.post("/conversations", content=content), 422)


class TestList:
    async def test_gives_ones_conversations_last_used_first_in_pages(self, as_, cast):
        client = await as_(cast.teacher)
        begun = [await _begin(client, f"Number {number}") for number in range(5)]
        found, cursor = [], ""
        while cursor is not None:
            page = (await client.get("/conversations", params={"limit": 2, "cursor": cursor})).json()
            found += [item["id"] for item in page["items"]]
            cursor = page["next"]
        assert found == begun[::-1]

    async def test_finds_by_title(self, as_, cast):
        client = await as_(cast.teacher)
        await _begin(client, "Photosynthesis")
        await _begin(client, "Fractions")
        items = (await client.get("/conversations", params={"text": "photo"})).json()["items"]
        assert [item["title"] for item in items] == ["Photosynthesis"]

    async def test_knows_nothing_of_others(self, as_, cast):
        await _begin(await as_(cast.teacher), "A secret of ours")
        for person in (cast.colleague, cast.administrator, cast.stranger):
            assert (await (await as_(person)).get("/conversations")).json()["items"] == []

    async def test_names_a_wrong_cursor(self, as_, cast):
        for cursor in ("WyJhIiwiYiJd", "é", "e30", "bnVsbA"):
            response = await (await as_(cast.teacher)).get("/conversations", params={"cursor": cursor})
            assert is_problem(response, 422, "cursor")


class TestChange:
    async def test_renames_archives_and_brings_back(self, as_, cast):
        client = await as_(cast.teacher)
        id = await _begin(client)
        assert (await client.patch(f"/conversations/{id}", json={"title": "Colour"})).json()["title"] == "Colour"
        assert (await client.patch(f"/conversations/{id}", json={"archived": True})).json()["archived"]
        assert (await client.get("/conversations")).json()["items"] == []
        assert len((await client.get("/conversations", params={"archived": True})).json()["items"]) == 1
        assert not (await client.patch(f"/conversations/{id}", json={"archived": False})).json()["archived"]

    async def test_made_for_an_old_version_is_a_conflict(self, as_, cast):
        client = await as_(cast.teacher)
        id = await _begin(client)
        version = (await client.get(f"/conversations/{id}")).json()["version"]
        change = {"title": "First", "version": version}
        assert (await client.patch(f"/conversations/{id}", json=change)).status_code == 200
        assert is_problem(await client.patch(f"/conversations/{id}", json=change), 409)

    async def test_names_a_wrong_title(self, as_, cast):
        client = await as_(cast.teacher)
        response = await client.patch(f"/conversations/{await _begin(client)}", json={"title": "  "})
        assert is_problem(response, 422, "title")


class TestSharing:
    async def test_gives_and_takes_access(self, as_, cast):
        owner, colleague = await as_(cast.teacher), await as_(cast.colleague)
        id = await _begin(owner)
        path, member = f"/conversations/{id}", f"/conversations/{id}/members/{cast.colleague.user_id}"
        assert is_problem(await colleague.get(path), 404)
        assert (await owner.put(member, json={"access": "viewer"})).status_code == 204
        assert (await colleague.get(path)).json()["access"] == "viewer"
        assert is_problem(await colleague.patch(path, json={"title": "Mine"}), 403)
        assert is_problem(await colleague.post(f"{path}/messages", json={"message": "Hi"}), 403)
        assert (await owner.put(member, json={"access": "editor"})).status_code == 204
        assert (await colleague.patch(path, json={"title": "Ours"})).status_code == 200
        assert is_problem(await colleague.patch(path, json={"archived": True}), 403)
        members = (await colleague.get(f"{path}/members")).json()
        assert [(each["name"], each["access"]) for each in members] == [
            ("Maya Okafor", "owner"),
            ("Ana Ruiz", "editor"),
        ]
        assert (await owner.delete(member)).status_code == 204
        assert is_problem(await colleague.get(path), 404)
        assert is_problem(await owner.delete(member), 404)

    async def test_ends_at_the_border_of_the_organization(self, as_, cast):
        owner = await as_(cast.teacher)
        id = await _begin(owner)
        for person in (cast.stranger.user_id, new_id()):
            response = await owner.put(f"/conversations/{id}/members/{person}", json={"access": "viewer"})
            assert is_problem(response, 404)

    async def test_knows_one_owner(self, as_, cast):
        owner = await as_(cast.teacher)
        path = f"/conversations/{await _begin(owner)}/members/{cast.colleague.user_id}"
        assert is_problem(await owner.put(path, json={"access": "owner"}), 422)
        assert is_problem(await owner.put(path, json={"access": "king"}), 422, "access")


class TestOutside:
    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("GET", "", None),
            ("PATCH", "", {"title": "Taken"}),
            ("GET", "/messages", None),
            ("POST", "/messages", {"message": "Hello"}),
            ("POST", "/stop", None),
            ("GET", "/members", None),
            ("PUT", "/members/{me}", {"access": "viewer"}),
            ("DELETE", "/members/{me}", None),
            ("GET", "/export", None),
            ("GET", "/runs/{id}", None),
            ("GET", "/runs/{id}/events", None),
        ],
    )
    async def test_nobody_learns_that_a_conversation_exists(self, as_, cast, method, path, body):
        id = await _begin(await as_(cast.teacher), "Hidden")
        for person in (cast.stranger, cast.administrator, cast.colleague):
            client = await as_(person)
            address = path.format(me=person.user_id, id=new_id())
            there = await client.request(method, f"/conversations/{id}{address}", json=body)
            nowhere = await client.request(method, f"/conversations/{new_id()}{address}", json=body)
            assert is_problem(there, 404)
            assert there.json() == nowhere.json()

    async def test_a_key_without_the_scope_learns_as_little(self, as_, cast):
        id = await _begin(await as_(cast.teacher))
        client = await as_(cast.teacher, Permission.credits_read)
        assert is_problem(await client.get(f"/conversations/{id}"), 403)
        assert is_problem(await client.get(f"/conversations/{new_id()}"), 403)


class TestExport:
    async def test_gives_a_document_whatever_the_title(self, as_, cast):
        client = await as_(cast.teacher)
        response = await client.get(f"/conversations/{await _begin(client, '光合作用 “2”')}/export")
        assert response.headers["content-type"] == "text/markdown; charset=utf-8"
        assert response.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E5%85%89")
        assert response.text == "# 光合作用 “2”\n"
