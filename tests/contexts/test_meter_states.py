"""The tabs of the meter, the receipt and the figures, without a browser."""

from base64 import b64decode

import pytest

from faraday_app.contexts.models import Given
from faraday_app.contexts.service import gathering
from faraday_app.contexts.service.assembly import Item
from faraday_app.contexts.state import PreferencesState, QuoteState, ThreadState, UseState, WhyState
from faraday_app.core.errors import Invalid, NotFound, NotPermitted
from tests.factories.contexts import answered, begin, fund, share
from tests.factories.tabs import open_tab, sent

pytestmark = pytest.mark.usefixtures("stub")


@pytest.fixture(autouse=True)
def notes(monkeypatch):
    async def source(*_: object) -> list[Item]:
        return [Item(Given.data, "a", 1, "Prisms", "Light bends in glass.")]

    monkeypatch.setattr(gathering, "SOURCES", (source,))


async def watching(actor, context_id=""):
    tab = await open_tab(actor, QuoteState)
    await QuoteState.watch.fn(tab, str(context_id))
    await QuoteState.refresh.fn(tab)
    return tab


class TestQuoteState:
    async def test_shows_what_goes_in_before_and_while_one_writes(self, cast):
        await fund(cast, cast.teacher)
        tab = await watching(cast.teacher, await begin(cast.teacher))
        parts = {each.part: each for each in tab.portions}
        assert list(parts) == ["instructions", "data", "question", "answer", "free"]
        empty, cost = int(parts["question"].tokens), tab.shown.cost
        await QuoteState.typed.fn(tab, "Why does light bend? " * 20)
        written = {each.part: each for each in tab.portions}
        assert int(written["question"].tokens) > empty
        assert sum(each.percent for each in tab.portions) in range(97, 104)
        assert "credits" in cost
        assert tab.shown.pays.startswith("Your credits pay: 100 now, ")
        assert "light" not in f"{tab.dict()} {tab._backend_vars}"

    async def test_keeps_to_what_is_written_until_it_is_sent(self, cast):
        await fund(cast, cast.teacher)
        context_id = await begin(cast.teacher)
        tab = await watching(cast.teacher, context_id)
        quiet = tab.portions
        await QuoteState.typed.fn(tab, "Why? " * 90)
        written = tab.portions
        await QuoteState.refresh.fn(tab)
        assert tab.portions == written != quiet
        thread = await tab.get_state(ThreadState)
        thread.id = str(context_id)
        await ThreadState.ask.fn(thread, {"message": "Why? " * 90})
        await QuoteState.typed.fn(tab, "Why? " * 90)  # the last letters arrive after the message
        await QuoteState.refresh.fn(tab)
        assert next(each.tokens for each in tab.portions if each.part == "question") == "12"

    async def test_says_what_is_wrong_before_it_is_sent(self, cast):
        tab = await watching(cast.teacher)
        assert "you have 0." in tab.shown.problem
        await QuoteState.typed.fn(tab, "word " * 6_000)
        assert "too long" in tab.problem
        await QuoteState.typed.fn(tab, "word")
        assert tab.problem == ""

    async def test_shows_nothing_to_those_who_may_only_read(self, cast):
        context_id = await begin(cast.teacher)
        await share(cast.teacher, context_id, cast.student)
        for person in (cast.student, cast.colleague, cast.stranger):
            tab = await watching(person, context_id)
            assert (tab.portions, tab.shown.cost) == ([], "")

    async def test_chooses_the_language_of_answers(self, cast):
        context_id = await begin(cast.teacher)
        tab = await watching(cast.teacher, context_id)
        await QuoteState.choose_language.fn(tab, "de")
        assert (await watching(cast.teacher, context_id)).language == "de"
        with pytest.raises(NotFound):
            await QuoteState.choose_language.fn(await watching(cast.colleague, context_id), "fr")

    async def test_follows_the_model_that_is_chosen(self, cast):
        thread = await open_tab(cast.teacher, ThreadState)
        await ThreadState.begin.fn(thread)
        following = await ThreadState.choose_model.fn(thread, thread.chosen)
        assert sent(following)["name"] == thread.chosen


class TestWhyState:
    async def test_leaves_a_thing_out_with_one_click_and_takes_it_in_again(self, cast):
        await fund(cast, cast.teacher)
        answer = await answered(cast.teacher, await begin(cast.teacher))
        tab = await open_tab(cast.teacher, WhyState)
        await WhyState.show.fn(tab, str(answer.id))
        assert (tab.open, tab.routed, tab.given[0].title, tab.given[0].state) == (True, True, "Prisms", "Given")
        await WhyState.leave_out.fn(tab, tab.given[0].key)
        assert (tab.given[0].state, tab.given[0].left_out) == ("Left out from now on", True)
        await WhyState.take_in.fn(tab, tab.given[0].key)
        assert tab.given[0].left_out is False

    async def test_tells_readers_and_strangers_nothing_of_it(self, cast):
        await fund(cast, cast.teacher)
        answer = await answered(cast.teacher, await begin(cast.teacher))
        await share(cast.teacher, answer.context_id, cast.student)
        for person in (cast.student, cast.colleague, cast.stranger):
            tab = await open_tab(person, WhyState)
            with pytest.raises(NotFound):
                await WhyState.show.fn(tab, str(answer.id))
            tab._context_id = str(answer.context_id)
            with pytest.raises((NotFound, NotPermitted)):
                await WhyState.leave_out.fn(tab, "data:a")
            assert (tab.open, tab.given) == (False, [])


class TestUseState:
    async def test_shows_figures_with_their_course_and_rows(self, cast):
        await fund(cast, cast.teacher)
        await answered(cast.teacher, await begin(cast.teacher))
        tab = await open_tab(cast.teacher, UseState)
        await UseState.enter.fn(tab)
        assert [(each.title, each.value) for each in tab.figures[:2]] == [("Questions", "1"), ("Answers", "1")]
        assert all(each.path for each in tab.figures)
        assert "(1 answer)" in tab.accuracy
        await UseState.choose_by.fn(tab, "gpt")
        await UseState.choose_range.fn(tab, "rights")
        assert ([row.name for row in tab.rows], tab.range) == (["The plain assistant"], "30")
        url = str(sent(await UseState.export.fn(tab))["url"])
        assert "The plain assistant,1,1,0," in b64decode(url.split(",", 1)[1].strip('"')).decode()

    async def test_shows_the_organization_to_administrators_alone(self, cast):
        await fund(cast, cast.teacher)
        await answered(cast.teacher, await begin(cast.teacher))
        tab = await open_tab(cast.administrator, UseState)
        await UseState.enter.fn(tab)
        assert tab.rows == []
        await UseState.choose_whose.fn(tab, "everyone")
        assert tab.rows[0].questions == "1"
        other = await open_tab(cast.colleague, UseState)
        other.everyone = True
        await UseState.enter.fn(other)
        assert (other.rows, other.everyone) == ([], False)


class TestPreferences:
    async def test_are_kept_for_the_person_and_shown_on_their_page(self, cast):
        tab = await open_tab(cast.teacher, PreferencesState)
        await PreferencesState.enter.fn(tab)
        assert (tab.shown, tab.language) == (True, "")
        await PreferencesState.choose_language.fn(tab, "lt")
        again = await open_tab(cast.teacher, PreferencesState)
        await PreferencesState.enter.fn(again)
        assert again.language == "lt"
        other = await open_tab(cast.colleague, PreferencesState)
        await PreferencesState.enter.fn(other)
        assert other.language == ""
        with pytest.raises(Invalid):
            await PreferencesState.choose_language.fn(tab, "xx")
