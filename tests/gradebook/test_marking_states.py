"""The grading screen as a tab sees it: what is typed for one student never reaches another."""

import pytest
from sqlalchemy import select
from sqlmodel import col

from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import Assessment
from faraday_app.coursework.service.assessing import Moved
from faraday_app.gradebook.state.marking import MarkingState
from faraday_app.gradebook.state.remarks import RemarksState
from tests.factories.classes import make_assignment, make_classroom, make_group
from tests.factories.grades import enter, mark_of
from tests.factories.marking import handed_in
from tests.factories.rubrics import make_rubric, use_rubric
from tests.factories.tabs import open_at


@pytest.fixture
async def room(cast):
    return await make_classroom(cast)


@pytest.fixture
async def essay(room):
    work = await make_assignment(room, await make_group(room), "Essay", 10)
    await use_rubric(room, work, await make_rubric(room.teacher))
    for student in (room.elif_, room.emre):
        await handed_in(work, student)
    return work


async def opened(actor, work, **more):
    return await open_at(actor, MarkingState, "/class/grade", assignment=str(work.id), **more)


async def turn_to(tab, name):
    code = next(each.code for each in tab.students if each.name == name)
    async for _ in MarkingState.open.fn(tab, code):
        pass


async def drafts(work):
    async with transaction(Actor.system()) as session:
        rows = await session.scalars(
            select(Assessment).where(
                col(Assessment.assignment_id) == work.id, col(Assessment.sealed_draft).is_not(None)
            )
        )
        return {row.student_id for row in rows}


def first(tab):
    return tab.on.criteria[0].id


class TestEnter:
    async def test_begins_where_there_is_something_to_mark(self, room, essay):
        tab = await opened(room.teacher, essay)
        assert (tab.on.name, tab.left, tab.place) == ("Elif Kaya", 2, "2 of 3")
        assert "".join(each.text for each in tab.on.segments).startswith("Plants turn light")
        assert [each.name for each in tab.students] == ["Amina Haddad", "Elif Kaya", "Emre Kaya"]

    async def test_tells_the_page_no_ids_of_students(self, room, essay):
        tab = await opened(room.teacher, essay)
        told = repr((tab.students, tab.on))
        assert not any(str(each.user) in told or each.user.hex in told for each in room.students)

    async def test_shows_nothing_to_those_who_do_not_mark(self, room, essay):
        for who in (room.elif_, room.nadir, room.cast.colleague):
            tab = await opened(who, essay)
            assert (bool(tab.problem), tab.students, tab.on.key) == (True, [], "")

    async def test_an_aide_reads_along(self, cast, room, essay):
        tab = await opened(cast.aide, essay)
        assert (tab.grades, tab.on.name) == (False, "Elif Kaya")


class TestWrite:
    async def test_keeps_each_field_at_once(self, room, essay):
        tab = await opened(room.teacher, essay)
        await MarkingState.choose_level.fn(tab, tab.on.key, first(tab), 1)
        await MarkingState.write_remark.fn(tab, tab.on.key, first(tab), "Two sources")
        assert (tab.on.comes_to, tab.on.on_the_way, tab.on.criteria[0].remark) == ("2.5", True, "Two sources")
        again = await opened(room.teacher, essay)
        assert (again.on.comes_to, again.on.criteria[0].levels[1].chosen) == ("2.5", True)
        await MarkingState.choose_level.fn(tab, tab.on.key, first(tab), 1)
        assert tab.on.comes_to == ""

    async def test_what_was_typed_for_one_never_reaches_the_other(self, room, essay):
        tab = await opened(room.teacher, essay)
        hers = tab.on.key
        await turn_to(tab, "Emre Kaya")
        shown = tab.on
        await MarkingState.choose_level.fn(tab, hers, first(tab), 0)
        await MarkingState.write_score.fn(tab, hers, "9")
        assert tab.on == shown
        assert await drafts(essay) == {room.elif_.user}
        with pytest.raises(Moved):
            await MarkingState.save.fn(tab, hers, 0)
        assert [(await mark_of(room, essay, each)).score for each in (room.elif_, room.emre)] == [None, None]
        await turn_to(tab, "Elif Kaya")
        assert tab.on.score == "9"

    async def test_a_made_up_key_is_nobodys(self, room, essay):
        tab = await opened(room.teacher, essay)
        for key in ("", "x..0", f"{room.elif_.user}..0", tab.on.key + "9" * 20):
            with pytest.raises(Moved):
                await MarkingState.write_score.fn(tab, key, "9")


class TestSave:
    async def test_grades_and_says_so(self, room, essay):
        tab = await opened(room.teacher, essay)
        await MarkingState.choose_level.fn(tab, tab.on.key, first(tab), 0)
        await MarkingState.save.fn(tab, tab.on.key, tab.on.grade_version)
        assert (tab.on.grade, tab.on.grade_version, tab.on.posted) == ("4", 1, True)

    async def test_shows_both_values_where_somebody_was_first(self, room, essay):
        tab = await opened(room.teacher, essay)
        await MarkingState.choose_level.fn(tab, tab.on.key, first(tab), 0)
        await enter(room, (essay, room.elif_, "7"))
        await MarkingState.refresh.fn(tab)
        await MarkingState.save.fn(tab, tab.on.key, 0)
        assert (tab.clash_mine, tab.clash_theirs) == ("4", "7")
        assert (await mark_of(room, essay, room.elif_)).score == 7
        await MarkingState.save_over.fn(tab, tab.on.key)
        assert (tab.clash, tab.on.grade) == ("", "4")

    async def test_asks_why_a_posted_grade_changes(self, room, essay):
        tab = await opened(room.teacher, essay)
        await MarkingState.choose_level.fn(tab, tab.on.key, first(tab), 0)
        await MarkingState.save.fn(tab, tab.on.key, 0)
        await MarkingState.choose_level.fn(tab, tab.on.key, first(tab), 1)
        await MarkingState.save.fn(tab, tab.on.key, tab.on.grade_version)
        assert tab.needs_reason
        await MarkingState.save_because.fn(tab, tab.on.key, tab.on.grade_version, {"reason": "Misread"})
        assert (tab.needs_reason, tab.on.grade) == (False, "2.5")


class TestStep:
    async def test_goes_round_and_has_the_next_one_ready(self, room, essay):
        tab = await opened(room.teacher, essay)
        assert tab._ahead.name == "Emre Kaya"
        turning = MarkingState.open.fn(tab, tab._ahead.code)
        await anext(turning)
        assert tab.on.name == "Emre Kaya"
        async for _ in turning:
            pass
        assert (tab.on.name, tab.place, tab._ahead.name) == ("Emre Kaya", "3 of 3", "Amina Haddad")


class TestRemarks:
    async def beside(self, tab):
        state = await tab.get_state(RemarksState)
        await RemarksState.load.fn(state)
        return state

    async def test_stand_at_the_words_that_were_marked(self, room, essay):
        tab = await opened(room.teacher, essay)
        beside = await self.beside(tab)
        await RemarksState.hear.fn(beside, f"{tab.on.key}\n30\nLight is all")
        await RemarksState.say.fn(beside, tab.on.key, {"text": "Is it?", "keep": "on"})
        await MarkingState.refresh.fn(tab)
        await RemarksState.load.fn(beside)
        [remark] = beside.remarks
        assert (remark.text, remark.quote, remark.number, remark.mine) == ("Is it?", "Light is all", "1", True)
        assert [each.text for each in tab.on.segments if each.remarks] == ["Light is all"]
        assert [each.text for each in beside.bank] == ["Is it?"]

    async def test_are_not_written_about_somebody_who_left_the_screen(self, room, essay):
        tab = await opened(room.teacher, essay)
        hers = tab.on.key
        beside = await self.beside(tab)
        await RemarksState.hear.fn(beside, f"{hers}\n30\nLight is all")
        await turn_to(tab, "Emre Kaya")
        await RemarksState.load.fn(beside)
        assert beside.quote == ""
        with pytest.raises(Moved):
            await RemarksState.say.fn(beside, hers, {"text": "Is it?"})
        assert beside.remarks == []


class TestEnterAgain:
    async def test_finds_the_student_one_was_at(self, room, essay):
        tab = await opened(room.teacher, essay)
        await turn_to(tab, "Emre Kaya")
        await MarkingState.enter.fn(tab)
        assert tab.on.name == "Emre Kaya"
