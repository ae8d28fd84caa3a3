"""Who saw whom."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.security.models import RecordView
from faraday_app.security.service import audit, seen
from faraday_app.security.service.audit import AuditFilter


async def look(viewer, subject, what="profile"):
    async with transaction(viewer) as session:
        return await seen(session, viewer, subject.user, what)


async def views_of(cast, subject):
    async with transaction(cast.administrator) as session:
        wanted = AuditFilter(action="record.seen", target_type="users", target_id=subject.user)
        return [
            (event.actor_name, event.details["what"])
            for event in await audit.search(session, cast.administrator, wanted)
        ]


class TestSeen:
    async def test_tells_who_saw_what_of_whom(self, cast):
        await look(cast.teacher, cast.student)
        await look(cast.head, cast.student, "conversation")
        await look(cast.head, cast.parent)
        assert await views_of(cast, cast.student) == [("Tom Lindqvist", "conversation"), ("Maya Okafor", "profile")]

    async def test_folds_what_happens_within_ten_minutes(self, cast):
        assert await look(cast.teacher, cast.student)
        assert not await look(cast.teacher, cast.student)
        async with transaction(Actor.system()) as session:
            earlier = col(RecordView.seen_at) - timedelta(minutes=10)
            await session.execute(
                update(RecordView).where(col(RecordView.viewer_id) == cast.teacher.user).values(seen_at=earlier)
            )
        assert await look(cast.teacher, cast.student)
        assert len(await views_of(cast, cast.student)) == 2

    async def test_is_one_event_of_a_hundred_at_once(self, cast):
        told = await asyncio.gather(*(look(cast.teacher, cast.student) for _ in range(100)))
        assert sum(told) == 1
        assert len(await views_of(cast, cast.student)) == 1

    async def test_leaves_out_oneself_and_faraday(self, cast):
        assert not await look(cast.student, cast.student)
        faraday = Actor.system(cast.organization_id)
        async with transaction(faraday) as session:
            assert not await seen(session, faraday, cast.student.user, "profile")
        assert await views_of(cast, cast.student) == []

    async def test_is_not_written_when_the_look_itself_fails(self, cast):
        with pytest.raises(RuntimeError):
            await self.look_at_what_breaks(cast.teacher, cast.student)
        assert await views_of(cast, cast.student) == []
        assert await look(cast.teacher, cast.student)

    async def look_at_what_breaks(self, viewer, subject):
        async with transaction(viewer) as session:
            await seen(session, viewer, subject.user, "profile")
            raise RuntimeError("not shown after all")
