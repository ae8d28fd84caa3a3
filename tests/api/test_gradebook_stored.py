"""The stored gradebook over HTTP."""

from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from tests.api.conftest import ADDRESS
from tests.factories.api import is_problem, make_key, told
from tests.factories.classes import Classroom, make_assignment, make_classroom, make_group
from tests.factories.people import make_cast


@pytest_asyncio.fixture(scope="module")
async def room() -> Classroom:
    return await make_classroom(await make_cast())


@pytest_asyncio.fixture(scope="module")
async def quiz(room):
    return await make_assignment(room, await make_group(room))


@pytest_asyncio.fixture(scope="module")
async def people(web_app, room) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    transport = httpx.ASGITransport(web_app, raise_app_exceptions=False)
    found = {}
    for name in ("teacher", "aide", "student", "parent", "stranger"):
        headers = {"Authorization": f"Bearer {await make_key(getattr(room.cast, name))}"}
        found[name] = httpx.AsyncClient(transport=transport, base_url=f"{ADDRESS}/api/v1", headers=headers)
    yield found
    for client in found.values():
        await client.aclose()


def at(room, rest: str = "") -> str:
    return f"/gradebook/classes/{room.id}{rest}"


def cell(quiz, student, value, version=None):
    return {"assignment": str(quiz.id), "student": str(student.user), "value": value, "version": version}


class TestOpen:
    async def test_has_every_cell_and_then_only_what_changed(self, people, room, quiz):
        before = (await people["teacher"].get(at(room))).json()
        assert [row[1] for row in before["students"]] == ["Amina Haddad", "Elif Kaya", "Emre Kaya"]
        entered = await people["teacher"].put(at(room, "/grades"), json={"cells": [cell(quiz, room.elif_, "B+", 0)]})
        assert entered.json()["kept"] == 1
        after = (await people["aide"].get(at(room), params={"since": before["since"] or str(UUID(int=0))})).json()
        row = next(row for row in after["students"] if row[0] == str(room.elif_.user))
        assert row == [str(room.elif_.user), ["89.00", "B+", "89.00", "B+"], [["B+", 1, ""]]]
        assert (after["writes"], before["writes"]) == (False, True)
        again = (await people["aide"].get(at(room), params={"since": after["since"]})).json()
        assert again["students"] == []

    @pytest.mark.parametrize(("who", "status"), [("student", 403), ("parent", 403), ("stranger", 404)])
    async def test_is_for_the_staff(self, people, room, who, status):
        assert is_problem(await people[who].get(at(room)), status)


class TestEnterGrades:
    async def test_refuses_a_stale_cell_with_what_stands_there(self, people, room, quiz):
        await people["teacher"].put(at(room, "/grades"), json={"cells": [cell(quiz, room.emre, "12")]})
        answer = await people["teacher"].put(at(room, "/grades"), json={"cells": [cell(quiz, room.emre, "3", 0)]})
        (refused,) = answer.json()["refused"]
        assert (refused["kind"], refused["now"], refused["value"], refused["version"]) == ("stale", "12", "3", 1)

    async def test_asks_for_a_reason_and_takes_a_batch_back(self, people, room, quiz):
        client = people["teacher"]
        await client.put(at(room, "/grades"), json={"cells": [cell(quiz, room.amina, "12")]})
        asked = (await client.put(at(room, "/grades"), json={"cells": [cell(quiz, room.amina, "13")]})).json()
        assert asked["refused"][0]["kind"] == "reason"
        changed = {"cells": [cell(quiz, room.amina, "13")], "reason": "Second marker"}
        batch = (await client.put(at(room, "/grades"), json=changed)).json()["batch"]
        undone = (await client.post(at(room, f"/undo/{batch}"))).json()
        row = next(row for row in undone["grid"]["students"] if row[0] == str(room.amina.user))
        assert row[2] == [["12", 3, ""]]
        assert is_problem(await client.post(at(room, f"/undo/{batch}")), 409)

    @pytest.mark.parametrize(("who", "status"), [("aide", 403), ("student", 403), ("stranger", 404)])
    async def test_is_for_teachers(self, people, room, quiz, who, status):
        answer = await people[who].put(at(room, "/grades"), json={"cells": [cell(quiz, room.elif_, "1")]})
        assert is_problem(answer, status)

    async def test_names_the_field_to_mend(self, people, room, quiz):
        wrong = {"cells": [{**cell(quiz, room.elif_, "x" * 41), "version": -1}]}
        assert told(await people["teacher"].put(at(room, "/grades"), json=wrong)) == {
            "cells.0.value",
            "cells.0.version",
        }


class TestTransfer:
    async def test_exports_and_imports_what_was_shown(self, people, room, quiz):
        client = people["teacher"]
        for kind, begins in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
            answer = await client.get(at(room, "/export"), params={"format": kind})
            assert answer.content.startswith(begins)
        await make_assignment(room, await make_group(room, "Projects"), "Poster", 40)
        content = b"Student,Poster\nElif Kaya,37.5\nNobody,1\n"
        plan = (await client.post(at(room, "/import"), content=content)).json()
        assert (plan["count"], len(plan["problems"]), plan["batch"]) == (1, 1, None)
        # Nothing has been entered yet where no other test has: then there is no moment to send along.
        wanted = {"apply": True, "reason": "Import", **({"since": plan["since"]} if plan["since"] else {})}
        done = (await client.post(at(room, "/import"), content=content, params=wanted)).json()
        assert (done["batch"] is not None, done["refused"]) == (True, [])
        receipt = (await people["parent"].get(at(room, f"/students/{room.elif_.user}/receipt"))).json()
        assert receipt["current"] is not None

    @pytest.mark.parametrize("who", ["student", "parent", "aide"])
    async def test_imports_for_teachers_alone(self, people, room, who):
        assert is_problem(await people[who].post(at(room, "/import"), content=b"Student,Poster\n"), 403)

    async def test_explains_no_other_childs_total(self, people, room):
        assert is_problem(await people["student"].get(at(room, f"/students/{room.amina.user}/receipt")), 404)


class TestSubtotals:
    async def test_are_for_the_staff_alone(self, people, room, quiz):
        found = (await people["aide"].get(at(room, "/subtotals"))).json()
        assert str(quiz.group_id) in found["groups"]
        assert set(found["students"]) == {str(each.user) for each in room.students}
        assert is_problem(await people["parent"].get(at(room, "/subtotals")), 403)
        assert is_problem(await people["stranger"].get(at(room, "/subtotals")), 404)


class TestWords:
    async def test_are_about_ones_own_record_only(self, people, room):
        path = at(room, f"/students/{room.elif_.user}/receipt/words")
        assert is_problem(await people["stranger"].post(path, json={"final": False}), 404)
