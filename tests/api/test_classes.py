"""Terms, classes, enrolments and guardians over HTTP."""

from tests.factories.api import is_problem
from tests.factories.classes import make_classroom

TERM = {"name": "Spring term", "starts_on": "2027-02-01", "ends_on": "2027-06-30"}
PERIOD = {"name": "Third quarter", "starts_on": "2027-02-01", "ends_on": "2027-04-16", "weight": "33.3333"}


class TestTerms:
    async def test_are_made_with_periods_and_changed_once(self, as_, cast):
        api = await as_(cast.administrator)
        term = (await api.post("/terms", json=TERM)).json()
        period = (await api.post(f"/terms/{term['id']}/grading-periods", json=PERIOD)).json()
        assert period["weight"] == "33.3333"
        assert (await api.put(f"/grading-periods/{period['id']}/closed")).status_code == 204
        changed = {**PERIOD, "version": 2}
        assert is_problem(await api.put(f"/grading-periods/{period['id']}", json=changed), 409)
        later = {**TERM, "ends_on": "2027-07-02", "version": 1}
        assert (await api.put(f"/terms/{term['id']}", json=later)).json()["version"] == 2
        assert is_problem(await api.put(f"/terms/{term['id']}", json=later), 409)
        listed = (await api.get("/terms")).json()["items"]
        assert [each["name"] for each in listed[0]["periods"]] == ["Third quarter"]

    async def test_come_in_pages(self, as_, cast):
        api = await as_(cast.administrator)
        for year in (2027, 2028, 2029):
            days = {"starts_on": f"{year}-02-01", "ends_on": f"{year}-06-30"}
            await api.post("/terms", json={"name": f"Spring {year}", **days})
        first = (await api.get("/terms", params={"limit": 2})).json()
        rest = (await api.get("/terms", params={"cursor": first["next"]})).json()
        assert [each["name"] for each in first["items"] + rest["items"]] == [f"Spring {n}" for n in (2029, 2028, 2027)]
        assert rest["next"] is None


class TestClasses:
    async def test_are_to_each_what_they_may_know(self, as_, cast):
        classroom = await make_classroom(cast)
        for actor, students, standing, children in (
            (cast.teacher, 3, "Teacher", []),
            (cast.aide, 3, "Aide", []),
            (cast.student, None, "Student", []),
            (cast.parent, None, "Parent", ["Elif Kaya", "Emre Kaya"]),
        ):
            found = (await (await as_(actor)).get(f"/classes/{classroom.id}")).json()
            assert (found["students"], found["standing"], found["children"]) == (students, standing, children)
        for actor in (cast.colleague, cast.stranger):
            api = await as_(actor)
            for path in ("", "/enrolments", "/staff", "/sections"):
                assert is_problem(await api.get(f"/classes/{classroom.id}{path}"), 404)

    async def test_are_made_filled_and_archived_by_a_teacher(self, as_, cast):
        classroom = await make_classroom(cast)
        api = await as_(cast.teacher)
        wanted = {"term_id": str(classroom.term_id), "name": "Botany 9"}
        made = (await api.post("/classes", json=wanted)).json()
        assert made["teachers"] == ["Maya Okafor"]
        copied = await api.post(f"/classes/{made['id']}/copies", json={"from_class_id": str(classroom.id)})
        assert copied.json() == {"students": 3, "staff": 0}
        staff = f"/classes/{made['id']}/staff/{cast.colleague.user}"
        for role in ("aide", "teacher"):
            assert (await api.put(staff, json={"role": role})).status_code == 204
        assert (await api.delete(f"/classes/{made['id']}/staff/{cast.teacher.user}")).status_code == 204
        theirs = await as_(cast.colleague)
        assert is_problem(await theirs.delete(staff), 409)
        assert (await theirs.put(f"/classes/{made['id']}/archived")).status_code == 204
        body = {"student_ids": [str(classroom.amina.user)]}
        assert is_problem(await theirs.post(f"/classes/{made['id']}/enrolments", json=body), 409)


class TestEnrolments:
    async def test_show_guardians_to_staff_alone(self, as_, cast):
        classroom = await make_classroom(cast)
        for actor, names, guardians in (
            (cast.aide, ["Amina Haddad", "Elif Kaya", "Emre Kaya"], ["Karim Haddad", "Nadir Kaya", "Nadir Kaya"]),
            (cast.student, ["Elif Kaya"], []),
            (cast.parent, ["Elif Kaya", "Emre Kaya"], []),
        ):
            found = (await (await as_(actor)).get(f"/classes/{classroom.id}/enrolments")).json()["items"]
            assert [each["name"] for each in found] == names
            assert [one["guardian"] for each in found for one in each["guardians"]] == guardians
            assert all(bool(each["email"]) == bool(guardians) for each in found)

    async def test_come_in_pages_and_change_by_version(self, as_, cast):
        classroom = await make_classroom(cast)
        api = await as_(cast.teacher)
        path = f"/classes/{classroom.id}/enrolments"
        first = (await api.get(path, params={"limit": 2})).json()
        rest = (await api.get(path, params={"cursor": first["next"]})).json()
        assert [each["name"] for each in rest["items"]] == ["Emre Kaya"]
        change = {"status": "withdrawn", "version": 1}
        place = f"/enrolments/{rest['items'][0]['id']}"
        assert (await api.put(place, json=change)).json()["version"] == 2
        assert is_problem(await api.put(place, json=change), 409)
        again = {"student_ids": [str(classroom.emre.user)]}
        assert [(await api.post(path, json=again)).json()["added"] for _ in range(2)] == [1, 0]


class TestGuardianships:
    async def test_are_linked_listed_and_unlinked_by_the_administrator(self, as_, cast):
        classroom = await make_classroom(cast)
        api = await as_(cast.administrator)
        body = {
            "guardian_id": str(classroom.karim.user),
            "student_id": str(classroom.emre.user),
            "relationship": "Uncle",
        }
        made = await api.post("/guardianships", json=body)
        assert (made.status_code, made.json()["guardian"]) == (201, "Karim Haddad")
        assert is_problem(await api.post("/guardianships", json=body), 409)
        found = (await api.get("/guardianships", params={"student_id": str(classroom.emre.user)})).json()["items"]
        assert [each["guardian"] for each in found] == ["Nadir Kaya", "Karim Haddad"]
        assert (await api.delete(f"/guardianships/{made.json()['id']}")).status_code == 204
        assert is_problem(await (await as_(cast.teacher)).get("/guardianships"), 403)
