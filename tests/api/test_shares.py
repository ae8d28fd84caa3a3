"""Shares between GPTs over HTTP."""

from tests.factories.gpts import make_gpt


class TestShares:
    async def test_are_offered_accepted_renewed_and_ended(self, cast, as_):
        nova = await make_gpt(cast.teacher, "Nova", instructions="Be kind.")
        lyra = await make_gpt(cast.colleague, "Lyra", shared=True)
        giver, taker, other = await as_(cast.teacher), await as_(cast.colleague), await as_(cast.head)
        wanted = {"target_id": str(lyra.id), "parts": ["instructions"]}
        made = (await giver.post(f"/gpts/{nova.id}/shares", json=wanted)).json()
        assert (made["status"], made["version"]) == ("offered", 1)
        assert (await giver.post(f"/gpts/{nova.id}/shares", json=wanted)).status_code == 409
        place = f"/gpts/shares/{made['id']}"
        assert (await taker.get(place)).json()["entries"][0]["text"] == "Be kind."
        assert (await other.get(place)).status_code == 404
        assert (await other.post(f"{place}/accept", json={"version": 1})).status_code == 404
        assert (await taker.post(f"{place}/accept", json={"version": 1})).json()["status"] == "active"
        assert (await taker.post(f"{place}/accept", json={"version": 1})).status_code == 409
        listed = (await taker.get(f"/gpts/{lyra.id}/shares")).json()
        assert [(each["source_name"], each["stale"]) for each in listed["gets"]] == [("Nova", False)]
        assert (await giver.put(place, json={"version": 2})).json()["version"] == 3
        assert (await other.delete(place)).status_code == 404
        assert (await taker.delete(place)).status_code == 204
        assert (await giver.get(f"/gpts/{nova.id}/shares")).json() == {"gives": [], "gets": []}

    async def test_of_parameters_are_taken_over_and_noted_when_they_are_over(self, cast, as_):
        nova = await make_gpt(cast.teacher, "Nova", temperature=0.1)
        lyra = await make_gpt(cast.colleague, "Lyra", shared=True)
        giver, taker = await as_(cast.teacher), await as_(cast.colleague)
        wanted = {"target_id": str(lyra.id), "parts": ["parameters", "knowledge"]}
        place = f"/gpts/shares/{(await giver.post(f'/gpts/{nova.id}/shares', json=wanted)).json()['id']}"
        assert (await taker.post(f"{place}/take-over", json={"version": 1})).status_code == 409
        assert (await taker.post(f"{place}/accept", json={"version": 1})).status_code == 200
        assert (await giver.post(f"{place}/take-over", json={"version": 2})).status_code == 403
        assert (await taker.post(f"{place}/take-over", json={"version": 2})).json()["temperature"] == 0.1
        assert (await giver.delete(place)).status_code == 204
        [found] = (await taker.get(f"/gpts/{lyra.id}/findings")).json()
        assert (found["severity"], found["remedy"]) == ("warning", "note_share")
        assert (await giver.get(f"/gpts/{lyra.id}/findings")).status_code == 403
        mend = {"remedy": found["remedy"], "target": found["target"]}
        assert (await giver.post(f"/gpts/{lyra.id}/findings/mend", json=mend)).status_code == 403
        assert (await taker.post(f"/gpts/{lyra.id}/findings/mend", json=mend)).status_code == 204
        assert (await taker.get(f"/gpts/{lyra.id}/findings")).json() == []
        assert (await taker.post(f"{place}/note")).status_code == 204
        context = (await taker.post("/conversations", json={})).json()
        assert (await taker.get(f"/conversations/{context['id']}/findings")).json() == []
        assert (await giver.get(f"/conversations/{context['id']}/findings")).status_code == 404

    async def test_need_a_scope(self, cast, as_):
        nova, vega = await make_gpt(cast.teacher, "Nova"), await make_gpt(cast.teacher, "Vega")
        client = await as_(cast.teacher)
        for scope in (
            {"parts": []},
            {"parts": ["memory"]},
            {"parts": ["instructions"], "until": "2001-01-01T00:00:00Z"},
        ):
            wrong = await client.post(f"/gpts/{nova.id}/shares", json={"target_id": str(vega.id), **scope})
            assert wrong.status_code == 422
