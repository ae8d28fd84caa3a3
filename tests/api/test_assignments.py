"""The work of a class over HTTP, from the draft of a teacher to the receipt of a student."""

import hashlib
from datetime import timedelta
from uuid import uuid4

import pytest

from faraday_app.core.clock import now
from tests.factories.api import is_problem
from tests.factories.classes import make_assignment, make_classroom, make_group

WORDS = b"Chloroplasts hold the green."


@pytest.fixture
async def room(cast):
    return await make_classroom(cast)


@pytest.fixture
async def group(room):
    return await make_group(room)


class TestAssignments:
    async def test_are_drafted_published_and_seen_by_whom_they_are_for(self, room, group, as_):
        teacher, student, parent = [await as_(each) for each in (room.teacher, room.elif_, room.nadir)]
        place = f"/classes/{room.id}/assignments"
        due = (now() + timedelta(days=3)).isoformat()
        body = {"title": "Root tip lab", "group_id": str(group.id), "points": 30, "due_at": due}
        made = (await teacher.post(place, json=body)).json()
        assert (made["status"], made["points"], made["version"]) == ("draft", "30", 1)
        assert (await student.get(place)).json()["assignments"] == []
        here = f"/assignments/{made['id']}"
        assert is_problem(await student.get(here), 404)
        assert (await teacher.post(f"{here}/publish")).json()["status"] == "published"
        assert is_problem(await teacher.post(f"{here}/publish"), 409)
        later = {"due_at": (now() + timedelta(days=9)).isoformat()}
        assert (await teacher.put(f"{here}/dates/students/{room.emre.user}", json=later)).status_code == 200
        (seen,) = (await student.get(place)).json()["assignments"]
        assert [each["student_id"] for each in seen["dates"]] == [str(room.elif_.user)]
        assert (seen["for_everyone"], seen["version"], seen["anonymous"]) == (None, None, None)
        both = (await parent.get(here)).json()["dates"]
        assert {each["student_id"] for each in both} == {str(room.elif_.user), str(room.emre.user)}
        assert len({each["due_at"] for each in both}) == 2
        assert is_problem(await student.get(f"{here}/dates"), 403)
        assert is_problem(await teacher.put(here, json={**body, "version": 1}), 409)
        assert (await teacher.put(here, json={**body, "points": "12.5", "version": 2})).json()["points"] == "12.5"

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("points", -1),
            ("points", "NaN"),
            ("title", ""),
            ("due_at", "1999-01-01T00:00:00Z"),
            ("due_at", "2026-11-30T10:00:00"),
            ("submission_types", ["pigeon"]),
        ],
    )
    async def test_say_which_value_is_wrong(self, room, group, as_, field, value):
        body = {"title": "Lab", "group_id": str(group.id), field: value}
        answer = await (await as_(room.teacher)).post(f"/classes/{room.id}/assignments", json=body)
        assert is_problem(answer, 422, field)


class TestSubmissions:
    async def test_come_in_pieces_and_are_handed_in_once(self, room, group, as_):
        work = await make_assignment(room, group, "Root tip lab", submission_types=["file", "text"])
        student, here = await as_(room.elif_), f"/assignments/{work.id}"
        draft = (await student.put(f"{here}/draft", json={"text": "See the file."})).json()
        assert (draft["version"], draft["submitted_at"]) == (1, None)
        assert is_problem(await student.put(f"{here}/draft", json={"text": "Other"}), 409)
        begun = (await student.post(f"{here}/uploads", json={"name": "a.txt", "size": len(WORDS)})).json()
        upload = f"/uploads/{begun['id']}"
        first = await student.patch(upload, content=WORDS[:10], headers={"Upload-Offset": "0"})
        assert first.json()["received"] == 10
        assert is_problem(await student.patch(upload, content=WORDS, headers={"Upload-Offset": "3"}), 409)
        assert (await student.get(upload)).json()["received"] == 10
        await student.patch(upload, content=WORDS[10:], headers={"Upload-Offset": "10"})
        file = (await student.post(f"{upload}/finish")).json()
        assert (file["kind"], file["digest"], file["problem"]) == ("text", hashlib.sha256(WORDS).hexdigest(), "")
        key = {"Idempotency-Key": str(uuid4())}
        once, twice = [(await student.post(f"{here}/submissions", headers=key)).json() for _ in range(2)]
        assert once == twice
        assert (len(once["receipt"]), once["attempt"], once["text"]) == (64, 1, "See the file.")
        teacher, parent = await as_(room.teacher), await as_(room.nadir)
        got = await teacher.get(f"/submissions/{once['id']}/files/{file['id']}")
        assert (got.content, got.headers["content-disposition"][:10]) == (WORDS, "attachment")
        roll = (await teacher.get(f"{here}/submissions")).json()
        assert [(each["name"], each["submission_id"]) for each in roll] == [
            ("Amina Haddad", None),
            ("Elif Kaya", once["id"]),
            ("Emre Kaya", None),
        ]
        told = (await parent.get(f"/submissions/{once['id']}")).json()
        assert (told["receipt"], told["text"], told["files"]) == (once["receipt"], None, None)
        assert is_problem(await parent.get(f"{here}/submissions"), 404)
        assert is_problem(await (await as_(room.karim)).get(f"/submissions/{once['id']}"), 404)
