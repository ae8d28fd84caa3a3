"""The calculator over HTTP: exact in and out, and every wrong field by its name."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from faraday_app.core.permissions import Permission
from faraday_app.gradebook.api import lateness, schemas
from tests.api.conftest import ADDRESS
from tests.factories.api import changed, is_problem, make_key, told
from tests.factories.people import Cast, make_cast

CLASS: dict[str, Any] = {
    "scheme": "weighted",
    "periods": [{"id": "q1", "weight": 50}, {"id": "q2", "weight": 50}],
    "groups": [
        {
            "id": 1,
            "weight": 40,
            "rules": {"drop_lowest": 1, "never_drop": ["b"]},
            "assignments": [
                {"id": "a", "points_possible": 10, "score": 8.5, "period": "q1"},
                {"id": "b", "points_possible": 10, "score": 4, "unposted": True},
                {"id": 7, "points_possible": 10, "score": 9, "period": "q2"},
                {"id": "7", "points_possible": 10, "score": None},
            ],
        },
        {
            "id": 2,
            "weight": 60,
            "rules": {},
            "assignments": [{"id": 9, "points_possible": 100, "score": 91.25}],
        },
    ],
    "letters": [["Pass", 50], ["Fail", 0]],
}
LATE = lateness.EXAMPLE


@pytest_asyncio.fixture(scope="module")
async def school() -> Cast:
    return await make_cast()


@pytest_asyncio.fixture(scope="module")
async def teacher(web_app, school) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Authorization": f"Bearer {await make_key(school.teacher)}"}
    transport = httpx.ASGITransport(web_app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=f"{ADDRESS}/api/v1", headers=headers) as client:
        yield client


class TestCalculate:
    async def test_answers_with_both_results(self, teacher):
        answer = await teacher.post("/gradebook/calculate", json=CLASS)
        assert (
            answer.json()
            == {
                "current": {
                    "score": "80.75",
                    "possible": "100",
                    "percent": "80.75",
                    "letter": "Pass",
                    "dropped": ["a"],
                },
                "final": {"score": "79.75", "possible": "100", "percent": "79.75", "letter": "Pass", "dropped": ["7"]},
            }
            or answer.json()
        )

    async def test_knows_no_unposted_score_in_the_view_of_a_student(self, teacher):
        seen = (await teacher.post("/gradebook/calculate", json={**CLASS, "view": "student"})).json()
        assert seen["current"]["percent"] == "90.75"

    async def test_gives_ids_back_as_they_went(self, teacher):
        body = changed(CLASS, "groups.0.rules", {"drop_lowest": 2, "drop_highest": 1})
        answer = (await teacher.post("/gradebook/calculate", json=body)).json()
        assert answer["final"]["dropped"] == ["b", 7, "7"]

    @pytest.mark.parametrize(
        ("score", "possible", "said"),
        [
            ("93.825", "100", ("93.825", "100", "93.83", "A−")),
            ("12345678901234567890.12", "1e20", ("12345678901234567890.12", "1" + "0" * 20, "12.35", "F")),
            ("0.1", "0.3", ("0.1", "0.3", "33.33", "F")),
            ("1E1", "10", ("10", "10", "100.00", "A")),
            ("5", "0", ("5", "0", None, None)),
            ("5", "null", ("5", "0", None, None)),
            ("null", "10", ("0", "0", None, None)),
        ],
    )
    async def test_takes_numbers_as_they_are_written(self, teacher, score, possible, said):
        work = f'{{"id": 1, "points_possible": {possible}, "score": {score}}}'
        body = (
            f'{{"scheme": "points", "groups": [{{"id": 1, "weight": null, "rules": {{}}, "assignments": [{work}]}}]}}'
        )
        answer = await teacher.post("/gradebook/calculate", content=body, headers={"Content-Type": "application/json"})
        current = answer.json()["current"]
        assert (current["score"], current["possible"], current["percent"], current["letter"]) == said

    @pytest.mark.parametrize(
        ("change", "percent"),
        [
            ({"scheme": "points"}, "86.88"),
            ({"weighted_periods": True}, "87.50"),
            ({"drop_by": "item_percent"}, "80.75"),
            ({"cap": 50}, "50.00"),
            ({"groups": []}, None),
        ],
    )
    async def test_knows_the_rules_of_the_class(self, teacher, change, percent):
        answer = await teacher.post("/gradebook/calculate", json={**CLASS, **change})
        assert answer.json()["current"]["percent"] == percent

    async def test_can_make_another_figure_of_a_group(self, teacher):
        body = changed({**CLASS, "scheme": "points"}, "groups.1.assignments", CLASS["groups"][0]["assignments"][:0])
        answer = await teacher.post("/gradebook/calculate", json=changed(body, "groups.0.aggregate", "max"))
        assert answer.json()["current"]["percent"] == "90.00"

    async def test_is_as_its_example_says(self, teacher):
        assert (await teacher.post("/gradebook/calculate", json=schemas.EXAMPLE)).status_code == 200

    @pytest.mark.parametrize(
        ("path", "value", "field"),
        [
            ("scheme", "curve", "scheme"),
            ("view", "parent", "view"),
            ("drop_by", "luck", "drop_by"),
            ("weighted_periods", "yes", "weighted_periods"),
            ("cap", -1, "cap"),
            ("groups", None, "groups"),
            ("groups.1.id", 1, "groups.1.id"),
            ("groups.0.id", True, "groups.0.id"),
            ("groups.0.id", 1.5, "groups.0.id"),
            ("groups.0.id", "", "groups.0.id"),
            ("groups.0.id", 2**63, "groups.0.id"),
            ("groups.0.weight", -1, "groups.0.weight"),
            ("groups.0.weight", True, "groups.0.weight"),
            ("groups.0.aggregate", "guess", "groups.0.aggregate"),
            ("groups.0.rules.drop_lowest", -1, "groups.0.rules.drop_lowest"),
            ("groups.0.rules.drop_highest", True, "groups.0.rules.drop_highest"),
            ("groups.0.rules.drop_highest", 1.5, "groups.0.rules.drop_highest"),
            ("groups.0.rules.never_drop", ["b", 9], "groups.0.rules.never_drop.1"),
            ("groups.0.assignments.2.id", "a", "groups.0.assignments.2.id"),
            ("groups.1.assignments.0.id", "a", "groups.1.assignments.0.id"),
            ("groups.0.assignments.0.points_possible", -10, "groups.0.assignments.0.points_possible"),
            ("groups.0.assignments.0.points_possible", False, "groups.0.assignments.0.points_possible"),
            ("groups.0.assignments.0.score", True, "groups.0.assignments.0.score"),
            ("groups.0.assignments.0.score", "8.5", "groups.0.assignments.0.score"),
            ("groups.0.assignments.0.score", [8], "groups.0.assignments.0.score"),
            ("groups.0.assignments.0.score", 10**61, "groups.0.assignments.0.score"),
            ("groups.0.assignments.0.score", 1e-30, "groups.0.assignments.0.score"),
            ("groups.0.assignments.0.excused", "no", "groups.0.assignments.0.excused"),
            ("groups.0.assignments.0.published", 0, "groups.0.assignments.0.published"),
            ("groups.0.assignments.0", {"id": 1}, "groups.0.assignments.0.score"),
            ("periods.1.id", "q1", "periods.1.id"),
            ("periods.0.weight", -5, "periods.0.weight"),
            ("letters", [], "letters"),
            ("letters", [["A", 90]], "letters"),
            ("letters", [["A", 90], ["A", 80], ["F", 0]], "letters.1"),
            ("letters", [["A", 90], ["B", 90], ["F", 0]], "letters.1"),
            ("letters", [["A", "much"], ["F", 0]], "letters.0.1"),
            ("letters", [["A", -1], ["F", 0]], "letters.0.1"),
        ],
    )
    async def test_refuses_what_is_wrong_and_names_the_field(self, teacher, path, value, field):
        answer = await teacher.post("/gradebook/calculate", json=changed(CLASS, path, value))
        assert field in told(answer)

    @pytest.mark.parametrize(
        "number",
        [
            "NaN",
            "Infinity",
            "-Infinity",
            "1e999999",
            "1e-999999999",
            "-1e9999999999999999999999",
            "0e999999",
            "9" * 5000,
        ],
    )
    async def test_refuses_numbers_that_are_none_or_beyond_all_bounds(self, teacher, number):
        body = json.dumps(changed(CLASS, "groups.0.assignments.0.score", "HERE")).replace('"HERE"', number)
        answer = await teacher.post("/gradebook/calculate", content=body, headers={"Content-Type": "application/json"})
        assert told(answer) == {"groups.0.assignments.0.score"}

    @pytest.mark.parametrize("missing", ["scheme", "groups"])
    async def test_needs_a_scheme_and_groups(self, teacher, missing):
        body = {name: value for name, value in CLASS.items() if name != missing}
        assert told(await teacher.post("/gradebook/calculate", json=body)) == {missing}

    async def test_refuses_a_period_that_is_not_there_where_periods_have_weight(self, teacher):
        body = changed(CLASS, "groups.0.assignments.0.period", "q9")
        assert (await teacher.post("/gradebook/calculate", json=body)).status_code == 200
        answer = await teacher.post("/gradebook/calculate", json={**body, "weighted_periods": True})
        assert told(answer) == {"groups.0.assignments.0.period"}

    async def test_names_all_that_is_wrong_at_once(self, teacher):
        body = changed(changed(CLASS, "groups.1.id", 1), "groups.0.rules.never_drop", ["x"])
        answer = await teacher.post("/gradebook/calculate", json=body)
        assert told(answer) == {"groups.1.id", "groups.0.rules.never_drop.0"}

    @pytest.mark.parametrize("text", ["[", '{"scheme": ' + "[" * 100_000, "\udcff"])
    async def test_refuses_what_cannot_be_read(self, teacher, text):
        body = text.encode("utf-8", "surrogateescape")
        answer = await teacher.post("/gradebook/calculate", content=body, headers={"Content-Type": "application/json"})
        assert is_problem(answer, 422)

    async def test_takes_two_thousand_assignments_and_no_more(self, teacher):
        work = [{"id": each, "points_possible": 10, "score": each % 11} for each in range(schemas.MOST_WORK)]
        group = {"id": 1, "weight": 100, "rules": {"drop_lowest": 700, "drop_highest": 600}, "assignments": work}
        body = {"scheme": "points", "groups": [group]}
        answer = (await teacher.post("/gradebook/calculate", json=body)).json()
        assert len(answer["final"]["dropped"]) == 1300
        more = {"id": 2, "weight": 1, "rules": {}, "assignments": [{"id": -1, "points_possible": 1, "score": 1}]}
        assert told(await teacher.post("/gradebook/calculate", json={**body, "groups": [group, more]})) == {"groups"}
        group["assignments"] = [*work, *more["assignments"]]
        assert told(await teacher.post("/gradebook/calculate", json=body)) == {"groups.0.assignments"}


class TestLatePenalty:
    @pytest.mark.parametrize(
        ("change", "deducted", "after"),
        [
            ({}, "20", "70"),
            ({"late_seconds": 86_400}, "10", "80"),
            ({"late_seconds": 0}, "0", "90"),
            ({"late_seconds": 864_000}, "50", "40"),
            ({"raw_score": 18.25, "points_possible": 20}, "4", "14.25"),
            ({"raw_score": None}, "0", None),
            ({"points_possible": None}, "0", "90"),
            ({"points_possible": 0}, "0", "90"),
            ({"grading_type": "pass_fail"}, "0", "90"),
            ({"grading_type": "letter_grade"}, "20", "70"),
            ({"grading_type": "gpa"}, "20", "70"),
            ({"policy": {**LATE["policy"], "enabled": False}}, "0", "90"),
            ({"policy": {**LATE["policy"], "interval": "hour"}}, "50", "40"),
            ({"policy": {**LATE["policy"], "minimum_percent": None}, "late_seconds": 864_000}, "90", "0"),
        ],
    )
    async def test_is_what_the_policy_takes(self, teacher, change, deducted, after):
        answer = await teacher.post("/gradebook/late-penalty", json={**LATE, **change})
        assert answer.json() == {"points_deducted": deducted, "score_after": after}

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            ("raw_score", "90"),
            ("raw_score", True),
            ("points_possible", -1),
            ("late_seconds", None),
            ("grading_type", "stars"),
            ("policy", None),
            ("policy.enabled", "yes"),
            ("policy.deduct_percent_per_interval", 101),
            ("policy.deduct_percent_per_interval", -1),
            ("policy.interval", "week"),
            ("policy.minimum_percent", 100.5),
        ],
    )
    async def test_refuses_what_is_wrong_and_names_the_field(self, teacher, path, value):
        assert path in told(await teacher.post("/gradebook/late-penalty", json=changed(LATE, path, value)))

    @pytest.mark.parametrize("missing", ["raw_score", "points_possible", "late_seconds", "grading_type", "policy"])
    async def test_needs_every_field(self, teacher, missing):
        body = {name: value for name, value in LATE.items() if name != missing}
        assert told(await teacher.post("/gradebook/late-penalty", json=body)) == {missing}


class TestPermission:
    async def test_is_everybodys_with_a_key_for_it(self, as_, school):
        for actor in (school.administrator, school.head, school.aide, school.student, school.parent):
            client = await as_(actor, Permission.gradebook_calculate)
            assert (await client.post("/gradebook/late-penalty", json=LATE)).status_code == 200

    async def test_is_asked_for(self, guest, as_, school):
        other = await as_(school.teacher, Permission.credits_read)
        for name, body in (("calculate", CLASS), ("late-penalty", LATE)):
            assert is_problem(await guest.post(f"/api/v1/gradebook/{name}", json=body), 401)
            assert is_problem(await other.post(f"/gradebook/{name}", json=body), 403)
