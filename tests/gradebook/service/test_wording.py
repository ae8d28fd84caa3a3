"""A receipt in words: no figure and no claim that is not in the derivation, no names, nothing kept."""

import json

import pytest

from faraday_app.contexts.service import languages
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid, NotFound, NotPermitted
from faraday_app.gateway import service as gateway
from faraday_app.gateway.service import asking as gateway_asking
from faraday_app.gradebook.calculation import Kind
from faraday_app.gradebook.service import wording
from faraday_app.gradebook.service.wording import By
from tests.factories.classes import make_assignment, make_classroom, make_group
from tests.factories.contexts import fund
from tests.factories.gateway import forget_failures, make_model, make_policy, make_provider, receipts
from tests.factories.grades import enter
from tests.factories.upstream import Fault, open_upstream

WRITTEN = "The total is [total] now, and all of it comes from [only part]."
TOLD = "The total is 85.00 % (B) now, and all of it comes from Quizzes."
OURS = "So far the total is 85.00 % (B). All of it comes from Quizzes."


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
    async def test_fills_what_the_model_wrote_around(self, room, model, graded):
        model.says = telling(WRITTEN)
        said = await say(room)
        assert (said.sentence, said.by, said.refused, said.tries) == (TOLD, By.model, (), 1)
        assert [row.purpose for row in await receipts(room.cast.organization_id)] == ["grade_receipt"]

    async def test_asks_once_more_and_says_what_was_wrong(self, room, model, graded):
        model.says = telling("You have 85.00 %.", WRITTEN)
        assert (await say(room)).tries == 2
        assert "refused: [total] is missing" in json.dumps(model.asked[-1])
        assert "85" not in json.dumps([body["messages"][0] for body in model.asked])

    async def test_says_it_in_our_own_words_where_the_model_does_not_keep_to_it(self, room, model, graded):
        model.says = telling("You have 91 %.", "The total is [total], all from [only part], an A.")
        said = await say(room)
        assert (said.sentence, said.by, said.refused) == (OURS, By.refused, ("A",))

    async def test_says_it_in_our_own_words_where_the_model_is_silent(self, room, model, graded):
        model.fault = Fault("reset")
        said = await say(room, kind=Kind.final)
        assert (said.by, said.refused) == (By.silent, ())
        assert said.sentence.startswith("If ungraded work brings nothing, the total is 85.00 % (B).")

    async def test_tells_the_model_no_name_no_title_and_no_figure(self, room, model, graded):
        model.says = telling(WRITTEN)
        await say(room)
        sent = json.dumps(model.asked[0]["messages"])
        assert "[total]" in sent
        assert not [name for name in ("Elif", "Kaya", "Emre", "Okafor", "Quizzes", "85", "17") if name in sent]

    async def test_is_written_in_the_language_in_which_they_want_answers(self, room, model, graded):
        async with transaction(room.teacher) as session:
            await languages.choose_own(session, room.teacher, "de")
        model.says = telling(
            "[total] aus drei Arbeiten in [only part].", "Bisher sind es [total], alles aus [only part]."
        )
        said = await say(room)
        assert (said.sentence, said.tries) == ("Bisher sind es 85.00 % (B), alles aus Quizzes.", 2)
        assert "Write in German" in json.dumps(model.asked[0])

    async def test_is_for_whoever_may_see_the_record(self, room, model, graded):
        model.says = telling(WRITTEN)
        for actor, error in ((room.karim, NotFound), (room.cast.stranger, NotFound)):
            with pytest.raises((error, NotPermitted)):
                await wording.say(actor, room.id, room.elif_.user)
        assert model.asked == []

    async def test_says_that_there_is_no_total(self, room, model, graded):
        with pytest.raises(Invalid):
            await say(room, room.amina)


class TestRead:
    @pytest.mark.parametrize("reply", ["", "Sure!", "[]", '{"sentence": 3}', '{"sentence": " "}'])
    def test_takes_no_other_form(self, reply):
        assert wording.written(reply) == ""
