"""A receipt in words: no figure that is not in the derivation, no names, nothing kept."""

import json

import pytest

from faraday_app.core.errors import Invalid, NotFound, NotPermitted, Unavailable
from faraday_app.gateway import service as gateway
from faraday_app.gateway.service import asking as gateway_asking
from faraday_app.gradebook.calculation import Kind
from faraday_app.gradebook.service import wording
from tests.factories.classes import make_assignment, make_classroom, make_group
from tests.factories.contexts import fund
from tests.factories.gateway import forget_failures, make_model, make_policy, make_provider, receipts
from tests.factories.grades import enter
from tests.factories.upstream import Fault, open_upstream

TRUE = "Quizzes bring 17 of 20 points, which makes 85.00 %, a B."


@pytest.fixture
async def room(cast):
    return await make_classroom(cast)


@pytest.fixture
async def model(room, monkeypatch):
    """A provider that the organisation trusts with names: they are hidden from it all the same."""
    gateway.install()
    forget_failures()
    monkeypatch.setattr(gateway_asking, "PAUSE", 0.001)
    school = room.cast.organization_id
    async with open_upstream() as upstream:
        await make_policy(school, privacy="public")
        await make_model(school, "teller", await make_provider(school, upstream), longest_answer=1_000)
        await fund(room.cast, room.teacher)
        yield upstream


@pytest.fixture
async def graded(room):
    work = await make_assignment(room, await make_group(room), "Talk with Emre Kaya")
    await enter(room, (work, room.elif_, "17"))


async def say(room, student=None, kind=Kind.current):
    return await wording.say(room.teacher, room.id, (student or room.elif_).user, kind, "teller")


def telling(*sentences):
    """A model that says one after the other."""
    waiting = iter(sentences)
    return lambda body: [json.dumps({"sentence": next(waiting)})]


class TestSay:
    async def test_shows_a_sentence_of_true_figures(self, room, model, graded):
        model.says = telling(TRUE)
        said = await say(room)
        assert (said.sentence, said.refused, said.tries) == (TRUE, (), 1)
        assert [row.purpose for row in await receipts(room.cast.organization_id)] == ["grade_receipt"]

    async def test_refuses_an_invented_figure_and_asks_once_more(self, room, model, graded):
        model.says = telling("You have 91 %.", TRUE)
        assert (await say(room)).tries == 2
        model.says = telling("You have 91 %.", "You have 85.00 %, an A.")
        said = await say(room)
        assert (said.sentence, said.refused) == (None, ("A",))

    async def test_tells_the_model_no_name(self, room, model, graded):
        model.says = telling(TRUE)
        await say(room)
        sent = json.dumps(model.asked)
        assert "85.00 %" in sent
        assert not [name for name in ("Elif", "Kaya", "Emre", "Okafor") if name in sent]

    async def test_is_for_whoever_may_see_the_record(self, room, model, graded):
        model.says = telling(TRUE)
        for actor, error in ((room.karim, NotFound), (room.cast.stranger, NotFound)):
            with pytest.raises((error, NotPermitted)):
                await wording.say(actor, room.id, room.elif_.user)
        assert model.asked == []

    async def test_says_that_there_is_no_total_or_no_answer(self, room, model, graded):
        with pytest.raises(Invalid):
            await say(room, room.amina)
        model.fault = Fault("reset")
        with pytest.raises(Unavailable):
            await say(room, kind=Kind.final)


class TestRead:
    @pytest.mark.parametrize(
        "reply",
        [
            "",
            "Sure!",
            "[]",
            '{"sentence": 3}',
            '{"sentence": "' + "1" * 401 + '"}',
            '{"sentence": "<b>1"}',
            '{"sentence": "Well done."}',
        ],
    )
    def test_takes_plain_sentences_about_figures_alone(self, reply):
        assert wording.read(reply) == ""
