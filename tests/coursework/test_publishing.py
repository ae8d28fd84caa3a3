from datetime import timedelta

import pytest

from faraday_app.classes.models import SchoolClass
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import Assignment
from faraday_app.coursework.service import (
    changes,
    overrides,
    publishing,
    reading,
    turning,
)
from faraday_app.coursework.service.dates import Dates
from tests.factories.classes import make_assignment, make_group, make_submission
from tests.factories.coursework import do, last_terms, titles

HOUR = timedelta(hours=1)


class TestPublish:
    async def test_shows_it_and_says_that_grades_may_change(self, room, group, heard):
        work = await make_assignment(room, group, status="draft")
        await do(room.teacher, publishing.publish, work.id)
        assert await titles(room, room.elif_) == await titles(room, room.nadir) == ["Cell quiz"]
        assert heard == [room.id]
        with pytest.raises(Conflict, match="published already"):
            await do(room.teacher, publishing.publish, work.id)

    async def test_needs_somebody_whom_it_is_for(self, room, group):
        work = await make_assignment(room, group, status="draft", for_everyone=False)
        with pytest.raises(Conflict, match="for nobody yet"):
            await do(room.teacher, publishing.publish, work.id)
        await do(room.teacher, overrides.for_student, work.id, room.amina.user, Dates())
        await do(room.teacher, publishing.publish, work.id)
        assert await titles(room, room.amina) == await titles(room, room.karim) == ["Cell quiz"]
        assert await titles(room, room.elif_) == await titles(room, room.nadir) == []
        with pytest.raises(NotFound):
            await do(room.nadir, reading.get, work.id)

    async def test_can_be_taken_back_until_somebody_handed_in(self, room, group):
        work = await make_assignment(room, group)
        await do(room.teacher, publishing.withdraw, work.id)
        assert await titles(room, room.elif_) == []
        await do(room.teacher, publishing.publish, work.id)
        await make_submission(work, room.elif_)
        with pytest.raises(Conflict, match="handed in “Cell quiz” already"):
            await do(room.teacher, publishing.withdraw, work.id)

    async def test_keeps_the_description_until_it_can_be_handed_in(self, cast, room, group):
        opens = {"available_from": now() + HOUR, "description": "Questions"}
        work = await make_assignment(room, group, **opens)
        seen = {actor.name: (await do(actor, reading.get, work.id)).description
                for actor in (room.teacher, cast.aide, room.elif_, room.nadir)}  # fmt: skip
        assert seen == {"Maya Okafor": "Questions", "Sara Byrne": "Questions", "Elif Kaya": "", "Nadir Kaya": ""}


class TestClose:
    async def test_and_open_again(self, room, group, heard):
        work = await make_assignment(room, group, due_at=now() - HOUR, available_until=now() - HOUR)
        await do(room.teacher, publishing.close, work.id)
        assert await titles(room, room.elif_) == ["Cell quiz"]
        with pytest.raises(Conflict, match="already closed"):
            await do(room.teacher, publishing.close, work.id)
        with pytest.raises(Invalid, match="still to come"):
            await do(room.teacher, publishing.reopen, work.id, now())
        again = await do(room.teacher, publishing.reopen, work.id, now() + HOUR)
        assert (again.status, heard) == ("published", [room.id, room.id])


class TestTurn:
    async def status(self, work):
        async with transaction(Actor.system()) as session:
            return (await session.get_one(Assignment, work.id)).status

    async def test_publishes_and_closes_by_the_clock_in_all_organisations(self, cast, room, group, heard):
        due = await make_assignment(room, group, "Lab", status="scheduled", publish_at=now() - HOUR)
        over = await make_assignment(room, group, "Essay", available_until=now() - HOUR)
        left = [
            await make_assignment(room, group, "Poster", status="scheduled", publish_at=now() + HOUR),
            await make_assignment(room, group, "Quiz", available_until=now() + HOUR),
            await make_assignment(room, group, "Gone", available_until=now() - HOUR, deleted_at=now()),
        ]
        later = await make_assignment(room, group, "Extended", available_until=now() - HOUR)
        until = Dates(available_until=now() + HOUR)
        await do(room.teacher, overrides.for_student, later.id, room.emre.user, until)
        heard.clear()
        assert await turning.turn() >= 2
        assert [await self.status(each) for each in (due, over)] == ["published", "closed"]
        assert [await self.status(each) for each in (*left, later)] == [each.status for each in (*left, later)]
        assert heard == [room.id, room.id]

    async def test_of_one_class_does_not_wait_for_another(self, room, group, monkeypatch):
        other = await last_terms(room)
        first = await make_assignment(room, group, available_until=now() - HOUR)
        second = await make_assignment(other, await make_group(other), available_until=now() - HOUR)

        async def fail(_session, class_id, _students):
            if class_id == room.id:
                raise RuntimeError

        monkeypatch.setattr(changes, "CHANGES", [fail])
        await turning.turn()
        assert [await self.status(each) for each in (first, second)] == ["published", "closed"]

    async def test_leaves_an_archived_class_alone(self, room, group):
        work = await make_assignment(room, group, status="scheduled", publish_at=now() - HOUR)
        async with transaction(room.teacher) as session:
            (await session.get_one(SchoolClass, room.id)).archived_at = now()
        await turning.turn()
        assert await self.status(work) == "scheduled"

    async def test_is_planned_for_what_is_still_to_come(self, room, group):
        work = await make_assignment(room, group, status="draft")
        with pytest.raises(Invalid) as refused:
            await do(room.teacher, publishing.schedule, work.id, now())
        assert refused.value.field == "publish_at"
        assert (await do(room.teacher, publishing.schedule, work.id, now() + HOUR)).status == "scheduled"
