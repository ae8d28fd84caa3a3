"""The rules of a class, seen before they are saved."""

from decimal import Decimal
from uuid import uuid4

import pytest

from faraday_app.core.database import transaction
from faraday_app.core.errors import NotPermitted
from faraday_app.gradebook.calculation import (
    DropBy,
    Group,
    Interval,
    PerInterval,
    Rules,
    Scheme,
    Sheet,
    Tier,
    Tiers,
    Work,
)
from faraday_app.gradebook.service import previews, ruling, totals
from faraday_app.gradebook.state.policy import SCALES, PolicyState
from tests.factories.classes import make_assignment, make_classroom, make_group
from tests.factories.grades import enter
from tests.factories.tabs import open_tab

FORM = {
    "scheme": "weighted",
    "posting": "manual",
    "cap": "",
    "missing_percent": "40 %",
    "late": "hour",
    "percent": "2.5",
    "floor": "40",
    "tiers": "",
    "letters": "Pass 80\nNot yet 0",
}


@pytest.fixture
async def room(cast):
    return await make_classroom(cast)


async def graded(room):
    """Elif has 17 and 12 of 20 in quizzes, and 30 of 50 in labs."""
    quizzes, labs = await make_group(room), await make_group(room, "Labs")
    first, second = await make_assignment(room, quizzes), await make_assignment(room, quizzes, "Genetics quiz")
    lab = await make_assignment(room, labs, "Root tip lab", 50)
    await enter(room, (first, room.elif_, "17"), (second, room.elif_, "12"), (lab, room.elif_, "30"))
    return quizzes, labs


def fields(quizzes, labs, **changed):
    groups = {
        f"{field}-{group.id}": value
        for group, weight, lowest in ((quizzes, "75", "1"), (labs, "25", ""))
        for field, value in (("weight", weight), ("lowest", lowest), ("highest", ""), ("by", "best_total"))
    }
    return {**FORM, **groups, **changed}


class TestShow:
    async def test_says_old_and_new_and_saves_nothing(self, room):
        quizzes, labs = await graded(room)
        tab = await open_tab(room.teacher, PolicyState)
        await PolicyState.begin.fn(tab, str(room.id))
        await PolicyState.show.fn(tab, fields(quizzes, labs))
        assert (tab.problem, tab.summary) == ("", "1 of 3 grades change, 1 letters flip.")
        (row,) = tab.rows
        assert (row.before, row.after, row.flips) == ("65.56 % D", "78.75 % Not yet", True)
        async with transaction(room.teacher) as session:
            assert (await ruling.get_policy(session, room.teacher, room.id)).version == 0
        await PolicyState.save.fn(tab)
        assert (tab.open, tab.problem) == (False, "")
        async with transaction(room.teacher) as session:
            policy = await ruling.get_policy(session, room.teacher, room.id)
            found = await totals.of_class(session, room.id)
        assert policy.late == PerInterval(Decimal("2.5"), Interval.hour, Decimal(40))
        assert found[room.elif_.user].current_percent == Decimal("78.75")

    async def test_saves_nothing_that_was_not_shown(self, room):
        tab = await open_tab(room.teacher, PolicyState)
        await PolicyState.begin.fn(tab, str(room.id))
        await PolicyState.save.fn(tab)
        async with transaction(room.teacher) as session:
            assert (await ruling.get_policy(session, room.teacher, room.id)).version == 0

    @pytest.mark.parametrize(
        "changed",
        [
            {"letters": "A 90"},
            {"letters": "A"},
            {"percent": "much"},
            {"percent": ""},
            {"cap": "NaN"},
            {"late": "table", "tiers": ""},
            {"scheme": "magic"},
        ],
    )
    async def test_says_what_to_mend(self, room, changed):
        quizzes, labs = await graded(room)
        tab = await open_tab(room.teacher, PolicyState)
        await PolicyState.begin.fn(tab, str(room.id))
        await PolicyState.show.fn(tab, fields(quizzes, labs, **changed))
        assert tab.problem
        assert not tab.previewed

    async def test_reads_a_table_of_penalties(self, room):
        quizzes, labs = await graded(room)
        tab = await open_tab(room.teacher, PolicyState)
        await PolicyState.begin.fn(tab, str(room.id))
        await PolicyState.show.fn(tab, fields(quizzes, labs, late="table", tiers="24 20\n0 5"))
        await PolicyState.save.fn(tab)
        await PolicyState.begin.fn(tab, str(room.id))
        assert tab.policy.tiers == "0 5\n24 20"
        async with transaction(room.teacher) as session:
            late = (await ruling.get_policy(session, room.teacher, room.id)).late
        assert late == Tiers((Tier(0, Decimal(5)), Tier(86_400, Decimal(20))), Decimal(40))

    @pytest.mark.parametrize(("name", "letter"), [("mastery", "2"), ("points", "1.3"), ("letters", "D+")])
    async def test_takes_a_usual_scale_with_its_grade_points(self, room, name, letter):
        quizzes, labs = await graded(room)
        tab = await open_tab(room.teacher, PolicyState)
        await PolicyState.begin.fn(tab, str(room.id))
        await PolicyState.set_scale.fn(tab, name)
        await PolicyState.set_scale.fn(tab, "magic")
        form = fields(quizzes, labs, scheme="points", letters=tab.policy.letters, late="none")
        await PolicyState.show.fn(tab, form)
        await PolicyState.save.fn(tab)
        async with transaction(room.teacher) as session:
            policy = await ruling.get_policy(session, room.teacher, room.id)
            found = (await totals.of_class(session, room.id))[room.elif_.user]
        assert (policy.letters, tab.problem) == (SCALES[name], "")
        assert found.current_letter == letter
        await PolicyState.begin.fn(tab, str(room.id))
        assert tab.policy.scale == name

    async def test_is_not_for_others(self, room):
        with pytest.raises(NotPermitted):
            async with transaction(room.cast.aide) as session:
                await previews.preview(session, room.cast.aide, room.id, ruling.Policy(), [])


def sheet(by: DropBy, *pairs: tuple[int, int], lowest: int = 1) -> Sheet:
    works = tuple(
        Work(f"01a00000-0000-7000-8000-{at:012}", possible, score) for at, (score, possible) in enumerate(pairs)
    )
    return Sheet((Group("g", works, 100, Rules(lowest, by=by)),), Scheme.weighted)


class TestLowering:
    def test_finds_where_one_more_point_lowers_the_total(self):
        student = uuid4()
        found, cut = previews.lowering({student: sheet(DropBy.item_percent, (6, 10), (59, 99), (95, 100))})
        assert not cut
        assert all(each.after < each.before for each in found)
        assert [each.score for each in found] == [59]

    def test_finds_nothing_where_the_best_total_is_kept(self):
        found, _ = previews.lowering({uuid4(): sheet(DropBy.best_total, (6, 10), (60, 99), (95, 100))})
        assert found == []
