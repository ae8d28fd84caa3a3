from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlmodel import col

from faraday_app.core.database import transaction
from faraday_app.core.errors import NotFound
from faraday_app.coursework.models import Assignment
from faraday_app.gradebook.service import contents, reading
from tests.factories.classes import make_assignment, make_classroom, make_group


@pytest.fixture
async def room(cast):
    return await make_classroom(cast)


async def _read(room):
    async with transaction(room.teacher) as session:
        return await reading.read(session, room.id)


class TestRead:
    async def test_is_the_same_object_until_something_counts_in_another_way(self, room):
        work = await make_assignment(room, await make_group(room, weight=Decimal("12.5")))
        before = await _read(room)
        assert await _read(room) is before
        due = datetime(2026, 9, 1, 12, 30, 0, 500_000, UTC)
        async with transaction(room.teacher) as session:
            await session.execute(update(Assignment).where(col(Assignment.id) == work.id).values(due_at=due))
        after = await _read(room)
        assert after.by_id[work.id].due_at == due != before.by_id[work.id].due_at
        assert contents.digest(after) != contents.digest(before)
        assert [group.weight for group in after.groups] == [Decimal("12.5")]

    async def test_sees_what_its_own_transaction_has_not_written_out_yet(self, room):
        work = await make_assignment(room, await make_group(room))
        async with transaction(room.teacher) as session:
            (await session.get(Assignment, work.id)).title = "Renamed “here” \\ now"
            assert (await reading.read(session, room.id)).by_id[work.id].title == "Renamed “here” \\ now"

    async def test_is_nothing_to_another_school_not_even_after_somebody_else_read_it(self, room, cast):
        await _read(room)
        async with transaction(cast.stranger) as session:
            for id in (room.id, UUID(int=1)):
                with pytest.raises(NotFound):
                    await reading.read(session, id)
