"""What is written with the end of a transaction belongs to it as all else does."""

import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import func, select, text
from sqlmodel import col

from faraday_app.core import closing
from faraday_app.core.database import enter_scope, transaction
from faraday_app.core.errors import Invalid
from faraday_app.core.permissions import Actor
from faraday_app.security.models import AuditEvent
from faraday_app.security.service import record


async def found(actor, action):
    async with transaction(Actor.system()) as session:
        query = select(AuditEvent).where(
            col(AuditEvent.organization_id) == actor.organization, col(AuditEvent.action) == action
        )
        return (await session.scalars(query)).all()


class TestInsertAtEnd:
    async def test_is_there_once_the_transaction_is(self, cast):
        words = "it's 100% \\ “fine”; drop table audit_events; --"
        async with transaction(cast.teacher) as session:
            record(session, cast.teacher, "lesson.planned", words=words)
            record(session, cast.teacher, "lesson.planned", words=words)
        assert [event.details for event in await found(cast.teacher, "lesson.planned")] == [{"words": words}] * 2

    async def test_is_gone_with_the_transaction(self, cast):
        async def plan():
            async with transaction(cast.teacher) as session:
                record(session, cast.teacher, "lesson.planned")
                await closing.write(session)
                record(session, cast.teacher, "lesson.planned")
                raise RuntimeError

        with pytest.raises(RuntimeError):
            await plan()
        assert await found(cast.teacher, "lesson.planned") == []

    async def test_is_written_in_the_scope_it_was_said_in(self, cast):
        async with transaction(cast.teacher) as session:
            record(session, cast.teacher, "lesson.planned")
            await enter_scope(session, cast.stranger)
        assert len(await found(cast.teacher, "lesson.planned")) == 1

    async def test_of_another_organisation_is_refused_by_the_database_and_takes_all_with_it(self, cast):
        async def steal():
            async with transaction(cast.teacher) as session:
                record(session, cast.teacher, "lesson.planned")
                record(session, cast.stranger, "lesson.stolen")

        with pytest.raises(InsufficientPrivilege):
            await steal()
        assert await found(cast.teacher, "lesson.planned") == []
        assert await found(cast.stranger, "lesson.stolen") == []

    async def test_of_what_cannot_be_stored_is_refused_and_leaves_the_connection_usable(self, cast):
        with pytest.raises(Invalid):
            async with transaction(cast.teacher) as session:
                record(session, cast.teacher, "lesson\x00planned")
        async with transaction(cast.teacher) as session:
            assert await session.scalar(select(func.count()).select_from(text("(select 1) one"))) == 1
