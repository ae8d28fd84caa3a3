import os
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from faraday_app.core.batch import Batch
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import NotFound, NotPermitted
from faraday_app.core.permissions import Actor
from faraday_app.security.jobs import alerts
from faraday_app.security.jobs import audit as seals
from faraday_app.security.models import AuditEvent
from faraday_app.security.service import audit, record
from faraday_app.security.service.audit import AuditFilter


async def write(actor, *actions, **details):
    async with transaction(actor) as session:
        for action in actions:
            record(session, actor, action, **details)


async def actions_of(actor, limit=audit.PAGE, **wanted):
    async with transaction(actor) as session:
        return [event.action for event in await audit.search(session, actor, AuditFilter(**wanted), limit)]


async def count():
    async with transaction(Actor.system()) as session:
        return await session.scalar(select(func.count()).select_from(AuditEvent))


class TestRecord:
    async def test_of_every_call_wakes_no_detector(self, cast):
        batch = Batch(cast.teacher)
        audit.record_in(batch, cast.teacher, "gateway.asked")
        assert batch._topics == [f"calls:{cast.organization_id}"]
        waiting = set()
        alerts._hear({"topic": batch._topics[0]}, waiting)
        assert waiting == set()
        seals._hear({"topic": batch._topics[0]}, waiting)
        assert waiting == {str(cast.organization_id)}

    async def test_is_written_in_the_transaction_of_what_it_tells_of(self, cast):
        before = await count()
        with pytest.raises(RuntimeError):
            await self.fail_after_recording(cast.teacher)
        assert await count() == before

    async def fail_after_recording(self, actor):
        async with transaction(actor) as session:
            record(session, actor, "lesson.planned")
            await session.flush()
            raise RuntimeError("the change itself failed")

    async def test_says_who_and_from_where(self, cast):
        await write(cast.teacher, "lesson.planned", room="12")
        async with transaction(cast.administrator) as session:
            (event,) = await audit.search(session, cast.administrator, AuditFilter(action="lesson."))
        assert (event.actor_id, event.actor_name) == (cast.teacher.user_id, "Maya Okafor")
        assert event.details == {"room": "12"}

    async def test_hides_what_is_secret_by_name_or_by_looks_at_any_depth(self, cast):
        secret = "fdy_" + "0" * 40  # pragma: allowlist secret
        deep = {"api_key": "x", "nested": [{"cookie": "x", "said": f"used {secret}", "room": "12"}]}
        await write(cast.teacher, "lesson.planned", password="x", code="123456", head="Bearer abcdefgh1", deep=deep)
        async with transaction(cast.administrator) as session:
            (event,) = await audit.search(session, cast.administrator, AuditFilter(action="lesson."))
        assert event.outcome == "done"
        assert event.details == {
            "password": "[hidden]",
            "code": "[hidden]",
            "head": "Bearer [hidden]",
            "deep": {
                "api_key": "[hidden]",
                "nested": [{"cookie": "[hidden]", "said": "used fdy_[hidden]", "room": "12"}],
            },
        }


class TestAppendOnly:
    STATEMENTS = (
        "update audit_events set action = 'nothing.happened'",
        "delete from audit_events",
        "truncate audit_events",
    )

    @pytest.mark.parametrize("statement", STATEMENTS)
    async def test_refuses_the_app_even_as_faraday_itself(self, cast, statement):
        async with transaction(Actor.system()) as session:
            with pytest.raises(DBAPIError, match=r"append-only|permission denied"):
                await session.execute(text(statement))
            await session.rollback()

    @pytest.mark.parametrize("statement", STATEMENTS)
    async def test_refuses_the_owner_of_the_tables(self, cast, statement):
        owner = os.environ["DATABASE_OWNER_URL"].replace("+psycopg", "")
        before = await count()
        async with await psycopg.AsyncConnection.connect(owner) as connection:
            await connection.execute("select set_config('app.system', 'on', true)")
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
                await connection.execute(statement)  # type: ignore[arg-type]
            await connection.rollback()
        assert await count() == before


class TestSearch:
    async def test_is_newest_first_and_only_of_the_own_organization(self, cast):
        await write(cast.teacher, "lesson.planned", "lesson.held")
        await write(cast.stranger, "lesson.cancelled")
        assert await actions_of(cast.administrator, action="lesson.") == ["lesson.held", "lesson.planned"]
        assert await actions_of(cast.stranger, action="lesson.") == ["lesson.cancelled"]

    async def test_finds_who_what_where_and_details(self, cast):
        await write(cast.teacher, "lesson.planned", room="Greenhouse 100%")
        for sought in ("maya", "LESSON", "greenhouse", "100%"):
            assert "lesson.planned" in await actions_of(cast.administrator, text=sought)
        assert await actions_of(cast.administrator, text="100_") == []

    async def test_finds_actions_by_what_they_are_called(self, cast):
        await write(cast.teacher, "lesson.planned")
        assert await actions_of(cast.administrator, text="prepared", meant=("lesson.planned",)) == ["lesson.planned"]

    async def test_narrows_by_person_and_time(self, cast):
        await write(cast.teacher, "lesson.planned")
        await write(cast.head, "lesson.planned")
        mine = await actions_of(cast.administrator, actor_id=cast.head.user)
        assert mine == ["lesson.planned"]
        assert await actions_of(cast.administrator, since=now() + timedelta(minutes=1)) == []

    async def test_pages_both_ways_without_gap_or_repetition(self, cast):
        await write(cast.teacher, *(f"lesson.{number}" for number in range(5)))
        async with transaction(cast.administrator) as session:
            lessons = AuditFilter(action="lesson.")
            everything = await audit.search(session, cast.administrator, lessons)
            first = await audit.search(session, cast.administrator, lessons, 2)
            older = AuditFilter(action="lesson.", before=first[-1].id)
            second = await audit.search(session, cast.administrator, older, 2)
            newer = AuditFilter(action="lesson.", after=second[0].id)
            again = await audit.search(session, cast.administrator, newer, 2)
        assert first + second == everything[:4]
        assert again == first

    async def test_is_for_those_who_may_read_it(self, cast):
        for actor in (cast.head, cast.teacher, cast.student):
            with pytest.raises(NotPermitted):
                await actions_of(actor)


class TestGetEvent:
    async def test_is_not_found_for_another_organization(self, cast):
        await write(cast.teacher, "lesson.planned")
        async with transaction(cast.administrator) as session:
            newest = await session.scalar(select(AuditEvent).order_by(col(AuditEvent.id).desc()).limit(1))
            assert await audit.get_event(session, cast.administrator, newest.id) is newest
        async with transaction(cast.stranger) as session:
            with pytest.raises(NotFound):
                await audit.get_event(session, cast.stranger, newest.id)


class TestActions:
    async def test_lists_each_kind_once_by_name(self, cast):
        await write(cast.teacher, "lesson.planned", "lesson.held", "lesson.held")
        async with transaction(cast.administrator) as session:
            found = await audit.actions(session, cast.administrator)
        assert found == sorted(set(found))
        assert {"lesson.held", "lesson.planned"} <= set(found)
        async with transaction(cast.stranger) as session:
            assert "lesson.held" not in await audit.actions(session, cast.stranger)
