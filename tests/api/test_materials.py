"""The library of a class over HTTP."""

import pytest

from faraday_app.core.clock import now
from tests.factories.api import is_problem
from tests.factories.classes import make_classroom
from tests.factories.materials import PDF, PROGRAM, add_file, add_page, make_section


@pytest.fixture
async def room(cast):
    return await make_classroom(cast)


def base(room) -> str:
    return f"/classes/{room.id}/materials"


class TestLibrary:
    async def test_is_filled_changed_and_emptied(self, as_, room):
        teacher, at = await as_(room.teacher), base(room)
        folder = (await teacher.post(f"{at}/folders", json={"name": "Unit 1"})).json()
        page = {"title": "Cells", "body": "# Cells", "folder_id": folder["id"], "tags": ["Bio"]}
        made = (await teacher.post(f"{at}/pages", json=page)).json()
        assert (made["body"], made["tags"], made["number"], made["draft"]) == ("# Cells", ["bio"], 1, False)
        one = f"{at}/{made['id']}"
        written = await teacher.put(f"{one}/page", json={"body": "# Cells\n\nMore", "version": 1, "note": "More"})
        assert written.json()["number"] == 2
        assert is_problem(await teacher.put(f"{one}/page", json={"body": "Late", "version": 1}), 409)
        lines = (await teacher.get(f"{one}/versions/comparison", params={"older": 1, "newer": 2})).json()
        assert {"sign": "new", "text": "More"} in lines
        back = await teacher.post(f"{one}/versions/1/restore", json={"version": 2})
        assert (back.json()["number"], back.json()["body"]) == (3, "# Cells")
        edited = {"title": "Cells", "draft": True, "visible_from": now().isoformat(), "version": 3}
        assert (await teacher.put(one, json=edited)).json()["draft"] is True
        assert (await teacher.post(f"{at}/move", json={"material_ids": [made["id"]]})).status_code == 204
        assert (await teacher.delete(one)).status_code == 204
        assert is_problem(await teacher.get(one), 404)
        assert (await teacher.post(f"{one}/restore")).json()["id"] == made["id"]
        renamed = {"name": "Unit one", "version": 1}
        assert (await teacher.put(f"{at}/folders/{folder['id']}", json=renamed)).json()["name"] == "Unit one"
        assert (await teacher.delete(f"{at}/folders/{folder['id']}")).status_code == 204
        assert (await teacher.post(f"{at}/folders/{folder['id']}/restore")).status_code == 200

    async def test_is_listed_page_by_page(self, as_, room):
        for title in ("b", "A", "c"):
            await add_page(room, title)
        student, titles, cursor = await as_(room.elif_), [], ""
        while cursor is not None:
            answer = (await student.get(base(room), params={"limit": 2, "cursor": cursor})).json()
            titles, cursor = titles + [each["title"] for each in answer["items"]], answer["next"]
        assert titles == ["A", "b", "c"]
        found = (await student.get(f"{base(room)}/search", params={"text": "living"})).json()
        assert len(found) == 3

    async def test_tells_each_what_is_theirs(self, cast, as_, room):
        """Role and relationship × material × field: what is told of each, or that it is not there."""
        section = await make_section(room, "Monday", room.elif_)
        made = {
            "shown": await add_page(room, "shown"),
            "section": await add_page(room, "section", section_ids=[section]),
            "draft": await add_page(room, "draft", draft=True),
        }
        staffs = {"draft", "section_ids", "opened"}
        expected = {
            **{name: dict.fromkeys(made, staffs) for name in ("administrator", "head", "teacher", "aide")},
            **{name: {"shown": set(), "section": set()} for name in ("elif_", "nadir")},
            **{name: {"shown": set()} for name in ("emre", "amina", "karim")},
            **{name: {} for name in ("colleague", "stranger")},
        }
        found: dict[str, dict[str, set[str]]] = {}
        for name in expected:
            person = getattr(room, name, None) or getattr(cast, name)
            client, found[name] = await as_(person, *sorted(person.permissions)), {}
            for title, material in made.items():
                answer = await client.get(f"{base(room)}/{material.id}")
                if answer.status_code == 200:
                    told = answer.json()
                    found[name][title] = {field for field in staffs if told[field] is not None}
                else:
                    assert is_problem(answer, 404)
                history = await client.get(f"{base(room)}/{material.id}/versions/1")
                assert (history.status_code == 200) is (found[name].get(title) == staffs)
        assert found == expected

    async def test_is_nobody_elses(self, cast, as_, room):
        page = await add_page(room)
        for reader, address in (
            (cast.stranger, f"{base(room)}/{page.id}"),
            (cast.colleague, base(room)),
            (room.teacher, f"/classes/{cast.organization_id}/materials/{page.id}"),
        ):
            assert is_problem(await (await as_(reader)).get(address), 404)
        made = await (await as_(room.elif_)).post(f"{base(room)}/pages", json={"title": "Mine", "body": "x"})
        assert is_problem(made, 403)


class TestFiles:
    async def test_come_and_go_whole_and_in_parts(self, as_, room):
        teacher, student = await as_(room.teacher), await as_(room.elif_)
        made = (await teacher.post(f"{base(room)}/files", params={"name": "Cells.pdf"}, content=PDF)).json()
        assert (made["title"], made["file"]["content_type"]) == ("Cells", "application/pdf")
        at = f"{base(room)}/{made['id']}/content"
        whole = await student.get(at)
        assert (whole.content, whole.headers["content-type"]) == (PDF, "application/octet-stream")
        assert whole.headers["content-disposition"].startswith("attachment")
        for wanted, status, part in (
            ("bytes=0-3", 206, PDF[:4]),
            ("bytes=-5", 206, PDF[-5:]),
            ("bytes=4-", 206, PDF[4:]),
            ("bytes=9999-", 416, b""),
            ("bytes=5-2", 200, PDF),
            ("lines=1-2", 200, PDF),
        ):
            answer = await student.get(at, params={"inline": True}, headers={"Range": wanted})
            assert (answer.status_code, answer.content) == (status, part), wanted
        assert answer.headers["content-type"] == "application/pdf"
        replaced = await teacher.post(
            f"{base(room)}/{made['id']}/files", params={"name": "notes.txt"}, content=b"Words"
        )
        assert replaced.json()["number"] == 2
        assert (await teacher.get(at, params={"number": 1})).content == PDF
        assert is_problem(await student.get(at, params={"number": 1}), 404)

    @pytest.mark.parametrize(
        ("name", "content", "inline"),
        [
            ("evil.html", b"<!doctype html><script>alert(1)</script>", False),
            ("evil.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", False),
            ("notes.txt", b"<b>only words</b>", True),
        ],
    )
    async def test_run_nothing_in_a_browser(self, as_, room, name, content, inline):
        made = await add_file(room, name, content)
        answer = await (await as_(room.elif_)).get(f"{base(room)}/{made.id}/content", params={"inline": True})
        kind = "text/plain; charset=utf-8" if inline else "application/octet-stream"
        assert answer.headers["content-type"] == kind
        assert answer.headers["content-disposition"].startswith("inline" if inline else "attachment")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")

    async def test_in_quarantine_are_served_to_nobody(self, as_, room):
        teacher = await as_(room.teacher)
        made = await teacher.post(f"{base(room)}/files", params={"name": "game.exe"}, content=PROGRAM)
        assert made.json()["file"]["state"] == "quarantined"
        at = f"{base(room)}/{made.json()['id']}/content"
        assert is_problem(await teacher.get(at), 503)
        assert is_problem(await (await as_(room.elif_)).get(at), 404)

    async def test_are_not_read_from_whoever_may_not_add_them(self, as_, room):
        answer = await (await as_(room.elif_)).post(f"{base(room)}/files", params={"name": "a.txt"}, content=b"x")
        assert is_problem(answer, 403)
        assert is_problem(await (await as_(room.teacher)).post(f"{base(room)}/files", params={"name": "a"}), 422)
