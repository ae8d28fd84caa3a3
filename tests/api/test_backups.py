"""Backups over HTTP: as the page does it, under the same rights."""

import asyncio
from datetime import timedelta

import httpx

from faraday_app.contexts.service import backups
from faraday_app.core.clock import now
from faraday_app.core.http.access import SESSION_COOKIE
from faraday_app.core.permissions import Permission
from tests.factories.api import is_problem
from tests.factories.backups import destroy, rows
from tests.factories.browsers import session_of
from tests.factories.contexts import begin

API = "/api/v1"


class TestMake:
    async def test_is_done_once_for_a_key_and_can_be_looked_at(self, cast, as_):
        await begin(cast.teacher, "Frogs")
        client = await as_(cast.administrator, Permission.backups_manage)
        twice = [client.post("/backups", headers={"Idempotency-Key": "1"}) for _ in range(2)]
        first, again = [answer.json() for answer in await asyncio.gather(*twice)]
        assert (first["id"], first["state"], first["by_itself"]) == (again["id"], "waiting", False)
        assert is_problem(await client.post("/backups", headers={"Idempotency-Key": "2"}), 409)
        assert is_problem(await client.post("/backups"), 409)
        await backups.work()
        found = (await client.get(f"/backups/{first['id']}")).json()
        assert (found["state"], found["conversations"], found["tables"]["contexts"]["rows"]) == ("good", 1, 1)
        assert len(found["tables"]["contexts"]["sha256"]) == 64
        assert (await client.post("/backups", headers={"Idempotency-Key": "1"})).json()["state"] == "good"

    async def test_are_listed_in_pages_newest_first(self, cast, as_):
        await begin(cast.teacher, "Frogs")
        client = await as_(cast.administrator)
        made = []
        for _ in range(3):
            made.insert(0, (await client.post("/backups")).json()["id"])
            await backups.work()
        first = (await client.get("/backups", params={"limit": 2})).json()
        rest = (await client.get("/backups", params={"cursor": first["next"]})).json()
        assert [each["id"] for each in first["items"] + rest["items"]] == made
        assert rest["next"] is None

    async def test_is_for_administrators_of_the_organisation(self, cast, as_):
        await begin(cast.teacher, "Frogs")
        client, stranger = await as_(cast.administrator), await as_(cast.stranger)
        made = (await client.post("/backups")).json()
        assert is_problem(await (await as_(cast.teacher)).get("/backups"), 403)
        assert is_problem(await stranger.get(f"/backups/{made['id']}"), 404)
        assert (await stranger.get("/backups")).json()["items"] == []


class TestSchedule:
    async def test_is_read_and_chosen_by_its_version(self, cast, as_):
        client = await as_(cast.administrator)
        assert (await client.get("/backups/schedule")).json()["every"] == "day"
        chosen = await client.put("/backups/schedule", json={"every": "week", "keep": 30, "version": 1})
        assert (chosen.json()["every"], chosen.json()["keep"], chosen.json()["version"]) == ("week", 30, 2)
        stale = await client.put("/backups/schedule", json={"every": "off", "keep": 3, "version": 1})
        assert is_problem(stale, 409)


class TestRestore:
    async def test_is_compared_first_and_changes_nothing(self, cast, as_):
        await begin(cast.teacher, "Frogs")
        client = await as_(cast.administrator)
        made = await _made(client)
        destroy(cast.organization_id)
        nearest = await client.get("/backups/nearest", params={"moment": (now() + timedelta(days=1)).isoformat()})
        assert nearest.json()["id"] == made
        asked = {"json": {}, "headers": {"Idempotency-Key": "1"}}
        compared = (await client.post(f"/backups/{made}/restores", **asked)).json()
        assert (await client.post(f"/backups/{made}/restores", **asked)).json()["id"] == compared["id"]
        assert is_problem(await client.post(f"/backups/{made}/restores", json={}), 409)
        assert (await client.get(f"/restores/{compared['id']}")).json()["confirmation"] == ""
        await backups.work()
        ready = (await client.get(f"/restores/{compared['id']}")).json()
        assert (ready["state"], ready["found"]["contexts"]["new"]) == ("ready", 1)
        assert ready["confirmation"] == "Of everything, bring back 2 and set back nothing."
        assert (await rows(cast.organization_id))["contexts"] == []

    async def test_is_confirmed_in_words_by_a_person_and_never_by_a_key(self, cast, as_, guest):
        await begin(cast.teacher, "Frogs")
        client = await as_(cast.administrator)
        made = await _made(client)
        before = await rows(cast.organization_id)
        destroy(cast.organization_id)
        ready = await _compared(client, made)
        here, wanted = f"/restores/{ready['id']}", {"confirmation": ready["confirmation"]}
        by_key = await client.post(f"{here}/confirm", json=wanted)
        assert is_problem(by_key, 403)
        assert by_key.json()["type"] == "urn:faraday:problem:confirmation-needed"
        guest.cookies.set(SESSION_COOKIE, await session_of(cast.administrator))
        wrong = await guest.post(f"{API}{here}/confirm", json={"confirmation": "Yes."})
        assert is_problem(wrong, 422, "confirmation")
        assert ready["confirmation"] in wrong.json()["detail"]
        confirmed = await guest.post(f"{API}{here}/confirm", json=wanted)
        assert (confirmed.status_code, confirmed.json()["state"]) == (202, "confirmed")
        await backups.work()
        done = (await client.get("/restores")).json()["items"][0]
        assert (done["id"], done["state"], done["confirmation"]) == (ready["id"], "done", "")
        assert await rows(cast.organization_id) == before
        assert is_problem(await guest.post(f"{API}{here}/confirm", json=wanted), 409)

    async def test_of_one_conversation_says_which_and_can_be_called_off(self, cast, as_):
        frogs = await begin(cast.teacher, "Frogs")
        await begin(cast.teacher, "Newts")
        client, stranger = await as_(cast.administrator), await as_(cast.stranger)
        found = await _compared(client, await _made(client), conversation_id=str(frogs), put_back=True)
        here = f"/restores/{found['id']}"
        assert found["confirmation"] == f"Of conversation {frogs}, bring back 0 and set back 0."
        for answer in (await stranger.get(here), await stranger.delete(here)):
            assert is_problem(answer, 404)
        assert (await client.delete(here)).status_code == 204
        assert (await client.get(here)).json()["error"] == "Called off. Nothing was changed."
        assert is_problem(await client.delete(here), 409)


async def _made(client: httpx.AsyncClient) -> str:
    made = (await client.post("/backups")).json()
    await backups.work()
    return made["id"]


async def _compared(client: httpx.AsyncClient, backup_id: str, **wanted: object) -> dict:
    asked = (await client.post(f"/backups/{backup_id}/restores", json=wanted)).json()
    await backups.work()
    return (await client.get(f"/restores/{asked['id']}")).json()
