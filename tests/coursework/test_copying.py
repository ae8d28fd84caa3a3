from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from faraday_app.classes.models import ClassStaff, StaffRole
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import NotFound
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import AssignmentGroup
from faraday_app.coursework.service import (
    assignments,
    copies,
    copying,
)
from tests.factories.classes import make_assignment, make_group
from tests.factories.coursework import do, last_terms, titles


class TestCopy:
    async def test_brings_drafts_with_dates_as_far_into_this_term(self, room, monkeypatch):
        told = []

        async def tell(_session, _actor, pairs):
            told.append(dict(pairs))

        monkeypatch.setattr(copies, "COPIED", [tell])
        old = await last_terms(room, archived_at=now())
        theirs = await make_group(old, "Labs", weight=Decimal(30), drop_lowest=1)
        due = datetime(2026, 5, 4, 15, tzinfo=UTC)
        lab = await make_assignment(old, theirs, "Root tip lab", due_at=due)
        await make_assignment(old, theirs, "Not this one")
        async with transaction(room.teacher) as session:
            (await session.get_one(AssignmentGroup, theirs.id)).never_drop = [lab.id]
        found = await do(room.teacher, copying.sources, room.id)
        assert [(each.school_class.name, each.work) for each in found] == [("Biology 8B", 2)]
        (made,) = await do(room.teacher, copying.copy, room.id, old.id, [lab.id])
        assert (made.title, made.status, made.due_at) == ("Root tip lab", "draft", due + timedelta(days=140))
        async with transaction(room.teacher) as session:
            home = await session.get_one(AssignmentGroup, made.group_id)
        assert (home.class_id, home.weight, home.drop_lowest, home.never_drop) == (room.id, 30, 1, [made.id])
        assert told == [{lab.id: made.id}]

    def test_keeps_the_hour_over_summer_time(self):
        berlin = ZoneInfo("Europe/Berlin")
        due = datetime(2026, 5, 4, 23, 59, tzinfo=berlin)
        later = copying.shifted(due.astimezone(UTC), timedelta(days=200), berlin)
        assert later == datetime(2026, 11, 20, 23, 59, tzinfo=berlin)

    async def test_is_only_of_what_one_teaches(self, cast, room, group):
        theirs = await last_terms(room)
        work = await make_assignment(theirs, await make_group(theirs))
        async with transaction(Actor.system(cast.organization_id)) as session:
            co_teacher = {"class_id": room.id, "user_id": cast.colleague.user, "role": StaffRole.teacher}
            session.add(ClassStaff(organization_id=cast.organization_id, **co_teacher))
        with pytest.raises(NotFound):
            await do(cast.colleague, copying.copy, room.id, theirs.id, [work.id])

    async def test_of_a_single_one_is_a_draft_behind_the_others(self, room, group):
        work = await make_assignment(room, group)
        copy = await do(room.teacher, assignments.duplicate, work.id)
        assert (copy.title, copy.status, copy.points) == ("Cell quiz (copy)", "draft", work.points)
        assert await titles(room, room.teacher) == ["Cell quiz", "Cell quiz (copy)"]
