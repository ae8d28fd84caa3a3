import json

import pytest
from httpx import ASGITransport, AsyncClient

from faraday_app.contexts.service import importing
from faraday_app.core.database import transaction
from faraday_app.core.http import SESSION_COOKIE
from faraday_app.core.http.body import ROOMY, Room
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.service import sessions
from tests.factories.api import is_problem
from tests.factories.contexts import begin
from tests.factories.imports import chat, node

FROGS = json.dumps([chat(node("q", "root", "user", "What do frogs eat?"), node("a", "q", "assistant", "Flies."))])


@pytest.fixture
async def browser(web_app, cast):
    """A signed-in browser; what it sends tells from which site."""
    async with transaction(Actor.system(cast.organization_id)) as session:
        _, token = await sessions.open_session(
            session, cast.teacher.user, cast.organization_id, "127.0.0.1", "Chromium"
        )
    transport = ASGITransport(web_app, raise_app_exceptions=False)
    async with AsyncClient(
        transport=transport, base_url="http://localhost:3000/api/v1", cookies={SESSION_COOKIE: token}
    ) as client:
        yield client


class TestSendFile:
    async def test_is_read_in_the_background_and_can_be_followed(self, as_, cast):
        client = await as_(cast.teacher)
        sent = await client.post("/imports", params={"name": "conversations.json"}, content=FROGS)
        assert (sent.status_code, sent.json()["state"]) == (201, "waiting")
        await importing.work()
        found = (await client.get(f"/imports/{sent.json()['id']}")).json()
        assert (found["state"], found["added"], found["messages"]) == ("done", 1, 2)
        assert [each["id"] for each in (await client.get("/imports")).json()["items"]] == [found["id"]]
        assert (await (await as_(cast.colleague)).get(f"/imports/{found['id']}")).status_code == 404

    async def test_takes_more_than_other_routes_but_not_without_end(self, as_, cast, monkeypatch):
        client = await as_(cast.teacher)
        large = f"# Frogs\n\n{'ribbit ' * 200_000}"
        assert (await client.post("/imports", params={"name": "a.md"}, content=large)).status_code == 201
        assert is_problem(await client.post("/conversations", content=large), 413)
        monkeypatch.setitem(ROOMY, "/api/v1/imports", Room(1_000, 10))
        assert is_problem(await client.post("/imports", params={"name": "a.md"}, content=large), 413)

    async def test_needs_a_name_and_a_content(self, as_, cast):
        client = await as_(cast.teacher)
        assert is_problem(await client.post("/imports", content=FROGS), 422, "name")
        assert is_problem(await client.post("/imports", params={"name": "a.md"}), 422, "file")

    async def test_needs_the_right_and_the_own_site(self, as_, cast, browser):
        limited = await as_(cast.teacher, Permission.home_read)
        assert is_problem(await limited.post("/imports", params={"name": "a.md"}, content="Hi"), 403)
        for origin, status in (("http://evil.example", 403), ("http://localhost:3000", 201)):
            answer = await browser.post("/imports", params={"name": "a.md"}, content="Hi", headers={"Origin": origin})
            assert answer.status_code == status


class TestExport:
    @pytest.mark.parametrize(
        ("wanted", "kind", "begins"),
        [
            ("markdown", "text/markdown", b"# Frogs"),
            ("json", "application/json", b"{"),
            ("pdf", "application/pdf", b"%PDF"),
        ],
    )
    async def test_is_a_file_of_each_kind(self, as_, cast, wanted, kind, begins):
        frogs = await begin(cast.teacher, "Frogs")
        client = await as_(cast.teacher)
        answer = await client.get(f"/conversations/{frogs}/export", params={"format": wanted})
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith(kind)
        assert answer.content.startswith(begins)
        assert is_problem(await client.get(f"/conversations/{frogs}/export", params={"format": "exe"}), 422, "format")
