"""Marks become grades: only of the work that was on the screen, only where nobody was first."""

import asyncio
from decimal import Decimal

import pytest

from faraday_app.core.database import transaction
from faraday_app.core.errors import NotFound, NotPermitted
from faraday_app.coursework.service import teams
from faraday_app.coursework.service.assessing import Meant, Moved, marking
from faraday_app.coursework.service.rubrics import using
from faraday_app.gradebook.service import ledger, posting
from faraday_app.gradebook.service.marking import (
    NewerAttempt,
    Regraded,
    Saving,
    choose,
    pile,
    screen,
)
from tests.factories.classes import make_assignment, make_classroom, make_group, make_submission
from tests.factories.grades import enter, make_policy, mark_of
from tests.factories.marking import ESSAY, co_teacher, handed_in, marked, piled, saved, write
from tests.factories.rubrics import make_rubric, meant, use_rubric


@pytest.fixture
async def room(cast):
    return await make_classroom(cast)


@pytest.fixture
async def essay(room):
    work = await make_assignment(room, await make_group(room), "Essay", 10)
    await use_rubric(room, work, await make_rubric(room.teacher))
    return work


class TestSave:
    async def test_enters_what_the_rubric_comes_to(self, room, essay):
        what = meant(await handed_in(essay, room.elif_))
        result = await marked(room.teacher, essay, what, 1)
        grade = await mark_of(room, essay, room.elif_)
        assert (grade.score, grade.attempt, result.mark.version) == (Decimal("2.5"), 1, 1)
        assert result.unmarked == 2

    async def test_enters_what_was_typed_in_its_place(self, room, essay):
        what = meant(await handed_in(essay, room.elif_))
        async with transaction(room.teacher) as session:
            plan = await using.plan_of(session, room.teacher, essay.id)
            await marking.write_score(session, room.teacher, plan, what, Decimal("9.75"))
        await marked(room.teacher, essay, what)
        assert (await mark_of(room, essay, room.elif_)).score == Decimal("9.75")

    async def test_two_students_at_once_keep_their_own(self, room, essay):
        hers, his = meant(await handed_in(essay, room.elif_)), meant(await handed_in(essay, room.emre))
        await asyncio.gather(write(room.teacher, essay, hers, 0), write(room.teacher, essay, his, 1))
        await asyncio.gather(saved(room.teacher, essay, hers), saved(room.teacher, essay, his))
        scores = [(await mark_of(room, essay, each)).score for each in (room.elif_, room.emre)]
        assert scores == [4, Decimal("2.5")]

    async def test_is_refused_for_a_screen_that_mixes_two(self, room, essay):
        hers, his = await handed_in(essay, room.elif_), await handed_in(essay, room.emre)
        await write(room.teacher, essay, meant(hers))
        for mixed in (Meant(room.emre.user, hers.id, 1), Meant(room.elif_.user, his.id, 1)):
            with pytest.raises(Moved):
                await saved(room.teacher, essay, mixed)
        for each in (room.elif_, room.emre):
            assert (await mark_of(room, essay, each)).score is None

    async def test_is_refused_when_somebody_graded_since(self, room, essay):
        what, ana = meant(await handed_in(essay, room.elif_)), await co_teacher(room)
        await write(room.teacher, essay, what, 0)
        await marked(ana, essay, what, 1)
        with pytest.raises(Regraded) as refusal:
            await saved(room.teacher, essay, what)
        assert (refusal.value.theirs.score, refusal.value.mine) == (Decimal("2.5"), 4)
        assert (await mark_of(room, essay, room.elif_)).score == Decimal("2.5")
        async with transaction(room.teacher) as session:
            plan = await using.plan_of(session, room.teacher, essay.id)
            held = await marking.held(session, room.teacher, plan, what)
            stands = await marking.chosen(session, essay.id, room.elif_.user)
        assert (held.is_on_the_way, stands[0].marker_id) == (True, ana.user)
        again = await saved(room.teacher, essay, what, refusal.value.theirs.version, "Looked again")
        assert again.mark.score == 4

    async def test_of_two_at_once_one_is_refused(self, room, essay):
        what, ana = meant(await handed_in(essay, room.elif_)), await co_teacher(room)
        await write(room.teacher, essay, what, 0)
        await write(ana, essay, what, 1)
        results = await asyncio.gather(
            saved(room.teacher, essay, what), saved(ana, essay, what), return_exceptions=True
        )
        assert sorted(type(each).__name__ for each in results) == ["Regraded", "Saved"]

    async def test_is_refused_when_they_handed_in_again(self, room, essay):
        first = meant(await handed_in(essay, room.elif_))
        await write(room.teacher, essay, first)
        await handed_in(essay, room.elif_, attempt=2)
        with pytest.raises(NewerAttempt):
            await saved(room.teacher, essay, first)

    async def test_of_a_posted_grade_needs_a_reason(self, room, essay):
        what = meant(await handed_in(essay, room.elif_))
        first = await marked(room.teacher, essay, what)
        await write(room.teacher, essay, what, 1)
        with pytest.raises(ledger.ReasonNeeded):
            await saved(room.teacher, essay, what, first.mark.version)
        assert (await saved(room.teacher, essay, what, first.mark.version, "Misread")).mark.score == Decimal("2.5")

    async def test_is_the_teachers(self, cast, room, essay):
        what = meant(await handed_in(essay, room.elif_))
        for who, refusal in ((cast.aide, NotPermitted), (room.elif_, NotPermitted), (cast.stranger, NotFound)):
            with pytest.raises(refusal):
                await saved(who, essay, what)


class TestTeam:
    async def test_each_member_is_marked_for_what_the_team_handed_in(self, room):
        work = await make_assignment(room, await make_group(room, "Posters"), "Poster", 10, group_work=True)
        await use_rubric(room, work, await make_rubric(room.teacher))
        async with transaction(room.teacher) as session:
            both = {"Team 1": [room.elif_.user, room.emre.user]}
            [team] = await teams.put(session, room.teacher, work.id, both)
        row = await make_submission(work, room.elif_, team_id=team.id)
        theirs = {each.name: each.meant for each in await piled(room.teacher, work)}
        assert theirs["Emre Kaya"] == Meant(room.emre.user, row.id, 1)
        assert (await marked(room.teacher, work, theirs["Emre Kaya"])).mark.score == 4
        with pytest.raises(Moved):
            await saved(room.teacher, work, Meant(room.amina.user, row.id, 1))


class TestModerated:
    async def test_marks_are_no_grade_until_one_is_chosen(self, cast, room):
        work = await make_assignment(room, await make_group(room, "Exams"), "Exam", 10)
        rubric = await make_rubric(room.teacher)
        await use_rubric(room, work, rubric, moderated=True, moderator_id=room.teacher.user)
        what, ana = meant(await handed_in(work, room.elif_)), await co_teacher(room)
        first = await marked(cast.head, work, what, 0)
        await marked(ana, work, what, 1)
        assert (first.mark, (await mark_of(room, work, room.elif_)).score) == (None, None)
        async with transaction(room.teacher) as session:
            await choose(session, room.teacher, first.held.id, Saving(work.id, what, 0))
        assert (await mark_of(room, work, room.elif_)).score == 4
        async with transaction(room.teacher) as session:
            with pytest.raises(Moved):
                await choose(session, room.teacher, first.held.id, Saving(work.id, Meant(room.emre.user), 1, "x"))


class TestPile:
    async def test_says_how_far_each_is(self, room, essay):
        hers, his = await handed_in(essay, room.elif_), await handed_in(essay, room.emre)
        await marked(room.teacher, essay, meant(hers))
        await write(room.teacher, essay, meant(his))
        found = {each.name: each.stage for each in await piled(room.teacher, essay)}
        assert found == {"Amina Haddad": "nothing", "Elif Kaya": "posted", "Emre Kaya": "begun"}
        await handed_in(essay, room.elif_, attempt=2)
        again = next(each for each in await piled(room.teacher, essay) if each.name == "Elif Kaya")
        assert (again.stage, again.meant.attempt) == ("to_mark", 2)

    async def test_hides_names_until_posted_in_an_order_that_stays(self, room):
        await make_policy(room, posting="manual")
        work = await make_assignment(room, await make_group(room, "Blind"), "Blind", 10, anonymous=True)
        await handed_in(work, room.elif_)
        before = await piled(room.teacher, work)
        assert [each.name for each in before] == ["Student 1", "Student 2", "Student 3"]
        assert [each.code for each in before] == [each.code for each in await piled(room.teacher, work)]
        assert not any(str(each.student_id) in each.code for each in before)
        await enter(room, (work, room.elif_, "8"))
        assert all(each.is_hidden for each in await piled(room.teacher, work))
        async with transaction(room.teacher) as session:
            await posting.post(session, room.teacher, room.id)
        after = await piled(room.teacher, work)
        assert [each.code for each in after] == [each.code for each in before]
        assert {each.name for each in after} - {each.name for each in before} == {"Elif Kaya"}

    async def test_is_the_staffs(self, cast, room, essay):
        assert len(await piled(cast.aide, essay)) == 3
        for who in (room.elif_, room.nadir):
            with pytest.raises(NotFound):
                await piled(who, essay)


class TestScreen:
    async def test_begins_with_what_a_colleague_gave(self, room, essay):
        what, ana = meant(await handed_in(essay, room.elif_)), await co_teacher(room)
        await marked(ana, essay, what, 1)
        async with transaction(room.teacher) as session:
            plan = await using.plan_of(session, room.teacher, essay.id)
            sheaf = next(each for each in await pile(session, room.teacher, plan) if each.student_id == room.elif_.user)
            shown = await screen(session, room.teacher, plan, sheaf)
        assert [mark.rating for mark in shown.held.sheet.marks.values()] == [1]
        assert [name for name, _ in shown.others] == ["Ana Ruiz"]
        assert shown.text == ESSAY
