"""Whatever ends a call over ``/v1``: its books are closed, once."""

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import select
from sqlmodel import col
from starlette.types import ASGIApp

from faraday_app.core.budgets import Period
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.credits.models import Account, Entry, Hold
from faraday_app.gateway.models import RouteReceipt
from faraday_app.gateway.service import asking
from faraday_app.security.models import AuditEvent
from faraday_app.security.service.key_restrictions import Restrictions
from tests.factories import gateway as models
from tests.factories.api import make_key
from tests.factories.upstream import WORDS, Fault, Upstream, open_upstream

ASK = "/v1/chat/completions"


def body(**more: object) -> dict[str, object]:
    return {"model": "atlas", "messages": [{"role": "user", "content": "Count."}], **more}


@pytest.fixture
async def first(monkeypatch) -> AsyncIterator[Upstream]:
    models.forget_failures()
    monkeypatch.setattr(asking, "PAUSE", 0.001)
    async with open_upstream() as found:
        yield found


@pytest.fixture
async def second() -> AsyncIterator[Upstream]:
    async with open_upstream(words=("Six ", "seven.")) as found:
        yield found


@pytest.fixture
async def teacher(funded, first, second) -> Actor:
    id = funded.organization_id
    providers = [await models.make_provider(id, each) for each in (first, second)]
    await models.make_model(id, "atlas", *providers)
    return funded.teacher


@pytest.fixture
async def client(guest, teacher) -> httpx.AsyncClient:
    guest.headers["Authorization"] = f"Bearer {await make_key(teacher)}"
    return guest


async def charged(person: Actor) -> list[int]:
    async with transaction(person) as session:
        rows = select(Entry.amount).join(Account, col(Account.id) == col(Entry.account_id))
        mine = rows.where(col(Account.owner_id) == person.user_id, col(Entry.amount) < 0)
        return [-amount for amount in (await session.scalars(mine)).all()]


async def open_holds(person: Actor) -> int:
    async with transaction(person) as session:
        rows = await session.scalars(
            select(Hold)
            .join(Account, col(Account.id) == col(Hold.account_id))
            .where(col(Account.owner_id) == person.user_id, col(Hold.closed_at).is_(None))
        )
        return len(rows.all())


async def closed(person: Actor) -> RouteReceipt:
    """Wait until the books are closed; the receipt."""
    async with asyncio.timeout(10):
        while await open_holds(person) or not (found := await models.receipts(person.organization)):
            await asyncio.sleep(0.02)
    return found[0]


async def leave(web_app: ASGIApp, secret: str, after: bytes, wanted: dict[str, object]) -> bytes:
    """A client that goes away when it has read this; what it had read."""
    sent, gone, asked = bytearray(), asyncio.Event(), False
    raw = json.dumps(wanted).encode()

    async def receive() -> dict[str, object]:
        nonlocal asked
        if asked:
            await gone.wait()
            return {"type": "http.disconnect"}
        asked = True
        return {"type": "http.request", "body": raw, "more_body": False}

    async def send(message: dict[str, object]) -> None:
        sent.extend(message.get("body", b""))  # type: ignore[arg-type]
        if after in sent:
            gone.set()

    headers = {"authorization": f"Bearer {secret}", "content-type": "application/json", "host": "localhost"}
    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "POST",
        "scheme": "http", "path": ASK, "raw_path": ASK.encode(), "query_string": b"", "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1), "server": ("localhost", 3000),
    }  # fmt: skip
    await web_app(scope, receive, send)
    return bytes(sent)


class TestBooks:
    async def test_are_closed_with_receipt_and_trail_together(self, client, teacher):
        answer = await client.post(ASK, json=body())
        receipt = await closed(teacher)
        assert await charged(teacher) == [27]
        assert (receipt.outcome, receipt.cost, receipt.prompt_tokens, receipt.answer_tokens) == ("answered", 27, 7, 5)
        async with transaction(teacher) as session:
            query = select(AuditEvent).where(col(AuditEvent.target_id) == receipt.id)
            (event,) = (await session.scalars(query)).all()
        assert (event.action, event.outcome, event.actor_id) == ("gateway.asked", "done", teacher.user_id)
        assert event.details == {
            "model": "atlas", "provider": receipt.provider, "prompt": 7, "answer": 5, "micro_credits": 27
        }  # fmt: skip
        assert event.request_id == answer.headers["x-request-id"]
        assert "Count" not in json.dumps(event.details)

    async def test_are_closed_when_the_client_leaves(self, web_app, teacher, first):
        first.pause = 0.05
        read = await leave(web_app, await make_key(teacher), b"three", body(stream=True))
        receipt = await closed(teacher)
        assert b"[DONE]" not in read
        assert receipt.outcome == "stopped"
        assert 3 <= receipt.answer_tokens < len(WORDS)
        assert await charged(teacher) == [receipt.cost]

    async def test_are_charged_once_when_another_finishes(self, client, teacher, first):
        first.fault = Fault("reset", after=3)
        text = (await client.post(ASK, json=body(stream=True))).text
        receipt = await closed(teacher)
        assert text.endswith("data: [DONE]\n\n")
        assert "Six " in text
        assert receipt.outcome == "answered"
        assert [attempt["fault"] for attempt in receipt.attempts] == ["unreachable", ""]
        assert await charged(teacher) == [receipt.cost]

    async def test_are_released_when_nobody_answers(self, client, teacher, first, second):
        first.fault = second.fault = Fault("500")
        assert (await client.post(ASK, json=body())).status_code == 503
        assert (await closed(teacher)).outcome == "failed"
        assert await charged(teacher) == []

    async def test_never_charge_more_than_was_set_aside(self, client, teacher, first):
        """A provider that says the most that can be true."""
        first.usage = {"prompt_tokens": 100, "completion_tokens": 2}
        answer = await client.post(ASK, json=body(max_tokens=2))
        receipt = await closed(teacher)
        assert receipt.cost == 100 + 8
        assert await charged(teacher) == [int(answer.headers["x-faraday-cost"])]
        assert (await charged(teacher))[0] < receipt.cost

    async def test_of_many_at_once_add_up(self, client, teacher):
        answers = await asyncio.gather(*(client.post(ASK, json=body()) for _ in range(24)))
        assert [answer.status_code for answer in answers] == [200] * 24
        assert await charged(teacher) == [27] * 24

    async def test_of_a_budget_count_what_was_charged(self, guest, teacher):
        wanted = Restrictions(budget=600, budget_period=Period.day)
        guest.headers["Authorization"] = f"Bearer {await make_key(teacher, restrictions=wanted)}"
        found = [(await guest.post(ASK, json=body())).status_code for _ in range(9)]
        await closed(teacher)
        # Each sets about 420 aside and is charged 27: as many as leave that much of 600.
        assert found == [200] * 7 + [402] * 2
        assert await charged(teacher) == [27] * 7
