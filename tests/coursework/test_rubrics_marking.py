"""Marks on the way, given and chosen; remarks; the bank."""

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from faraday_app.classes.models import ClassStaff
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted
from faraday_app.core.permissions import Actor
from faraday_app.core.vault import seal
from faraday_app.coursework.service.assessing import Meant, Moved, agreeing, bank, comments, marking
from faraday_app.coursework.service.assessing.sheets import Sheet
from faraday_app.coursework.service.rubrics import Mark, using
from tests.factories.classes import make_assignment, make_classroom, make_group, make_submission
from tests.factories.rubrics import make_rubric, meant, plan_for, use_rubric

OGG = b"OggS" + b"\0" * 24 + b"OpusHead" + b"\0" * 20
ESSAY = "Plants turn light into sugar. Light is all they need."


@pytest.fixture
async def room(cast):
    return await make_classroom(cast)


@pytest.fixture
async def essay(room):
    work = await make_assignment(room, await make_group(room), "Essay", 10)
    await use_rubric(room, work, await make_rubric(room.teacher))
    return work


async def handed_in(work, student, text=ESSAY, attempt=1):
    made = await make_submission(work, student, attempt=attempt)
    async with transaction(student) as session:
        row = await session.get_one(type(made), made.id)
        row.sealed_text = await seal(row.organization_id, text, f"submission {row.id}")
    return row


async def wrote(actor, work, what, mark, place=0):
    async with transaction(actor) as session:
        plan = await using.plan_of(session, actor, work.id)
        return await marking.write_mark(session, actor, plan, what, plan.rubric.criteria[place].id, mark)


async def gave(actor, work, what, level=0):
    await wrote(actor, work, what, Mark(level))
    async with transaction(actor) as session:
        return await marking.give(session, actor, await using.plan_of(session, actor, work.id), what)


async def held(actor, work, what):
    async with transaction(actor) as session:
        return await marking.held(session, actor, await using.plan_of(session, actor, work.id), what)


async def compared(actor, work, student):
    async with transaction(actor) as session:
        plan = await using.plan_of(session, actor, work.id)
        return await marking.given_for(session, actor, plan, student.user)


async def co_teacher(room):
    """Ana Ruiz teaches the class too."""

    ana = room.cast.colleague
    async with transaction(Actor.system(ana.organization)) as session:
        session.add(ClassStaff(organization_id=ana.organization, class_id=room.id, user_id=ana.user, role="teacher"))
    return ana


class TestWriteMark:
    async def test_keeps_one_field_at_a_time(self, room, essay):
        what = meant(await handed_in(essay, room.elif_))
        await wrote(room.teacher, essay, what, Mark(1, remark="two sources"))
        found = await wrote(room.teacher, essay, what, Mark(None, Decimal("0.1")), place=2)
        marks = list(found.sheet.marks.values())
        assert (found.is_on_the_way, found.status) == (True, "draft")
        assert {(each.rating, each.points, each.remark) for each in marks} == {
            (1, Decimal("2.5"), "two sources"),
            (None, Decimal("0.1"), ""),
        }
        assert marking.comes_to(await plan_for(room.teacher, essay), found.sheet) == Decimal("2.6")

    async def test_takes_a_mark_back(self, room, essay):
        what = meant(await handed_in(essay, room.elif_))
        await wrote(room.teacher, essay, what, Mark(1))
        assert (await wrote(room.teacher, essay, what, Mark())).sheet.marks == {}

    async def test_two_fields_at_once_are_both_kept(self, room, essay):
        what = meant(await handed_in(essay, room.elif_))
        await asyncio.gather(*(wrote(room.teacher, essay, what, Mark(0), place) for place in (0, 1, 3)))
        assert len((await held(room.teacher, essay, what)).sheet.marks) == 3

    async def test_is_nobody_elses_to_see(self, room, essay):
        what = meant(await handed_in(essay, room.elif_))
        await wrote(room.teacher, essay, what, Mark(0))
        ana = await co_teacher(room)
        assert (await held(ana, essay, what)).sheet == Sheet()
        assert await compared(ana, essay, room.elif_) == []

    async def test_is_refused_for_another_students_work(self, room, essay):
        hers, his = await handed_in(essay, room.elif_), await handed_in(essay, room.emre)
        for mixed in (
            Meant(room.emre.user, hers.id, 1),
            Meant(room.elif_.user, his.id, 1),
            Meant(room.elif_.user, hers.id, 2),
        ):
            with pytest.raises(Moved):
                await wrote(room.teacher, essay, mixed, Mark(0))
        elsewhere = await make_assignment(room, await make_group(room, "Others"), "Other", 10)
        foreign = await make_submission(elsewhere, room.elif_)
        with pytest.raises(NotFound):
            await wrote(room.teacher, essay, meant(foreign), Mark(0))
        with pytest.raises(NotFound):
            await wrote(room.teacher, essay, Meant(room.nadir.user), Mark(0))

    async def test_is_the_teachers(self, cast, room, essay):
        what = meant(await handed_in(essay, room.elif_))
        for who in (cast.aide, room.elif_, room.nadir):
            with pytest.raises(NotPermitted):
                await wrote(who, essay, what, Mark(0))

    async def test_paper_that_was_never_handed_in_here_can_be_marked(self, room, essay):
        found = await gave(room.teacher, essay, Meant(room.amina.user))
        assert (found.status, found.meant.attempt) == ("chosen", 0)


class TestGive:
    async def test_lets_it_stand_and_goes_on_apart(self, room, essay):
        what = meant(await handed_in(essay, room.elif_))
        given = await gave(room.teacher, essay, what)
        assert (given.status, given.is_on_the_way) == ("chosen", False)
        await wrote(room.teacher, essay, what, Mark(2))
        async with transaction(room.teacher) as session:
            _, stands = await marking.chosen(session, essay.id, room.elif_.user)
        assert [each.rating for each in stands.marks.values()] == [0]
        assert (await held(room.teacher, essay, what)).is_on_the_way

    async def test_the_newest_of_two_colleagues_stands(self, room, essay):
        what, ana = meant(await handed_in(essay, room.elif_)), await co_teacher(room)
        await gave(room.teacher, essay, what, 0)
        await gave(ana, essay, what, 1)
        found = {each.marker_id: each.status for each in await compared(room.teacher, essay, room.elif_)}
        assert found == {room.teacher.user: "given", ana.user: "chosen"}


class TestModeration:
    @pytest.fixture
    async def moderated(self, room, essay):
        work = await make_assignment(room, await make_group(room, "Exams"), "Exam", 10)
        rubric = await make_rubric(room.teacher)
        await use_rubric(room, work, rubric, moderated=True, moderator_id=room.teacher.user)
        return work

    async def test_markers_do_not_see_each_other_until_one_is_chosen(self, cast, room, moderated):
        what, ana = meant(await handed_in(moderated, room.elif_)), await co_teacher(room)
        first = await gave(cast.head, moderated, what, 0)
        await gave(ana, moderated, what, 1)
        assert [each.marker_id for each in await compared(ana, moderated, room.elif_)] == [ana.user]
        assert len(await compared(room.teacher, moderated, room.elif_)) == 2
        async with transaction(ana) as session:
            plan = await using.plan_of(session, ana, moderated.id)
            with pytest.raises(NotPermitted):
                await marking.choose(session, ana, plan, first.id)
            with pytest.raises(NotPermitted):
                await agreeing.figures(session, ana, plan)
        async with transaction(room.teacher) as session:
            plan = await using.plan_of(session, room.teacher, moderated.id)
            assert (await marking.choose(session, room.teacher, plan, first.id)).status == "chosen"
            evidence = (await agreeing.figures(session, room.teacher, plan))[0]
        assert (evidence.figures.pairs, evidence.figures.exact, evidence.figures.within_one) == (1, 0, 1)
        assert len(await compared(ana, moderated, room.elif_)) == 2

    async def test_a_draft_cannot_be_chosen(self, cast, room, moderated):
        what = meant(await handed_in(moderated, room.elif_))
        await wrote(cast.head, moderated, what, Mark(0))
        row = await held(cast.head, moderated, what)
        async with transaction(room.teacher) as session:
            plan = await using.plan_of(session, room.teacher, moderated.id)
            with pytest.raises(NotFound):
                await marking.choose(session, room.teacher, plan, row.id)


class TestComments:
    async def said(self, actor, work, what, *more, **named):
        async with transaction(actor) as session:
            plan = await using.plan_of(session, actor, work.id)
            return await comments.add(session, actor, plan, what, *more, **named)

    async def about(self, actor, work, student):
        async with transaction(actor) as session:
            return await comments.about(session, await using.plan_of(session, actor, work.id), student.user)

    async def test_stand_at_their_words(self, cast, room, essay):
        what = meant(await handed_in(essay, room.elif_))
        await self.said(cast.aide, essay, what, "Which kind?", quote="Light", begins=25)
        [found] = await self.about(room.teacher, essay, room.elif_)
        assert (found.anchor.begins, found.anchor.quote, found.author_name) == (30, "Light", "Sara Byrne")
        with pytest.raises(Invalid):
            await self.said(room.teacher, essay, what, "x", quote="darkness")

    async def test_are_changed_and_removed_by_their_author_alone(self, cast, room, essay):
        what = meant(await handed_in(essay, room.elif_))
        made = await self.said(cast.aide, essay, what, "Good")
        async with transaction(room.teacher) as session:
            plan = await using.plan_of(session, room.teacher, essay.id)
            with pytest.raises(NotPermitted):
                await comments.change(session, room.teacher, plan, made.id, 1, "Bad")
        async with transaction(cast.aide) as session:
            plan = await using.plan_of(session, cast.aide, essay.id)
            await comments.change(session, cast.aide, plan, made.id, 1, "Very good")
            with pytest.raises(Conflict):
                await comments.change(session, cast.aide, plan, made.id, 1, "Stale")
        assert [each.text for each in await self.about(cast.aide, essay, room.elif_)] == ["Very good"]
        async with transaction(cast.aide) as session:
            await comments.remove(session, cast.aide, plan, made.id)
        assert await self.about(cast.aide, essay, room.elif_) == []

    async def test_are_not_written_by_students_or_about_work_that_is_not_theirs(self, room, essay):
        what = meant(await handed_in(essay, room.elif_))
        for who in (room.elif_, room.nadir):
            with pytest.raises(NotFound):
                await self.said(who, essay, what, "Mine")
        with pytest.raises(Moved):
            await self.said(room.teacher, essay, replace(what, student_id=room.emre.user), "x")

    async def test_can_be_spoken(self, room, essay):
        what = meant(await handed_in(essay, room.elif_))
        async with transaction(room.teacher) as session:
            plan = await using.plan_of(session, room.teacher, essay.id)
            made = await comments.speak(session, room.teacher, plan, what, OGG)
            with pytest.raises(Invalid):
                await comments.speak(session, room.teacher, plan, what, b"<script>")
            assert await comments.recording(session, plan, room.elif_.user, made.id) == (OGG, "audio/ogg")
            with pytest.raises(NotFound):
                await comments.recording(session, plan, room.emre.user, made.id)
        assert [each.audio for each in await self.about(room.teacher, essay, room.elif_)] == ["audio/ogg"]


class TestBank:
    async def test_is_ones_own_and_what_was_used_comes_first(self, cast, room):
        async with transaction(room.teacher) as session:
            first = await bank.save(session, room.teacher, "Say where you know it from.")
            await bank.save(session, room.teacher, "Well argued.")
            assert (await bank.save(session, room.teacher, " Well argued. ")).text == "Well argued."
            assert await bank.use(session, room.teacher, first.id) == "Say where you know it from."
            found = await bank.listed(session, room.teacher)
            assert [(each.text, each.uses) for each in found] == [
                ("Say where you know it from.", 1),
                ("Well argued.", 0),
            ]
            assert [each.text for each in await bank.listed(session, room.teacher, "ARGUED")] == ["Well argued."]
        async with transaction(cast.colleague) as session:
            assert await bank.listed(session, cast.colleague) == []
            with pytest.raises(NotFound):
                await bank.use(session, cast.colleague, first.id)
        async with transaction(room.elif_) as session:
            with pytest.raises(NotFound):
                await bank.save(session, room.elif_, "x")
