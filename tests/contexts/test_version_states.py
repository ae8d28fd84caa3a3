"""The tabs of notes and versions, without a browser."""

import json

import pytest

from faraday_app.contexts.models import Access, Subject
from faraday_app.contexts.service import conversations
from faraday_app.contexts.state import GptEditorState, HistoryState, NotesState
from faraday_app.core import presence
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid, NotFound, NotPermitted
from faraday_app.core.outbox import topic
from tests.factories.contexts import begin, share, withdraw
from tests.factories.gpts import make_gpt
from tests.factories.tabs import open_tab, sent
from tests.factories.versions import change_gpt, history, read_notes, write_notes

BASE = "Frogs:\n- eat flies\n- jump\n"
FORM = {"gpt_name": "Nova", "instructions": "Be brief.", "model": "auto", "temperature": "0.7", "longest": "12"}


@pytest.fixture
async def shared(cast):
    context_id = await begin(cast.teacher)
    await share(cast.teacher, context_id, cast.colleague, Access.editor)
    await write_notes(cast.teacher, context_id, "", BASE)
    return context_id


async def opened(actor, context_id):
    tab = await open_tab(actor, NotesState)
    await NotesState.watch.fn(tab, str(context_id))
    await NotesState.refresh.fn(tab)
    return tab


async def say(tab, **words):
    await NotesState.hear.fn(tab, json.dumps({"context": tab.id, "caret": 3, **words}))


class TestNotesState:
    async def test_merges_a_text_with_what_came_meanwhile_by_what_it_was_made_from(self, cast, shared):
        tab = await opened(cast.colleague, shared)
        await write_notes(cast.teacher, shared, BASE, BASE.replace("flies", "gnats"))
        await say(tab, text=BASE.replace("jump", "leap"), base="v1", sent=1)
        assert (tab.text, tab.heard, tab.version) == ("Frogs:\n- eat gnats\n- leap\n", 1, 3)
        await say(tab, text=BASE.replace("jump", "leap far"), base="s1", sent=2)
        assert (await read_notes(cast.teacher, shared)).text == "Frogs:\n- eat gnats\n- leap far\n"

    async def test_asks_where_both_changed_the_same_line_and_loses_neither(self, cast, shared):
        tab = await opened(cast.colleague, shared)
        await write_notes(cast.teacher, shared, BASE, BASE.replace("flies", "gnats"))
        await say(tab, text=BASE.replace("flies", "worms"), base="v1", sent=1)
        [clash] = tab.clashes
        assert (tab.held, clash.mine, clash.theirs) == (True, "- eat worms", "- eat gnats")
        assert tab.result[0].text == "Frogs:\n- eat worms\n- eat gnats\n- jump\n"
        await NotesState.choose_side.fn(tab, clash.id, "theirs")
        await write_notes(cast.teacher, shared, tab.text, tab.text.replace("jump", "leap"))
        await NotesState.resolve.fn(tab)
        assert (tab.held, tab.replaced, tab.text) == (False, 1, "Frogs:\n- eat gnats\n- leap\n")
        reasons = [each.version.reason for each in await history(cast.teacher, shared, Subject.conversation)]
        assert "set_aside" in reasons

    async def test_asks_once_more_when_the_same_line_changed_again(self, cast, shared):
        tab = await opened(cast.colleague, shared)
        await write_notes(cast.teacher, shared, BASE, BASE.replace("flies", "gnats"))
        await say(tab, text=BASE.replace("flies", "worms"), base="v1", sent=1)
        await write_notes(cast.teacher, shared, tab.text, tab.text.replace("gnats", "moths"))
        await NotesState.choose_side.fn(tab, tab.clashes[0].id, "mine")
        await NotesState.resolve.fn(tab)
        assert (tab.held, tab.clashes[0].theirs) == (True, "- eat moths")
        await say(tab, text="Anything else", base="v1", sent=2)
        assert (tab.refused, tab.problem) == (2, "Choose first what shall stand.")

    async def test_hears_nothing_from_those_who_read_nor_of_another_conversation(self, cast, shared):
        await share(cast.teacher, shared, cast.student)
        tab = await opened(cast.student, shared)
        assert (tab.text, tab.may_write) == (BASE, False)
        await say(tab, text="Mine now.", base="v1", sent=1)
        assert tab.refused == 1
        other = await opened(cast.colleague, shared)
        for words in ({"context": str(await begin(cast.colleague))}, "no JSON", [], {"text": 7}, {"sent": -1}):
            await NotesState.hear.fn(other, words if isinstance(words, str) else json.dumps(words))
        await NotesState.hear.fn(other, json.dumps({"context": "x", "text": "Mine now.", "base": "v1", "sent": 1}))
        assert (await read_notes(cast.teacher, shared)).text == BASE

    async def test_shows_where_others_write_until_they_may_not(self, cast, shared, monkeypatch):
        monkeypatch.setattr(NotesState, "_tab", lambda self: str(id(self)))
        maya, ana = await opened(cast.teacher, shared), await opened(cast.colleague, shared)
        await say(ana)
        await NotesState.look_around.fn(maya)
        assert maya.carets == []
        await presence.arrive([(topic("context", shared), cast.colleague.user, "ana")])
        await NotesState.look_around.fn(maya)
        assert [(caret.name, caret.at) for caret in maya.carets] == [("Ana Ruiz", 3)]
        await withdraw(cast.teacher, shared, cast.colleague)
        await NotesState.look_around.fn(maya)
        await NotesState.refresh.fn(ana)
        assert (maya.carets, ana.text, ana.id) == ([], "", "")


class TestGptEditorState:
    async def test_merges_by_itself_and_asks_only_about_the_same_field(self, cast):
        gpt = await make_gpt(cast.teacher, "Nova", instructions="Be brief.")
        tab = await open_tab(cast.teacher, GptEditorState)
        await GptEditorState.edit.fn(tab, str(gpt.id))
        await change_gpt(cast.teacher, gpt, 1, tone="amber", instructions="Be kind.")
        await GptEditorState.save.fn(tab, {**FORM, "instructions": "Be loud."})
        [clash] = tab.clashes
        assert (tab.choosing, clash.title, clash.choice) == (True, "Instructions", "both")
        with pytest.raises(Invalid):
            await GptEditorState.choose_side.fn(tab, clash.id, "nobody")
        await GptEditorState.choose_side.fn(tab, clash.id, "mine")
        await GptEditorState.resolve.fn(tab)
        await GptEditorState.edit.fn(tab, str(gpt.id))
        assert (tab.instructions, tab.tone) == ("Be loud.", "amber")
        assert [each.version.reason for each in await history(cast.teacher, gpt.id)] == [
            "changed", "set_aside", "changed", "made"
        ]  # fmt: skip


class TestHistoryState:
    async def test_compares_labels_restores_and_branches(self, cast):
        gpt = await make_gpt(cast.teacher, "Nova", instructions="Be brief.")
        await change_gpt(cast.teacher, gpt, 1, instructions="", shared=True)
        tab = await open_tab(cast.teacher, HistoryState)
        await HistoryState.show_gpt.fn(tab, str(gpt.id))
        await HistoryState.refresh.fn(tab)
        broken, good = tab.rows
        assert (tab.name, broken.title, broken.current, good.current) == (
            "Nova",
            "2 · Instructions and shared",
            True,
            False,
        )
        await HistoryState.compare.fn(tab, broken.id)
        told = {each.title: each for each in tab.differences}
        assert [(line.sign, line.text) for line in told["Instructions"].lines] == [("gone", "Be brief.")]
        assert (told["Shared"].before, told["Shared"].after) == ("With nobody", "With everybody")
        await HistoryState.start_labelling.fn(tab, good.id)
        await HistoryState.label.fn(tab, {"label": "Works"})
        await HistoryState.restore.fn(tab, good.id)
        assert "new GPT of yours" in str(sent(await HistoryState.branch.fn(tab, good.id)))
        await HistoryState.refresh.fn(tab)
        assert [(row.title, row.label) for row in tab.rows] == [
            ("3 · Restored", ""), ("2 · Instructions and shared", ""), ("1 · Made", "Works")
        ]  # fmt: skip

    async def test_says_of_each_version_what_it_changed(self, cast):
        context_id = await begin(cast.teacher)
        gpt = await make_gpt(cast.teacher, "Nova", instructions="Be brief.")
        changed = await change_gpt(
            cast.teacher, gpt, 1, name="Vega", instructions="Be kind.", tone="amber", temperature=0.1
        )
        await change_gpt(cast.teacher, changed, 2, temperature=0.4)
        async with transaction(cast.teacher) as session:
            await conversations.rename(session, cast.teacher, context_id, "Newts")
        tab = await open_tab(cast.teacher, HistoryState)
        await HistoryState.show_gpt.fn(tab, str(gpt.id))
        await HistoryState.refresh.fn(tab)
        assert [row.title for row in tab.rows] == ["3 · Temperature", "2 · Name, instructions and 2 more", "1 · Made"]
        await HistoryState.watch.fn(tab, str(context_id))
        await HistoryState.refresh.fn(tab)
        assert [row.title for row in tab.rows] == ["2 · Title", "1 · As it was"]

    async def test_of_others_is_shown_to_nobody(self, cast):
        gpt, context_id = await make_gpt(cast.teacher, shared=True), await begin(cast.teacher)
        for person, refusal in ((cast.colleague, NotPermitted), (cast.stranger, NotFound)):
            tab = await open_tab(person, HistoryState)
            with pytest.raises(refusal):
                await HistoryState.show_gpt.fn(tab, str(gpt.id))
            await HistoryState.watch.fn(tab, str(context_id))
            await HistoryState.refresh.fn(tab)
            assert tab.rows == []
