"""The tabs of memory, without a browser."""

import pytest

from faraday_app.contexts.models import Access, MemoryKind, MemoryScope, MemoryStatus
from faraday_app.contexts.models import Memory as MemoryRow
from faraday_app.contexts.state import GptEditorState, GptsState, MemoriesState, MemoryEditorState, MemoryTabState
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, NotFound, NotPermitted
from tests.factories.contexts import begin, share
from tests.factories.memory import remember, texts
from tests.factories.tabs import open_tab

TEA = "Prefers green tea to coffee."


async def tab_of(person, context_id) -> MemoryTabState:
    tab = await open_tab(person, MemoryTabState)
    await MemoryTabState.watch.fn(tab, str(context_id))
    await MemoryTabState.refresh.fn(tab)
    return tab


async def propose(person, context_id, **more) -> MemoryRow:
    made = await remember(person, TEA, context_id=context_id, **more)
    async with transaction(person) as session:
        (await session.get_one(MemoryRow, made.id)).status = MemoryStatus.proposed
    return made


class TestMemoryTab:
    async def test_shows_what_waits_and_keeps_it_once(self, cast):
        context_id = await begin(cast.teacher)
        await propose(cast.teacher, context_id)
        tab = await tab_of(cast.teacher, context_id)
        ((row,), kept) = (tab.waiting, tab.kept)
        assert (row.text, row.where, row.source, kept) == (TEA, "You", "written by you", [])
        await MemoryTabState.keep.fn(tab, row.id, row.version)
        with pytest.raises(Conflict):
            await MemoryTabState.keep.fn(tab, row.id, row.version)
        await MemoryTabState.refresh.fn(tab)
        assert (tab.waiting, [each.text for each in tab.kept]) == ([], [TEA])

    async def test_shows_others_only_what_is_the_conversations(self, cast):
        context_id = await begin(cast.teacher)
        await share(cast.teacher, context_id, cast.student, Access.viewer)
        await remember(cast.teacher, TEA, context_id=context_id)
        await remember(cast.teacher, "About bees.", scope=MemoryScope.context, context_id=context_id)
        tab = await tab_of(cast.student, context_id)
        assert [(row.text, row.changes) for row in tab.kept] == [("About bees.", False)]
        with pytest.raises(NotPermitted):
            await MemoryTabState.forget.fn(tab, tab.kept[0].id)
        with pytest.raises(NotPermitted):
            await MemoryTabState.set_proposing.fn(tab, True)

    async def test_is_empty_for_whoever_is_not_in_the_conversation(self, cast):
        context_id = await begin(cast.teacher)
        made = await propose(cast.teacher, context_id)
        for person in (cast.colleague, cast.administrator, cast.stranger):
            tab = await tab_of(person, context_id)
            assert (tab.waiting, tab.kept, tab.may_write) == ([], [], False)
            for handler in (MemoryTabState.keep, MemoryTabState.dismiss):
                with pytest.raises(NotFound):
                    await handler.fn(tab, str(made.id), 1)
            with pytest.raises(NotFound):
                await MemoryTabState.forget.fn(tab, str(made.id))

    @pytest.mark.parametrize("wrong", ["", "x", None, {"a": 1}])
    async def test_bears_whatever_is_sent(self, cast, wrong):
        tab = await open_tab(cast.teacher, MemoryTabState)
        with pytest.raises(NotFound):
            await MemoryTabState.forget.fn(tab, wrong)

    async def test_switches_proposals(self, cast):
        context_id = await begin(cast.teacher)
        tab = await tab_of(cast.teacher, context_id)
        await MemoryTabState.set_proposing.fn(tab, True)
        await MemoryTabState.refresh.fn(tab)
        assert tab.proposing is True


class TestMemories:
    async def test_lists_narrows_forgets_and_brings_back(self, cast):
        await remember(cast.teacher, TEA, kind=MemoryKind.preference)
        await remember(cast.teacher, "Teaches physics.")
        tab = await open_tab(cast.teacher, MemoriesState)
        await MemoriesState.set_kind.fn(tab, "preference")
        assert [(row.text, row.kind, row.where) for row in tab.rows] == [(TEA, "Preference", "You")]
        await MemoriesState.set_kind.fn(tab, "no such kind")
        await MemoriesState.set_search.fn(tab, "PHYSICS")
        assert [row.text for row in tab.rows] == ["Teaches physics."]
        await MemoriesState.forget.fn(tab, tab.rows[0].id)
        assert await texts(cast.teacher) == [TEA]
        await MemoriesState.bring_back.fn(tab)
        assert await texts(cast.teacher) == ["Teaches physics.", TEA]

    async def test_forgets_everything(self, cast):
        await remember(cast.teacher, TEA)
        tab = await open_tab(cast.teacher, MemoriesState)
        await MemoriesState.forget_everything.fn(tab)
        await MemoriesState.refresh.fn(tab)
        assert tab.rows == []


class TestMemoryEditor:
    async def test_writes_and_changes(self, cast):
        tab = await open_tab(cast.teacher, MemoryEditorState)
        await MemoryEditorState.begin.fn(tab)
        assert tab.scopes == [("person", "You"), ("team", "Your department")]
        await MemoryEditorState.save.fn(tab, {"text": " ", "kind": "fact"})
        assert tab.problem == "Write what to remember in up to 500 characters."
        await MemoryEditorState.save.fn(tab, {"text": TEA, "kind": "fact"})
        listing = await tab.get_state(MemoriesState)
        await MemoriesState.refresh.fn(listing)
        await MemoryEditorState.edit.fn(tab, listing.rows[0].id)
        await MemoryEditorState.save.fn(tab, {"text": "Drinks water.", "kind": "preference"})
        assert (tab.open, await texts(cast.teacher)) == (False, ["Drinks water."])

    async def test_keeps_a_proposal_in_other_words_and_elsewhere(self, cast):
        context_id = await begin(cast.teacher)
        made = await propose(cast.teacher, context_id)
        tab = await open_tab(cast.teacher, MemoryEditorState)
        await MemoryEditorState.edit.fn(tab, str(made.id))
        assert (tab.waits, tab.scopes[1]) == (True, ("context", "Conversation"))
        await MemoryEditorState.save.fn(tab, {"text": "Tea time is at four.", "kind": "fact", "scope": "context"})
        assert [row.text for row in (await tab_of(cast.teacher, context_id)).kept] == ["Tea time is at four."]

    async def test_refuses_what_is_not_ones_to_do(self, cast):
        made = await remember(cast.teacher, TEA)
        tab = await open_tab(cast.colleague, MemoryEditorState)
        with pytest.raises(NotFound):
            await MemoryEditorState.edit.fn(tab, str(made.id))
        student = await open_tab(cast.student, MemoryEditorState)
        await MemoryEditorState.save.fn(student, {"text": TEA, "kind": "fact", "scope": "team"})
        assert "no department" in student.problem


async def test_the_editor_of_a_gpt_says_what_it_may_do_with_memory(cast):
    tab = await open_tab(cast.teacher, GptEditorState)
    await GptEditorState.begin.fn(tab)
    form = {"gpt_name": "Nova", "model": "auto", "memory_rights": "read"}
    await GptEditorState.save.fn(tab, {**form, "memory_rights": "everything"})
    assert tab.problem == "Choose what it may do with memory."
    await GptEditorState.save.fn(tab, form)
    listing = await tab.get_state(GptsState)
    await GptsState.refresh.fn(listing)
    await GptEditorState.edit.fn(tab, listing.rows[0].id)
    assert tab.memory_rights == "read"
