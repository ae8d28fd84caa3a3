from faraday_app.core.database import transaction
from faraday_app.core.notices import Notice
from faraday_app.notifications import service
from tests.factories.api import is_problem


async def tell(cast, person, link):
    notice = Notice(cast.organization_id, (person.user,), "test.happened", "Something happened", link=link)
    async with transaction(cast.administrator) as session:
        await service.deliver(session, notice)


class TestNotifications:
    async def test_are_listed_in_pages_and_marked(self, as_, cast):
        for number in range(3):
            await tell(cast, cast.teacher, f"/account#{number}")
        client = await as_(cast.teacher)
        first = (await client.get("/notifications", params={"limit": 2})).json()
        rest = (await client.get("/notifications", params={"limit": 2, "cursor": first["next"]})).json()
        assert [each["link"] for each in first["items"] + rest["items"]] == ["/account#2", "/account#1", "/account#0"]
        assert rest["next"] is None
        answer = await client.post("/notifications/read", json={"ids": [first["items"][0]["id"]]})
        assert answer.json() == {"unread": 2}
        assert len((await client.get("/notifications", params={"unread": True})).json()["items"]) == 2
        assert (await client.post("/notifications/read", json={"all": True})).json() == {"unread": 0}

    async def test_of_a_colleague_are_not_there(self, as_, cast):
        await tell(cast, cast.teacher, "/account")
        hers = (await (await as_(cast.teacher)).get("/notifications")).json()["items"]
        for other in (cast.colleague, cast.administrator, cast.stranger):
            client = await as_(other)
            assert (await client.get("/notifications")).json()["items"] == []
            assert (await client.post("/notifications/read", json={"ids": [hers[0]["id"]]})).json() == {"unread": 0}
        assert (await (await as_(cast.teacher)).get("/notifications")).json()["items"][0]["read_at"] is None

    async def test_are_marked_by_name_or_all(self, as_, cast):
        assert is_problem(await (await as_(cast.teacher)).post("/notifications/read", json={}), 422, "ids")
