WANTED = {"name": "Maths tutor", "instructions": "Ask back.", "temperature": 0.2}


class TestGpts:
    async def test_are_made_changed_and_put_away(self, cast, as_):
        client = await as_(cast.teacher)
        made = (await client.post("/gpts", json=WANTED)).json()
        assert (made["name"], made["model"], made["version"]) == ("Maths tutor", "auto", 1)
        changed = await client.put(f"/gpts/{made['id']}", json={**WANTED, "name": "Tutor", "version": 1})
        assert changed.json()["name"] == "Tutor"
        beside = await client.put(f"/gpts/{made['id']}", json={**WANTED, "instructions": "Ask.", "version": 1})
        assert (beside.json()["name"], beside.json()["instructions"]) == ("Tutor", "Ask.")
        late = await client.put(f"/gpts/{made['id']}", json={**WANTED, "name": "Teacher", "version": 1})
        assert late.status_code == 409
        assert (await client.put(f"/gpts/{made['id']}/archived")).status_code == 204
        assert (await client.get("/gpts")).json()["items"] == []
        assert (await client.delete(f"/gpts/{made['id']}/archived")).status_code == 204
        assert [each["id"] for each in (await client.get("/gpts")).json()["items"]] == [made["id"]]

    async def test_of_others_are_not_found_until_they_are_shared(self, cast, as_):
        owner, other, stranger = await as_(cast.teacher), await as_(cast.colleague), await as_(cast.stranger)
        made = (await owner.post("/gpts", json=WANTED)).json()
        assert (await other.get(f"/gpts/{made['id']}")).status_code == 404
        await owner.put(f"/gpts/{made['id']}", json={**WANTED, "shared": True, "version": 1})
        assert (await other.get(f"/gpts/{made['id']}")).status_code == 200
        assert (await stranger.get(f"/gpts/{made['id']}")).status_code == 404
        assert (await other.put(f"/gpts/{made['id']}", json={**WANTED, "version": 2})).status_code == 403
