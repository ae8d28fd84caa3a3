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
