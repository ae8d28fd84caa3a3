import asyncio
import json
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import select
from sqlmodel import col

from faraday_app.contexts.models import Message, Run
from faraday_app.core.database import transaction
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor
from faraday_app.credits.models import Account, Entry
from faraday_app.gateway import service as gateway
from faraday_app.gateway.service import catalogue
from faraday_app.organizations.service import people
from faraday_app.security.service import api_keys
from tests.factories import contexts, credits
from tests.factories.api import is_problem, make_key

LONG = "Count slowly from one to two hundred, one number on each line."


@dataclass(frozen=True)
class Event:
    kind: str
    id: str
    data: dict


def events_of(text: str) -> list[Event]:
    blocks = [dict(line.split(": ", 1) for line in block.split("\n")) for block in text.strip().split("\n\n")]
    return [
        Event(block["event"], block.get("id", ""), json.loads(block["data"])) for block in blocks if block.get("event")
    ]


@pytest.fixture
def brief(monkeypatch):
    """Answers of 24 tokens at most."""
    short = replace(gateway.built_in(), longest_answer=24)
    monkeypatch.setattr(catalogue, "built_in", lambda: short)


@pytest.fixture
async def teacher(as_, funded):
    return await as_(funded.teacher)


@pytest.fixture
async def conversation(teacher) -> str:
    return f"/conversations/{(await teacher.post('/conversations', json={})).json()['id']}"


async def _charged(person: Actor) -> list[int]:
    """The person's entries below zero, newest first."""
    async with transaction(person) as session:
        rows = select(Entry.amount).join(Account, col(Account.id) == col(Entry.account_id))
        mine = rows.where(col(Account.owner_id) == person.user_id, col(Entry.amount) < 0)
        return list((await session.scalars(mine.order_by(col(Entry.id).desc()))).all())


async def _runs(person: Actor) -> list[Run]:
    async with transaction(person) as session:
        return list((await session.scalars(select(Run))).all())


async def _until(condition, within: float = 60.0) -> None:
    async with asyncio.timeout(within):
        while not await condition():
            await asyncio.sleep(0.05)


async def _kept(person: Actor, run_id: str) -> Message:
    async with transaction(person) as session:
        run = await session.get_one(Run, run_id)
    return await contexts.ended(run)


class TestAsk:
    async def test_waits_for_the_answer_and_tells_what_it_cost(self, teacher, conversation, funded, brief):
        answer = (await teacher.post(f"{conversation}/messages", json={"message": "Say hello."})).json()
        assert answer["status"] == "complete"
        assert answer["text"]
        assert 0 < answer["answer_tokens"] <= 24
        assert answer["cost"] == answer["prompt_tokens"] * 2_000 + answer["answer_tokens"] * 6_000
        assert (await _charged(funded.teacher))[0] == -answer["cost"]
        assert await credits.available(funded.teacher) == 1_000_000_000 - answer["cost"]

    async def test_leaves_the_messages_in_the_conversation(self, teacher, conversation, brief):
        answer = (await teacher.post(f"{conversation}/messages", json={"message": "Say hello."})).json()
        page = (await teacher.get(f"{conversation}/messages", params={"limit": 1})).json()
        assert page["items"][0]["content"] == answer["text"]
        following = (await teacher.get(f"{conversation}/messages", params={"cursor": page["next"]})).json()
        assert [(each["author"], each["content"]) for each in following["items"]] == [("person", "Say hello.")]
        assert following["next"] is None
        assert (await teacher.get(f"{conversation}/export")).text.count("##") == 2

    async def test_with_the_same_key_is_asked_once(self, teacher, conversation, funded, brief):
        send = [
            teacher.post(f"{conversation}/messages", json={"message": "Hi"}, headers={"Idempotency-Key": "k"})
            for _ in range(4)
        ]
        answers = [response.json() for response in await asyncio.gather(*send)]
        assert len({answer["run_id"] for answer in answers}) == 1
        assert len({answer["text"] for answer in answers}) == 1
        assert len(await _runs(funded.teacher)) == 1
        assert len(await _charged(funded.teacher)) == 1

    async def test_needs_credits(self, as_, funded):
        client = await as_(funded.aide)
        id = (await client.post("/conversations", json={})).json()["id"]
        assert is_problem(await client.post(f"/conversations/{id}/messages", json={"message": "Hi"}), 402)

    @pytest.mark.usefixtures("endless")
    async def test_waits_its_turn(self, teacher, conversation, funded):
        asked = asyncio.create_task(teacher.post(f"{conversation}/messages", json={"message": LONG}))
        await _until(lambda: _runs(funded.teacher))
        assert is_problem(await teacher.post(f"{conversation}/messages", json={"message": "And?"}), 409)
        assert (await teacher.post(f"{conversation}/stop")).status_code == 204
        assert (await asked).json()["status"] == "stopped"

    @pytest.mark.parametrize("message", ["", "   ", "a\x00b", "x" * 32_001, None, 7])
    async def test_names_what_is_wrong_with_the_message(self, teacher, conversation, message):
        response = await teacher.post(f"{conversation}/messages", json={"message": message})
        assert is_problem(response, 422, "message")

    async def test_names_a_wrong_key(self, teacher, conversation):
        for key in ("", "x" * 101):
            response = await teacher.post(
                f"{conversation}/messages", json={"message": "Hi"}, headers={"Idempotency-Key": key}
            )
            assert is_problem(response, 422, "Idempotency-Key")


class TestStream:
    async def test_gives_the_whole_text_in_pieces_and_the_cost_of_the_ledger(
        self, teacher, conversation, funded, brief
    ):
        response = await teacher.post(f"{conversation}/messages", json={"message": "Say hello.", "stream": True})
        assert response.headers["content-type"].startswith("text/event-stream")
        begun, *deltas, done = events_of(response.text)
        assert (begun.kind, done.kind) == ("started", "done")
        assert {event.kind for event in deltas} == {"delta"}
        assert "".join(event.data["text"] for event in deltas) == done.data["text"]
        assert done.data["run_id"] == begun.data["run_id"]
        assert done.data["status"] == "complete"
        assert (await _charged(funded.teacher))[0] == -done.data["cost"]

    async def test_can_be_taken_up_anywhere_while_it_runs_and_after(self, teacher, conversation, brief):
        response = await teacher.post(f"{conversation}/messages", json={"message": "Say hello.", "stream": True})
        begun, first, *_, done = events_of(response.text)
        path = f"{conversation}/runs/{begun.data['run_id']}/events"
        again = events_of((await teacher.get(path)).text)
        assert "".join(event.data["text"] for event in again if event.kind == "delta") == done.data["text"]
        rest = events_of((await teacher.get(path, headers={"Last-Event-ID": first.id})).text)
        assert first.data["text"] + "".join(e.data["text"] for e in rest if e.kind == "delta") == done.data["text"]
        assert rest[-1].data == done.data
        for wrong in ("-1", "x", "9" * 30):
            assert is_problem(await teacher.get(path, headers={"Last-Event-ID": wrong}), 422, "Last-Event-ID")

    async def test_is_the_same_for_everybody_who_follows(self, as_, teacher, conversation, funded, brief):
        await teacher.put(f"{conversation}/members/{funded.colleague.user_id}", json={"access": "viewer"})
        colleague = await as_(funded.colleague)
        asking = asyncio.create_task(
            teacher.post(f"{conversation}/messages", json={"message": "Say hello.", "stream": True})
        )
        await _until(lambda: _runs(funded.teacher))
        run = (await _runs(funded.teacher))[0]
        seen = events_of((await colleague.get(f"{conversation}/runs/{run.id}/events")).text)
        asked = events_of((await asking).text)
        assert seen[-1].data == asked[-1].data
        assert "".join(e.data["text"] for e in seen if e.kind == "delta") == seen[-1].data["text"]

    @pytest.mark.usefixtures("endless")
    async def test_tells_how_a_stopped_answer_ended(self, teacher, conversation, funded):
        asking = asyncio.create_task(teacher.post(f"{conversation}/messages", json={"message": LONG, "stream": True}))
        await _until(lambda: _runs(funded.teacher))
        await asyncio.sleep(0.5)
        await teacher.post(f"{conversation}/stop")
        done = events_of((await asking).text)[-1]
        assert done.data["status"] == "stopped"
        assert done.data["cost"] == -((await _charged(funded.teacher)) or [0])[0]


@pytest.mark.usefixtures("endless")
class TestRights:
    """While an answer is followed, whoever may not see it any more is told so and gets no further word."""

    async def _following(self, client, conversation, run: Run):
        following = asyncio.create_task(client.get(f"{conversation}/runs/{run.id}/events"))
        await asyncio.sleep(0.4)
        return following

    async def _running(self, teacher, conversation, funded) -> Run:
        key = {"Idempotency-Key": str(new_id())}
        self.asking = asyncio.create_task(
            teacher.post(f"{conversation}/messages", json={"message": LONG, "stream": True}, headers=key)
        )
        await _until(lambda: _runs(funded.teacher))
        return (await _runs(funded.teacher))[0]

    async def _ended(self, teacher, conversation, following, status: int) -> None:
        last = events_of((await asyncio.wait_for(following, 3)).text)[-1]
        assert last.kind == "problem"
        assert last.data["status"] == status
        await teacher.post(f"{conversation}/stop")
        assert events_of((await self.asking).text)[-1].kind == "done"

    async def test_end_when_the_share_is_withdrawn(self, as_, teacher, conversation, funded):
        member = f"{conversation}/members/{funded.colleague.user_id}"
        await teacher.put(member, json={"access": "viewer"})
        run = await self._running(teacher, conversation, funded)
        following = await self._following(await as_(funded.colleague), conversation, run)
        await teacher.delete(member)
        await self._ended(teacher, conversation, following, 404)

    async def test_end_when_the_person_is_deactivated(self, as_, teacher, conversation, funded):
        await teacher.put(f"{conversation}/members/{funded.colleague.user_id}", json={"access": "viewer"})
        run = await self._running(teacher, conversation, funded)
        following = await self._following(await as_(funded.colleague), conversation, run)
        async with transaction(funded.administrator) as session:
            await people.deactivate(session, funded.administrator, funded.colleague.user)
        await self._ended(teacher, conversation, following, 401)

    async def test_end_when_the_key_is_revoked(self, guest, teacher, conversation, funded):
        secret = await make_key(funded.teacher)
        run = await self._running(teacher, conversation, funded)
        guest.headers["Authorization"] = f"Bearer {secret}"
        following = await self._following(guest, f"/api/v1{conversation}", run)
        async with transaction(funded.teacher) as session:
            newest = (await api_keys.list_api_keys(session, funded.teacher))[0]
            await api_keys.revoke_api_key(session, funded.teacher, newest.id)
        await self._ended(teacher, conversation, following, 401)


class TestDisconnect:
    async def test_does_not_end_the_answer(self, web_app, conversation, funded, brief):
        """A client that goes away after the first event: the run goes on and the books are closed."""
        secret = await make_key(funded.teacher)
        body = json.dumps({"message": "Say hello.", "stream": True}).encode()
        gone, sent, asked = asyncio.Event(), [], False

        async def receive():
            nonlocal asked
            if asked:
                await gone.wait()
                return {"type": "http.disconnect"}
            asked = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message):
            sent.append(message.get("body", b""))
            if b"event: started" in sent[-1]:
                gone.set()

        await web_app(_scope(f"/api/v1{conversation}/messages", secret), receive, send)
        assert b"event: done" not in b"".join(sent)
        begun = events_of(b"".join(sent).decode())[0]
        message = await _kept(funded.teacher, begun.data["run_id"])
        assert message.status == "complete"
        assert (await _charged(funded.teacher))[0] == -message.cost


def _scope(path: str, secret: str) -> dict:
    headers = {"authorization": f"Bearer {secret}", "content-type": "application/json", "host": "localhost"}
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("localhost", 3000),
    }
