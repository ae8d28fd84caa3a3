"""Batches: one message, one transaction, and values that stay values."""

from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlmodel import col

from faraday_app.core.batch import Batch, Missed
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor
from faraday_app.security.models import AuditEvent
from faraday_app.security.service.audit import record_in

# Whatever could end a literal, begin a comment or be taken for a parameter.
NASTY = [
    "'",
    "''; drop table users; --",
    "\\'",
    "$1",
    ":name",
    "%s",
    "%(x)s",
    "\n\r\t",
    "é\u2028😀",
    "/*",
    "execute",
    "\\",
]
_NOBODY = text("select 1 from users where id = :id")


async def kept(actor: Actor) -> list[AuditEvent]:
    async with transaction(actor) as session:
        query = select(AuditEvent).where(col(AuditEvent.organization_id) == actor.organization_id)
        rows = await session.scalars(query.where(col(AuditEvent.action) == "batch.tried").order_by(col(AuditEvent.id)))
        return list(rows.all())


class TestBatch:
    @pytest.mark.parametrize("value", NASTY)
    async def test_keeps_what_it_is_given(self, cast, value):
        batch = Batch(cast.teacher)
        record_in(batch, cast.teacher, "batch.tried", outcome=value[:20], note=value, nested={"list": [value, 1, None]})
        await batch.run()
        (event,) = await kept(cast.teacher)
        assert event.outcome == value[:20]
        assert event.details["nested"] == {"list": [value, 1, None]}
        assert event.actor_id == cast.teacher.user_id

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(value=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=80))
    async def test_keeps_any_text(self, cast, value):
        name = f"{new_id()}"
        batch = Batch(cast.teacher)
        batch.add(text("select set_config('app.test', :value, true)"), {"value": value})
        batch.must(text("select 1 where current_setting('app.test') = :value"), {"value": value})
        record_in(batch, cast.teacher, "batch.tried", name=name)
        await batch.run()
        assert name in [event.details["name"] for event in await kept(cast.teacher)]

    async def test_refuses_what_cannot_be_stored(self, cast):
        batch = Batch(cast.teacher)
        record_in(batch, cast.teacher, "batch.tried", outcome="a\x00b")
        with pytest.raises(Invalid):
            await batch.run()
        assert await kept(cast.teacher) == []

    async def test_that_is_missed_does_nothing(self, cast):
        batch = Batch(cast.teacher)
        record_in(batch, cast.teacher, "batch.tried")
        batch.must(_NOBODY, {"id": UUID(int=0)})
        record_in(batch, cast.teacher, "batch.tried")
        with pytest.raises(Missed):
            await batch.run()
        assert await kept(cast.teacher) == []

    async def test_sees_and_writes_its_own_organisation_only(self, cast):
        batch = Batch(cast.stranger)
        batch.must(text("select 1 from memberships where organization_id = :id"), {"id": cast.organization_id})
        with pytest.raises(Missed):
            await batch.run()
        batch = Batch(cast.stranger)
        record_in(batch, cast.teacher, "batch.tried")
        with pytest.raises(Exception, match="row-level security"):
            await batch.run()
        batch = Batch(cast.teacher)
        batch.must(text("select 1 from memberships where organization_id = :id"), {"id": cast.organization_id})
        await batch.run()


class TestMayBeLost:
    async def test_does_not_wait_for_the_disk_and_leaves_no_trace_of_it_on_the_connection(self, cast):
        waits = text("select 1 where current_setting('synchronous_commit') = :how")
        for options, how in (({"may_be_lost": True}, "off"), ({}, "on"), ({"may_be_lost": True}, "off")):
            batch = Batch(cast.teacher, **options)
            batch.must(waits, {"how": how})
            await batch.run()
