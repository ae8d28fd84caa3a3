"""Rubrics and marks for programs, and what each role reads of them."""

import pytest

from faraday_app.core.database import transaction
from faraday_app.gradebook.service import posting
from tests.factories.api import is_problem
from tests.factories.classes import make_assignment, make_classroom, make_group
from tests.factories.grades import make_policy
from tests.factories.marking import ESSAY, OGG, handed_in
from tests.factories.rubrics import make_rubric, use_rubric

LEVELS = [{"title": "Strong", "points": "4"}, {"title": "Weak", "points": 0.1}]
RUBRIC = {"title": "Report", "criteria": [{"title": "Evidence", "ratings": LEVELS}, {"title": "Style", "points": 1}]}


@pytest.fixture
async def room(cast):
    return await make_classroom(cast)


@pytest.fixture
async def essay(room):
    await make_policy(room, posting="manual")
    work = await make_assignment(room, await make_group(room), "Essay", 10)
    await use_rubric(room, work, await make_rubric(room.teacher))
    return work


class TestRubrics:
    async def test_are_made_changed_used_and_put_away(self, as_, room, essay):
        client = await as_(room.teacher)
        made = (await client.post("/rubrics", json=RUBRIC)).json()
        assert (made["points"], made["criteria"][0]["ratings"][1]["points"], made["number"]) == ("5", "0.1", 1)
        at = f"/rubrics/{made['id']}"
        changed = await client.put(at, json={**RUBRIC, "criteria": RUBRIC["criteria"][:1], "version": made["version"]})
        assert (changed.json()["number"], changed.json()["points"]) == (2, "4")
        assert is_problem(await client.put(at, json={**RUBRIC, "version": made["version"]}), 409)
        plan = (await client.get(f"/assignments/{essay.id}/marking")).json()
        wanted = {"version": plan["version"], "rubric_id": made["id"]}
        used = (await client.put(f"/assignments/{essay.id}/marking", json=wanted)).json()
        assert (used["rubric"]["number"], used["fits_points"]) == (2, False)
        assert [each["title"] for each in (await client.get("/rubrics")).json()["items"]] == ["Report", "Essay"]
        assert (await client.delete(at)).status_code == 204
        assert [each["title"] for each in (await client.get("/rubrics")).json()["items"]] == ["Essay"]

    async def test_name_what_is_wrong(self, as_, room):
        client = await as_(room.teacher)
        twice = {"title": "Same", "ratings": [LEVELS[0], LEVELS[0]]}
        answer = await client.post("/rubrics", json={"title": "x", "criteria": [twice]})
        assert is_problem(answer, 422, "criteria.0.ratings")
        assert is_problem(await client.post("/rubrics", json={"title": "x", "criteria": []}), 422)


class TestSheets:
    async def test_are_written_given_and_refused_when_somebody_was_first(self, as_, room, essay):
        row = await handed_in(essay, room.elif_)
        client = await as_(room.teacher)
        criteria = (await client.get(f"/assignments/{essay.id}/marking")).json()["rubric"]["criteria"]
        work = {"submission_id": str(row.id), "attempt": 1}
        at = f"/assignments/{essay.id}/sheets/{room.elif_.user}"
        wanted = {**work, "marks": {criteria[0]["id"]: {"rating": 1, "remark": "Two sources"}}}
        sheet = (await client.put(at, json=wanted)).json()
        assert (sheet["on_the_way"], sheet["marks"][criteria[0]["id"]]["points"]) == (True, "2.5")
        assert (await client.get(at, params=work)).json() == sheet
        given = (await client.post(f"{at}/give", json={**work, "grade_version": 0})).json()
        assert (given["score"], given["grade_version"], given["unmarked"]) == ("2.5", 1, 2)
        await client.put(at, json={**work, "marks": {criteria[0]["id"]: {"rating": 0}}})
        assert is_problem(await client.post(f"{at}/give", json={**work, "grade_version": 0}), 409)
        other = f"/assignments/{essay.id}/sheets/{room.emre.user}"
        assert is_problem(await client.post(f"{other}/give", json={**work, "grade_version": 0}), 409)


class TestReading:
    async def test_of_each_role_by_relationship_and_field(self, as_, cast, room, essay):
        row = await handed_in(essay, room.elif_)
        teacher = await as_(room.teacher)
        at = f"/assignments/{essay.id}"
        work = {"submission_id": str(row.id), "attempt": 1}
        said = {**work, "text": "Only light?", "quote": "Light is all", "begins": 30}
        made = await teacher.post(f"{at}/remarks/{room.elif_.user}", json=said)
        assert (made.status_code, made.json()["begins"], made.json()["quote"]) == (201, 30, "Light is all")
        spoken = await teacher.post(f"{at}/recordings?submission={row.id}", content=OGG)
        assert (spoken.status_code, spoken.json()["recording"]) == (201, "audio/ogg")
        assert is_problem(
            await teacher.post(f"{at}/recordings?submission={row.id}", content=ESSAY.encode()), 422, "file"
        )
        await teacher.put(f"{at}/sheets/{room.elif_.user}", json={**work, "score": "7.5"})
        await teacher.post(f"{at}/sheets/{room.elif_.user}/give", json={**work, "grade_version": 0})
        heard, read = f"{at}/recordings/{spoken.json()['id']}", f"{at}/feedback/{room.elif_.user}"

        async def seen(who):
            client = await as_(who)
            answer, recording = await client.get(read), await client.get(heard)
            found = answer.json()
            told = (found["score"], len(found["remarks"])) if answer.status_code == 200 else answer.status_code
            return told, recording.status_code

        staff = (room.teacher, cast.aide, cast.administrator)
        family, others = (room.elif_, room.nadir), (room.emre, room.karim, cast.colleague)
        assert [await seen(who) for who in staff] == [((None, 0), 200)] * 3
        assert [await seen(who) for who in family] == [((None, 0), 404)] * 2
        assert [await seen(who) for who in others] == [(404, 404)] * 3
        async with transaction(room.teacher) as session:
            await posting.post(session, room.teacher, room.id)
        assert [await seen(who) for who in (*staff, *family)] == [(("7.5", 2), 200)] * 5
        assert [await seen(who) for who in others] == [(404, 404)] * 3
        for who in family:
            client = await as_(who)
            assert is_problem(await client.put(f"{at}/sheets/{room.elif_.user}", json={**work, "score": "9"}), 403)
