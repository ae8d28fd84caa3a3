"""The library of a class: what is put into it, who finds it, what becomes of it."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from faraday_app.core import named_files
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted, Unavailable
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import MaterialFile
from faraday_app.coursework.service import materials
from faraday_app.coursework.service.materials import Draft, folders, stored, versions
from tests.factories.classes import make_assignment, make_classroom, make_group
from tests.factories.materials import PROGRAM, add_file, add_link, add_page


@pytest.fixture
async def room(cast):
    return await make_classroom(cast)


async def listed(actor, room, folder_id=None) -> list[str]:
    async with transaction(actor) as session:
        return [each.material.title for each in await materials.listed(session, actor, room.id, folder_id)]


async def found(actor, words, **more) -> list[str]:
    async with transaction(actor) as session:
        return [each.material.title for each in await materials.search(session, actor, words, **more)]


class TestAdd:
    async def test_is_for_the_teachers_of_the_class(self, cast, room):
        for each in (cast.aide, room.elif_, room.nadir):
            async with transaction(each) as session:
                with pytest.raises(NotPermitted):
                    await materials.add_page(session, each, room.id, None, Draft("Cells"), "Words")
        for each in (cast.colleague, cast.stranger):
            async with transaction(each) as session:
                with pytest.raises(NotFound):
                    await materials.add_page(session, each, room.id, None, Draft("Cells"), "Words")

    async def test_does_nothing_twice(self, room):
        for _ in range(2):
            async with transaction(room.teacher) as session:
                await materials.add_link(
                    session, room.teacher, room.id, None, Draft("A film"), "https://example.org", "once"
                )
        assert await listed(room.teacher, room) == ["A film"]

    @pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "example.org", "https://", "http://[x"])
    async def test_takes_no_address_that_runs(self, room, url):
        with pytest.raises(Invalid, match="https://"):
            await add_link(room, url=url)

    @pytest.mark.parametrize(
        ("draft", "why"),
        [
            (Draft(" "), "title"),
            (Draft("Cells", tags=[str(each) for each in range(11)]), "tags"),
            (Draft("Cells", about="x" * 501), "500"),
            (Draft("Cells", visible_from=now(), visible_until=now() - timedelta(1)), "before it ends"),
            (Draft("Cells", section_ids=[UUID(int=1)]), "not of this class"),
        ],
    )
    async def test_says_what_is_wrong(self, room, draft, why):
        async with transaction(room.teacher) as session:
            with pytest.raises(Invalid, match=why):
                await materials.add_page(session, room.teacher, room.id, None, draft, "Words")

    async def test_names_a_file_as_it_is_called(self, room):
        assert (await add_file(room, "folder/cells_and_tissues.txt")).title == "cells and tissues"


class TestQuarantine:
    async def test_keeps_a_file_from_everybody_and_says_why(self, cast, room):
        material = await add_file(room, "game.exe", PROGRAM)
        assert await listed(room.elif_, room) == []
        async with transaction(room.teacher) as session:
            shown = await materials.entry(session, room.teacher, material.id)
            assert shown.material.withheld
            assert "program" in shown.file.problem
            file = await versions.file_of(session, room.teacher, material.id)
            with pytest.raises(Unavailable, match="quarantine"):
                await stored.content_of(file)

    async def test_ends_with_a_better_file_and_begins_with_a_worse_one(self, room):
        material = await add_file(room, "game.exe", PROGRAM)
        for name, content, visible in (("rules.txt", b"Play fair.", True), ("game.exe", PROGRAM, False)):
            async with transaction(room.teacher) as session:
                await versions.replace(session, room.teacher, material.id, name, content)
            assert (await listed(room.elif_, room) == ["game"]) is visible
        async with transaction(room.teacher) as session:
            await versions.restore(session, room.teacher, material.id, 2, 3)
        assert await listed(room.elif_, room) == ["game"]

    async def test_keeps_its_file_from_being_swept(self, cast, room):
        await add_file(room, "game.exe", PROGRAM)
        async with transaction(Actor.system()) as session:
            key = (await session.execute(select(MaterialFile.organization_id, MaterialFile.id))).all()[-1]
            assert await named_files.named(session, [tuple(key)]) == {tuple(key)}


class TestEdit:
    async def test_is_refused_when_it_was_changed_meanwhile(self, room):
        page = await add_page(room)
        async with transaction(room.teacher) as session:
            edited = await materials.edit(session, room.teacher, page.id, Draft("Cells and tissues", tags=["Bio"]), 1)
            assert (edited.title, edited.tags, edited.version) == ("Cells and tissues", ["bio"], 2)
            with pytest.raises(Conflict, match="somebody else"):
                await materials.edit(session, room.teacher, page.id, Draft("Late"), 1)


class TestVersions:
    async def test_grow_and_can_be_compared(self, room):
        page = await add_page(room, "Cells", "One\nTwo\nThree")
        async with transaction(room.teacher) as session:
            await versions.write(session, room.teacher, page.id, "One\n2\nThree", 1, "Figures")
            await versions.write(session, room.teacher, page.id, "One\n2\nThree", 2)  # the same makes none
            history = await versions.history(session, room.teacher, page.id)
            lines = await versions.compare(session, room.teacher, page.id, 1, 2)
        assert [(each.version.number, each.version.note, each.author) for each in history] == [
            (2, "Figures", "Maya Okafor"),
            (1, "", "Maya Okafor"),
        ]
        assert [(line.sign, line.text) for line in lines] == [
            ("same", "One"),
            ("gone", "Two"),
            ("new", "2"),
            ("same", "Three"),
        ]

    async def test_come_back_as_new_ones(self, room):
        page = await add_page(room, "Cells", "First words.")
        async with transaction(room.teacher) as session:
            await versions.write(session, room.teacher, page.id, "Second words.", 1)
            await versions.restore(session, room.teacher, page.id, 1, 2)
            shown = await materials.entry(session, room.teacher, page.id)
            history = await versions.history(session, room.teacher, page.id)
        assert (shown.version.number, shown.version.body) == (3, "First words.")
        assert history[0].version.note == "Restored from version 1"
        assert await found(room.elif_, "first") == ["Cells"]
        assert await found(room.elif_, "second") == []


class TestDelete:
    async def test_can_be_undone(self, room):
        page = await add_page(room)
        async with transaction(room.teacher) as session:
            await materials.delete(session, room.teacher, page.id)
        assert await listed(room.teacher, room) == []
        async with transaction(room.teacher) as session:
            assert [each.material.title for each in await materials.removed(session, room.teacher, room.id)] == [
                "Cells"
            ]
            await materials.restore(session, room.teacher, page.id)
        assert await listed(room.elif_, room) == ["Cells"]


class TestFolders:
    async def test_go_and_come_back_with_what_is_in_them(self, room):
        async with transaction(room.teacher) as session:
            unit = await folders.make(session, room.teacher, room.id, "Unit 1")
            inner = await folders.make(session, room.teacher, room.id, "Cells", unit.id)
        await add_page(room, "Osmosis", folder_id=inner.id)
        async with transaction(room.teacher) as session:
            await folders.delete(session, room.teacher, unit.id)
        assert await found(room.elif_, "osmosis") == []
        async with transaction(room.teacher) as session:
            await folders.restore(session, room.teacher, unit.id)
        assert await listed(room.elif_, room, inner.id) == ["Osmosis"]

    async def test_are_told_to_learners_when_something_is_in_them(self, room):
        async with transaction(room.teacher) as session:
            exam = await folders.make(session, room.teacher, room.id, "Exam")
            await folders.make(session, room.teacher, room.id, "Empty")
        await add_page(room, "Answers", folder_id=exam.id, draft=True)
        for reader, names in ((room.teacher, ["Empty", "Exam"]), (room.elif_, [])):
            async with transaction(reader) as session:
                place = await materials.place(session, reader, room.id, None)
            assert [each.folder.name for each in place.folders] == names
        async with transaction(room.elif_) as session:
            with pytest.raises(NotFound):
                await materials.place(session, room.elif_, room.id, exam.id)

    async def test_keep_their_names_apart_and_their_tree_sound(self, room):
        async with transaction(room.teacher) as session:
            unit = await folders.make(session, room.teacher, room.id, "Unit 1")
            with pytest.raises(Conflict, match="already"):
                await folders.make(session, room.teacher, room.id, "unit 1")
            inner = await folders.make(session, room.teacher, room.id, "Unit 1", unit.id)
            with pytest.raises(Invalid, match="into itself"):
                await folders.change(session, room.teacher, unit.id, "Unit 1", inner.id, 1)
            deepest = inner
            for depth in range(3, 6):
                deepest = await folders.make(session, room.teacher, room.id, f"{depth}", deepest.id)
            with pytest.raises(Invalid, match="5 deep"):
                await folders.make(session, room.teacher, room.id, "6", deepest.id)


class TestAttach:
    async def test_gives_what_each_may_read_in_its_order(self, room):
        work = await make_assignment(room, await make_group(room))
        second, first, hidden = [await add_page(room, name, draft=name == "C") for name in "BAC"]
        async with transaction(room.teacher) as session:
            await materials.attach(session, room.teacher, work.id, [second.id, hidden.id, first.id])
            assert [each.title for each in await materials.needed_by(session, first.id)] == ["Cell quiz"]
        for reader, titles in ((room.teacher, "BCA"), (room.elif_, "BA")):
            async with transaction(reader) as session:
                assert (
                    "".join(each.material.title for each in await materials.attached_to(session, reader, work.id))
                    == titles
                )

    async def test_takes_nothing_of_elsewhere(self, room):
        work = await make_assignment(room, await make_group(room))
        async with transaction(room.teacher) as session:
            with pytest.raises(Invalid, match="library"):
                await materials.attach(session, room.teacher, work.id, [work.id])
