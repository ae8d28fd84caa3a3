"""Reviews of classmates' work, over HTTP."""

import pytest

from tests.factories.api import is_problem
from tests.factories.classes import make_classroom
from tests.factories.peers import make_reviewed, say, task_of
from tests.factories.people import make_cast
from tests.factories.rubrics import make_rubric, use_rubric


@pytest.fixture
async def room():
    return await make_classroom(await make_cast())


async def test_are_given_out_by_lot_and_listed_in_pages(as_, room):
    work = await make_reviewed(room, given_out=False)
    teacher, path = await as_(room.teacher), f"/assignments/{work.id}/peer-reviews"
    assert (await teacher.post(f"{path}/begin")).json() == {"given": 3}
    pages, cursor = [], ""
    while cursor is not None:
        page = (await teacher.get(path, params={"limit": 2, "cursor": cursor})).json()
        pages.append([each["reviewer_id"] for each in page["items"]])
        cursor = page["next"]
    assert [len(each) for each in pages] == [2, 1]
    assert {id for ids in pages for id in ids} == {str(each.user) for each in room.students}
    assert is_problem(await teacher.get(path, params={"cursor": "W10"}), 422, "cursor")


async def test_are_written_and_sent(as_, room):
    work = await make_reviewed(room)
    await use_rubric(room, work, await make_rubric(room.teacher))
    elif_ = await as_(room.elif_)
    (task,) = (await elif_.get("/peer-reviews")).json()["items"]
    assert (task["assignment"], task["author"], task["state"]) == ("Essay", "", "todo")
    mine = f"/peer-reviews/{task['id']}"
    desk = (await elif_.get(mine)).json()
    assert desk["text"].startswith("The essay of")
    scored = [each for each in desk["criteria"] if each["scored"]]
    marks = {each["id"]: {"rating": 0} if each["levels"] else {"points": "0.1"} for each in scored}
    wanted = {"version": desk["version"], "marks": marks, "comment": "Well argued."}
    assert is_problem(await elif_.post(f"{mine}/send", json={"version": desk["version"]}), 422)
    written = (await elif_.put(mine, json=wanted)).json()
    assert (written["comment"], written["marks"].keys()) == ("Well argued.", marks.keys())
    assert is_problem(await elif_.put(mine, json=wanted), 409)
    sent = (await elif_.post(f"{mine}/send", json={"version": written["version"]})).json()
    assert sent["closed"] == "You have sent this review."
    again = (await elif_.post(f"{mine}/reopen")).json()
    assert (again["closed"], again["sent_at"]) == ("", None)


async def test_are_read_once_they_are_released(as_, room):
    work = await make_reviewed(room)
    teacher, path = await as_(room.teacher), f"/assignments/{work.id}/peer-reviews"
    review = await task_of(work, room.elif_)
    author = await as_(next(each for each in room.students if each.user == review.author_id))
    assert is_problem(await teacher.get(f"/peer-reviews/{review.id}/sent"), 404)
    await say(room.elif_, review, "Well argued.")
    assert (await teacher.get(f"/peer-reviews/{review.id}/sent")).json()["comment"] == "Well argued."
    assert (await author.get(f"{path}/received")).json() == []
    released = (await teacher.post(f"{path}/release")).json()
    assert (released["given"], released["sent"], released["left"]) == (3, 1, 2)
    (read,) = (await author.get(f"{path}/received")).json()
    assert (read["comment"], read["by"]) == ("Well argued.", "")
    assert is_problem(await (await as_(room.elif_)).post(f"/peer-reviews/{review.id}/reopen"), 409)
    assert (await teacher.post(f"{path}/withhold")).json()["released_at"] is None
    assert (await author.get(f"{path}/received")).json() == []


async def test_are_given_to_another_and_taken_back(as_, room):
    work = await make_reviewed(room, by_lot=False, given_out=False)
    teacher, path = await as_(room.teacher), f"/assignments/{work.id}/peer-reviews"
    wanted = {"reviewer_id": str(room.elif_.user), "author_id": str(room.emre.user)}
    given = await teacher.post(path, json=wanted)
    assert given.status_code == 201
    assert is_problem(await teacher.post(path, json=wanted), 409)
    review = f"/peer-reviews/{given.json()['id']}"
    own = {"reviewer_id": str(room.emre.user)}
    assert is_problem(await teacher.put(f"{review}/reviewer", json=own), 422, "author_id")
    assert [each["reviewer_id"] for each in (await teacher.get(path)).json()["items"]] == [wanted["reviewer_id"]]
    moved = (await teacher.put(f"{review}/reviewer", json={"reviewer_id": str(room.amina.user)})).json()
    assert (moved["reviewer_id"], moved["author_id"]) == (str(room.amina.user), str(room.emre.user))
    assert (await (await as_(room.elif_)).get("/peer-reviews")).json()["items"] == []
    assert (await teacher.delete(f"/peer-reviews/{moved['id']}")).status_code == 204
    assert is_problem(await teacher.delete(f"/peer-reviews/{moved['id']}"), 404)


async def test_are_planned_once_at_a_time(as_, room):
    work = await make_reviewed(room, given_out=False)
    teacher, path = await as_(room.teacher), f"/assignments/{work.id}/peer-reviews/plan"
    read = (await teacher.get(path)).json()
    wanted = {"version": read["version"], "anonymous": False, "by_lot": False}
    assert (await teacher.put(path, json=wanted)).json()["anonymous"] is False
    assert is_problem(await teacher.put(path, json=wanted), 409)


async def test_are_nobody_elses(as_, room):
    work = await make_reviewed(room)
    teacher, path = await as_(room.teacher), f"/assignments/{work.id}/peer-reviews"
    review = (await teacher.get(path)).json()["items"][0]
    mine = f"/peer-reviews/{review['id']}"
    others = [each for each in room.students if str(each.user) != review["reviewer_id"]]
    for student in others:
        client = await as_(student)
        assert is_problem(await client.get(mine), 404)
        assert is_problem(await client.put(mine, json={"version": 1, "comment": "Mine."}), 404)
    for person, status in ((room.elif_, 404), (room.nadir, 404), (room.cast.stranger, 404)):
        client = await as_(person)
        assert is_problem(await client.get(path), status)
        assert is_problem(await client.get(f"{path}/plan"), status)
        assert is_problem(await client.get(f"{mine}/sent"), status)
    aide = await as_(room.cast.aide)
    assert len((await aide.get(path)).json()["items"]) == 3
    for refused in (aide.post(f"{path}/release"), aide.delete(mine), aide.post(f"{path}/begin")):
        assert is_problem(await refused, 403)
