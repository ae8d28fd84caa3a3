"""What teachers see of passages in common, and what authors see of a question."""

import pytest

from faraday_app.core.errors import NotPermitted
from faraday_app.coursework.state.similarity import SimilarityState, StatementState
from tests.factories.classes import make_assignment
from tests.factories.similarity import COPY, ORIGINAL, compare_all, hand_in
from tests.factories.tabs import open_at


@pytest.fixture
async def work(room, group):
    work = await make_assignment(room, group, "Bees")
    await hand_in(work, room.elif_, ORIGINAL)
    await hand_in(work, room.emre, COPY)
    await compare_all()
    return work


async def at_work(actor, work):
    return await open_at(actor, SimilarityState, "/class/similarity", assignment=str(work.id))


class TestPairs:
    async def test_are_reached_from_the_class(self, room, work):
        page = await open_at(room.teacher, SimilarityState, "/class/similarity", id=str(room.id))
        assert [(row.title, row.pairs) for row in page.works] == [("Bees", "1")]
        page = await at_work(room.teacher, work)
        assert page.summary == "2 texts compared · 1 pair with passages in common"
        (row,) = page.rows
        await SimilarityState.look.fn(page, row.id)
        assert {"alike", "plain"} == {part.mark for part in page.left_parts}
        assert page.left.may_ask
        assert page.right.may_ask

    @pytest.mark.parametrize("who", ["student", "parent", "aide", "colleague"])
    async def test_are_nothing_to_others(self, cast, work, who):
        page = await at_work(getattr(cast, who), work)
        assert (page.rows, page.title, page.works) == ([], "", [])
        assert page.error

    async def test_follow_the_handouts(self, room, work):
        page = await at_work(room.teacher, work)
        await SimilarityState.add_handout.fn(page, {"handout_name": "All of it", "handout_text": ORIGINAL})
        assert "still being compared" in page.summary
        await compare_all()
        await SimilarityState.refresh.fn(page)
        assert page.rows == []
        await SimilarityState.remove_handout.fn(page, page.handouts[0].id)
        assert page.handouts == []


class TestReview:
    async def test_goes_from_the_question_to_two_adults(self, room, cast, work):
        page = await at_work(room.teacher, work)
        await SimilarityState.look.fn(page, page.rows[0].id)
        side = next(each for each in (page.left, page.right) if each.name == "Emre Kaya")
        await SimilarityState.ask.fn(page, side.text_id, {"question": "How did you write about the bees?"})
        (question,) = page.questions
        (row,) = question.answers
        assert (question.authors, question.team, row.step) == ("Emre Kaya", False, "asked")
        assert question.silent.startswith("Has not answered yet.")
        student = await open_at(room.emre, StatementState, "/statement")
        (own,) = student.rows
        await StatementState.state.fn(student, own.id, own.version, {"statement": "We learned together."})
        await SimilarityState.refresh.fn(page)
        (row,) = page.questions[0].answers
        assert (row.step, row.statement) == ("heard", "We learned together.")
        await SimilarityState.decide.fn(page, row.id, row.version, {"outcome": "settled", "note": "Thank you."})
        (row,) = page.questions[0].answers
        assert (row.step, row.own) == ("decided", True)
        with pytest.raises(NotPermitted):
            await SimilarityState.confirm.fn(page, row.id, row.version)
        await StatementState.refresh.fn(student)
        assert student.rows[0].outcome == ""
        other = await at_work(cast.administrator, work)
        await SimilarityState.confirm.fn(other, row.id, row.version)
        await StatementState.refresh.fn(student)
        assert (student.rows[0].outcome, student.rows[0].note) == ("Nothing more to do", "Thank you.")

    async def test_is_only_ones_own(self, room, work):
        page = await open_at(room.nadir, StatementState, "/statement")
        assert page.rows == []
        assert page.error
