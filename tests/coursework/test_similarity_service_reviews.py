"""Authors are heard before anything is recorded, and two adults agree before it holds."""

import pytest
from sqlalchemy.exc import IntegrityError

from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import Outcome, SimilarityReview
from faraday_app.coursework.service.similarity import hearing, reviews
from tests.factories.classes import make_assignment
from tests.factories.coursework import do
from tests.factories.similarity import COPY, ORIGINAL, compare_all, hand_in, pairs_of, rows


@pytest.fixture
async def pair(room, group):
    work = await make_assignment(room, group, "Bees")
    await hand_in(work, room.elif_, ORIGINAL)
    await hand_in(work, room.emre, COPY)
    await compare_all()
    (found,) = await pairs_of(room, work)
    return found


@pytest.fixture
async def asked(room, pair):
    """Emre, about his own text."""
    text = next(each.text for each in (pair.left, pair.right) if each.text.student_id == room.emre.user)
    (review,) = await do(room.teacher, reviews.ask, pair.row.id, text.id, "How did you write about the bees?")
    return review


async def heard(room, asked, words="I read Elif's text and liked it."):
    await do(room.emre, reviews.state, asked.id, asked.version, words)
    return await now_is(asked)


async def now_is(review):
    (row,) = await rows(SimilarityReview, id=review.id)
    return row


class TestAsk:
    async def test_shows_the_author_their_own_words_alone(self, room, asked):
        (seen,) = await do(room.emre, hearing.mine)
        assert seen.question == "How did you write about the bees?"
        assert seen.passages[0].startswith("My grandmother kept bees")
        assert "Elif" not in repr(seen)
        assert await do(room.elif_, hearing.mine) == []

    async def test_is_told_to_the_author(self, room, pair, monkeypatch):
        told = []

        async def deliver(_session, notice):
            told.append(notice)

        monkeypatch.setattr("faraday_app.core.notices._deliver", [deliver])
        (review,) = await do(room.teacher, reviews.ask, pair.row.id, pair.left.text.id, "")
        assert [(each.recipients, each.link) for each in told] == [
            ((pair.left.text.student_id,), f"/statement?id={review.id}")
        ]

    async def test_is_done_once_at_a_time(self, room, pair, asked):
        with pytest.raises(Conflict):
            await do(room.teacher, reviews.ask, pair.row.id, await text_of(asked, pair), "Again?")

    async def test_is_no_parents_to_see(self, room, asked):
        with pytest.raises(NotPermitted):
            await do(room.nadir, hearing.mine)

    @pytest.mark.parametrize("who", ["aide", "student", "parent", "colleague", "stranger"])
    async def test_is_the_classs_teachers(self, room, cast, pair, who):
        with pytest.raises((NotFound, NotPermitted)):
            await do(getattr(cast, who), reviews.ask, pair.row.id, pair.left.text.id, "")


class TestState:
    async def test_can_be_changed_until_something_was_made_of_it(self, room, asked):
        first = await heard(room, asked)
        second = await heard(room, first, "I forgot to name the source.")
        (seen,) = await do(room.teacher, hearing.of_assignment, asked.assignment_id)
        assert seen.statement == "I forgot to name the source."
        await do(room.teacher, reviews.decide, asked.id, second.version, Outcome.talked)
        with pytest.raises(Conflict):
            await heard(room, await now_is(asked), "No, wait.")

    async def test_is_nobody_elses(self, room, asked):
        with pytest.raises(NotFound):
            await do(room.elif_, reviews.state, asked.id, asked.version, "He did it.")

    async def test_must_say_something(self, room, asked):
        with pytest.raises(Invalid):
            await heard(room, asked, "   ")


class TestDecide:
    async def test_is_refused_before_the_author_was_heard(self, room, asked):
        with pytest.raises(Conflict, match="not said anything"):
            await do(room.teacher, reviews.decide, asked.id, asked.version, Outcome.passed_on)

    async def test_not_even_the_database_takes_it(self, asked):
        async with transaction(Actor.system()) as session:
            row = await session.get_one(SimilarityReview, asked.id)
            row.outcome = Outcome.passed_on
            with pytest.raises(IntegrityError, match="heard"):
                await session.flush()
            await session.rollback()

    async def test_holds_once_another_adult_has_confirmed_it(self, room, cast, asked):
        read = await heard(room, asked)
        await do(room.teacher, reviews.decide, asked.id, read.version, Outcome.talked, "We went through quoting.")
        read = await now_is(asked)
        (before,) = await do(room.emre, hearing.mine)
        assert (before.outcome, before.note) == (None, "")
        with pytest.raises(NotPermitted, match="Another adult"):
            await do(room.teacher, reviews.confirm, asked.id, read.version)
        await do(cast.administrator, reviews.confirm, asked.id, read.version)
        (after,) = await do(room.emre, hearing.mine)
        assert (after.outcome, after.note) == (Outcome.talked, "We went through quoting.")
        with pytest.raises(Conflict, match="agreed"):
            await do(room.teacher, reviews.withdraw, asked.id, read.version + 1)

    async def test_is_open_again_when_the_other_does_not_agree(self, room, cast, asked):
        read = await heard(room, asked)
        await do(room.teacher, reviews.decide, asked.id, read.version, Outcome.passed_on)
        await do(cast.administrator, reviews.send_back, asked.id, (await now_is(asked)).version)
        back = await now_is(asked)
        assert (back.outcome, back.decided_by) == (None, None)
        assert back.stated_at

    async def test_of_what_was_read_before_is_refused(self, room, asked):
        await heard(room, asked)
        with pytest.raises(Conflict, match="meanwhile"):
            await do(room.teacher, reviews.decide, asked.id, asked.version, Outcome.talked)


class TestWithdraw:
    async def test_leaves_nothing_on_record(self, room, pair, asked):
        await do(room.teacher, reviews.withdraw, asked.id, asked.version)
        assert await do(room.emre, hearing.mine) == []
        with pytest.raises(NotFound):
            await heard(room, asked)
        await do(room.teacher, reviews.ask, pair.row.id, await text_of(asked, pair), "")


async def text_of(review, pair):
    return next(each.text.id for each in (pair.left, pair.right) if each.text.student_id == review.student_id)
