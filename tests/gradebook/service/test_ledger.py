"""Grades are entered, taken back, and can be seen as they were."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import text

from faraday_app.classes.models import GradingPeriod
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import Assignment
from faraday_app.coursework.service import dates, overrides
from faraday_app.gradebook.models import EntryKind
from faraday_app.gradebook.service import history, integrity, ledger, settling, totals, undoing
from faraday_app.gradebook.service.ledger import Change, ReasonNeeded, Stale
from tests.factories.classes import make_assignment, make_classroom, make_group, make_submission
from tests.factories.grades import cell, enter, make_policy, mark_of, record_of

DAILY = {"per": "day", "percent": "10", "floor": "0"}


@pytest.fixture
async def room(cast):
    return await make_classroom(cast)


@pytest.fixture
async def quiz(room):
    return await make_assignment(room, await make_group(room))


async def totals_of(room):
    async with transaction(room.teacher) as session:
        return await totals.of_class(session, room.id)


class TestEnter:
    async def test_keeps_what_was_typed_and_its_total(self, room, quiz):
        entered = await enter(room, (quiz, room.elif_, "17"), (quiz, room.emre, "A-"), (quiz, room.amina, "ex"))
        assert [mark.score for mark in entered.cells.values()] == [17, Decimal("18.6"), None]
        assert entered.totals[room.elif_.user].current_percent == 85
        found = await totals_of(room)
        assert (found[room.elif_.user].current_letter, found[room.amina.user].current_percent) == ("B", None)

    async def test_refuses_a_stale_cell_and_shows_both_values(self, room, quiz):
        await enter(room, (quiz, room.elif_, "17"))
        entered = await enter(room, (quiz, room.elif_, "12"), (quiz, room.emre, "12"), version=0)
        refused = entered.refused[0]
        assert isinstance(refused.why, Stale)
        assert (refused.change.typed, refused.mark.score) == ("12", 17)
        assert entered.cells[cell(quiz, room.emre)].score == 12

    async def test_changes_a_posted_grade_only_with_a_reason(self, room, quiz):
        await enter(room, (quiz, room.elif_, "17"))
        assert isinstance((await enter(room, (quiz, room.elif_, "18"))).refused[0].why, ReasonNeeded)
        assert not (await enter(room, (quiz, room.elif_, "18"), reason="Second marker")).refused
        async with transaction(room.teacher) as session:
            newest = (await history.of_cell(session, room.teacher, room.id, cell(quiz, room.elif_)))[0]
        assert (newest.before.score, newest.after.score, newest.reason) == (17, 18, "Second marker")
        assert newest.by == room.teacher.name

    async def test_needs_no_reason_before_it_is_posted_and_writes_nothing_when_nothing_changes(self, room, quiz):
        await make_policy(room, posting="manual")
        await enter(room, (quiz, room.elif_, "17"))
        assert (await enter(room, (quiz, room.elif_, "18"))).batch_id
        assert (await enter(room, (quiz, room.elif_, "18"))).batch_id is None
        assert (await mark_of(room, quiz, room.elif_)).posted_at is None

    async def test_takes_off_for_lateness_by_the_students_own_due_date(self, room):
        await make_policy(room, late=DAILY)
        group = await make_group(room)
        essay = await make_assignment(room, group, "Essay", 100, due_at=now() - timedelta(hours=30))
        await make_submission(essay, room.elif_)
        await enter(room, (essay, room.elif_, "90"))
        mark = await mark_of(room, essay, room.elif_)
        assert (mark.raw, mark.deducted, mark.score) == (90, 20, 70)
        await enter(room, (essay, room.elif_, "on time"), reason="Was ill")
        assert (await mark_of(room, essay, room.elif_)).score == 90
        await enter(room, (essay, room.elif_, "late 3d"), reason="Was not")
        assert (await mark_of(room, essay, room.elif_)).score == 60

    async def test_changes_nothing_in_a_closed_period(self, room):
        today = now().date()
        quiz = await make_assignment(room, await make_group(room), due_at=now() - timedelta(days=10))
        await enter(room, (quiz, room.elif_, "17"))
        await close_period(room, today - timedelta(days=20), today - timedelta(days=5))
        refused = (await enter(room, (quiz, room.elif_, "18"), reason="Late change")).refused[0]
        assert isinstance(refused.why, Conflict)
        assert "Quarter 1" in str(refused.why)

    async def test_refuses_work_and_students_of_elsewhere(self, room, quiz):
        entered = await enter(room, (quiz, room.teacher, "17"))
        assert isinstance(entered.refused[0].why, NotFound)
        async with transaction(room.teacher) as session:
            changes = [Change(uuid4(), room.elif_.user, "3")]
            found = await ledger.enter(session, room.teacher, room.id, changes)
        assert isinstance(found.refused[0].why, NotFound)

    @pytest.mark.parametrize("who", ["aide", "student", "parent", "colleague", "stranger"])
    async def test_is_for_teachers_of_the_class(self, room, quiz, who):
        actor = getattr(room.cast, who)
        with pytest.raises((NotPermitted, NotFound)):
            async with transaction(actor) as session:
                await ledger.enter(session, actor, room.id, [Change(quiz.id, room.elif_.user, "17")])

    async def test_asks_for_a_reason_of_bearable_length(self, room, quiz):
        with pytest.raises(Invalid):
            await enter(room, (quiz, room.elif_, "17"), reason="x" * 401)


async def close_period(room, starts_on, ends_on):
    async with transaction(Actor.system(room.cast.organization_id)) as session:
        session.add(
            GradingPeriod(
                organization_id=room.cast.organization_id,
                term_id=room.term_id,
                name="Quarter 1",
                starts_on=starts_on,
                ends_on=ends_on,
                closed_at=now(),
            )
        )


class TestUndo:
    async def test_puts_back_what_nobody_changed_since(self, room, quiz):
        batch = (await enter(room, (quiz, room.elif_, "17"), (quiz, room.emre, "12"))).batch_id
        await enter(room, (quiz, room.emre, "13"), reason="Typing error")
        async with transaction(room.teacher) as session:
            undone = await undoing.undo(session, room.teacher, room.id, batch)
        assert undone.kept == {cell(quiz, room.emre): "It was changed since."}
        assert (await mark_of(room, quiz, room.elif_)).score is None
        assert (await mark_of(room, quiz, room.emre)).score == 13
        assert (await totals_of(room))[room.elif_.user].current_percent is None
        with pytest.raises(Conflict):
            async with transaction(room.teacher) as session:
                await undoing.undo(session, room.teacher, room.id, batch)

    async def test_can_be_undone(self, room, quiz):
        batch = (await enter(room, (quiz, room.elif_, "17"))).batch_id
        async with transaction(room.teacher) as session:
            undone = await undoing.undo(session, room.teacher, room.id, batch)
            await undoing.undo(session, room.teacher, room.id, undone.batch_id)
        assert (await mark_of(room, quiz, room.elif_)).score == 17

    async def test_finds_no_batch_of_elsewhere(self, room):
        with pytest.raises(NotFound):
            async with transaction(room.teacher) as session:
                await undoing.undo(session, room.teacher, room.id, uuid4())


class TestSettle:
    async def test_gives_the_deduction_back_when_the_due_date_moves(self, room):
        await make_policy(room, late=DAILY)
        essay = await make_assignment(room, await make_group(room), "Essay", 100, due_at=now() - timedelta(hours=30))
        await make_submission(essay, room.elif_)
        await enter(room, (essay, room.elif_, "90"))
        await move(room, essay, now() + timedelta(days=1))
        mark = await mark_of(room, essay, room.elif_)
        assert (mark.score, mark.deducted) == (90, 0)
        assert (await totals_of(room))[room.elif_.user].current_percent == 90
        async with transaction(room.teacher) as session:
            newest = (await history.of_cell(session, room.teacher, room.id, cell(essay, room.elif_)))[0]
        assert (newest.kind, newest.by) == (EntryKind.policy, "")

    async def test_leaves_what_was_due_in_a_closed_period(self, room):
        await make_policy(room, late=DAILY)
        essay = await make_assignment(room, await make_group(room), "Essay", 100, due_at=now() - timedelta(days=10))
        await make_submission(essay, room.elif_, submitted_at=now() - timedelta(days=9, hours=1))
        await enter(room, (essay, room.elif_, "90"))
        today = now().date()
        await close_period(room, today - timedelta(days=20), today - timedelta(days=5))
        await move(room, essay, now() + timedelta(days=1))
        assert (await mark_of(room, essay, room.elif_)).score == 80

    async def test_writes_missing_work_and_takes_it_back(self, room):
        await make_policy(room, missing_percent=Decimal(40))
        group = await make_group(room)
        essay = await make_assignment(room, group, "Essay", 20, due_at=now() - timedelta(days=1))
        paper = await make_assignment(
            room, group, "Test", 20, due_at=now() - timedelta(days=1), submission_types=["paper"]
        )
        await make_submission(essay, room.emre)
        await settle(room)
        found = await mark_of(room, essay, room.elif_)
        assert (found.score, found.by_policy) == (12, True)
        assert (await mark_of(room, essay, room.emre)).version == 0
        assert (await mark_of(room, paper, room.elif_)).version == 0
        assert not (await enter(room, (essay, room.elif_, "15"))).refused
        await move(room, essay, now() + timedelta(days=1))
        assert (await mark_of(room, essay, room.elif_)).score == 15
        assert (await mark_of(room, essay, room.amina)).score is None

    async def test_changes_nothing_when_repeated(self, room, quiz):
        await enter(room, (quiz, room.elif_, "17"))
        assert await settle(room) == 0


async def settle(room) -> int:
    async with transaction(Actor.system(room.cast.organization_id)) as session:
        return await settling.settle(session, room.id)


async def move(room, work, due_at):
    async with transaction(Actor.system(room.cast.organization_id)) as session:
        found = await session.get(Assignment, work.id)
        assert found
        found.due_at = due_at
        await session.flush()
        await settling.settle(session, room.id)


class TestHistory:
    async def test_knows_every_past_moment(self, room, quiz):
        before = now()
        await enter(room, (quiz, room.elif_, "17"))
        between = now()
        await enter(room, (quiz, room.elif_, "19"), reason="Second marker")
        async with transaction(room.teacher) as session:
            assert await history.at(session, room.id, before) == {}
            assert (await history.at(session, room.id, between))[cell(quiz, room.elif_)].score == 17
        then = await record_of(room, room.teacher, room.elif_, between)
        assert (then.grades.current.percent, then.marks[quiz.id].score) == (85, 17)

    @pytest.mark.parametrize("who", ["student", "parent"])
    async def test_is_for_the_staff(self, room, quiz, who):
        actor = getattr(room.cast, who)
        with pytest.raises(NotPermitted):
            async with transaction(actor) as session:
                await history.of_class(session, actor, room.id)

    async def test_cannot_be_rewritten(self, room, quiz):
        await enter(room, (quiz, room.elif_, "17"))
        with pytest.raises(Exception, match="append-only"):
            async with transaction(Actor.system(room.cast.organization_id)) as session:
                await session.execute(text("delete from grade_entries"))


class TestRepair:
    async def test_puts_right_what_the_ledger_does_not_say(self, room, quiz):
        await enter(room, (quiz, room.elif_, "17"), (quiz, room.emre, "12"))
        faraday = Actor.system(room.cast.organization_id)
        async with transaction(faraday) as session:
            await session.execute(text("update grades set score = 20 where student_id = :id"), {"id": room.elif_.user})
            await session.execute(
                text("update grade_totals set current_percent = 1 where student_id = :id"), {"id": room.emre.user}
            )
        async with transaction(faraday) as session:
            assert await integrity.repair(session, room.id) == integrity.Repaired(1, 1)
        assert (await mark_of(room, quiz, room.elif_)).score == 17
        assert (await totals_of(room))[room.emre.user].current_percent == 60
        async with transaction(faraday) as session:
            assert await integrity.repair(session, room.id) == integrity.Repaired(0, 0)
            newest = (await history.of_class(session, faraday, room.id, limit=1))[0]
        assert (newest.kind, newest.before.score, newest.after.score) == (EntryKind.repaired, 20, 17)


class TestChanged:
    async def test_follows_what_coursework_changes_in_its_own_transaction(self, room):
        await make_policy(room, late=DAILY)
        essay = await make_assignment(room, await make_group(room), "Essay", 100, due_at=now() - timedelta(hours=30))
        await make_submission(essay, room.elif_)
        await enter(room, (essay, room.elif_, "90"))
        later = dates.Dates(now() + timedelta(days=1))
        async with transaction(room.teacher) as session:
            await overrides.for_student(session, room.teacher, essay.id, room.elif_.user, later)
            assert (await totals.of_class(session, room.id))[room.elif_.user].current_percent == 90
        assert (await mark_of(room, essay, room.elif_)).deducted == 0
