"""Drills, replays, learning and judgements over HTTP."""

import pytest

from faraday_app.core.ids import new_id
from faraday_app.gateway.service import catalogue, learning
from tests.factories.api import is_problem
from tests.factories.contexts import begin, said
from tests.factories.gateway import make_receipt


@pytest.fixture(autouse=True)
def by_the_tables() -> None:
    catalogue.install()
    learning.install()


@pytest.fixture
async def keeper(as_, cast):
    return await as_(cast.administrator)


class TestDrills:
    async def test_are_asked_for_once_and_listed(self, keeper, as_, cast):
        said_so = await keeper.post("/failover-drills")
        made = said_so.json()
        assert (said_so.status_code, made["status"], made["started_by"]) == (
            202,
            "waiting",
            str(cast.administrator.user),
        )
        assert is_problem(await keeper.post("/failover-drills"), 409)
        assert [each["id"] for each in (await keeper.get("/failover-drills")).json()["items"]] == [made["id"]]
        assert (await keeper.get(f"/failover-drills/{made['id']}")).json() == made
        assert is_problem(await keeper.get(f"/failover-drills/{new_id()}"), 404)
        assert is_problem(await (await as_(cast.teacher)).post("/failover-drills"), 403)

    async def test_are_scheduled(self, keeper):
        assert (await keeper.get("/failover-drill-schedule")).json() == {"schedule": "weekly"}
        await keeper.put("/failover-drill-schedule", json={"schedule": "never"})
        assert (await keeper.get("/failover-drill-schedule")).json() == {"schedule": "never"}


class TestReplays:
    async def test_tell_what_would_have_been(self, keeper, cast):
        await make_receipt(cast.organization_id, cost=7)
        made = (await keeper.post("/routing-replays", json={"days": 3, "strategy": "fastest"})).json()
        assert (made["status"], made["total"], made["forecast"]["real"]["cost"]) == ("done", 1, 7)
        assert (await keeper.get(f"/routing-replays/{made['id']}")).json() == made
        assert len((await keeper.get("/routing-replays")).json()["items"]) == 1
        assert is_problem(await keeper.post("/routing-replays", json={"days": 400}), 422)


class TestJudgements:
    async def test_are_given_taught_and_taken_back(self, keeper, as_, cast):
        teacher = await as_(cast.teacher)
        answer = await said(cast.teacher, await begin(cast.teacher))
        receipt = await make_receipt(cast.organization_id, message_id=answer.id, user_id=cast.teacher.user)
        assert is_problem(await teacher.get(f"/answers/{answer.id}/judgement"), 404)
        wanted = {"good": False, "reason": "Too long."}
        assert (await teacher.put(f"/answers/{answer.id}/judgement", json=wanted)).json() == wanted
        assert (await teacher.get(f"/answers/{answer.id}/judgement")).json() == wanted
        (figures,) = (await keeper.get("/models/figures")).json()
        assert (figures["liked"], figures["disliked"]) == (0, 1)
        learned = (await keeper.get("/learned-routing")).json()
        assert (learned["on"], list(learned["tasks"])) == (False, ["writing"])
        assert (await keeper.put("/learned-routing", json={"on": True})).json() == {"on": True}
        assert (await keeper.get("/learned-routing")).json()["on"] is True
        assert (await teacher.delete(f"/answers/{answer.id}/judgement")).status_code == 204
        assert is_problem(await (await as_(cast.aide)).put(f"/answers/{answer.id}/judgement", json=wanted), 404)
        assert (await teacher.get(f"/route-receipts/{receipt.id}/sent")).json() == []
