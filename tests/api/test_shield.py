import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from faraday_app.core.http import SESSION_COOKIE, body, shield
from faraday_app.core.limits import Endpoint, Rate, Rule, Subject, limiter
from faraday_app.core.limits.policies import DEFAULTS
from faraday_app.organizations.service import sign_in
from tests.factories.api import is_problem
from tests.factories.people import PASSWORD, email_of

MEGABYTE = 1_000_000


async def _pieces(size: int) -> AsyncIterator[bytes]:
    for _ in range(size // 50_000 + 1):
        yield b"x" * 50_000


class TestHeaders:
    @pytest.mark.parametrize("path", ["/health/live", "/api/v1/docs", "/api/v1/me", "/api/nothing"])
    async def test_are_on_every_answer(self, guest, path):
        headers = (await guest.get(path)).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"

    async def test_keep_answers_of_the_api_out_of_caches(self, as_, cast):
        assert (await (await as_(cast.teacher)).get("/me")).headers["cache-control"] == "no-store"


class TestHead:
    async def test_of_too_many_bytes_is_refused(self, guest):
        assert is_problem(await guest.get("/health/live", headers={"X-Long": "x" * 40_000}), 431)


class TestBody:
    async def test_that_does_not_come_is_not_waited_for(self, as_, cast, monkeypatch):
        monkeypatch.setattr(body, "SLOWEST_BODY", 0.2)

        async def dripping() -> AsyncIterator[bytes]:
            for _ in range(100):
                yield b"x"
                await asyncio.sleep(0.05)

        client = await as_(cast.teacher)
        assert is_problem(await client.post("/conversations", content=dripping()), 408)

    async def test_of_more_than_a_megabyte_is_refused_by_its_length(self, as_, cast):
        client = await as_(cast.teacher)
        assert is_problem(await client.post("/conversations", content=b"x" * (MEGABYTE + 1)), 413)

    async def test_of_more_than_a_megabyte_is_refused_without_a_length(self, as_, cast):
        client = await as_(cast.teacher)
        response = await client.post(
            "/conversations", content=_pieces(MEGABYTE), headers={"Content-Type": "application/json"}
        )
        assert is_problem(response, 413)

    async def test_below_a_megabyte_arrives_in_pieces(self, as_, cast):
        response = await (await as_(cast.teacher)).post("/conversations", content=_pieces(100_000))
        assert response.status_code == 422

    async def test_with_a_length_that_is_no_number_does_no_harm(self, guest):
        assert (await guest.get("/health/live", headers={"Content-Length": "many"})).status_code < 500


class TestRequests:
    async def test_of_one_address_are_limited(self, guest, monkeypatch):
        monkeypatch.setattr(shield, "REQUESTS", Rate(per_second=1, burst=2))
        responses = [await guest.get("/health/live") for _ in range(3)]
        assert [each.status_code for each in responses[:2]] == [200, 200]
        assert is_problem(responses[2], 429)
        assert int(responses[2].headers["retry-after"]) >= 1

    async def test_of_one_key_are_limited_and_others_are_not(self, as_, cast, monkeypatch):
        monkeypatch.setattr(limiter, "generosity", 1)
        monkeypatch.setitem(DEFAULTS, (Endpoint.api_read, Subject.key), Rule.of(per_minute=30, burst=2))
        busy, calm = await as_(cast.teacher), await as_(cast.teacher)
        responses = [await busy.get("/me") for _ in range(3)]
        assert is_problem(responses[2], 429)
        assert int(responses[2].headers["retry-after"]) in (1, 2)
        assert (await calm.get("/me")).status_code == 200


class TestCookie:
    @pytest.fixture
    async def visitor(self, guest, cast) -> httpx.AsyncClient:
        token = await sign_in(await email_of(cast.teacher), PASSWORD, "10.1.0.1", "")
        guest.cookies.set(SESSION_COOKIE, token)
        return guest

    async def test_works_like_a_key(self, visitor, cast):
        assert (await visitor.get("/api/v1/me")).json()["user_id"] == str(cast.teacher.user_id)

    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "https://elsewhere.example"},
            {"Origin": "null"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
        ],
    )
    async def test_does_not_let_another_website_write(self, visitor, headers):
        response = await visitor.post("/api/v1/conversations", json={}, headers=headers)
        assert is_problem(response, 403)
        assert (await visitor.get("/api/v1/conversations")).json()["items"] == []

    async def test_lets_our_own_pages_write(self, visitor):
        response = await visitor.post("/api/v1/conversations", json={}, headers={"Origin": "http://localhost:3000"})
        assert response.status_code == 201

    async def test_is_not_needed_where_a_key_is_sent(self, as_, cast):
        client = await as_(cast.teacher)
        response = await client.post("/conversations", json={}, headers={"Origin": "https://elsewhere.example"})
        assert response.status_code == 201


class TestElsewhere:
    async def test_is_a_problem_document(self, guest):
        assert is_problem(await guest.get("/api/v1/nothing"), 404)
        assert is_problem(await guest.get("/api/v2"), 404)

    async def test_says_which_methods_there_are(self, guest):
        response = await guest.put("/api/v1/conversations")
        assert is_problem(response, 405)
        assert response.headers["allow"] == "GET, POST"


class TestDocs:
    async def test_need_nothing_from_elsewhere(self, guest):
        page = await guest.get("/api/v1/docs")
        assert page.status_code == 200
        assert "https://" not in page.text
        for name in ("swagger-ui-bundle.js", "swagger-ui.css"):
            assert f"/api/v1/docs/{name}" in page.text
            assert (await guest.get(f"/api/v1/docs/{name}")).status_code == 200
        assert is_problem(await guest.get("/api/v1/docs/other.js"), 404)
