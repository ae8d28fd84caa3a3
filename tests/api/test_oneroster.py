"""The gradebook for other systems: what a conformance suite does with it, and who may."""

import base64
from datetime import date

import pytest
from sqlalchemy import select
from sqlmodel import col

from faraday_app.classes.models import RosterRecord
from faraday_app.classes.oneroster import Version, read
from faraday_app.classes.service import rosters
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.models import Assignment
from faraday_app.gradebook.models import Grade, GradeEntry
from faraday_app.gradebook.service import ledger
from faraday_app.gradebook.service.ledger import Change
from tests.factories.api import make_key
from tests.factories.classes import make_assignment, make_classroom, make_group

AT = "http://localhost:3000/ims/oneroster/gradebook/v1p2"
ALL = (Permission.oneroster_read, Permission.oneroster_write, Permission.oneroster_delete)


@pytest.fixture
async def room(cast):
    """Biology 9B, which a school's own system calls k9; Elif is u1 there."""
    made = await make_classroom(cast)
    async with transaction(Actor.system(cast.organization_id)) as session:
        named = {"organization_id": cast.organization_id, "source": "SIS"}
        session.add(RosterRecord(**named, file="classes", sourced_id="k9", record_id=made.id))
        session.add(RosterRecord(**named, file="users", sourced_id="u1", record_id=made.elif_.user))
    return made


def line_item(**more):
    return {
        "lineItem": {
            "title": "Photosynthesis lab",
            "description": "Bring a leaf.",
            "assignDate": "2026-09-01T00:00:00.000Z",
            "dueDate": "2026-09-08T23:59:59.000Z",
            "class": {"href": "x", "sourcedId": "k9", "type": "class"},
            "category": {"href": "x", "sourcedId": "labs", "type": "category"},
            "gradingPeriod": {"href": "x", "sourcedId": "gp1", "type": "academicSession"},
            "resultValueMin": 0,
            "resultValueMax": 100,
            **more,
        }
    }


def result(status="fully graded", score=None, **more):
    said = {"lineItem": {"sourcedId": "lab-1"}, "student": {"sourcedId": "u1"}, "scoreStatus": status}
    return {"result": {**said, "scoreDate": "2026-09-09", **({} if score is None else {"score": score}), **more}}


@pytest.fixture
async def client(as_, cast, room):
    return await as_(cast.teacher, *ALL)


@pytest.fixture
async def lab(client):
    assert (await client.put(f"{AT}/categories/labs", json={"category": {"title": "Labs"}})).status_code == 201
    made = await client.put(f"{AT}/lineItems/lab-1", json=line_item())
    assert made.status_code == 201, made.text
    return made.json()["lineItem"]


class TestCategories:
    async def test_are_made_then_changed(self, client, lab):
        again = await client.put(f"{AT}/categories/labs", json={"category": {"title": "Laboratory", "weight": 20}})
        assert (again.status_code, again.json()["category"]["title"]) == (200, "Laboratory")
        got = (await client.get(f"{AT}/categories/labs")).json()["category"]
        assert (got["sourcedId"], got["title"], got["weight"], got["status"]) == ("labs", "Laboratory", 20, "active")
        of_class = (await client.get(f"{AT}/classes/k9/categories")).json()["categories"]
        assert [(each["sourcedId"], each["title"]) for each in of_class] == [("labs", "Laboratory")]

    async def test_go_when_nothing_is_in_them(self, client, lab):
        assert (await client.delete(f"{AT}/categories/labs")).status_code == 409
        await client.delete(f"{AT}/lineItems/lab-1")
        assert (await client.delete(f"{AT}/categories/labs")).status_code == 204
        assert (await client.get(f"{AT}/categories/labs")).status_code == 404


class TestLineItems:
    async def test_come_back_as_they_went(self, client, lab):
        got = (await client.get(f"{AT}/lineItems/lab-1")).json()["lineItem"]
        sent = line_item()["lineItem"]
        for name in ("title", "description", "assignDate", "dueDate", "resultValueMin", "resultValueMax"):
            assert got[name] == sent[name]
        for name in ("class", "category", "gradingPeriod"):
            assert got[name]["sourcedId"] == sent[name]["sourcedId"]

    async def test_are_published_work_on_paper(self, lab, room):
        async with transaction(Actor.system(room.cast.organization_id)) as session:
            (work,) = await session.scalars(select(Assignment).where(col(Assignment.class_id) == room.id))
        assert (work.status, work.submission_types, work.class_id) == ("published", ["paper"], room.id)

    async def test_are_changed_by_the_same_id(self, client, lab):
        again = await client.put(f"{AT}/lineItems/lab-1", json=line_item(title="Lab, again", resultValueMax=50))
        assert (again.status_code, again.json()["lineItem"]["title"]) == (200, "Lab, again")
        assert (await client.get(f"{AT}/lineItems/lab-1")).json()["lineItem"]["resultValueMax"] == 50

    async def test_vanish_and_can_be_made_again(self, client, lab):
        assert (await client.delete(f"{AT}/lineItems/lab-1")).status_code == 204
        assert (await client.get(f"{AT}/lineItems/lab-1")).status_code == 404
        assert (await client.get(f"{AT}/classes/k9/lineItems")).json() == {"lineItems": []}
        assert (await client.put(f"{AT}/lineItems/lab-1", json=line_item())).status_code == 201

    async def test_are_listed_by_page_filter_and_order(self, client, lab):
        for number in range(2, 5):
            body = line_item(title=f"Lab {number}", resultValueMax=number)
            assert (await client.put(f"{AT}/lineItems/lab-{number}", json=body)).status_code == 201
        answer = await client.get(f"{AT}/lineItems?limit=2&offset=1&sort=resultValueMax&fields=sourcedId")
        assert answer.json() == {"lineItems": [{"sourcedId": "lab-3"}, {"sourcedId": "lab-4"}]}
        assert answer.headers["x-total-count"] == "4"
        assert 'rel="next"' in answer.headers["link"]
        narrowed = await client.get(f"{AT}/lineItems", params={"filter": "class.sourcedId='k9' AND title='Lab 3'"})
        assert [each["sourcedId"] for each in narrowed.json()["lineItems"]] == ["lab-3"]
        assert (await client.get(f"{AT}/lineItems", params={"filter": "nonsense"})).status_code == 400

    async def test_of_a_teacher_are_seen_by_their_own_id(self, client, room):
        work = await make_assignment(room, await make_group(room), "Cell quiz", due_at=None)
        (got,) = (await client.get(f"{AT}/classes/k9/lineItems")).json()["lineItems"]
        assert (got["sourcedId"], got["title"], got["resultValueMax"]) == (str(work.id), "Cell quiz", 20)
        assert (await client.get(f"{AT}/lineItems/{work.id}")).status_code == 200

    @pytest.mark.parametrize(
        "wrong", [{"class": {"sourcedId": "k0"}}, {"category": {"sourcedId": "none"}}, {"dueDate": "tomorrow"}]
    )
    async def test_are_refused_where_they_lead_nowhere(self, client, lab, wrong):
        answer = await client.put(f"{AT}/lineItems/lab-9", json=line_item(**wrong))
        assert (answer.status_code, answer.json()["imsx_codeMajor"]) == (422, "failure")
        assert next(iter(wrong)) in answer.json()["imsx_description"]


class TestResults:
    async def test_above_the_maximum_come_back_as_they_went(self, client, lab):
        made = await client.put(f"{AT}/results/r1", json=result(score=300, comment="Far more than asked."))
        assert made.status_code == 201, made.text
        again = await client.put(f"{AT}/results/r1", json=result(score=300, comment="Far more than asked."))
        assert again.status_code == 200
        got = (await client.get(f"{AT}/results/r1")).json()["result"]
        assert (got["score"], got["scoreStatus"], got["comment"]) == (300, "fully graded", "Far more than asked.")
        assert (got["student"]["sourcedId"], got["lineItem"]["sourcedId"]) == ("u1", "lab-1")
        assert got["scoreDate"] == "2026-09-09"

    async def test_are_the_same_page_by_page(self, client, room, lab):
        """What is graded here, what was sent, and what only the other system speaks of; also in the reverse order."""
        assert (await client.put(f"{AT}/results/a-9", json=result(score=80))).status_code == 201
        other = line_item(title="Second lab")
        assert (await client.put(f"{AT}/lineItems/lab-2", json=other)).status_code == 201
        silent = result("not submitted", lineItem={"sourcedId": "lab-2"})
        assert (await client.put(f"{AT}/results/Z-1", json=silent)).status_code == 201
        work = await make_assignment(room, await make_group(room))
        async with transaction(room.teacher) as session:
            await ledger.enter(session, room.teacher, room.id, [Change(work.id, room.emre.user, "9")])
        whole = await client.get(f"{AT}/results?filter=sourcedId!='none'")  # read whole, and narrowed
        found = whole.json()["results"]
        pages = [await client.get(f"{AT}/results?limit=1&offset={at}") for at in range(3)]
        assert [each.json()["results"][0] for each in pages] == found
        assert {each.headers["X-Total-Count"] for each in (whole, *pages)} == {"3"}
        back = await client.get(f"{AT}/classes/k9/results?sort=sourcedId&orderBy=desc")
        assert back.json()["results"] == found[::-1]

    @pytest.mark.parametrize("status", ["exempt", "not submitted", "submitted"])
    async def test_without_a_score_keep_their_status(self, client, lab, status):
        assert (await client.put(f"{AT}/results/r1", json=result(status))).status_code == 201
        got = (await client.get(f"{AT}/results/r1")).json()["result"]
        assert (got["scoreStatus"], got.get("score")) == (status, None)
        assert [each["sourcedId"] for each in (await client.get(f"{AT}/results")).json()["results"]] == ["r1"]

    @pytest.mark.parametrize("status", ["exempt", "fully graded", "partially graded", "submitted"])
    async def test_with_a_score_keep_both(self, client, lab, status):
        await client.put(f"{AT}/results/r1", json=result(status, 7.25))
        got = (await client.get(f"{AT}/results/r1")).json()["result"]
        assert (got["scoreStatus"], got["score"]) == (status, 7.25)

    async def test_that_are_exempt_are_excused_here(self, client, lab, room):
        await client.put(f"{AT}/results/r1", json=result("exempt"))
        async with transaction(room.teacher) as session:
            (grade,) = await session.scalars(select(Grade))
            assert grade.excused
            assert [entry.kind for entry in await session.scalars(select(GradeEntry))] == ["imported"]

    async def test_that_are_deleted_vanish(self, client, lab, room):
        await client.put(f"{AT}/results/r1", json=result(score=80))
        assert (await client.delete(f"{AT}/results/r1")).status_code == 204
        assert (await client.get(f"{AT}/results/r1")).status_code == 404
        assert (await client.get(f"{AT}/classes/k9/results")).json() == {"results": []}
        async with transaction(room.teacher) as session:
            assert (await session.scalars(select(Grade))).one().score is None
        assert (await client.put(f"{AT}/results/r1", json=result(score=81))).status_code == 201

    async def test_are_listed_by_class_line_item_and_student(self, client, lab, room):
        await client.put(f"{AT}/results/r1", json=result(score=80))
        other = result(score=70)
        other["result"]["student"] = {"sourcedId": str(room.emre.user)}
        assert (await client.put(f"{AT}/results/r2", json=other)).status_code == 201

        async def listed(path):
            return [each["sourcedId"] for each in (await client.get(f"{AT}/classes/k9{path}")).json()["results"]]

        assert await listed("/results") == ["r1", "r2"]
        assert await listed("/lineItems/lab-1/results") == ["r1", "r2"]
        assert await listed("/students/u1/results") == ["r1"]
        assert await listed("/results?filter=score%3E'75'") == ["r1"]

    async def test_of_nobody_in_the_class_are_refused(self, client, lab, room):
        other = result(score=70)
        other["result"]["student"] = {"sourcedId": str(room.nadir.user)}
        answer = await client.put(f"{AT}/results/r1", json=other)
        assert (answer.status_code, "student" in answer.json()["imsx_description"]) == (422, True)


class TestScopes:
    async def test_open_one_door_each(self, as_, cast, room, lab):
        reading = await as_(cast.teacher, Permission.oneroster_read)
        writing = await as_(cast.teacher, Permission.oneroster_write)
        assert (await reading.get(f"{AT}/lineItems/lab-1")).status_code == 200
        assert (await reading.put(f"{AT}/lineItems/lab-1", json=line_item())).status_code == 403
        assert (await writing.get(f"{AT}/lineItems/lab-1")).status_code == 403
        assert (await writing.put(f"{AT}/lineItems/lab-1", json=line_item())).status_code == 200
        assert (await writing.delete(f"{AT}/lineItems/lab-1")).status_code == 403
        assert (await writing.get("/people")).status_code == 403

    async def test_reach_as_far_as_their_person(self, as_, cast, room, lab):
        for outsider in (cast.colleague, cast.stranger):
            client = await as_(outsider, *ALL)
            assert (await client.get(f"{AT}/lineItems/lab-1")).status_code == 404
            assert (await client.get(f"{AT}/lineItems")).json() == {"lineItems": []}
            assert (await client.get(f"{AT}/classes/k9/results")).status_code == 404
        overseer = await as_(cast.administrator, *ALL)
        assert (await overseer.get(f"{AT}/lineItems/lab-1")).status_code == 200

    async def test_are_given_as_a_token_too(self, guest, cast):
        secret = await make_key(cast.teacher, Permission.oneroster_read)
        basic = base64.b64encode(f"sis:{secret}".encode()).decode()
        scope = "https://purl.imsglobal.org/spec/or/v1p2/scope/gradebook.readonly"
        form = {"grant_type": "client_credentials", "scope": scope}
        at = "http://localhost:3000/ims/oneroster/token"
        answer = (await guest.post(at, data=form, headers={"Authorization": f"Basic {basic}"})).json()
        assert (answer["token_type"], answer["scope"]) == ("Bearer", scope)
        bearer = {"Authorization": f"Bearer {answer['access_token']}"}
        assert (await guest.get(f"{AT}/categories", headers=bearer)).json() == {"categories": []}
        more = {**form, "scope": scope.replace("readonly", "delete"), "client_secret": secret}
        assert (await guest.post(at, data=more)).json() == {"error": "invalid_scope"}
        assert (await guest.post(at, data={**form, "client_secret": "no"})).status_code == 401

    async def test_refuse_in_the_words_of_the_protocol(self, guest):
        answer = await guest.get(f"{AT}/lineItems")
        assert answer.status_code == 401
        assert (
            answer.json()["imsx_CodeMinor"]["imsx_codeMinorField"][0]["imsx_codeMinorFieldValue"]
            == "unauthorisedrequest"
        )


class TestExport:
    async def test_has_the_gradebook_under_the_same_ids(self, client, lab, cast):
        await client.put(f"{AT}/results/r1", json=result(score=300, comment="Far more than asked."))
        for version in Version:
            found = read(await rosters.export(cast.administrator, version)).package
            assert [(each.sourced_id, each.title) for each in found.categories] == [("labs", "Labs")]
            assert [(each.sourced_id, each.class_id, each.due) for each in found.line_items] == [
                ("lab-1", "k9", date(2026, 9, 8))
            ]
            assert [(each.sourced_id, each.student_id, each.score, each.comment) for each in found.results] == [
                ("r1", "u1", 300, "Far more than asked.")
            ]
