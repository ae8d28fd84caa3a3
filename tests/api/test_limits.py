from datetime import timedelta

import pytest

from faraday_app.core.clock import now
from faraday_app.core.limits import Endpoint, Rule, Subject, limiter
from faraday_app.core.limits.policies import DEFAULTS
from faraday_app.core.settings import settings
from tests.factories.api import is_problem

BASE = "/rate-limits/overrides"


@pytest.fixture
def strict(monkeypatch):
    monkeypatch.setattr(limiter, "generosity", 1)


def _override(**options: object) -> dict[str, object]:
    until = (now() + timedelta(days=1)).isoformat()
    return {
        "endpoint": "api_read", "subject": "organization", "per_minute": 1, "burst": 2, "expires_at": until, **options
    }  # fmt: skip


class TestHeaders:
    async def test_tell_what_is_left_of_the_tightest_limit(self, as_, cast, strict, monkeypatch):
        monkeypatch.setitem(DEFAULTS, (Endpoint.api_read, Subject.key), Rule.of(per_minute=60, burst=5))
        client = await as_(cast.teacher)
        first, second = await client.get("/me"), await client.get("/me")
        assert first.headers["ratelimit-policy"] == '"key";q=5;w=5'
        assert first.headers["ratelimit"] == '"key";r=4;t=1'
        assert second.headers["ratelimit"] in ('"key";r=3;t=2', '"key";r=3;t=1')
        assert (second.headers["ratelimit-limit"], second.headers["ratelimit-remaining"]) == ("5", "3")
        assert second.headers["ratelimit-reset"] in ("1", "2")

    async def test_are_on_a_refusal_with_the_time_to_wait(self, as_, cast, strict, monkeypatch):
        monkeypatch.setitem(DEFAULTS, (Endpoint.api_read, Subject.key), Rule.of(per_minute=6, burst=1))
        client = await as_(cast.teacher)
        await client.get("/me")
        refused = await client.get("/me")
        assert is_problem(refused, 429)
        assert 9 <= int(refused.headers["retry-after"]) <= 10
        assert refused.headers["ratelimit"].startswith('"key";r=0;t=')

    async def test_are_described(self, guest):
        schema = (await guest.get("/api/v1/openapi.json")).json()
        answers = schema["paths"]["/api/v1/me"]["get"]["responses"]
        assert {"RateLimit", "RateLimit-Policy"} <= answers["200"]["headers"].keys()
        assert {"RateLimit", "Retry-After"} <= answers["429"]["headers"].keys()


class TestGuests:
    async def test_with_bad_keys_are_counted_by_address(self, guest, strict, monkeypatch):
        monkeypatch.setitem(DEFAULTS, (Endpoint.api_read, Subject.address), Rule.of(per_minute=1, burst=1))
        monkeypatch.setattr(settings(), "trusted_proxies", 1)
        headers = {"Authorization": "Bearer fdy_wrong", "X-Forwarded-For": "6.6.6.6, 198.18.98.1"}
        statuses = [(await guest.get("/api/v1/me", headers=headers)).status_code for _ in range(3)]
        assert statuses[-1] == 429


class TestOverrides:
    async def test_hold_at_once_and_end_when_removed(self, as_, cast, strict):
        administrator, client = await as_(cast.administrator), await as_(cast.teacher)
        made = await administrator.put(BASE, json=_override())
        assert made.status_code == 200
        statuses = [(await client.get("/me")).status_code for _ in range(4)]
        assert 429 in statuses
        assert (await administrator.delete(f"{BASE}/{made.json()['id']}")).status_code in (204, 429)

    async def test_are_listed_for_their_organisation_alone(self, as_, cast):
        administrator, stranger = await as_(cast.administrator), await as_(cast.stranger)
        made = (await administrator.put(BASE, json=_override(per_minute=600))).json()
        assert [each["id"] for each in (await administrator.get(BASE)).json()] == [made["id"]]
        assert (await stranger.get(BASE)).json() == []
        assert is_problem(await stranger.delete(f"{BASE}/{made['id']}"), 404)

    async def test_are_not_for_teachers(self, as_, cast):
        client = await as_(cast.teacher)
        assert is_problem(await client.put(BASE, json=_override()), 403)

    @pytest.mark.parametrize(
        ("options", "field"),
        [
            ({"subject": "address", "value": "nonsense"}, "value"),
            ({"endpoint": "pages"}, "subject"),
            ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ],
    )
    async def test_name_the_field_to_mend(self, as_, cast, options, field):
        client = await as_(cast.administrator)
        assert is_problem(await client.put(BASE, json=_override(**options)), 422, field)


class TestRateLimits:
    async def test_tell_what_is_in_force(self, as_, cast):
        found = (await (await as_(cast.administrator)).get("/rate-limits")).json()
        assert found["percent"] == 100
        assert found["degraded"] is False
        assert {"endpoint": "api_read", "subject": "key", "per_minute": 1200, "burst": 100} in found["defaults"]

    async def test_are_shown_as_shared_where_health_is_asked(self, guest):
        assert (await guest.get("/health/ready")).json()["limits"] == "shared"
