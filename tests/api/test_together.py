"""Several GPTs at one question over HTTP; a stub answers for the model."""

import asyncio
import json

import pytest
from sqlalchemy import select
from sqlmodel import col

from faraday_app.contexts.models import Orchestration
from faraday_app.core.database import transaction
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor
from faraday_app.gateway.service import learning
from tests.api.test_answers import events_of
from tests.factories import gateway as models
from tests.factories.api import is_problem
from tests.factories.gpts import make_gpt
from tests.factories.upstream import open_upstream

ASKED = {"message": "What do frogs eat?"}


@pytest.fixture
async def teacher(as_, funded):
    return await as_(funded.teacher)


@pytest.fixture
async def gpts(funded):
    return [await make_gpt(funded.teacher, name, instructions="Be brief.") for name in ("Nova", "Vega", "Lyra")]


@pytest.fixture
async def conversation(teacher, gpts, stub) -> str:
    path = f"/conversations/{(await teacher.post('/conversations', json={})).json()['id']}"
    wanted = {"gpt_ids": [str(gpt.id) for gpt in gpts[:2]], "mode": "compare", "step_limit": 4}
    assert (await teacher.put(f"{path}/answerers", json=wanted)).status_code == 200
    return path


async def open_ones(actor) -> list[Orchestration]:
    async with transaction(Actor.system(actor.organization)) as session:
        mine = select(Orchestration).where(col(Orchestration.organization_id) == actor.organization)
        return list(await session.scalars(mine.where(col(Orchestration.finished_at).is_(None))))


class TestAnswerers:
    async def test_are_chosen_and_read(self, teacher, conversation, gpts):
        found = (await teacher.get(f"{conversation}/answerers")).json()
        assert found["gpt_ids"] == [str(gpt.id) for gpt in gpts[:2]]
        assert (found["mode"], found["budget"], found["step_limit"]) == ("compare", None, 4)

    @pytest.mark.parametrize(
        ("wrong", "status"),
        [
            ({"mode": "fight"}, 422),
            ({"gpt_ids": ["x"]}, 422),
            ({"gpt_ids": [str(new_id())]}, 404),
            ({"step_limit": 0}, 422),
            ({"budget": 0}, 422),
            ({"gpt_ids": [str(new_id())] * 7}, 422),
        ],
    )
    async def test_that_cannot_be_are_refused(self, teacher, conversation, wrong, status):
        assert is_problem(await teacher.put(f"{conversation}/answerers", json=wrong), status)

    async def test_are_not_for_those_who_only_read(self, as_, teacher, conversation, funded):
        await teacher.put(f"{conversation}/members/{funded.colleague.user_id}", json={"access": "viewer"})
        colleague = await as_(funded.colleague)
        assert (await colleague.get(f"{conversation}/answerers")).status_code == 200
        assert is_problem(await colleague.put(f"{conversation}/answerers", json={}), 403)


class TestAsk:
    async def test_waits_for_all_and_tells_what_each_said_and_cost(self, teacher, conversation):
        found = (await teacher.post(f"{conversation}/messages", json=ASKED)).json()
        assert (found["status"], found["mode"], [part["name"] for part in found["parts"]]) == (
            "complete", "compare", ["Nova", "Vega"]
        )  # fmt: skip
        assert all(part["text"] == "One two three four five." and part["cost"] for part in found["parts"])
        assert found["cost"] == sum(part["cost"] for part in found["parts"])
        assert found["shown_id"] == found["parts"][0]["id"]
        again = await teacher.get(f"{conversation}/together/{found['orchestration_id']}")
        assert again.json() == found

    async def test_with_the_same_key_is_asked_once(self, teacher, conversation, stub):
        key = {"Idempotency-Key": "k"}
        send = [teacher.post(f"{conversation}/messages", json=ASKED, headers=key) for _ in range(3)]
        found = [response.json() for response in await asyncio.gather(*send)]
        assert len({each["orchestration_id"] for each in found}) == 1
        assert {each["status"] for each in found} == {"complete"}
        assert len(stub.asked) == 2

    async def test_merges_plans_and_routes_as_the_mode_says(self, teacher, conversation, gpts, stub):
        wanted = {"gpt_ids": [str(gpt.id) for gpt in gpts], "mode": "router"}
        await teacher.put(f"{conversation}/answerers", json=wanted)
        chosen = '{"gpt": "C", "why": "It knows frogs."}'
        stub.says = lambda body: [chosen] if body.get("response_format") else ["Flies."]
        found = (await teacher.post(f"{conversation}/messages", json=ASKED)).json()
        assert [(part["part"], part["lane"], part["text"]) for part in found["parts"]] == [
            ("route", 0, chosen), ("final", 2, "Flies.")
        ]  # fmt: skip
        assert found["choice"].endswith("chose Lyra: It knows frogs.")
        await teacher.put(f"{conversation}/answerers", json={**wanted, "mode": "delegate"})
        steps = [{"gpt": "B", "task": "List insects.", "needs": []}, {"gpt": "C", "task": "Check.", "needs": [1]}]
        stub.says = lambda body: [json.dumps({"steps": steps})] if body.get("response_format") else ["Done."]
        found = (await teacher.post(f"{conversation}/messages", json=ASKED)).json()
        assert [(part["part"], part["lane"], part["step"]) for part in found["parts"]] == [
            ("plan", 0, 1), ("draft", 1, 2), ("draft", 2, 3), ("final", 0, 4)
        ]  # fmt: skip
        assert "Result of step 1, by Vega" in stub.asked[-2]["messages"][-1]["content"]

    async def test_goes_by_shared_words_where_the_budget_is_small_and_says_so(self, teacher, conversation, stub):
        ids = (await teacher.get(f"{conversation}/answerers")).json()["gpt_ids"]
        limits = {"gpt_ids": ids, "mode": "router", "budget": 700_000}
        await teacher.put(f"{conversation}/answerers", json=limits)
        found = (await teacher.post(f"{conversation}/messages", json=ASKED)).json()
        assert (found["status"], len(stub.asked)) == ("complete", 1)
        assert "no room to ask who fits" in found["choice"]


class TestStream:
    async def test_tells_of_every_lane_and_at_last_the_whole(self, teacher, conversation):
        response = await teacher.post(f"{conversation}/messages", json={**ASKED, "stream": True})
        events = events_of(response.text)
        assert (events[0].kind, events[-1].kind) == ("started", "done")
        for part in events[-1].data["parts"]:
            deltas = [each.data for each in events if each.kind == "delta" and each.data["id"] == part["id"]]
            assert "".join(each["text"] for each in deltas) == part["text"]
            assert {each["lane"] for each in deltas} == {part["lane"]}
        assert [each.data["lane"] for each in events if each.kind == "part"] == [0, 1]
        assert len([each for each in events if each.kind == "part_done"]) == 2
        path = f"{conversation}/together/{events[0].data['orchestration_id']}/events"
        assert events_of((await teacher.get(path)).text)[-1].data == events[-1].data

    @pytest.mark.usefixtures("endless")
    async def test_ends_for_whom_it_is_withdrawn_and_all_stop_at_once(self, as_, teacher, conversation, funded):
        member = f"{conversation}/members/{funded.colleague.user_id}"
        await teacher.put(member, json={"access": "viewer"})
        colleague = await as_(funded.colleague)
        asking = asyncio.create_task(teacher.post(f"{conversation}/messages", json=ASKED))
        while not (running := await open_ones(funded.teacher)):
            await asyncio.sleep(0.05)
        path = f"{conversation}/together/{running[0].id}/events"
        following = asyncio.create_task(colleague.get(path))
        await asyncio.sleep(0.4)
        await teacher.delete(member)
        last = events_of((await asyncio.wait_for(following, 10)).text)[-1]
        assert (last.kind, last.data["status"]) == ("problem", 404)
        assert (await teacher.post(f"{conversation}/stop")).status_code == 204
        found = (await asking).json()
        assert (found["status"], {part["status"] for part in found["parts"]}) == ("stopped", {"stopped"})


class TestRetry:
    async def test_asks_one_lane_alone_once_more(self, teacher, conversation, stub):
        first = (await teacher.post(f"{conversation}/messages", json=ASKED)).json()
        stub.words = ("Flies.",)
        answer = await teacher.post(f"{conversation}/messages/{first['parts'][1]['id']}/retry")
        assert (answer.status_code, answer.json()["status"]) == (202, "running")
        path = f"{conversation}/together/{first['orchestration_id']}/events"
        after = events_of((await teacher.get(path)).text)[-1].data
        assert [part["text"] for part in after["parts"]] == [first["parts"][0]["text"], "Flies."]

    async def test_of_one_that_answered_alone_gives_its_new_run(self, teacher, conversation, stub):
        await teacher.put(f"{conversation}/answerers", json={})
        first = (await teacher.post(f"{conversation}/messages", json=ASKED)).json()
        again = (await teacher.post(f"{conversation}/messages/{first['id']}/retry")).json()
        assert again["run_id"] != first["run_id"]
        await teacher.get(f"{conversation}/runs/{again['run_id']}/events")


class TestKeep:
    async def test_goes_on_from_the_best_and_is_learned_from(self, teacher, conversation, gpts, funded):
        learning.install()
        async with open_upstream(words=("Worms.",)) as other:
            provider = await models.make_provider(funded.organization_id, other)
            await models.make_model(funded.organization_id, "other", provider)
            rival = await make_gpt(funded.teacher, "Rigel", model="other")
            ids = [str(gpts[0].id), str(rival.id)]
            await teacher.put(f"{conversation}/answerers", json={"gpt_ids": ids, "mode": "compare"})
            found = (await teacher.post(f"{conversation}/messages", json=ASKED)).json()
        kept = found["parts"][1]["id"]
        assert (await teacher.put(f"{conversation}/messages/{kept}/kept")).status_code == 204
        assert (await teacher.get(f"{conversation}/messages")).json()["items"][0]["id"] == kept
        beliefs = {model: belief for (_, model), belief in (await learning.beliefs_of(funded.organization_id)).items()}
        lost = next(belief for model, belief in beliefs.items() if model != "other")
        assert beliefs["other"].good >= learning.QUALITY > lost.good
        await teacher.put(f"{conversation}/messages/{found['parts'][0]['id']}/kept")
        again = await learning.beliefs_of(funded.organization_id)
        assert sum(belief.good + belief.bad for belief in again.values()) == pytest.approx(2)

    async def test_is_refused_for_what_cannot_be_kept(self, as_, teacher, conversation, funded):
        found = (await teacher.post(f"{conversation}/messages", json=ASKED)).json()
        assert is_problem(await teacher.put(f"{conversation}/messages/{found['question_id']}/kept"), 422)
        assert is_problem(await teacher.put(f"{conversation}/messages/{new_id()}/kept"), 404)
        other = await as_(funded.colleague)
        assert is_problem(await other.put(f"{conversation}/messages/{found['parts'][1]['id']}/kept"), 404)
        assert is_problem(await other.get(f"{conversation}/together/{found['orchestration_id']}"), 404)


class TestBadInput:
    async def test_of_ten_megabytes_is_refused_in_words(self, teacher, conversation, stub):
        response = await teacher.post(f"{conversation}/messages", json={"message": "x" * 10_000_000})
        assert is_problem(response, 413)
        assert response.json()["detail"] == "Send at most 1 MB."
        response = await teacher.post(f"{conversation}/messages", json={"message": "x" * 40_000})
        assert is_problem(response, 422, "message")
        assert stub.asked == []

    @pytest.mark.parametrize(
        "body",
        [b'{"message": "\xff\xfe"}', b'{"message": "\\ud800"}', b'{"message": ', b"\xff", b'{"message": "a\\u0000"}'],
    )
    async def test_that_is_no_text_is_refused(self, teacher, conversation, body):
        headers = {"Content-Type": "application/json"}
        response = await teacher.post(f"{conversation}/messages", content=body, headers=headers)
        assert response.status_code in (400, 422), response.text
        assert response.headers["content-type"] == "application/problem+json"
