"""What came of the calls: figures from receipts, and the receipts themselves."""

from datetime import timedelta

import pytest

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import NotFound, NotPermitted
from faraday_app.core.ids import first_id_of, new_id
from faraday_app.gateway.models import RouteReceipt
from faraday_app.gateway.service import looking
from faraday_app.gateway.service.managing import figures
from faraday_app.gateway.service.managing.figures import Span
from faraday_app.gateway.service.standing import here

HERE, THERE = new_id(), new_id()


def attempt(deployment, fault="", first=100.0, took=1_100.0, tokens=50, cost=7):
    return {
        "model": "a" if deployment is HERE else "b",
        "deployment": str(deployment),
        "provider": "P",
        "key": "",
        "retry": 0,
        "fault": fault,
        "message": "",
        "first_token_ms": first,
        "took_ms": took,
        "prompt_tokens": 10,
        "cached_tokens": 0,
        "answer_tokens": tokens,
        "cost": cost,
        "masked": False,
    }


def receipt(actor, *attempts, outcome="answered", **columns):
    last = attempts[-1]
    return RouteReceipt(
        organization_id=actor.organization,
        user_id=actor.user_id,
        purpose="assistant",
        asked="a",
        strategy="order",
        model=last["model"],
        deployment_id=last["deployment"],
        outcome=outcome,
        attempts=list(attempts),
        first_token_ms=None if last["first_token_ms"] is None else round(last["first_token_ms"]),
        total_ms=round(last["took_ms"]),
        prompt_tokens=sum(each["prompt_tokens"] for each in attempts),
        answer_tokens=sum(each["answer_tokens"] for each in attempts),
        cost=sum(each["cost"] for each in attempts),
        **columns,
    )


async def keep(actor, *rows):
    async with transaction(actor) as session:
        session.add_all(rows)
    return rows[0]


async def counted(actor, span=Span.hour):
    async with transaction(actor) as session:
        return await figures.figures_of(session, actor, span)


class TestFigures:
    async def test_count_calls_times_and_cost_of_each_deployment(self, cast):
        rows = [receipt(cast.teacher, attempt(HERE, first=first)) for first in (100.0, 200.0, 300.0)]
        await keep(cast.teacher, *rows, receipt(cast.teacher, attempt(THERE, "broken", None, 90, 0), outcome="failed"))
        found = await counted(cast.administrator)
        assert (found[HERE].calls, found[HERE].failed, found[HERE].first_p50) == (3, 0, 200)
        assert (found[HERE].prompt_tokens, found[HERE].answer_tokens, found[HERE].cost) == (30, 150, 21)
        assert found[HERE].speed == pytest.approx(150 / 2.7)
        assert (found[THERE].calls, found[THERE].failed, found[THERE].first_p95) == (1, 1, None)

    async def test_count_each_attempt_of_a_call_where_it_was_made(self, cast):
        await keep(cast.teacher, receipt(cast.teacher, attempt(HERE, "silent", None, 500, 0, 0), attempt(THERE)))
        found = await counted(cast.administrator)
        assert (found[HERE].calls, found[HERE].failed, found[HERE].cost) == (1, 1, 0)
        assert (found[THERE].calls, found[THERE].failed, found[THERE].cost) == (1, 0, 7)

    async def test_count_no_further_back_than_asked(self, cast):
        old = first_id_of(now() - timedelta(hours=3))
        await keep(cast.teacher, receipt(cast.teacher, attempt(HERE), id=old))
        assert await counted(cast.administrator, Span.hour) == {}
        assert (await counted(cast.administrator, Span.day))[HERE].calls == 1

    async def test_are_of_ones_own_organization_and_for_those_who_manage(self, cast):
        await keep(cast.teacher, receipt(cast.teacher, attempt(HERE)))
        assert await counted(cast.stranger) == {}
        with pytest.raises(NotPermitted):
            await counted(cast.teacher)

    async def test_of_the_moment_tell_what_is_open_and_left_alone(self, cast):
        id = new_id()
        here.measures.began(id)
        here.deployments.rest(id, 30, "It asked for a pause")
        moment = figures.moment_of(cast.administrator, id)
        assert (moment.open, moment.cooling.why) == (1, "It asked for a pause")
        here.measures.ended(id, failed=False)
        here.deployments.worked(id)


class TestReceipts:
    async def test_are_for_whoever_asked_and_those_who_manage(self, cast):
        message = new_id()
        row = await keep(cast.teacher, receipt(cast.teacher, attempt(HERE), message_id=message))
        for person in (cast.teacher, cast.administrator):
            async with transaction(person) as session:
                assert (await looking.receipt_of_answer(session, person, message)).id == row.id
                assert (await looking.get_receipt(session, person, row.id)).id == row.id
        for person in (cast.colleague, cast.student, cast.stranger):
            async with transaction(person) as session:
                with pytest.raises(NotFound):
                    await looking.receipt_of_answer(session, person, message)
                with pytest.raises(NotFound):
                    await looking.get_receipt(session, person, row.id)

    async def test_are_listed_newest_first_and_narrowed(self, cast):
        plain = receipt(cast.teacher, attempt(HERE))
        detour = receipt(cast.teacher, attempt(HERE, "silent"), attempt(THERE))
        failed = receipt(cast.teacher, attempt(HERE, "broken"), outcome="failed")
        await keep(cast.teacher, plain, detour, failed)
        async with transaction(cast.administrator) as session:
            everything = await looking.list_receipts(session, cast.administrator, limit=2)
            rest = await looking.list_receipts(session, cast.administrator, after=everything[-1].id)
            troubled = await looking.list_receipts(session, cast.administrator, troubled=True)
            of_b = await looking.list_receipts(session, cast.administrator, model="b")
        assert [row.id for row in [*everything, *rest]] == [failed.id, detour.id, plain.id]
        assert [row.id for row in troubled] == [failed.id, detour.id]
        assert [row.id for row in of_b] == [detour.id]
        async with transaction(cast.teacher) as session:
            with pytest.raises(NotPermitted):
                await looking.list_receipts(session, cast.teacher)
