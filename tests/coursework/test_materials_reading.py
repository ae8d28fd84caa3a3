"""Who finds what of the library of a class."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import NotFound
from faraday_app.coursework.models import Material, MaterialUse
from faraday_app.coursework.service import materials
from faraday_app.coursework.service.materials import usage, versions
from tests.factories.classes import make_classroom
from tests.factories.materials import PROGRAM, add_file, add_page, make_section


@pytest.fixture
async def room(cast):
    return await make_classroom(cast)


async def listed(actor, room, folder_id=None) -> list[str]:
    async with transaction(actor) as session:
        return [each.material.title for each in await materials.listed(session, actor, room.id, folder_id)]


async def found(actor, words, **more) -> list[str]:
    async with transaction(actor) as session:
        return [each.material.title for each in await materials.search(session, actor, words, **more)]


class TestVisibility:
    async def test_is_a_matter_of_draft_moment_and_section(self, cast, room):
        """The matrix of who reads what: role and relationship × how a material is shown."""
        soon, past = now() + timedelta(hours=1), now() - timedelta(hours=1)
        section = await make_section(room, "9B1", room.elif_)
        await add_page(room, "all")
        await add_page(room, "draft", draft=True)
        await add_page(room, "soon", visible_from=soon)
        await add_page(room, "open", visible_from=past, visible_until=soon)
        await add_page(room, "over", visible_until=past)
        await add_page(room, "section", section_ids=[section])
        await add_file(room, "withheld.exe", PROGRAM)
        everything = ["all", "draft", "open", "over", "section", "soon", "withheld"]
        expected = {
            **dict.fromkeys(("administrator", "head", "teacher", "aide"), everything),
            **{name: ["all", "open", "section"] for name in ("elif_", "nadir")},
            **{name: ["all", "open"] for name in ("emre", "amina", "karim")},
        }
        people = {name: getattr(room, name, None) or getattr(cast, name) for name in expected}
        assert {name: await listed(each, room) for name, each in people.items()} == expected
        everywhere = {name: sorted(await found(each, "")) for name, each in people.items()}
        assert everywhere == expected
        for outsider in (cast.colleague, cast.stranger):
            assert await found(outsider, "") == []
            with pytest.raises(NotFound):
                await listed(outsider, room)

    async def test_holds_for_each_way_to_a_material(self, room):
        hidden = await add_page(room, "draft", draft=True)
        async with transaction(room.elif_) as session:
            for reading in (
                materials.reached,
                materials.entry,
                versions.history,
                versions.file_of,
                usage.by_day,
            ):
                with pytest.raises(NotFound):
                    await reading(session, room.elif_, hidden.id)
        assert await found(room.elif_, "living") == []

    async def test_gives_learners_no_history(self, room):
        page = await add_page(room, "Cells", "First words.")
        async with transaction(room.teacher) as session:
            await versions.write(session, room.teacher, page.id, "Second words.", 1)
        for reader in (room.elif_, room.nadir):
            async with transaction(reader) as session:
                with pytest.raises(NotFound):
                    await versions.history(session, reader, page.id)
                with pytest.raises(NotFound):
                    await versions.compare(session, reader, page.id, 1, 2)


class TestSearch:
    async def test_finds_stems_beginnings_tags_and_the_text_of_files(self, room):
        await add_page(room, "Photosynthesis", "Plants are making sugar from light.", tags=["Plants"])
        await add_file(room, "energy.txt", b"The mitochondria release energy in every cell.")
        assert await materials.read_waiting() >= 1
        for words, titles in {
            "photosyn": ["Photosynthesis"],
            "plant": ["Photosynthesis"],
            "makes sugar": ["Photosynthesis"],
            "mitochondrion release": [],
            "mitochondria released": ["energy"],
            "energy -mitochondria": [],
            "' & | ! :*": [],
        }.items():
            assert await found(room.elif_, words) == titles, words
        async with transaction(room.elif_) as session:
            shown = (await materials.search(session, room.elif_, "mitochondria"))[0]
            assert shown.excerpt == "mitochondria release energy in every cell"
            assert await materials.tags_of(session, room.elif_) == ["plants"]
        assert await found(room.elif_, "", tag="Plants") == ["Photosynthesis"]

    async def test_puts_titles_before_texts(self, room):
        await add_page(room, "Enzymes", "They speed up reactions.")
        await add_page(room, "Digestion", "Enzymes take food apart.")
        assert await found(room.elif_, "enzymes") == ["Enzymes", "Digestion"]


class TestUsage:
    async def test_counts_learners_by_day_and_nobody_by_name(self, cast, room):
        page = await add_page(room)
        for reader in (room.elif_, room.nadir, room.teacher, cast.aide):
            async with transaction(reader) as session:
                reached = await materials.reached(session, reader, page.id)
                await usage.count(session, reached)
                await usage.count(session, reached, downloaded=True)
        async with transaction(room.teacher) as session:
            days = await usage.by_day(session, room.teacher, page.id)
            assert (days[-1].opened, days[-1].downloaded, len(days)) == (2, 2, 30)
            assert (await materials.entry(session, room.teacher, page.id)).opened == 4
        assert not {"user_id", "student_id", "author_id"} & set(MaterialUse.__table__.columns.keys())


class TestTables:
    async def test_are_closed_to_other_organizations(self, cast, room):
        await add_page(room)
        async with transaction(cast.stranger) as session:
            assert list(await session.scalars(select(col(Material.id)))) == []
            assert (await session.execute(text("select count(*) from material_words"))).scalar() == 0
