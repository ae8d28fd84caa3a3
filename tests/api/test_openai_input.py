"""What comes to ``/v1`` broken, too large or hostile: a clear refusal in OpenAI's words, and no credit lost."""

import httpx
import pytest

from faraday_app.core.budgets import Period
from faraday_app.core.limits import Endpoint, Rule, Subject, limiter
from faraday_app.core.limits.policies import DEFAULTS
from faraday_app.security.service.key_restrictions import Restrictions
from tests.factories import credits as money
from tests.factories.api import make_key

ASK = "/v1/chat/completions"
GOOD = {"model": "auto", "messages": [{"role": "user", "content": "Hi"}]}


@pytest.fixture
async def client(guest, funded) -> httpx.AsyncClient:
    guest.headers["Authorization"] = f"Bearer {await make_key(funded.teacher)}"
    return guest


def refused(response: httpx.Response, status: int, param: str | None = None) -> dict:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    error = response.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["message"]
    assert param is None or error["param"] == param, error
    return error


class TestBody:
    @pytest.mark.parametrize(
        "body",
        [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe{}", b'{"temperature": NaN}', b"[" * 100_000, b"9" * 6_000,
         b'{"model": "auto", "messages": [{"role": "user", "content": "\\ud800"}]}'],
    )  # fmt: skip
    async def test_that_is_no_json_object_is_refused(self, client, body):
        refused(await client.post(ASK, content=body, headers={"Content-Type": "application/json"}), 400)

    async def test_of_ten_megabytes_is_refused(self, client):
        long = {**GOOD, "messages": [{"role": "user", "content": "x" * 10_000_000}]}
        assert "1 MB" in refused(await client.post(ASK, json=long), 413)["message"]

    @pytest.mark.parametrize(
        ("change", "param"),
        [
            ({"messages": "Hi"}, "messages"),
            ({"messages": []}, "messages"),
            ({"messages": None}, "messages"),
            ({"messages": ["Hi"]}, "messages[0]"),
            ({"messages": [{"role": "wizard", "content": "Hi"}]}, "messages[0].role"),
            ({"messages": [{"role": ["user"], "content": "Hi"}]}, "messages[0].role"),
            ({"messages": [{"role": "user"}]}, "messages[0].content"),
            ({"messages": [{"role": "user", "content": 7}]}, "messages[0].content"),
            ({"messages": [{"role": "user", "content": [{"text": "Hi"}]}]}, "messages[0].content"),
            ({"model": None}, "model"),
            ({"model": 7}, "model"),
            ({"model": "a\x00b"}, "model"),
            ({"n": 2}, "n"),
            ({"n": "1"}, "n"),
            ({"stream": "yes"}, "stream"),
            ({"stream_options": 1}, "stream_options"),
            ({"max_tokens": -1}, "max_tokens"),
            ({"max_tokens": 0}, "max_tokens"),
            ({"max_tokens": 1.5}, "max_tokens"),
            ({"max_completion_tokens": True}, "max_completion_tokens"),
            ({"max_tokens": 10**30}, "max_tokens"),
            ({"temperature": 3}, "temperature"),
            ({"temperature": "hot"}, "temperature"),
            ({"top_p": -0.1}, "top_p"),
            ({"tools": {}}, "tools"),
            ({"response_format": "json"}, "response_format"),
        ],
    )
    async def test_names_what_cannot_be_used(self, client, change, param):
        refused(await client.post(ASK, json={**GOOD, **change}), 400, param)

    @pytest.mark.parametrize("given", [None, "", [], [""], {}, 7, [[]], [[-1]], [1, "x"], ["x"] * 3_000])
    async def test_of_embeddings_holds_texts(self, client, given):
        refused(await client.post("/v1/embeddings", json={"model": "auto", "input": given}), 400, "input")

    async def test_that_is_refused_costs_nothing(self, client, funded):
        before = await money.available(funded.teacher)
        await client.post(ASK, json={**GOOD, "n": 2})
        await client.post(ASK, json={**GOOD, "model": "nope"})
        assert await money.available(funded.teacher) == before


class TestRefusals:
    async def test_speak_like_openai_below_v1_only(self, guest):
        assert refused(await guest.get("/v1/models"), 401)["code"] == "invalid_api_key"
        assert refused(await guest.post(ASK, json=GOOD), 401)
        assert refused(await guest.get("/v1/nothing"), 404)
        assert refused(await guest.get(ASK), 405)
        assert (await guest.get("/api/v1/me")).headers["content-type"] == "application/problem+json"

    async def test_of_limits_say_when_to_come_back(self, client, monkeypatch):
        monkeypatch.setattr(limiter, "generosity", 1)
        monkeypatch.setitem(DEFAULTS, (Endpoint.answers, Subject.key), Rule.of(per_minute=6, burst=1))
        await client.post(ASK, json={**GOOD, "n": 2})
        response = await client.post(ASK, json={**GOOD, "n": 2})
        assert refused(response, 429)["code"] == "rate_limit_exceeded"
        assert 9 <= int(response.headers["retry-after"]) <= 10

    async def test_of_a_key_for_other_models_are_403(self, guest, funded):
        wanted = Restrictions(models=("smollm2-135m",))
        guest.headers["Authorization"] = f"Bearer {await make_key(funded.teacher, restrictions=wanted)}"
        assert refused(await guest.post(ASK, json={**GOOD, "model": "atlas"}), 403)["type"] == "permission_error"
        listed = (await guest.get("/v1/models")).json()["data"]
        assert [each["id"] for each in listed] == ["smollm2-135m"]

    async def test_of_a_budget_are_402(self, guest, funded):
        wanted = Restrictions(budget=100, budget_period=Period.day)
        guest.headers["Authorization"] = f"Bearer {await make_key(funded.teacher, restrictions=wanted)}"
        before = await money.available(funded.teacher)
        error = refused(await guest.post(ASK, json=GOOD), 402)
        assert (error["code"], "budget of this key" in error["message"]) == ("insufficient_quota", True)
        assert await money.available(funded.teacher) == before

    async def test_carry_the_headers_of_every_answer(self, guest):
        headers = (await guest.get("/v1/models")).headers
        assert headers["cache-control"] == "no-store"
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["www-authenticate"] == "Bearer"
