"""The data of conversations and the files of GPTs over HTTP."""

import pytest

from faraday_app.contexts.service import reading
from faraday_app.core.http import body
from tests.factories.api import is_problem
from tests.factories.contexts import begin, share
from tests.factories.data import FROGS, pdf
from tests.factories.gpts import make_gpt

NOTE = {"kind": "note", "title": "Trip", "content": "We leave at eight."}


class TestData:
    async def test_is_added_changed_left_out_removed_and_brought_back(self, cast, as_):
        client, place = await as_(cast.teacher), f"/conversations/{await begin(cast.teacher)}/data"
        made = (await client.post(place, json=NOTE)).json()
        assert (made["title"], made["version"], made["author"], made["file"]) == ("Trip", 1, "Maya Okafor", None)
        item = f"{place}/{made['id']}"
        assert (await client.get(item)).json()["content"] == "We leave at eight."
        changed = await client.put(item, json={"title": "Trip", "content": "At nine.", "version": 1})
        assert changed.json()["version"] == 2
        assert is_problem(await client.put(item, json={"title": "Trip", "content": "At ten.", "version": 1}), 409)
        assert (await client.put(f"{item}/left-out")).status_code == 204
        assert [each["left_out"] for each in (await client.get(place)).json()] == [True]
        assert (await client.delete(f"{item}/left-out")).status_code == 204
        assert (await client.delete(item)).status_code == 204
        assert is_problem(await client.get(item), 404)
        assert (await client.post(f"{item}/restore")).status_code == 204
        assert [each["left_out"] for each in (await client.get(place)).json()] == [False]

    async def test_says_which_value_is_wrong(self, cast, as_):
        client, place = await as_(cast.teacher), f"/conversations/{await begin(cast.teacher)}/data"
        assert is_problem(await client.post(place, json={**NOTE, "content": " "}), 422, "content")
        assert is_problem(await client.post(place, json={**NOTE, "kind": "link", "content": "frogs"}), 422, "content")
        assert is_problem(await client.post(place, json={**NOTE, "kind": "file"}), 422, "kind")

    async def test_is_made_once_for_one_key(self, cast, as_):
        client, place = await as_(cast.teacher), f"/conversations/{await begin(cast.teacher)}/data"
        key = {"Idempotency-Key": "trip"}
        made = {(await client.post(place, json=NOTE, headers=key)).json()["id"] for _ in range(2)}
        assert len(made) == 1

    async def test_is_there_for_members_and_nobody_else(self, cast, as_):
        context_id = await begin(cast.teacher)
        place = f"/conversations/{context_id}/data"
        made = (await (await as_(cast.teacher)).post(place, json=NOTE)).json()
        reader = await as_(cast.student)
        assert is_problem(await reader.get(f"{place}/{made['id']}"), 404)
        await share(cast.teacher, context_id, cast.student)
        assert (await reader.get(f"{place}/{made['id']}")).status_code == 200
        assert is_problem(await reader.delete(f"{place}/{made['id']}"), 403)


class TestFiles:
    async def test_are_sent_read_and_downloaded(self, cast, as_):
        client, place = await as_(cast.teacher), f"/conversations/{await begin(cast.teacher)}/data"
        made = await client.post(f"{place}/files?name=../../frogs%0A.md", content=FROGS.encode())
        assert (made.status_code, made.json()["file"]["state"]) == (201, "reading")
        await reading.read_waiting()
        found = (await client.get(f"{place}/{made.json()['id']}")).json()
        assert (found["title"], found["file"]["state"], found["file"]["passages"]) == ("frogs .md", "ready", 3)
        assert "sticky tongue" in found["content"]
        file = await client.get(f"{place}/{found['id']}/file")
        assert file.content == FROGS.encode()
        assert file.headers["content-disposition"].startswith("attachment;")
        assert file.headers["x-content-type-options"] == "nosniff"

    async def test_that_are_broken_stay_and_say_so(self, cast, as_):
        client, place = await as_(cast.teacher), f"/conversations/{await begin(cast.teacher)}/data"
        made = (await client.post(f"{place}/files?name=a.pdf", content=pdf("Light")[:200])).json()
        await reading.read_waiting()
        found = (await client.get(f"{place}/{made['id']}")).json()
        assert (found["file"]["state"], found["file"]["problem"][:19]) == ("failed", "This PDF is damaged")
        assert (await client.post(f"{place}/{made['id']}/read")).status_code == 204
        assert (await client.get(f"{place}/{made['id']}")).json()["file"]["state"] == "reading"

    @pytest.mark.parametrize("content", [b"", b"\x00\x01\x02" * 100])
    async def test_that_nobody_can_read_are_refused(self, cast, as_, content):
        client, place = await as_(cast.teacher), f"/conversations/{await begin(cast.teacher)}/data"
        assert is_problem(await client.post(f"{place}/files?name=a.bin", content=content), 422, "file")

    async def test_may_be_larger_than_other_bodies_up_to_a_limit(self, cast, as_, monkeypatch):
        client, place = await as_(cast.teacher), f"/conversations/{await begin(cast.teacher)}/data"
        large = b"x" * 1_700_000
        assert (await client.post(f"{place}/files?name=a.txt", content=large)).status_code == 201
        assert is_problem(await client.post(place, content=large), 413)
        monkeypatch.setattr(body, "OF_A_THING", body.Room(1_000_000, 30.0))
        assert is_problem(await client.post(f"{place}/files?name=a.txt", content=large), 413)

    async def test_of_strangers_are_not_even_read(self, guest, as_, cast):
        place = f"/conversations/{await begin(cast.teacher)}/data/files?name=a.txt"
        assert is_problem(await guest.post(f"/api/v1{place}", content=b"Hello"), 401)
        assert is_problem(await (await as_(cast.stranger)).post(place, content=b"Hello"), 404)


class TestKnowledge:
    async def test_is_added_asked_and_removed(self, cast, as_):
        client, gpt = await as_(cast.teacher), await make_gpt(cast.teacher)
        made = await client.post(f"/gpts/{gpt.id}/knowledge/files?name=frogs.md", content=FROGS.encode())
        assert made.status_code == 201
        await reading.read_waiting()
        (known,) = (await client.get(f"/gpts/{gpt.id}/knowledge")).json()
        assert (known["file"]["name"], known["file"]["state"]) == ("frogs.md", "ready")
        asked = {"question": "When does a volcano erupt?", "most": 1}
        (passage,) = (await client.get(f"/gpts/{gpt.id}/passages", params=asked)).json()
        assert (passage["file"], passage["place"], passage["score"]) == ("frogs.md", 2, 1.0)
        assert (await client.delete(f"/gpts/{gpt.id}/knowledge/{known['id']}")).status_code == 204
        assert (await client.get(f"/gpts/{gpt.id}/passages", params=asked)).json() == []
        assert is_problem(await client.delete(f"/gpts/{gpt.id}/knowledge/{known['id']}"), 404)

    async def test_of_a_shared_gpt_is_listed_to_its_owner_only(self, cast, as_):
        gpt = await make_gpt(cast.teacher, shared=True)
        assert is_problem(await (await as_(cast.colleague)).get(f"/gpts/{gpt.id}/knowledge"), 403)
        assert is_problem(await (await as_(cast.stranger)).get(f"/gpts/{gpt.id}/passages?question=frogs"), 404)
