"""Who sees which grade when."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import NotFound, NotPermitted
from faraday_app.core.permissions import Actor
from faraday_app.gradebook.models import Audience, Posting
from faraday_app.gradebook.service import posting, reading, showing, totals, undoing
from faraday_app.gradebook.service.visibility import visible
from tests.factories.classes import make_assignment, make_classroom, make_group
from tests.factories.grades import enter, make_policy, mark_of, record_of

T = now()
LATER, BEFORE = T + timedelta(hours=1), T - timedelta(hours=1)


class TestVisible:
    @pytest.mark.parametrize(
        ("posted_at", "releases", "seen"),
        [
            (None, {}, False),
            (BEFORE, None, True),
            (BEFORE, {}, True),
            (LATER, {}, False),
            (T, {"student": T}, True),
            (BEFORE, {"student": LATER}, False),
            (BEFORE, {"student": None}, False),
            (BEFORE, {"parent": None}, True),
            (None, {"student": BEFORE}, False),
        ],
    )
    def test_needs_both_posting_and_release(self, posted_at, releases, seen):
        assert visible(posted_at, releases, Audience.student, T) is seen


@pytest.fixture
async def room(cast):
    room = await make_classroom(cast)
    await make_policy(room, posting="manual")
    return room


async def seen(room, viewer, student):
    return str((await record_of(room, viewer, student)).grades.current.percent)


class TestPost:
    async def test_shows_exactly_what_was_posted(self, room):
        group = await make_group(room)
        quiz, lab = await make_assignment(room, group), await make_assignment(room, group, "Lab", 50)
        await enter(room, (quiz, room.elif_, "17"), (lab, room.elif_, "50"), (quiz, room.amina, "3"))
        assert [await seen(room, each, room.elif_) for each in (room.teacher, room.elif_)] == ["95.71", "None"]
        async with transaction(room.teacher) as session:
            batch = await posting.post(session, room.teacher, room.id, [quiz.id])
        assert [await seen(room, each, room.elif_) for each in (room.elif_, room.nadir)] == ["85.00", "85.00"]
        record = await record_of(room, room.nadir, room.elif_)
        assert record.marks[lab.id].score is None
        assert not [work for each in record.sheet.groups for work in each.work if work.score == 50]
        async with transaction(room.teacher) as session:
            assert (await totals.of_class(session, room.id))[room.elif_.user].seen_current_percent == 85
            assert await posting.post(session, room.teacher, room.id, [quiz.id]) is None
            await undoing.undo(session, room.teacher, room.id, batch)
        assert await seen(room, room.elif_, room.elif_) == "None"

    async def test_is_taken_back_by_hiding(self, room):
        quiz = await make_assignment(room, await make_group(room))
        await enter(room, (quiz, room.elif_, "17"))
        async with transaction(room.teacher) as session:
            await posting.post(session, room.teacher, room.id)
            await posting.hide(session, room.teacher, room.id)
        assert await seen(room, room.elif_, room.elif_) == "None"

    async def test_never_shows_another_child(self, room):
        with pytest.raises(NotFound):
            await record_of(room, room.karim, room.elif_)
        with pytest.raises(NotFound):
            await record_of(room, room.amina, room.elif_)


class TestRelease:
    async def test_is_for_each_audience_and_moment(self, room):
        quiz = await make_assignment(room, await make_group(room))
        await enter(room, (quiz, room.elif_, "17"))
        teacher = room.teacher
        async with transaction(teacher) as session:
            await posting.post(session, teacher, room.id)
            await posting.release(session, teacher, quiz.id, Audience.parent, now() + timedelta(days=1))
        assert [await seen(room, each, room.elif_) for each in (room.elif_, room.nadir)] == ["85.00", "None"]
        async with transaction(teacher) as session:
            await posting.release(session, teacher, quiz.id, Audience.student, None)
            await posting.release(session, teacher, quiz.id, Audience.parent, now())
        assert [await seen(room, each, room.elif_) for each in (room.elif_, room.nadir)] == ["None", "85.00"]
        async with transaction(teacher) as session:
            await posting.release_when_posted(session, teacher, quiz.id, Audience.student)
        assert await seen(room, room.elif_, room.elif_) == "85.00"

    async def test_figures_totals_out_when_its_moment_comes(self, room):
        quiz = await make_assignment(room, await make_group(room))
        await enter(room, (quiz, room.elif_, "17"))
        async with transaction(room.teacher) as session:
            await posting.post(session, room.teacher, room.id)
            await posting.release(session, room.teacher, quiz.id, Audience.student, now() + timedelta(days=1))
        faraday = Actor.system(room.cast.organization_id)
        async with transaction(faraday) as session:
            assert (await totals.of_class(session, room.id))[room.elif_.user].seen_current_percent is None
            earlier = {"id": quiz.id, "at": now() - timedelta(minutes=1), "figured": now() - timedelta(minutes=2)}
            await session.execute(
                text("update grade_releases set visible_from = :at where assignment_id = :id"), earlier
            )
            await session.execute(text("update grade_totals set figured_at = :figured"), earlier)
        await posting.reveal()
        async with transaction(faraday) as session:
            assert (await totals.of_class(session, room.id))[room.elif_.user].seen_current_percent == 85


class TestShown:
    async def test_says_what_each_audience_sees_now(self, room):
        group = await make_group(room)
        quiz, lab = await make_assignment(room, group), await make_assignment(room, group, "Lab", 50)
        await enter(room, (quiz, room.elif_, "17"), (quiz, room.amina, "3"), (lab, room.elif_, "50"))
        async with transaction(room.teacher) as session:
            await posting.post(session, room.teacher, room.id, [quiz.id])
            await posting.release(session, room.teacher, quiz.id, Audience.parent, now() + timedelta(days=1))
            found = await showing.shown(session, room.teacher, room.id, quiz.id)
        assert (found.students, found.graded, found.posted) == (3, 2, 2)
        student, parent = found.sights[Audience.student], found.sights[Audience.parent]
        assert (student.now, student.held) == (2, False)
        assert (parent.now, parent.held, parent.begins > now()) == (0, True, True)

    async def test_is_for_the_staff_of_the_class_alone(self, room):
        quiz = await make_assignment(room, await make_group(room))
        for actor, error in ((room.elif_, NotPermitted), (room.cast.stranger, NotFound)):
            with pytest.raises(error):
                async with transaction(actor) as session:
                    await showing.shown(session, actor, room.id, quiz.id)
        with pytest.raises(NotPermitted):
            async with transaction(room.cast.aide) as session:
                await showing.post_by(session, room.cast.aide, room.id, quiz.id, Posting.automatic)


class TestPostBy:
    async def test_posts_one_piece_of_work_in_another_way_than_its_class(self, room):
        group = await make_group(room)
        quiz, lab = await make_assignment(room, group), await make_assignment(room, group, "Lab", 50)
        await enter(room, (quiz, room.elif_, "17"), (lab, room.elif_, "50"))
        async with transaction(room.teacher) as session:
            await showing.post_for_everyone(session, room.teacher, room.id, quiz.id)
        await enter(room, (quiz, room.emre, "12"), (lab, room.emre, "20"))
        marks = [await mark_of(room, work, room.emre) for work in (quiz, lab)]
        assert [mark.posted_at is not None for mark in marks] == [True, False]
        async with transaction(room.teacher) as session:
            await showing.hide(session, room.teacher, room.id, quiz.id)
        await enter(room, (quiz, room.amina, "9"))
        assert await seen(room, room.emre, room.emre) == "None"
        assert (await mark_of(room, quiz, room.amina)).posted_at is None
        async with transaction(room.teacher) as session:
            await showing.post_by(session, room.teacher, room.id, quiz.id, None)
            assert (await showing.shown(session, room.teacher, room.id, quiz.id)).own is None

    async def test_is_kept_with_the_rules_of_a_moment(self, room):
        quiz = await make_assignment(room, await make_group(room))
        async with transaction(room.teacher) as session:
            await showing.post_by(session, room.teacher, room.id, quiz.id, Posting.automatic)
            then = await reading.as_of(session, room.id, now())
        assert then.posts_at_once(quiz.id)
