import asyncio

import pytest

from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Permission
from tests.factories.api import is_problem

CREDIT = 1_000_000


def _grant(person, amount=5 * CREDIT, memo="For term 2"):
    return {"user_id": str(person.user_id), "amount": amount, "memo": memo}


class TestGrant:
    async def test_reaches_the_person_and_their_statement(self, as_, funded):
        giver, person = await as_(funded.administrator), await as_(funded.student)
        response = await giver.post("/credits/grants", json=_grant(funded.student), headers={"Idempotency-Key": "g1"})
        assert response.status_code == 201
        assert (await person.get("/credits/balance")).json() == {"available": 5 * CREDIT, "held": 0}
        lines = (await person.get("/credits/statement")).json()["items"]
        assert [(line["amount"], line["memo"], line["person"]) for line in lines] == [
            (5 * CREDIT, "For term 2", "Jonas Prie")
        ]

    async def test_with_the_same_key_moves_nothing_again_however_many_at_once(self, as_, funded):
        giver = await as_(funded.administrator)
        before = (await giver.get("/credits/pool")).json()["available"]
        send = [
            giver.post("/credits/grants", json=_grant(funded.student), headers={"Idempotency-Key": "once"})
            for _ in range(6)
        ]
        assert {response.status_code for response in await asyncio.gather(*send)} == {201}
        assert (await giver.get("/credits/pool")).json()["available"] == before - 5 * CREDIT

    async def test_with_the_same_key_for_another_grant_is_a_conflict(self, as_, funded):
        giver, headers = await as_(funded.administrator), {"Idempotency-Key": "twice"}
        await giver.post("/credits/grants", json=_grant(funded.student), headers=headers)
        assert is_problem(await giver.post("/credits/grants", json=_grant(funded.aide), headers=headers), 409)

    async def test_needs_a_key_and_a_sensible_amount(self, as_, funded):
        giver = await as_(funded.administrator)
        response = await giver.post("/credits/grants", json=_grant(funded.student))
        assert is_problem(response, 422, "Idempotency-Key")
        for amount in (0, -1, 10**18, "many", 1.5):
            wrong = _grant(funded.student, amount)
            response = await giver.post("/credits/grants", json=wrong, headers={"Idempotency-Key": "x"})
            assert is_problem(response, 422, "amount")

    async def test_cannot_give_what_is_not_there(self, as_, cast):
        giver = await as_(cast.administrator)
        response = await giver.post("/credits/grants", json=_grant(cast.student), headers={"Idempotency-Key": "p"})
        assert is_problem(response, 402)

    async def test_is_for_those_who_may(self, as_, funded):
        headers = {"Idempotency-Key": "w"}
        for client in (await as_(funded.teacher), await as_(funded.administrator, Permission.credits_read)):
            assert is_problem(await client.post("/credits/grants", json=_grant(funded.aide), headers=headers), 403)
        stranger = await as_(funded.stranger)
        assert is_problem(await stranger.post("/credits/grants", json=_grant(funded.aide), headers=headers), 404)


class TestStatement:
    async def test_comes_in_pages_newest_first(self, as_, funded):
        giver = await as_(funded.administrator)
        for number in range(5):
            wanted = _grant(funded.aide, (number + 1) * CREDIT)
            await giver.post("/credits/grants", json=wanted, headers={"Idempotency-Key": f"page {number}"})
        person, amounts, cursor = await as_(funded.aide), [], ""
        while cursor is not None:
            page = (await person.get("/credits/statement", params={"limit": 2, "cursor": cursor})).json()
            amounts += [line["amount"] // CREDIT for line in page["items"]]
            cursor = page["next"]
        assert amounts == [5, 4, 3, 2, 1]

    async def test_of_somebody_else_is_for_administrators_of_their_organization(self, as_, funded):
        whose = {"user_id": str(funded.teacher.user_id)}
        for path in ("/credits/statement", "/credits/balance"):
            assert (await (await as_(funded.administrator)).get(path, params=whose)).status_code == 200
            assert is_problem(await (await as_(funded.colleague)).get(path, params=whose), 403)
            assert is_problem(await (await as_(funded.stranger)).get(path, params=whose), 404)

    async def test_of_the_pool_shows_who_received(self, as_, funded):
        lines = (await (await as_(funded.administrator)).get("/credits/statement", params={"pool": True})).json()
        assert {line["person"] for line in lines["items"]} >= {"Maya Okafor", "Ana Ruiz"}
        assert is_problem(await (await as_(funded.teacher)).get("/credits/statement", params={"pool": True}), 403)

    @pytest.mark.parametrize(("name", "value"), [("cursor", str(new_id())), ("limit", "x"), ("user_id", "x")])
    async def test_names_the_value_that_is_wrong(self, as_, cast, name, value):
        client = await as_(cast.teacher)
        assert is_problem(await client.get("/credits/statement", params={name: value}), 422, name)
