"""Memory over HTTP."""

from tests.factories.contexts import begin

TEA = "Prefers green tea to coffee."


class TestMemories:
    async def test_are_kept_changed_and_forgotten(self, cast, as_):
        client = await as_(cast.teacher)
        made = (await client.post("/memories", json={"text": TEA, "kind": "preference"})).json()
        assert (made["text"], made["scope"], made["status"], made["version"]) == (TEA, "person", "kept", 1)
        again = await client.post("/memories", json={"text": TEA})
        assert again.json()["id"] == made["id"]
        place = f"/memories/{made['id']}"
        changed = await client.put(place, json={"text": "Drinks water.", "kind": "fact", "version": 1})
        assert (changed.json()["text"], changed.json()["version"]) == ("Drinks water.", 2)
        late = await client.put(place, json={"text": TEA, "kind": "fact", "version": 1})
        assert late.status_code == 409
        assert (await client.post(f"{place}/keep", json={"version": 2})).status_code == 409
        found = (await client.get("/memories", params={"text": "WATER"})).json()["items"]
        assert [each["id"] for each in found] == [made["id"]]
        assert (await client.delete(place)).status_code == 204
        assert (await client.get(place)).status_code == 404
        assert (await client.delete(f"{place}/forgotten")).json()["text"] == "Drinks water."
        assert (await client.delete("/memories")).status_code == 204
        assert (await client.get("/memories")).json()["items"] == []

    async def test_are_nobody_elses(self, cast, as_):
        made = (await (await as_(cast.student)).post("/memories", json={"text": TEA})).json()
        for person in (cast.administrator, cast.teacher, cast.stranger):
            client, place = await as_(person), f"/memories/{made['id']}"
            answers = [
                await client.get(place),
                await client.delete(place),
                await client.put(place, json={"text": TEA, "kind": "fact", "version": 1}),
                await client.post(f"{place}/dismiss", json={"version": 1}),
            ]
            assert {answer.status_code for answer in answers} == {404}

    async def test_of_a_conversation_are_its_members(self, cast, as_):
        context_id = str(await begin(cast.teacher))
        client, other = await as_(cast.teacher), await as_(cast.colleague)
        wanted = {"text": "About bees.", "scope": "context", "conversation_id": context_id}
        assert (await client.post("/memories", json=wanted)).status_code == 201
        place = f"/conversations/{context_id}/memory"
        assert [each["text"] for each in (await client.get(place)).json()] == ["About bees."]
        assert (await client.put(place, json={"on": True})).status_code == 204
        assert (await other.get(place)).status_code == 404
        assert (await other.put(place, json={"on": True})).status_code == 404
        assert (await other.post("/memories", json=wanted)).status_code == 404
