"""The pages of work, as their states see them."""

from datetime import timedelta

import pytest

from faraday_app.core.clock import now
from faraday_app.coursework.service.submissions import writing
from faraday_app.coursework.state.assignment import AssignmentState
from faraday_app.coursework.state.class_work import ClassWorkState, GroupFormState, NewWorkState
from faraday_app.coursework.state.desk import DeskState
from faraday_app.coursework.state.listing import WorkState
from faraday_app.coursework.state.settings import SettingsState
from faraday_app.coursework.words import due_words
from faraday_app.ui.times import moment_of
from tests.factories.classes import make_assignment, make_submission
from tests.factories.coursework import do
from tests.factories.tabs import open_at

DAY = timedelta(days=1)


async def call(handler, *arguments):
    return await handler.fn(*arguments)


def rows_of(sections) -> dict[str, list[tuple[str, str]]]:
    return {section.title: [(row.title, row.badge) for row in section.rows] for section in sections}


@pytest.fixture
async def quiz(room, group):
    return await make_assignment(room, group, due_at=now() - DAY)


class TestWork:
    async def test_of_a_student_is_grouped_by_when_it_is_due(self, room, group, quiz):
        await make_assignment(room, group, "Poster", due_at=now() + 40 * DAY)
        await make_assignment(room, group, "Reading")
        done = await make_assignment(room, group, "Root tip lab", due_at=now() - DAY)
        await make_submission(done, room.elif_)
        state = await open_at(room.elif_, WorkState, "/assignments")
        assert rows_of(state.sections) == {
            "Overdue": [("Cell quiz", "Missing")],
            "Later": [("Poster", "To do")],
            "No due date": [("Reading", "To do")],
            "Done": [("Root tip lab", "Handed in late")],
        }
        assert (state.taught, state.children) == ([], [(str(room.elif_.user), "Elif Kaya")])

    async def test_of_a_parent_is_of_one_child_at_a_time(self, room, quiz):
        await make_submission(quiz, room.emre, submitted_at=now() - 2 * DAY)
        state = await open_at(room.nadir, WorkState, "/assignments")
        assert [name for _, name in state.children] == ["Elif Kaya", "Emre Kaya"]
        assert rows_of(state.sections) == {"Overdue": [("Cell quiz", "Missing")]}
        await call(WorkState.show, state, str(room.emre.user))
        assert rows_of(state.sections) == {"Done": [("Cell quiz", "Handed in")]}
        await call(WorkState.show, state, str(room.amina.user))
        assert state.child == str(room.emre.user)

    async def test_of_a_teacher_says_what_waits_to_be_graded(self, room, quiz):
        await make_submission(quiz, room.elif_)
        state = await open_at(room.teacher, WorkState, "/assignments")
        ((section),) = state.taught
        assert (section.title, section.rows[0].counts, section.rows[0].waiting) == (
            "Biology 9B",
            "1 of 3 handed in",
            "1 to grade",
        )
        assert state.sections == []

    async def test_of_whom_it_is_no_business_is_empty(self, cast, quiz):
        state = await open_at(cast.colleague, WorkState, "/assignments")
        assert (state.sections, state.taught, state.children, state.loaded) == ([], [], [], True)


class TestClassWork:
    async def test_is_made_ordered_and_removed_by_its_teacher(self, room, group, quiz):
        state = await open_at(room.teacher, ClassWorkState, "/class/assignments", id=str(room.id))
        await call(ClassWorkState.move, state, str(quiz.id), 1)
        assert [row.title for row in state.groups[0].rows] == ["Cell quiz"]
        await call(ClassWorkState.act, state, "duplicate", str(quiz.id))
        assert [row.badge for row in state.groups[0].rows] == ["Published", "Draft"]
        await call(ClassWorkState.remove, state, state.groups[0].rows[1].id)
        assert len(state.groups[0].rows) == 1
        form = await state.get_state(GroupFormState)
        await call(GroupFormState.begin, form, str(group.id))
        await call(GroupFormState.save, form, {"group_name": "Quizzes", "group_weight": "12,5", "drop_lowest": "1"})
        await call(ClassWorkState.refresh, state)
        assert (form.open, form.problem, state.groups[0].about) == (False, "", "12.5 % · lowest dropped")
        new = await state.get_state(NewWorkState)
        await call(NewWorkState.begin, new, str(group.id))
        await call(NewWorkState.save, new, {"work_title": " ", "work_group": str(group.id)})
        assert new.problem == "Give it a title of up to 200 letters."

    async def test_shows_students_and_parents_only_what_is_theirs(self, room, group, quiz):
        await make_assignment(room, group, "Draft", status="draft")
        await make_assignment(room, group, "For others", for_everyone=False)
        for actor in (room.elif_, room.nadir):
            state = await open_at(actor, ClassWorkState, "/class/assignments", id=str(room.id))
            assert [(row.title, row.badge, row.counts) for row in state.groups[0].rows] == [
                ("Cell quiz", "Missing", "")
            ]

    async def test_is_not_found_by_others(self, cast, room, quiz):
        for id in (str(room.id), "nothing"):
            state = await open_at(cast.colleague, ClassWorkState, "/class/assignments", id=id)
            assert (state.groups, state.head.id, bool(state.error)) == ([], "", True)


class TestAssignment:
    async def test_of_its_teacher_says_who_handed_in(self, room, quiz):
        await make_submission(quiz, room.elif_)
        state = await open_at(room.teacher, AssignmentState, "/assignment", id=str(quiz.id))
        assert (state.is_staff, state.may_change, state.learns) == (True, True, False)
        assert [(row.name, row.badge) for row in state.roll] == [
            ("Amina Haddad", "Missing"),
            ("Elif Kaya", "Handed in late"),
            ("Emre Kaya", "Missing"),
        ]
        assert state.summary == "1 of 3 handed in · 1 to grade"

    async def test_of_an_aide_is_to_be_read(self, cast, quiz):
        state = await open_at(cast.aide, AssignmentState, "/assignment", id=str(quiz.id))
        assert (state.is_staff, state.may_change, len(state.roll)) == (True, False, 3)

    async def test_of_a_parent_says_how_the_children_stand(self, room, quiz):
        state = await open_at(room.nadir, AssignmentState, "/assignment", id=str(quiz.id))
        assert [row.name for row in state.roll] == ["Elif Kaya", "Emre Kaya"]
        assert (state.is_staff, state.learns) == (False, False)

    async def test_is_not_found_before_it_is_published(self, room, group):
        draft = await make_assignment(room, group, status="draft")
        state = await open_at(room.elif_, AssignmentState, "/assignment", id=str(draft.id))
        assert (state.title, state.html) == ("", "")
        assert "does not exist" in state.error


class TestSettings:
    async def opened(self, room, work):
        page = await open_at(room.teacher, AssignmentState, "/assignment", id=str(work.id))
        state = await page.get_state(SettingsState)
        await call(SettingsState.open_for, state, str(work.id))
        return state

    def filled(self, state, **more):
        ticked = {name: "on" for name, is_on in state.checks.items() if is_on}
        return {**state.form, **ticked, **more}

    async def test_are_saved_and_say_what_is_wrong(self, room, quiz):
        state = await self.opened(room, quiz)
        await call(SettingsState.touch, state)
        await call(SettingsState.save, state, self.filled(state, points="many"))
        assert (state.problem, state.dirty) == ("Enter the points as a number.", True)
        await call(SettingsState.save, state, self.filled(state, points="12,5", available_until="2031-05-04T10:00"))
        assert (state.problem, state.dirty, state.form["points"]) == ("", False, "12.5")
        assert state.form["available_until"] == "2031-05-04T10:00"

    async def test_that_a_colleague_changed_meanwhile_are_not_overwritten(self, room, quiz):
        first, second = await self.opened(room, quiz), await self.opened(room, quiz)
        await call(SettingsState.save, first, self.filled(first, title="Cell test"))
        await call(SettingsState.save, second, self.filled(second, title="Cells"))
        assert "was changed meanwhile" in second.problem

    async def test_draw_teams_of_everybody(self, room, group):
        poster = await make_assignment(room, group, "Poster", group_work=True)
        state = await self.opened(room, poster)
        await call(SettingsState.make_teams, state, {"team_size": "2"})
        assert sorted(name for each in state.teams for name in each.about.split(", ")) == [
            "Amina Haddad",
            "Elif Kaya",
            "Emre Kaya",
        ]


class TestDesk:
    async def seated(self, actor, work):
        page = await open_at(actor, AssignmentState, "/assignment", id=str(work.id))
        state = await page.get_state(DeskState)
        await call(DeskState.sit_down, state, str(work.id))
        return state

    async def test_keeps_what_is_typed_and_hands_it_in_once(self, room, quiz):
        state = await self.seated(room.elif_, quiz)
        await call(DeskState.write, state, "The nucleus")
        assert (state.unsaved, state.saved) == (False, "Kept.")
        again = await self.seated(room.elif_, quiz)
        assert again.text == "The nucleus"
        await call(DeskState.hand_in, state)
        (handed,) = state.attempts
        assert (handed.badge, handed.html.strip(), len(handed.receipt)) == ("Handed in late", "<p>The nucleus</p>", 64)
        assert (state.text, state.problem) == ("", "")
        await call(DeskState.hand_in, state)
        assert "nothing to hand in yet" in state.problem

    async def test_loses_nothing_of_what_two_windows_typed(self, room, quiz):
        first, second = await self.seated(room.elif_, quiz), await self.seated(room.elif_, quiz)
        await call(DeskState.write, first, "From here")
        await call(DeskState.write, second, "From there")
        assert (second.clash, second.text, second.theirs) == (True, "From there", "From here")
        await call(DeskState.hand_in, second)
        assert second.attempts == []
        await call(DeskState.keep_mine, second)
        await call(DeskState.refresh, first)
        assert (second.clash, first.text) == (False, "From there")

    async def test_says_why_nothing_can_be_handed_in(self, room, quiz, group):
        closed = await make_assignment(room, group, "Essay", status="closed")
        state = await self.seated(room.elif_, closed)
        assert state.refused.startswith("This is closed")
        await do(room.elif_, writing.save, quiz.id, "x", "", 0)


class TestWords:
    def test_of_due_dates_are_as_people_say_them(self):
        at = moment_of("2026-11-30T12:00", "UTC", "at")
        said = {days: due_words(at + days * DAY, "UTC", at) for days in (-1, 0, 1, 3)}
        assert said == {
            -1: "Due yesterday 12:00",
            0: "Due today 12:00",
            1: "Due tomorrow 12:00",
            3: "Due Thursday 12:00",
        }
        assert due_words(None, "UTC") == "No due date"
