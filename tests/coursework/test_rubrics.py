from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted
from faraday_app.core.permissions import Actor
from faraday_app.coursework.service import copies
from faraday_app.coursework.service.assessing import marking
from faraday_app.coursework.service.assessing.sheets import Sheet
from faraday_app.coursework.service.rubrics import Mark, PlanDraft, RubricDraft, keeping, listing, using
from tests.factories.classes import make_assignment, make_classroom, make_group, make_submission
from tests.factories.rubrics import CRITERIA, EVIDENCE, FREE, make_rubric, meant, plan_for, use_rubric


@pytest.fixture
async def room(cast):
    return await make_classroom(cast)


@pytest.fixture
async def essay(room):
    return await make_assignment(room, await make_group(room), "Essay", 10)


async def other(room, title="Report"):
    return await make_assignment(room, await make_group(room, title), title, 10)


async def edited(actor, rubric, *criteria, version=None, title="Essay"):
    async with transaction(actor) as session:
        newest = await keeping.get(session, actor, rubric.rubric.id)
        draft = RubricDraft(title, criteria)
        return await keeping.edit(session, actor, rubric.rubric.id, version or newest.rubric.version, draft)


async def listed(actor, text="", **more):
    async with transaction(actor) as session:
        return [(each.rubric.title, each.is_own) for each in await listing.listed(session, actor, text, **more)]


async def given(room, work, marker=None, **marks):
    """Marked by a teacher: what the first criterion got."""
    marker = marker or room.teacher
    submission = await make_submission(work, room.elif_)
    async with transaction(marker) as session:
        plan = await using.plan_of(session, marker, work.id)
        sheet = Sheet({plan.rubric.criteria[0].id: Mark(0)}) if plan.rubric else Sheet(score=Decimal(5))
        await marking.write(session, marker, plan, meant(submission), sheet)
        return await marking.give(session, marker, plan, meant(submission))


class TestCreate:
    async def test_keeps_every_word_and_number(self, room):
        made = await make_rubric(room.teacher)
        async with transaction(room.teacher) as session:
            found = await keeping.get(session, room.teacher, made.rubric.id)
        assert found.highest == Decimal("10.1")
        assert [replace(each, id="") for each in found.criteria] == list(CRITERIA)

    @pytest.mark.parametrize("who", ["aide", "student", "parent"])
    async def test_is_for_those_who_teach(self, cast, room, who):
        with pytest.raises(NotPermitted):
            await make_rubric(getattr(cast, who))

    async def test_a_version_never_changes(self, room):
        await make_rubric(room.teacher)
        faraday = Actor.system(room.cast.organization_id)
        for table in ("rubric_versions", "rubric_criteria"):
            with pytest.raises(DBAPIError):
                async with transaction(faraday) as session:
                    await session.execute(text(f"update {table} set created_at = now()"))  # noqa: S608


class TestListed:
    async def test_shows_ones_own_and_the_departments(self, cast, room):
        await make_rubric(room.teacher, "Mine")
        await make_rubric(room.teacher, "Ours", shared=True)
        assert await listed(room.teacher) == [("Ours", True), ("Mine", True)]
        assert await listed(cast.colleague) == [("Ours", False)]
        assert await listed(room.teacher, "min") == [("Mine", True)]
        assert await listed(cast.stranger) == []

    async def test_puts_away_and_brings_back(self, room):
        rubric = await make_rubric(room.teacher, "Old")
        async with transaction(room.teacher) as session:
            await keeping.archive(session, room.teacher, rubric.rubric.id)
        assert (await listed(room.teacher), await listed(room.teacher, archived=True)) == ([], [("Old", True)])
        async with transaction(room.teacher) as session:
            await keeping.restore(session, room.teacher, rubric.rubric.id)
        assert await listed(room.teacher) == [("Old", True)]


class TestEdit:
    async def test_moves_the_only_use_on(self, room, essay):
        rubric = await make_rubric(room.teacher)
        await use_rubric(room, essay, rubric)
        result = await edited(room.teacher, rubric, EVIDENCE)
        plan = await plan_for(room.teacher, essay)
        assert (result.moved, result.kept) == (1, 0)
        assert (plan.rubric.number, [each.title for each in plan.rubric.criteria]) == (2, ["Evidence"])

    async def test_is_locked_once_two_use_it(self, room, essay):
        rubric = await make_rubric(room.teacher)
        for work in (essay, await other(room)):
            plan = await use_rubric(room, work, rubric)
        assert plan.rubric.is_locked
        result = await edited(room.teacher, rubric, FREE)
        assert (result.moved, result.kept, result.version.number) == (0, 2, 2)
        assert (await plan_for(room.teacher, essay)).rubric.criteria[0].title == "Evidence"
        fresh = await use_rubric(room, await other(room, "New"), rubric)
        assert (fresh.rubric.number, fresh.rubric.criteria[0].title) == (2, "Spelling")

    async def test_leaves_what_was_marked_alone(self, room, essay):
        rubric = await make_rubric(room.teacher)
        await use_rubric(room, essay, rubric)
        await given(room, essay)
        assert (await edited(room.teacher, rubric, FREE)).moved == 0
        assert (await plan_for(room.teacher, essay)).rubric.number == 1

    async def test_makes_no_version_of_another_title(self, room):
        rubric = await make_rubric(room.teacher)
        assert (await edited(room.teacher, rubric, *CRITERIA, title="Renamed")).version.number == 1

    async def test_is_refused_where_somebody_was_first(self, room):
        rubric = await make_rubric(room.teacher)
        await edited(room.teacher, rubric, FREE, version=1)
        with pytest.raises(Conflict):
            await edited(room.teacher, rubric, EVIDENCE, version=1)

    async def test_is_its_owners(self, cast, room):
        shared = await make_rubric(room.teacher, shared=True)
        with pytest.raises(NotPermitted):
            await edited(cast.colleague, shared, FREE)
        with pytest.raises(NotFound):
            await edited(cast.colleague, await make_rubric(room.teacher), FREE, version=1)


class TestSetPlan:
    async def test_says_whether_the_points_fit(self, room, essay):
        plan = await use_rubric(room, essay, await make_rubric(room.teacher))
        assert (plan.number, plan.fits_points) == (1, False)
        exact = await make_rubric(room.teacher, criteria=(replace(FREE, points=Decimal(10)),))
        assert (await use_rubric(room, essay, exact)).fits_points

    async def test_keeps_the_version_until_the_newest_is_wanted(self, room, essay):
        rubric = await make_rubric(room.teacher)
        await use_rubric(room, essay, rubric)
        await use_rubric(room, await other(room), rubric)
        await edited(room.teacher, rubric, FREE)
        assert (await use_rubric(room, essay, rubric, fills_grade=False)).rubric.number == 1
        assert (await use_rubric(room, essay, rubric, newest=True)).rubric.number == 2

    async def test_is_refused_once_marks_were_given(self, room, essay):
        await use_rubric(room, essay, await make_rubric(room.teacher))
        await given(room, essay)
        for change in ({}, {"moderated": True}):
            with pytest.raises(Conflict):
                await use_rubric(room, essay, None, **change)

    async def test_takes_a_moderator_who_teaches_there(self, cast, room, essay):
        with pytest.raises(Invalid):
            await use_rubric(room, essay, None, moderated=True, moderator_id=cast.aide.user)
        plan = await use_rubric(room, essay, None, moderated=True, moderator_id=cast.teacher.user)
        assert (plan.moderates(cast.teacher), plan.moderates(cast.head)) == (True, False)

    async def test_is_refused_where_somebody_was_first(self, room, essay):
        await use_rubric(room, essay, None)
        async with transaction(room.teacher) as session:
            with pytest.raises(Conflict):
                await using.set_plan(session, room.teacher, essay.id, 0, PlanDraft())

    async def test_is_the_teachers(self, cast, room, essay):
        for who, refusal in ((cast.aide, NotPermitted), (room.elif_, NotPermitted), (cast.colleague, NotFound)):
            async with transaction(who) as session:
                with pytest.raises(refusal):
                    await using.set_plan(session, who, essay.id, 0, PlanDraft())

    async def test_is_copied_with_the_work(self, room, essay):
        rubric = await make_rubric(room.teacher)
        await use_rubric(room, essay, rubric)
        copy = await other(room, "Copy")
        async with transaction(room.teacher) as session:
            await copies.tell_of_copies(session, room.teacher, {essay.id: copy.id})
        assert (await plan_for(room.teacher, copy)).rubric.id == (await plan_for(room.teacher, essay)).rubric.id


class TestPlanOf:
    async def test_is_known_to_those_the_work_is_for(self, cast, room, essay):
        await use_rubric(room, essay, await make_rubric(room.teacher))
        for who in (room.elif_, room.nadir, cast.aide, cast.head):
            assert (await plan_for(who, essay)).rubric.criteria[0].title == "Evidence"
        for who in (cast.colleague, cast.stranger):
            with pytest.raises(NotFound):
                await plan_for(who, essay)
