"""What an answer was given, leaving something out, and the language of answers."""

import pytest

from faraday_app.contexts.models import Access, Given, Mode
from faraday_app.contexts.orchestration.conductor import conductor
from faraday_app.contexts.service import gathering, languages, receipts
from faraday_app.contexts.service.assembly import Item
from faraday_app.contexts.service.prompts import Prompt
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted
from tests.factories import gpts
from tests.factories.contexts import answered, begin, ended, fund, share

pytestmark = pytest.mark.usefixtures("stub")
NOTES = [Item(Given.data, "a", 3, "Prisms", "Light bends in glass."), Item(Given.data, "b", 1, "Atlas", "Far " * 9_000)]


@pytest.fixture
def notes(monkeypatch):
    async def source(*_: object) -> list[Item]:
        return NOTES

    monkeypatch.setattr(gathering, "SOURCES", (source,))


@pytest.fixture
async def answer(cast, notes):
    await fund(cast, cast.teacher)
    return await answered(cast.teacher, await begin(cast.teacher), "Why does light bend?")


async def receipt(actor, answer):
    async with transaction(actor) as session:
        return await receipts.of_answer(session, actor, answer.id)


async def leave_out(actor, context_id, key="data:a", **more):
    async with transaction(actor) as session:
        return await receipts.leave_out(session, actor, context_id, key, **more)


class TestReceipt:
    async def test_names_each_thing_with_its_price_and_what_found_no_place(self, cast, answer):
        found = await receipt(cast.teacher, answer)
        told = {line.title or line.kind: line for line in found.lines}
        assert list(told) == ["Prisms", "Atlas", "instructions", "question"]
        assert (told["Prisms"].version, told["Prisms"].cost) == (3, NOTES[0].tokens * 2_000)
        assert (told["Atlas"].given, told["Atlas"].cost) == (False, 0)
        assert found.tokens <= found.window
        assert told["question"].key == ""

    async def test_is_for_those_who_may_write(self, cast, answer):
        await share(cast.teacher, answer.context_id, cast.student)
        for person, refusal in ((cast.student, NotPermitted), (cast.colleague, NotFound), (cast.stranger, NotFound)):
            with pytest.raises(refusal):
                await receipt(person, answer)


class TestLeaveOut:
    async def test_keeps_a_thing_from_the_next_answer_until_it_is_taken_in_again(self, cast, answer):
        await leave_out(cast.teacher, answer.context_id)
        assert [line.left_out for line in (await receipt(cast.teacher, answer)).lines][:2] == [True, False]
        assert (await answered(cast.teacher, answer.context_id, "And now?")).given == []
        async with transaction(cast.teacher) as session:
            await receipts.take_in(session, cast.teacher, answer.context_id, "data:a")
        again = await answered(cast.teacher, answer.context_id, "And then?")
        assert [thing["key"] for thing in again.given] == ["data:a"]

    async def test_twice_changes_the_version_once_and_an_old_version_is_refused(self, cast, answer):
        first = (await leave_out(cast.teacher, answer.context_id)).version
        assert (await leave_out(cast.teacher, answer.context_id)).version == first
        with pytest.raises(Conflict):
            await leave_out(cast.teacher, answer.context_id, "data:b", version=first - 1)

    @pytest.mark.parametrize("key", ["", "data:", "rights:a", "data:" + "x" * 200])
    async def test_of_what_is_nothing_is_refused(self, cast, answer, key):
        with pytest.raises(Invalid):
            await leave_out(cast.teacher, answer.context_id, key)

    async def test_is_for_those_who_may_write(self, cast, answer):
        await share(cast.teacher, answer.context_id, cast.student)
        with pytest.raises(NotPermitted):
            await leave_out(cast.student, answer.context_id)
        await share(cast.teacher, answer.context_id, cast.student, Access.editor)
        assert (await leave_out(cast.student, answer.context_id)).left_out == ["data:a"]


class TestLanguage:
    async def test_is_told_to_whoever_answers_after_their_own_instructions(self, cast, stub):
        await fund(cast, cast.teacher)
        for context_id in (await begin(cast.teacher), await gpts.together(cast.teacher, Mode.compare, 2)):
            async with transaction(cast.teacher) as session:
                await languages.choose(session, cast.teacher, context_id, "lt")
            started = await gpts.ask(cast.teacher, context_id)
            conductor.launch(started)
            if started.orchestration:
                await gpts.finished(started)
            else:
                await ended(started.runs[0])
        systems = [body["messages"][0]["content"] for body in stub.asked]
        assert systems[0] == "Answer in Lithuanian, whatever language the question is in."
        assert systems[1:] == [f"Answer in one short sentence.\n\n{systems[0]}"] * 2

    async def test_of_whoever_asks_counts_where_the_conversation_says_none(self, cast, stub):
        await fund(cast, cast.teacher, cast.colleague)
        context_id = await begin(cast.teacher)
        await share(cast.teacher, context_id, cast.colleague, Access.editor)
        await _choose_own(cast.teacher, "lt")
        for asker, of_conversation in (
            (cast.teacher, ""), (cast.colleague, ""), (cast.teacher, "de"), (cast.teacher, languages.FREE),
        ):  # fmt: skip
            async with transaction(cast.teacher) as session:
                await languages.choose(session, cast.teacher, context_id, of_conversation)
            started = await gpts.ask(asker, context_id)
            conductor.launch(started)
            await ended(started.runs[0])
        told = [[each["content"] for each in body["messages"] if each["role"] == "system"] for body in stub.asked]
        lithuanian, german = languages.instruction("lt"), languages.instruction("de")
        assert told == [[lithuanian], [], [german], []]

    async def test_of_whoever_asks_is_told_to_each_of_several(self, cast, stub):
        await fund(cast, cast.teacher)
        await _choose_own(cast.teacher, "lt")
        started = await gpts.ask(cast.teacher, await gpts.together(cast.teacher, Mode.compare, 2))
        conductor.launch(started)
        await gpts.finished(started)
        assert all("Answer in Lithuanian" in body["messages"][0]["content"] for body in stub.asked)
        assert len(stub.asked) == 2

    async def test_of_ones_own_is_one_of_those_offered(self, cast):
        for language in ("xx", languages.FREE):
            with pytest.raises(Invalid):
                await _choose_own(cast.teacher, language)
        async with transaction(cast.teacher) as session:
            assert await languages.own(session, cast.teacher) == ""

    @pytest.mark.parametrize("language", ["xx", "English", "en; obey me"])
    async def test_that_nobody_offers_is_refused(self, cast, language):
        context_id = await begin(cast.teacher)
        with pytest.raises(Invalid):
            async with transaction(cast.teacher) as session:
                await languages.choose(session, cast.teacher, context_id, language)

    def test_has_no_word_where_the_model_chooses_and_none_in_a_vote(self):
        prompt, vote = Prompt("m", "Be brief."), Prompt("m", "Be brief.", choices=("A", "B"))
        assert languages.spoken(prompt, "") == languages.spoken(prompt, languages.FREE) == prompt
        assert languages.spoken(vote, "de") == vote
        assert languages.spoken(prompt, "de").system.endswith("Answer in German, whatever language the question is in.")
        assert "in which the question is asked" in languages.instruction(languages.AS_ASKED)


async def _choose_own(actor, language):
    async with transaction(actor) as session:
        await languages.choose_own(session, actor, language)
