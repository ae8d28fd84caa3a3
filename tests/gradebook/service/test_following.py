"""Totals follow what changes in classes, in the same transaction."""

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from faraday_app.classes.models import Enrolled
from faraday_app.classes.service import enrolments, periods, sections
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor, Role
from faraday_app.coursework.models import AssignmentOverride
from faraday_app.gradebook.service import following, totals
from tests.factories.classes import make_assignment, make_classroom, make_group
from tests.factories.coursework import do
from tests.factories.grades import enter, make_policy
from tests.factories.materials import make_section
from tests.factories.people import make_person

DAY = timedelta(days=1)


@pytest.fixture
async def room(cast):
    return await make_classroom(cast)


async def finals(room) -> dict:
    async with transaction(room.teacher) as session:
        return {id: total.final_percent for id, total in (await totals.of_class(session, room.id)).items()}


@pytest.fixture
async def graded(room):
    """9 of 10 a while ago, 4 of 10 lately: 65 % together."""
    group = await make_group(room)
    early = await make_assignment(room, group, "Early", 10, due_at=now() - 30 * DAY)
    late = await make_assignment(room, group, "Late", 10, due_at=now() - DAY)
    await enter(room, (early, room.elif_, "9"), (late, room.elif_, "4"))
    return early, late


class TestEnrolment:
    async def test_gives_who_comes_a_total(self, cast, room, graded):
        newcomer = await make_person(cast.organization_id, Role.student, "Ines Costa")
        assert newcomer.user not in await finals(room)
        await do(room.teacher, enrolments.enrol, room.id, [newcomer.user])
        assert (await finals(room))[newcomer.user] == 0

    async def test_in_another_section_goes_by_its_dates(self, room, graded):
        """Work that only one section has counts for whoever comes into it."""
        section = await make_section(room, "Monday lab", room.emre)
        _, late = graded
        async with transaction(Actor.system(late.organization_id)) as session:
            await session.execute(text("update assignments set for_everyone = false where id = :id"), {"id": late.id})
            session.add(
                AssignmentOverride(
                    organization_id=late.organization_id, assignment_id=late.id, section_id=section, due_at=late.due_at
                )
            )
        await do(room.teacher, enrolments.move, room.id, [room.elif_.user], section)
        assert (await finals(room))[room.elif_.user] == 65
        await do(room.teacher, enrolments.move, room.id, [room.elif_.user], None)
        assert (await finals(room))[room.elif_.user] == 90
        await do(room.teacher, enrolments.move, room.id, [room.elif_.user], section)
        await do(room.teacher, sections.remove, section)
        assert (await finals(room))[room.elif_.user] == 90

    async def withdraw_and_fail(self, room) -> None:
        with suppress(RuntimeError):
            async with transaction(room.teacher) as session:
                await enrolments.set_status(session, room.teacher, room.id, [room.amina.user], Enrolled.withdrawn)
                raise RuntimeError

    async def test_that_is_refused_changes_nothing(self, room, graded):
        before = await finals(room)
        await self.withdraw_and_fail(room)
        assert await finals(room) == before


class TestPeriods:
    async def drafted(self, cast, room) -> periods.PeriodDraft:
        """The last ten days, which alone count."""
        await make_policy(room, weighted_periods=True)
        today = now().date()
        return periods.PeriodDraft("Second quarter", today - timedelta(10), today, Decimal(100))

    async def test_change_the_totals_of_their_term(self, cast, room, graded):
        draft = await self.drafted(cast, room)
        made = await do(cast.administrator, periods.add, room.term_id, draft)
        assert (await finals(room))[room.elif_.user] == 40
        await do(cast.administrator, periods.remove, made.id)
        assert (await finals(room))[room.elif_.user] == 65

    async def test_of_many_classes_follow_by_a_job(self, cast, room, graded, monkeypatch):
        monkeypatch.setattr(following, "AT_ONCE", 0)
        await do(cast.administrator, periods.add, room.term_id, await self.drafted(cast, room))
        assert (await finals(room))[room.elif_.user] == 65
        async with transaction(Actor.system()) as session:
            waiting = text("select count(*) from procrastinate_jobs where task_name = :task and status = 'todo'")
            assert await session.scalar(waiting, {"task": following.JOB}) == 1
        assert await following.settle_marked() == 1
        assert (await finals(room))[room.elif_.user] == 40
        assert await following.settle_marked() == 0
