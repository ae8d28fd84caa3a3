"""The tabs of data and of what GPTs know, without a browser."""

import pytest

from faraday_app.contexts.data_views import table_view
from faraday_app.contexts.models import Access, DataKind
from faraday_app.contexts.service import reading
from faraday_app.contexts.state import DataEditorState, DataState, GptEditorState, KnowledgeState
from faraday_app.core.database import transaction
from faraday_app.core.errors import NotPermitted
from tests.factories.contexts import begin, share
from tests.factories.data import FROGS, pdf, send_in, teach, write
from tests.factories.gpts import make_gpt
from tests.factories.tabs import open_tab, sent


async def opened(actor, context_id):
    """The data of an open conversation."""
    tab = await open_tab(actor, DataState)
    await DataState.watch.fn(tab, str(context_id))
    await DataState.refresh.fn(tab)
    return tab


class TestDataState:
    async def test_shows_what_there_is_and_how_far_it_is_read(self, cast):
        context_id = await begin(cast.teacher)
        await write(cast.teacher, context_id, "We leave at eight.", "Trip")
        await send_in(cast.teacher, context_id, "frogs.md", FROGS.encode())
        await send_in(cast.teacher, context_id, "light.pdf", pdf("Light")[:200])
        tab = await opened(cast.teacher, context_id)
        assert [(item.kind, item.title, item.state) for item in tab.items] == [
            ("note", "Trip", ""),
            ("file", "frogs.md", "ready"),
            ("file", "light.pdf", "failed"),
        ]
        assert tab.items[1].about.startswith("Markdown, 244 bytes, 3 passages · Maya Okafor")
        assert tab.items[2].problem.startswith("This PDF is damaged")
        await DataState.read_again.fn(tab, tab.items[2].id)
        await DataState.refresh.fn(tab)
        assert tab.items[2].state == "reading"

    async def test_leaves_out_removes_and_brings_back(self, cast):
        context_id = await begin(cast.teacher)
        item = await write(cast.teacher, context_id, "We leave at eight.", "Trip")
        tab = await opened(cast.teacher, context_id)
        for out in (True, False):
            await DataState.toggle.fn(tab, str(item.id))
            await DataState.refresh.fn(tab)
            assert tab.items[0].left_out is out
        await DataState.remove.fn(tab, str(item.id))
        await DataState.refresh.fn(tab)
        assert (tab.items, tab.removed_title) == ([], "Trip")
        await DataState.undo.fn(tab)
        await DataState.refresh.fn(tab)
        assert ([each.title for each in tab.items], tab.removed) == (["Trip"], "")

    async def test_is_read_only_for_viewers_and_nothing_for_others(self, cast):
        context_id = await begin(cast.teacher)
        item = await write(cast.teacher, context_id, "We leave at eight.")
        await share(cast.teacher, context_id, cast.student, Access.viewer)
        tab = await opened(cast.student, context_id)
        for act in (DataState.toggle, DataState.remove):
            with pytest.raises(NotPermitted):
                await act.fn(tab, str(item.id))
        for outsider in (cast.colleague, cast.stranger):
            assert (await opened(outsider, context_id)).items == []


class TestDataEditorState:
    async def test_adds_opens_and_changes(self, cast):
        context_id = await begin(cast.teacher)
        tab = await (await opened(cast.teacher, context_id)).get_state(DataEditorState)
        await DataEditorState.begin.fn(tab)
        await DataEditorState.set_kind.fn(tab, "table")
        await DataEditorState.save.fn(tab, {"data_title": "Class", "data_content": "words"})
        assert (tab.open, tab.problem[:16]) == (True, "This is no table")
        await DataEditorState.save.fn(tab, {"data_title": "Class", "data_content": "name,age\nNova,12"})
        assert tab.open is False
        beside = await opened(cast.teacher, context_id)
        editor = await beside.get_state(DataEditorState)
        await DataEditorState.show.fn(editor, beside.items[0].id)
        assert (editor.kind, editor.head, editor.rows) == ("table", ["name", "age"], [["Nova", "12"]])
        await DataEditorState.save.fn(editor, {"data_title": "Class 7", "data_content": "name,age\nLyra,9"})
        await DataState.refresh.fn(beside)
        assert [each.title for each in beside.items] == ["Class 7"]

    async def test_adds_once_however_often_it_is_sent(self, cast):
        context_id = await begin(cast.teacher)
        beside = await opened(cast.teacher, context_id)
        tab = await beside.get_state(DataEditorState)
        await DataEditorState.begin.fn(tab)
        for _ in range(2):
            await DataEditorState.save.fn(tab, {"data_content": "Twice?"})
        await DataState.refresh.fn(beside)
        assert len(beside.items) == 1

    async def test_begins_a_conversation_where_there_is_none(self, cast):
        beside = await open_tab(cast.teacher, DataState)
        await DataState.watch.fn(beside, "")
        tab = await beside.get_state(DataEditorState)
        await DataEditorState.begin.fn(tab)
        path = str(sent(await DataEditorState.save.fn(tab, {"data_content": "First."}))["path"]).strip('"')
        assert [each.title for each in (await opened(cast.teacher, path.rsplit("/", 1)[-1])).items] == ["First."]

    async def test_has_the_browser_send_files_and_says_what_went_wrong(self, cast):
        context_id = await begin(cast.teacher)
        tab = await (await opened(cast.teacher, context_id)).get_state(DataEditorState)
        await DataEditorState.begin.fn(tab)
        asked = str(sent(await DataEditorState.send.fn(tab)))
        assert f"/api/v1/conversations/{context_id}/data/files" in asked
        assert tab.sending is True
        await DataEditorState.sent.fn(tab, ["“a.png”: This kind of file cannot be read."])
        assert (tab.open, tab.sending, tab.problem[:7]) == (True, False, "“a.png”")
        await DataEditorState.sent.fn(tab, [])
        assert tab.open is False

    async def test_shows_the_text_of_a_file_and_the_way_to_it(self, cast):
        context_id = await begin(cast.teacher)
        item = await send_in(cast.teacher, context_id, "frogs.md", FROGS.encode())
        tab = await (await opened(cast.teacher, context_id)).get_state(DataEditorState)
        await DataEditorState.show.fn(tab, str(item.id))
        assert "sticky tongue" in tab.content
        assert tab.download == f"/api/v1/conversations/{context_id}/data/{item.id}/file"
        await DataEditorState.save.fn(tab, {"data_title": "Frogs"})
        assert tab.problem == ""


class TestKnowledgeState:
    async def test_follows_the_files_of_ones_own_gpt(self, cast):
        gpt = await make_gpt(cast.teacher)
        await teach(cast.teacher, gpt.id, "frogs.md", FROGS.encode())
        editor = await open_tab(cast.teacher, GptEditorState)
        await GptEditorState.edit.fn(editor, str(gpt.id))
        tab = await editor.get_state(KnowledgeState)
        await KnowledgeState.watch.fn(tab, str(gpt.id))
        await KnowledgeState.refresh.fn(tab)
        assert [(file.name, file.state, file.about) for file in tab.files] == [
            ("frogs.md", "ready", "Markdown, 244 bytes, 3 passages")
        ]
        assert tab.by_words is False
        assert f"/api/v1/gpts/{gpt.id}/knowledge/files" in str(sent(await KnowledgeState.send.fn(tab)))
        await KnowledgeState.remove.fn(tab, tab.files[0].id)
        await KnowledgeState.refresh.fn(tab)
        assert tab.files == []

    async def test_tells_others_that_it_is_not_theirs(self, cast):
        gpt = await make_gpt(cast.teacher, shared=True)
        tab = await open_tab(cast.colleague, KnowledgeState)
        await KnowledgeState.watch.fn(tab, str(gpt.id))
        await KnowledgeState.refresh.fn(tab)
        assert (tab.files, tab.problem[:14]) == ([], "Only its owner")


class TestTableView:
    def test_shows_a_hundred_rows_and_says_so(self):
        text = "name,age\n" + "\n".join(f"Nova {n},{n}" for n in range(500))
        table = table_view(text)
        assert (table.head, len(table.rows), table.more) == (["name", "age"], 100, "The first 100 rows are shown.")

    def test_makes_all_rows_as_wide(self):
        assert table_view("a,b,c\n1\n").rows == [["1", "", ""]]
        assert table_view("").rows == []


async def test_everybody_sees_the_same_kinds(cast):
    context_id = await begin(cast.teacher)
    for kind, content in (("text", "Words."), ("link", "https://example.org"), ("table", "a,b\n1,2")):
        await write(cast.teacher, context_id, content, "", DataKind(kind))
    async with transaction(cast.teacher):
        assert await reading.read_waiting() == 0
    assert [each.kind for each in (await opened(cast.teacher, context_id)).items] == ["text", "link", "table"]
