"""Rubrics as a tab sees them: written in a form, listed, and chosen for an assignment."""

import pytest

from faraday_app.coursework.state.marking_plan import MarkingPlanState
from faraday_app.coursework.state.rubric_editor import RubricEditorState
from faraday_app.coursework.state.rubrics import RubricsState
from tests.factories.classes import make_assignment, make_classroom, make_group
from tests.factories.rubrics import make_rubric, plan_for
from tests.factories.tabs import open_at


@pytest.fixture
async def room(cast):
    return await make_classroom(cast)


async def titles(actor):
    tab = await open_at(actor, RubricsState, "/rubrics")
    return [(each.title, each.points, each.own) for each in tab.rows]


class TestEditor:
    async def test_writes_one_from_nothing(self, room):
        tab = await open_at(room.teacher, RubricEditorState, "/rubric")
        [first] = tab.criteria
        await RubricEditorState.set_title.fn(tab, "Lab report")
        await RubricEditorState.write.fn(tab, first.key, "title", "Evidence")
        await RubricEditorState.write_level.fn(tab, first.key, first.levels[0].key, "points", "4,5")
        await RubricEditorState.add_criterion.fn(tab)
        second = tab.criteria[1]
        await RubricEditorState.write.fn(tab, second.key, "title", "Effort")
        await RubricEditorState.turn.fn(tab, second.key, "scored", False)
        assert (tab.total, tab.dirty) == ("4.5", True)
        await RubricEditorState.save.fn(tab)
        assert (tab.problem, await titles(room.teacher)) == ("", [("Lab report", "4.5", True)])

    async def test_says_what_is_wrong_and_keeps_what_was_typed(self, room):
        tab = await open_at(room.teacher, RubricEditorState, "/rubric")
        await RubricEditorState.write_level.fn(
            tab, tab.criteria[0].key, tab.criteria[0].levels[0].key, "points", "four"
        )
        await RubricEditorState.save.fn(tab)
        assert ("number" in tab.problem, tab.total, tab.criteria[0].levels[0].points) == (True, "—", "four")

    async def test_of_two_levels_none_stays_alone(self, room):
        tab = await open_at(room.teacher, RubricEditorState, "/rubric")
        key = tab.criteria[0].key
        for _ in range(2):
            await RubricEditorState.remove_level.fn(tab, key, tab.criteria[0].levels[0].key)
        assert tab.criteria[0].levels == []
        await RubricEditorState.add_level.fn(tab, key)
        assert len(tab.criteria[0].levels) == 2

    async def test_makes_ones_own_of_a_colleagues(self, cast, room):
        rubric = await make_rubric(room.teacher, shared=True)
        tab = await open_at(cast.colleague, RubricEditorState, "/rubric", id=str(rubric.rubric.id))
        assert tab.copies
        await RubricEditorState.save.fn(tab)
        assert sorted(await titles(cast.colleague)) == [("Essay", "10.1", False), ("Essay", "10.1", True)]

    async def test_takes_no_field_that_is_none(self, room):
        tab = await open_at(room.teacher, RubricEditorState, "/rubric")
        before = tab.criteria
        await RubricEditorState.write.fn(tab, before[0].key, "key", "x")
        await RubricEditorState.turn.fn(tab, before[0].key, "levels", True)
        await RubricEditorState.write_level.fn(tab, before[0].key, before[0].levels[0].key, "key", "x")
        await RubricEditorState.move.fn(tab, before[0].key, -1)
        assert tab.criteria == before

    async def test_is_not_there_for_others(self, cast, room):
        rubric = await make_rubric(room.teacher)
        tab = await open_at(cast.colleague, RubricEditorState, "/rubric", id=str(rubric.rubric.id))
        assert (bool(tab.gone), tab.criteria) == (True, [])


class TestPlan:
    async def test_is_chosen_on_a_page(self, room):
        work = await make_assignment(room, await make_group(room), "Essay", 10)
        rubric = await make_rubric(room.teacher)
        tab = await open_at(room.teacher, MarkingPlanState, "/assignment/marking", id=str(work.id))
        assert (tab.title, tab.rubrics, tab.teachers) == (
            "Essay",
            [(str(rubric.rubric.id), "Essay")],
            [(str(room.teacher.user), "Maya Okafor")],
        )
        form = {
            "rubric": str(rubric.rubric.id),
            "fills_grade": "on",
            "moderated": "on",
            "moderator": tab.teachers[0][0],
        }
        await MarkingPlanState.save.fn(tab, form)
        plan = await plan_for(room.teacher, work)
        assert (tab.number, plan.rubric.id, plan.moderated, plan.moderator_id) == (
            1,
            rubric.id,
            True,
            room.teacher.user,
        )
        tab.number = 0
        await MarkingPlanState.save.fn(tab, form)
        assert "changed meanwhile" in tab.problem
