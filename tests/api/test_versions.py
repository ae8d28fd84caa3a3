WANTED = {"name": "Maths tutor", "instructions": "Ask back."}


class TestVersions:
    async def test_of_a_gpt_are_listed_compared_labelled_restored_and_branched(self, cast, as_):
        client = await as_(cast.teacher)
        gpt = (await client.post("/gpts", json=WANTED)).json()
        await client.put(f"/gpts/{gpt['id']}", json={**WANTED, "instructions": "", "version": 1})
        first = (await client.get(f"/gpts/{gpt['id']}/versions", params={"limit": 1})).json()
        rest = (await client.get(f"/gpts/{gpt['id']}/versions", params={"cursor": first["next"]})).json()
        [broken], [good] = first["items"], rest["items"]
        assert (broken["reason"], good["reason"], good["made_by"]) == ("changed", "made", "Maya Okafor")
        [different] = (await client.get(f"/versions/{broken['id']}/differences")).json()
        assert different["lines"] == [{"sign": "gone", "text": "Ask back."}]
        assert (await client.put(f"/versions/{good['id']}/label", json={"label": "Works"})).status_code == 204
        assert (await client.post(f"/versions/{good['id']}/restore")).json()["from_id"] == good["id"]
        assert (await client.get(f"/gpts/{gpt['id']}")).json()["instructions"] == "Ask back."
        branched = (await client.post(f"/versions/{broken['id']}/branch")).json()
        assert (await client.get(f"/gpts/{branched['id']}")).json()["name"] == "Maths tutor (copy)"
        labels = [each["label"] for each in (await client.get(f"/gpts/{gpt['id']}/versions")).json()["items"]]
        assert labels == ["", "", "Works"]

    async def test_of_others_are_not_found(self, cast, as_):
        client, stranger = await as_(cast.teacher), await as_(cast.stranger)
        gpt = (await client.post("/gpts", json=WANTED)).json()
        [made] = (await client.get(f"/gpts/{gpt['id']}/versions")).json()["items"]
        for path in (f"/gpts/{gpt['id']}/versions", f"/versions/{made['id']}/differences"):
            assert (await stranger.get(path)).status_code == 404
        assert (await stranger.post(f"/versions/{made['id']}/restore")).status_code == 404


class TestNotes:
    async def test_are_merged_and_refused_where_both_changed_the_same(self, cast, as_):
        client = await as_(cast.teacher)
        path = f"/conversations/{(await client.post('/conversations', json={})).json()['id']}/notes"
        assert (await client.get(path)).json() == {"text": "", "version": 0}
        await client.put(path, json={"base": "", "text": "one\ntwo\n"})
        await client.put(path, json={"base": "one\ntwo\n", "text": "one\nzwei\n"})
        merged = await client.put(path, json={"base": "one\ntwo\n", "text": "eins\ntwo\n"})
        assert merged.json() == {"text": "eins\nzwei\n", "version": 3}
        assert (await client.put(path, json={"base": "one\ntwo\n", "text": "one\ndeux\n"})).status_code == 409
        versions = (await client.get(path.replace("notes", "versions"))).json()["items"]
        assert [each["reason"] for each in versions] == ["changed"]


class TestPacks:
    async def test_go_out_and_come_in(self, cast, as_):
        client, stranger = await as_(cast.teacher), await as_(cast.stranger)
        gpt = (await client.post("/gpts", json=WANTED)).json()
        pack = await client.get(f"/gpts/{gpt['id']}/pack")
        assert "maths-tutor.pack.zip" in pack.headers["content-disposition"]
        told = (await client.post("/gpts/packs/check", content=pack.content)).json()
        assert (told["files"], told["memories"], told["tools"]) == ([], 0, [])
        outlook = (await client.get(f"/gpts/{gpt['id']}/pack/outlook")).json()
        assert outlook == {"name": "Maths tutor", "files": [], "size": 0, "memories": 0, "too_large": ""}
        assert (await stranger.get(f"/gpts/{gpt['id']}/pack/outlook")).status_code == 404
        bare = await client.get(f"/gpts/{gpt['id']}/pack", params={"knowledge": False, "memory": False})
        assert bare.status_code == 200
        assert (told["origin"], told["name"], told["findings"]) == ("here", "Maths tutor", [])
        made = await client.post("/gpts/packs", content=pack.content)
        assert (made.status_code, made.json()["owner_id"]) == (201, str(cast.teacher.user))
        assert (await stranger.post("/gpts/packs", content=pack.content)).status_code == 409
        wanted = await stranger.post("/gpts/packs", content=pack.content, params={"from_elsewhere": True})
        assert wanted.json()["owner_id"] == str(cast.stranger.user)
        assert (await client.post("/gpts/packs", content=b"PK no")).status_code == 422
