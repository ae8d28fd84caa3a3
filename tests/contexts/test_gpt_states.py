"""The tabs of GPTs and lanes, without a browser."""

import asyncio
import json

import pytest

from faraday_app.contexts.models import Access, Mode
from faraday_app.contexts.orchestration.conductor import conductor
from faraday_app.contexts.state import AnswerersState, GptEditorState, GptsState, LanesState, ThreadState
from faraday_app.core.errors import NotPermitted
from tests.factories.contexts import begin, fund, share
from tests.factories.gpts import ask, finished, make_gpt, parts, together
from tests.factories.tabs import open_tab, sent

FORM = {"gpt_name": "Nova", "instructions": "Be brief.", "model": "auto", "temperature": "0.2", "longest": "12"}


async def opened(actor, context_id):
    """The thread of an open conversation."""
    tab = await open_tab(actor, ThreadState)
    tab.id = str(context_id)
    await ThreadState.refresh.fn(tab)
    return tab


class TestGptsState:
    async def test_lists_what_one_may_use_and_says_what_is_ones_own(self, cast):
        await make_gpt(cast.colleague, "Vega", shared=True)
        await make_gpt(cast.teacher, "Nova")
        tab = await open_tab(cast.teacher, GptsState)
        await GptsState.refresh.fn(tab)
        assert [(row.name, row.about, row.mine) for row in tab.rows] == [
            ("Nova", "Yours", True),
            ("Vega", "By Ana Ruiz", False),
        ]

    async def test_tries_one_in_a_conversation_of_its_own(self, cast):
        gpt = await make_gpt(cast.teacher, "Nova")
        tab = await open_tab(cast.teacher, GptsState)
        path = str(sent(await GptsState.try_it.fn(tab, str(gpt.id)))["path"]).strip('"')
        thread = await opened(cast.teacher, path.rsplit("/", 1)[-1])
        assert [chip.name for chip in (await thread.get_state(AnswerersState)).chips] == ["Nova"]


class TestThreadState:
    @pytest.mark.parametrize("text", ["x" * 10_000_000, "x" * 32_001, "a\x00b", "\ud800", "a\udfffb"])
    async def test_refuses_what_is_no_message_in_words(self, cast, text):
        tab = await opened(cast.teacher, await begin(cast.teacher))
        refused = await ThreadState.ask.fn(tab, {"message": text})
        told = str(refused)
        assert "too long" in told or "no text" in told
        assert len(told) < 200_000
        assert tab.messages == []


class TestGptEditorState:
    async def test_makes_and_changes_one_and_says_what_is_wrong(self, cast):
        tab = await open_tab(cast.teacher, GptEditorState)
        await GptEditorState.begin.fn(tab)
        await GptEditorState.save.fn(tab, {**FORM, "temperature": "hot"})
        assert (tab.open, tab.problem) == (True, "Enter the temperature and the longest answer as numbers.")
        await GptEditorState.save.fn(tab, FORM)
        assert tab.open is False
        listing = await tab.get_state(GptsState)
        await GptsState.refresh.fn(listing)
        await GptEditorState.edit.fn(tab, listing.rows[0].id)
        assert (tab.name, tab.temperature, tab.longest, tab.tools) == ("Nova", "0.2", "12", [])
        await GptEditorState.save.fn(tab, {**FORM, "tool_calculator": "on", "tool_shell": "on"})
        await GptEditorState.edit.fn(tab, listing.rows[0].id)
        assert tab.tools == ["calculator"]


class TestAnswerersState:
    async def test_adds_orders_and_removes(self, cast):
        context_id = await begin(cast.teacher)
        nova, vega = await make_gpt(cast.teacher, "Nova"), await make_gpt(cast.teacher, "Vega")
        tab = await (await opened(cast.teacher, context_id)).get_state(AnswerersState)
        for gpt in (nova, vega):
            await AnswerersState.add.fn(tab, str(gpt.id))
        await AnswerersState.put_first.fn(tab, str(vega.id))
        assert [chip.name for chip in tab.chips] == ["Vega", "Nova"]
        await AnswerersState.set_mode.fn(tab, "debate")
        assert (tab.mode, tab.several) == ("debate", True)
        await AnswerersState.remove.fn(tab, str(nova.id))
        assert tab.about == "Add a second GPT: until then one answers alone."

    async def test_is_read_only_for_viewers(self, cast):
        context_id, gpt = await begin(cast.teacher), await make_gpt(cast.student, "Nova")
        await share(cast.teacher, context_id, cast.student)
        tab = await (await opened(cast.student, context_id)).get_state(AnswerersState)
        refused = await AnswerersState.add.fn(tab, str(gpt.id))
        assert "not write in it" in str(sent(refused))
        assert tab.chips == []


class TestLanesState:
    @pytest.mark.usefixtures("stub")
    async def test_shows_the_same_to_all_members_and_lets_writers_keep(self, cast):
        await fund(cast, cast.teacher)
        context_id = await together(cast.teacher, Mode.compare, 2)
        await share(cast.teacher, context_id, cast.student, Access.viewer)
        started = await ask(cast.teacher, context_id)
        conductor.launch(started)
        thread = await opened(cast.teacher, context_id)
        lanes = await thread.get_state(LanesState)
        assert (lanes.running, [lane.name for lane in lanes.lanes]) == (True, ["Nova", "Vega"])
        await finished(started)
        await ThreadState.refresh.fn(thread)
        kept = [part.kept for lane in lanes.lanes for part in lane.parts]
        assert (lanes.running, kept, thread.answering) == (False, [True, False], False)
        other = await (await opened(cast.student, context_id)).get_state(LanesState)
        assert [lane.parts[0].html for lane in other.lanes] == [lane.parts[0].html for lane in lanes.lanes]
        assert not any(part.keeps for lane in other.lanes for part in lane.parts)
        with pytest.raises(NotPermitted):
            await LanesState.keep.fn(other, lanes.lanes[1].parts[0].id)
        await LanesState.keep.fn(lanes, lanes.lanes[1].parts[0].id)
        await ThreadState.refresh.fn(thread)
        assert thread.messages[-1].name == "Vega"

    async def test_tell_why_a_gpt_was_chosen(self, cast, stub):
        await fund(cast, cast.teacher)
        stub.says = lambda body: ['{"gpt": "B", "why": "Animals."}'] if body.get("response_format") else ["Flies."]
        context_id = await together(cast.teacher, Mode.router, 2)
        started = await ask(cast.teacher, context_id)
        conductor.launch(started)
        await finished(started)
        lanes = await (await opened(cast.teacher, context_id)).get_state(LanesState)
        assert lanes.choice.endswith("chose Vega: Animals.")
        assert lanes.lanes == []

    async def test_show_a_plan_and_who_was_handed_what(self, cast, stub):
        await fund(cast, cast.teacher)
        steps = [{"gpt": "B", "task": "List <b>insects</b>.", "needs": []}]
        stub.says = lambda body: [json.dumps({"steps": steps})] if body.get("response_format") else ["Flies."]
        context_id = await together(cast.teacher, Mode.delegate, 2)
        started = await ask(cast.teacher, context_id)
        conductor.launch(started)
        await finished(started)
        lanes = await (await opened(cast.teacher, context_id)).get_state(LanesState)
        (plan,), (task,) = (lane.parts for lane in lanes.lanes)
        assert (plan.label, plan.keeps, task.keeps) == ("Plan", False, True)
        assert "<strong>Vega</strong>: List &lt;b&gt;insects" in plan.html
        assert task.label == "For Nova: List <b>insects</b>."

    async def test_of_others_are_shown_to_nobody(self, cast):
        await fund(cast, cast.teacher)
        started = await ask(cast.teacher, await together(cast.teacher, Mode.compare, 2))
        for person in (cast.colleague, cast.stranger):
            tab = await open_tab(person, LanesState)
            await LanesState.open.fn(tab, str(started.orchestration.id))
            assert (tab.id, tab.lanes) == ("", [])

    @pytest.mark.usefixtures("endless")
    async def test_grow_while_they_are_written(self, cast):
        await fund(cast, cast.teacher)
        context_id = await together(cast.teacher, Mode.compare, 2)
        started = await ask(cast.teacher, context_id)
        conductor.launch(started)
        lanes = await (await opened(cast.teacher, context_id)).get_state(LanesState)
        await asyncio.sleep(0.6)
        await LanesState.step.fn(lanes)
        grown = [lanes.growing_html[str(part.id)] for part in await parts(started)]
        assert len(grown) == 2
        assert all("word" in text for text in grown)
