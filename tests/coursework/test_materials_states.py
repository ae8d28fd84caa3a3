"""The pages of materials, without a browser."""

import json

import pytest

from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, NotFound, NotPermitted
from faraday_app.coursework.service import materials
from faraday_app.coursework.state.materials import MaterialEditorState, MaterialState, MyMaterialsState, ShelfState
from tests.factories.classes import make_classroom
from tests.factories.materials import PNG, PROGRAM, add_file, add_link, add_page, make_section
from tests.factories.tabs import open_at, open_tab, sent


@pytest.fixture
async def room(cast):
    return await make_classroom(cast)


async def shelf_of(person, room, **query) -> ShelfState:
    return await open_at(person, ShelfState, "/class/materials", id=str(room.id), **query)


async def looking(person, material) -> MaterialState:
    tab = await open_tab(person, MaterialState)
    await MaterialState.show.fn(tab, str(material.id))
    return tab


async def editing(shelf: ShelfState) -> MaterialEditorState:
    return await shelf.get_state(MaterialEditorState)


class TestShelf:
    async def test_shows_each_what_is_theirs(self, cast, room):
        await add_page(room, "Cells")
        await add_page(room, "Plans", draft=True)
        await add_file(room, "game.exe", PROGRAM)
        teacher = await shelf_of(room.teacher, room)
        states = [(row.title, row.state, row.icon) for row in teacher.rows]
        assert states == [
            ("Cells", "", "file_text"),
            ("game", "In quarantine", "shield_alert"),
            ("Plans", "Draft", "file_text"),
        ]
        assert "program" in teacher.rows[1].excerpt
        assert (teacher.manages, teacher.head.name, teacher.error) == (True, "Biology 9B", "")
        for reader in (room.elif_, room.nadir):
            shelf = await shelf_of(reader, room)
            assert [(row.title, row.state, row.opened) for row in shelf.rows] == [("Cells", "", "")]
            assert not shelf.manages
        aide = await shelf_of(cast.aide, room)
        assert (len(aide.rows), aide.manages) == (3, False)
        assert (await shelf_of(cast.colleague, room)).error

    async def test_has_words_for_each_who_finds_nothing(self, room):
        said = [(await shelf_of(each, room)).nothing for each in (room.teacher, room.elif_, room.nadir)]
        assert len(set(said)) == 3

    async def test_opens_folders_and_says_so_in_its_address(self, room):
        async with transaction(room.teacher) as session:
            unit = await materials.folders.make(session, room.teacher, room.id, "Unit 1")
        await add_page(room, "Osmosis", folder_id=unit.id)
        shelf = await shelf_of(room.elif_, room)
        assert [(each.name, each.count) for each in shelf.folders] == [("Unit 1", "1 material")]
        told = await ShelfState.open_folder.fn(shelf, str(unit.id))
        assert f"folder={unit.id}" in json.dumps(sent(told))
        assert ([row.title for row in shelf.rows], shelf.crumbs) == (["Osmosis"], [(str(unit.id), "Unit 1")])
        assert [row.title for row in (await shelf_of(room.elif_, room, folder=str(unit.id))).rows] == ["Osmosis"]

    async def test_finds_by_words_and_tags(self, room):
        await add_page(room, "Cells", tags=["micro"])
        await add_page(room, "Plants", "Roots and leaves.")
        shelf = await shelf_of(room.elif_, room)
        assert shelf.tags == [("micro", "micro")]
        await ShelfState.set_search.fn(shelf, "leav")
        assert [(row.title, row.excerpt) for row in shelf.rows] == [("Plants", "Roots and leaves")]
        await ShelfState.clear.fn(shelf)
        await ShelfState.set_tag.fn(shelf, "micro")
        assert [row.title for row in shelf.rows] == ["Cells"]

    async def test_deletes_and_brings_back(self, room):
        page = await add_page(room)
        shelf = await shelf_of(room.teacher, room)
        await ShelfState.delete.fn(shelf, str(page.id))
        assert shelf.rows == []
        await ShelfState.show_removed.fn(shelf, True)
        assert [row.title for row in shelf.rows] == ["Cells"]
        await ShelfState.restore.fn(shelf, str(page.id))
        await ShelfState.show_removed.fn(shelf, False)
        assert [row.title for row in shelf.rows] == ["Cells"]

    async def test_refuses_who_only_reads(self, cast, room):
        page = await add_page(room)
        for reader in (room.elif_, cast.aide):
            shelf = await shelf_of(reader, room)
            with pytest.raises((NotPermitted, NotFound)):
                await ShelfState.delete.fn(shelf, str(page.id))

    async def test_sends_files_over_http(self, room):
        shelf = await shelf_of(room.teacher, room)
        told = sent(await ShelfState.upload.fn(shelf, "C:\\fakepath\\cells.pdf"))
        assert f"/api/v1/classes/{room.id}/materials/files" in json.dumps(told)
        await ShelfState.uploaded.fn(shelf, ["“a.txt”: This file is empty."])
        assert (shelf.sending, shelf.problem) == (False, "“a.txt”: This file is empty.")


class TestMaterial:
    async def test_is_shown_where_a_browser_can(self, room):
        page, link = await add_page(room, body="# Cells\n\n<script>x</script>"), await add_link(room)
        picture, archive = await add_file(room, "cell.png", PNG), await add_file(room, "a.svg", b"<svg></svg>")
        seen = {each.id: await looking(room.elif_, each) for each in (page, link, picture, archive)}
        assert [tab.shown for tab in seen.values()] == ["page", "link", "image", "none"]
        assert "<script>" not in seen[page.id].html
        assert seen[picture.id].src.startswith(f"/api/v1/classes/{room.id}/materials/{picture.id}/content?inline")
        assert seen[picture.id].versions == []

    async def test_in_quarantine_tells_its_teacher_why(self, room):
        tab = await looking(room.teacher, await add_file(room, "game.exe", PROGRAM))
        assert ("program" in tab.problem, tab.src, tab.download, tab.versions[0].download) == (True, "", "", "")

    async def test_shows_what_changed_and_restores(self, room):
        page = await add_page(room, body="One\nTwo")
        async with transaction(room.teacher) as session:
            await materials.versions.write(session, room.teacher, page.id, "One\nThree", 1)
        tab = await looking(room.teacher, page)
        await MaterialState.compare.fn(tab, 2)
        assert [(line.sign, line.text) for line in tab.lines] == [("same", "One"), ("gone", "Two"), ("new", "Three")]
        await MaterialState.restore.fn(tab, 1)
        assert [(past.number, past.is_latest) for past in tab.versions] == [(3, True), (2, False), (1, False)]
        tab.version = 1
        with pytest.raises(Conflict):
            await MaterialState.restore.fn(tab, 2)

    async def test_counts_readers_only(self, room):
        page = await add_page(room)
        await looking(room.elif_, page)
        assert (await looking(room.teacher, page)).used.startswith("Opened 1 and downloaded 0 times")

    async def test_closes_when_it_is_no_longer_theirs(self, room):
        page = await add_page(room)
        tab = await looking(room.elif_, page)
        async with transaction(room.teacher) as session:
            await materials.delete(session, room.teacher, page.id)
        await MaterialState.refresh.fn(tab)
        assert (tab.open, tab.html) == (False, "")


class TestEditor:
    async def test_makes_changes_and_moves(self, room):
        section = await make_section(room, "Monday", room.elif_)
        editor = await editing(await shelf_of(room.teacher, room))
        await MaterialEditorState.begin.fn(editor, "folder")
        await MaterialEditorState.save.fn(editor, {"material_title": "Unit 1"})
        await MaterialEditorState.begin.fn(editor, "page")
        await MaterialEditorState.choose_section.fn(editor, str(section))
        form = {"material_title": "Cells", "material_body": "Words", "material_tags": "a, b", "material_draft": "on"}
        await MaterialEditorState.save.fn(editor, form)
        shelf = await shelf_of(room.teacher, room)
        (row,), (folder,) = shelf.rows, shelf.folders
        assert (row.title, row.tags, row.state) == ("Cells", ["a", "b"], "Draft")
        await MaterialEditorState.edit.fn(editor, row.id)
        assert (editor.tags, editor.chosen, editor.folders) == ("a, b", [str(section)], [(folder.id, "Unit 1")])
        changed = {"material_title": "Cells", "material_body": "Other words", "material_folder": folder.id}
        await MaterialEditorState.save.fn(editor, {**changed, "material_from": "2026-01-05T08:00"})
        await ShelfState.open_folder.fn(shelf, folder.id)
        assert [(each.title, each.state) for each in shelf.rows] == [("Cells", "Monday")]
        assert (await looking(room.elif_, await _only(room))).html == "<p>Other words</p>\n"

    async def test_says_what_is_wrong_and_keeps_the_dialog(self, room):
        editor = await editing(await shelf_of(room.teacher, room))
        await MaterialEditorState.begin.fn(editor, "link")
        await MaterialEditorState.save.fn(editor, {"material_title": "Film", "material_url": "javascript:alert(1)"})
        assert (editor.open, "https://" in editor.problem) == (True, True)

    async def test_opens_nothing_of_others(self, cast, room):
        page = await add_page(room)
        stranger = await open_tab(cast.stranger, MaterialEditorState)
        with pytest.raises(NotFound):
            await MaterialEditorState.edit.fn(stranger, str(page.id))
        async with transaction(room.teacher) as session:
            folder = await materials.folders.make(session, room.teacher, room.id, "Unit 1")
        for outsider in (cast.stranger, cast.colleague):
            tab = await open_tab(outsider, MaterialEditorState)
            with pytest.raises(NotFound):
                await MaterialEditorState.edit_folder.fn(tab, str(folder.id))


class TestMine:
    async def test_lists_all_classes_with_their_names(self, cast, room):
        await add_page(room, "Cells")
        await add_page(room, "Plans", draft=True)
        for reader, titles in ((room.teacher, ["Plans", "Cells"]), (room.elif_, ["Cells"]), (cast.colleague, [])):
            tab = await open_at(reader, MyMaterialsState, "/materials")
            assert [row.title for row in tab.rows] == titles
            assert {row.class_name for row in tab.rows} <= {"Biology 9B"}
        tab = await open_at(room.elif_, MyMaterialsState, "/materials")
        await MyMaterialsState.set_search.fn(tab, "nothing like it")
        assert tab.rows == []


async def _only(room):
    async with transaction(room.teacher) as session:
        return (await materials.search(session, room.teacher, "", class_id=room.id))[0].material
