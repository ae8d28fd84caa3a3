"""Prices, receipts and figures over HTTP."""

from tests.factories.api import is_problem
from tests.factories.contexts import ask, begin, share


class TestQuotes:
    async def test_tell_what_a_question_would_cost_and_what_would_go_in(self, funded, as_):
        client, context_id = await as_(funded.teacher), await begin(funded.teacher)
        found = (await client.post(f"/conversations/{context_id}/quote", json={"message": "Name one frog."})).json()
        assert 0 < found["whole"]["least"] <= found["whole"]["likely"] <= found["whole"]["most"]
        assert found["after"] == found["available"] - found["whole"]["most"]
        assert [each["part"] for each in found["portions"]] == ["question", "answer"]
        elsewhere = await as_(funded.colleague)
        assert (await elsewhere.post(f"/conversations/{context_id}/quote", json={})).status_code == 404


class TestGiven:
    async def test_is_told_left_out_and_taken_in(self, funded, as_):
        client, context_id = await as_(funded.teacher), await begin(funded.teacher)
        run = await ask(funded.teacher, context_id)
        path = f"/conversations/{context_id}"
        found = (await client.get(f"{path}/messages/{run.message_id}/given")).json()
        assert [line["kind"] for line in found["lines"]] == ["question"]
        change = {"key": "memory:a", "version": found["version"]}
        assert (await client.put(f"{path}/left-out", json=change)).status_code == 204
        assert (await client.put(f"{path}/left-out", json={**change, "left_out": False})).status_code == 409
        assert (await client.put(f"{path}/left-out", json={"key": "rights:a"})).status_code == 422
        await share(funded.teacher, context_id, funded.colleague)
        reader = await as_(funded.colleague)
        assert (await reader.get(f"{path}/messages/{run.message_id}/given")).status_code == 403
        assert (await reader.get(f"{path}/summaries")).json() == []

    async def test_language_is_chosen(self, funded, as_):
        client, context_id = await as_(funded.teacher), await begin(funded.teacher)
        path = f"/conversations/{context_id}/language"
        assert (await client.put(path, json={"language": "lt"})).status_code == 204
        assert (await client.put(path, json={"language": "xx"})).status_code == 422


class TestUsage:
    async def test_is_ones_own_or_for_administrators_everybodys(self, funded, as_):
        client, administrator = await as_(funded.teacher), await as_(funded.administrator)
        await ask(funded.teacher, await begin(funded.teacher))
        assert (await client.get("/assistant/usage")).json()["whole"]["questions"] == 1
        assert (await client.get("/assistant/usage", params={"everyone": True})).status_code == 403
        rows = await administrator.get("/assistant/usage/rows", params={"everyone": True, "by": "model"})
        assert [row["questions"] for row in rows.json()["items"]] == [1]
        file = await client.get("/assistant/usage/export", params={"by": "day"})
        assert file.headers["content-type"].startswith("text/csv")
        assert file.text.splitlines()[0].startswith("day,questions")
        assert (await client.get("/assistant/usage/rows", params={"cursor": "WyJhIl0"})).status_code == 422


class TestOwnLanguage:
    async def test_is_chosen_and_read(self, cast, as_):
        client = await as_(cast.teacher)
        assert (await client.get("/me/answer-language")).json() == {"language": ""}
        assert (await client.put("/me/answer-language", json={"language": "lt"})).json() == {"language": "lt"}
        assert (await client.get("/me/answer-language")).json() == {"language": "lt"}
        assert is_problem(await client.put("/me/answer-language", json={"language": "xx"}), 422, "language")
        assert (await (await as_(cast.colleague)).get("/me/answer-language")).json() == {"language": ""}
