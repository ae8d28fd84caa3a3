"""Templates over HTTP, and what can be done with a message."""

import asyncio
from dataclasses import replace

from faraday_app.gateway import service as gateway
from faraday_app.gateway.service import catalogue
from tests.factories.api import is_problem
from tests.factories.contexts import begin, fund, share
from tests.factories.templates import FIELDS, TEXT, make, reply, say

WANTED = {"name": "Explain it", "text": TEXT, "variables": FIELDS, "category": "Teaching"}


class TestTemplates:
    async def test_are_made_changed_filled_in_and_put_away(self, cast, as_):
        client = await as_(cast.teacher)
        made = (await client.post("/templates", json=WANTED)).json()
        here = f"/templates/{made['id']}"
        assert (made["number"], made["audience"], made["owner_name"]) == (1, "me", "Maya Okafor")
        changed = await client.put(here, json={**WANTED, "text": "Say {{topic}}.", "version": 1})
        assert changed.json()["number"] == 2
        assert (await client.put(here, json={**WANTED, "version": 1})).status_code == 409
        filled = await client.post(f"{here}/render", json={"values": {"topic": "tides", "grade": 9}})
        assert filled.json()["text"] == "Say tides."
        earlier = await client.post(f"{here}/render", json={"values": {"topic": "tides"}, "number": 1})
        assert (earlier.json()["text"], earlier.json()["at_default"]) == ("Explain tides to grade 7.", ["grade"])
        refused = await client.post(f"{here}/render", json={"values": {"grade": 99}})
        assert (refused.status_code, refused.json()["detail"]) == (422, "Topic: Fill this in. 1 more to mend.")
        assert [each["number"] for each in (await client.get(f"{here}/versions")).json()] == [2, 1]
        assert (await client.put(f"{here}/archived")).status_code == 204
        assert (await client.get("/templates")).json()["items"] == []
        assert (await client.delete(f"{here}/archived")).status_code == 204
        assert len((await client.get("/templates", params={"category": "Teaching"})).json()["items"]) == 1

    async def test_are_made_and_copied_once_however_often_they_are_asked_for(self, cast, as_):
        client, colleague = await as_(cast.teacher), await as_(cast.colleague)

        async def made(client, path, key="again", wanted=None):
            headers = {"Idempotency-Key": key} if key else {}
            answer = await client.post(path, json=wanted, headers=headers)
            assert answer.status_code == 201, answer.text
            return answer.json()

        twice = await asyncio.gather(*(made(client, "/templates", wanted=WANTED) for _ in range(3)))
        (first,) = {each["id"] for each in twice}
        assert (await made(colleague, "/templates", wanted=WANTED))["id"] != first
        copies = await asyncio.gather(*(made(client, f"/templates/{first}/copy") for _ in range(3)))
        (copy,) = {each["id"] for each in copies}
        assert (copies[0]["name"], copies[0]["audience"]) == ("Explain it (copy)", "me")
        assert (await made(client, f"/templates/{copy}/copy"))["id"] != copy
        assert (await made(client, f"/templates/{first}/copy", ""))["id"] != copy
        file = (await client.get(f"/templates/{first}/export")).json()
        brought = [(await made(client, "/templates/import", "file", file))[0]["id"] for _ in range(2)]
        assert len(set(brought)) == 1
        assert is_problem(await colleague.post(f"/templates/{first}/copy"), 404)
        assert len((await client.get("/templates")).json()["items"]) == 5

    async def test_are_found_by_those_they_are_shared_with(self, cast, as_):
        owner, aide, student = await as_(cast.teacher), await as_(cast.aide), await as_(cast.student)
        made = (await owner.post("/templates", json=WANTED)).json()
        here = f"/templates/{made['id']}"
        assert (await aide.get(here)).status_code == 404
        shared = await owner.put(f"{here}/audience", json={"audience": "roles", "roles": ["aide"]})
        assert shared.json()["roles"] == ["aide"]
        assert ((await aide.get(here)).status_code, (await student.get(here)).status_code) == (200, 404)
        assert (await aide.put(here, json={**WANTED, "version": 2})).status_code == 403
        assert (await aide.get(f"{here}/results")).status_code == 403
        file = (await aide.get(f"{here}/export")).json()
        assert not {"owner_id", "audience", "roles"} & set(file["templates"][0])
        greedy = {**file, "templates": [{**file["templates"][0], "audience": "organization", "owner_id": made["id"]}]}
        (own,) = (await student.post("/templates/import", json=greedy)).json()
        assert (own["audience"], own["owner_id"]) == ("me", str(cast.student.user))
        refused = await student.put(f"/templates/{own['id']}/audience", json={"audience": "organization"})
        assert refused.status_code == 403

    async def test_are_remembered_with_the_message_they_wrote(self, cast, as_, monkeypatch):
        brief = replace(gateway.built_in(), longest_answer=12)
        monkeypatch.setattr(catalogue, "built_in", lambda: brief)
        await fund(cast, cast.teacher)
        client = await as_(cast.teacher)
        opened, context_id = await make(cast.teacher), await begin(cast.teacher)
        question = {"message": "Explain tides.", "template_version": str(opened.version.id)}
        answer = (await client.post(f"/conversations/{context_id}/messages", json=question)).json()
        judged = await client.put(f"/answers/{answer['id']}/judgement", json={"good": True})
        assert judged.status_code == 200
        found = (await client.get(f"/templates/{opened.template.id}/results")).json()
        assert (found["total"]["uses"], found["total"]["liked"], found["total"]["cost"]) == (1, 1, answer["cost"])
        unknown = {**question, "template_version": answer["id"]}
        assert (await client.post(f"/conversations/{context_id}/messages", json=unknown)).status_code == 404

    async def test_compare_two_versions(self, cast, as_):
        client = await as_(cast.teacher)
        here = f"/templates/{(await make(cast.teacher)).template.id}"
        await client.put(here, json={**WANTED, "text": "Say {{topic}}.", "version": 1})
        assert (await client.post(f"{here}/trial", json={"first": 1, "second": 2})).status_code == 204
        compared = (await client.get(f"{here}/results")).json()["compared"]
        assert (compared["running"], compared["verdict"][:20]) == (True, "Not enough uses yet:")
        assert (await client.delete(f"{here}/trial", params={"winner": 1})).status_code == 204
        assert (await client.get(here)).json()["number"] == 1


class TestMessages:
    async def test_are_pinned_found_and_forked_by_members(self, cast, as_):
        writer, reader, other = await as_(cast.teacher), await as_(cast.student), await as_(cast.colleague)
        context_id = await begin(cast.teacher)
        asked = await say(cast.teacher, context_id, "Why tides?")
        answer = await reply(asked, "The moon.")
        await share(cast.teacher, context_id, cast.student)
        here = f"/conversations/{context_id}"
        assert (await writer.put(f"{here}/pins/{answer.id}")).status_code == 204
        assert (await reader.put(f"{here}/pins/{asked.id}")).status_code == 403
        (pinned,) = (await reader.get(f"{here}/pins")).json()
        assert (pinned["content"], pinned["author"], pinned["pinned_by"]) == ("The moon.", "model", "Maya Okafor")
        (found,) = (await reader.get(f"{here}/search", params={"text": "tides"})).json()["items"]
        assert (found["id"], found["name"], found["excerpt"].strip("?")) == (str(asked.id), "Maya Okafor", "Why tides")
        copy = (await reader.post(f"{here}/messages/{asked.id}/fork")).json()
        assert (copy["owner_id"], copy["access"]) == (str(cast.student.user), "owner")
        for path in (f"{here}/pins", f"{here}/search?text=a"):
            assert (await other.get(path)).status_code == 404
        assert (await other.post(f"{here}/messages/{asked.id}/fork")).status_code == 404
        assert (await writer.delete(f"{here}/pins/{answer.id}")).status_code == 204
        assert (await reader.get(f"{here}/pins")).json() == []
