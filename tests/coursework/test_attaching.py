"""Materials that an assignment needs: who chooses them, who sees them, and where they go with a copy."""

from datetime import timedelta

import pytest

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid, NotFound, NotPermitted
from faraday_app.coursework.service import assignments, copying, materials
from faraday_app.coursework.service.materials import attaching
from faraday_app.coursework.state.assignment import AssignmentState
from faraday_app.coursework.state.materials import AttachedState, AttachState, MaterialState
from tests.factories.classes import make_assignment
from tests.factories.coursework import do, last_terms
from tests.factories.materials import add_file, add_link, add_page
from tests.factories.tabs import open_at

DAY = timedelta(days=1)


@pytest.fixture
async def work(room, group):
    return await make_assignment(room, group)


async def shown(actor, work) -> list[str]:
    return [each.material.title for each in await do(actor, materials.attached_to, work.id)]


async def page_of(actor, work) -> AttachedState:
    page = await open_at(actor, AssignmentState, "/assignment", id=str(work.id))
    state = await page.get_state(AttachedState)
    await AttachedState.show_for.fn(state, str(work.id))
    return state


class TestAttach:
    async def test_is_for_the_teachers_of_the_class(self, cast, room, work):
        page = await add_page(room)
        for act in (attaching.attach, attaching.add):
            for who, refused in (
                (cast.aide, NotPermitted),
                (room.elif_, NotPermitted),
                (room.nadir, NotPermitted),
                (cast.colleague, NotFound),
                (cast.stranger, NotFound),
            ):
                with pytest.raises(refused):
                    await do(who, act, work.id, [page.id])
        assert await shown(room.teacher, work) == []

    async def test_adds_moves_and_takes_away_one_by_one(self, room, work):
        cells, film, notes = [await add_page(room, title) for title in ("Cells", "Film", "Notes")]
        await do(room.teacher, attaching.add, work.id, [cells.id, film.id])
        await do(room.teacher, attaching.add, work.id, [notes.id, cells.id])
        assert await shown(room.teacher, work) == ["Cells", "Film", "Notes"]
        await do(room.teacher, attaching.move, work.id, notes.id, -2)
        await do(room.teacher, attaching.move, work.id, film.id, 5)
        assert await shown(room.teacher, work) == ["Notes", "Cells", "Film"]
        await do(room.teacher, attaching.take_away, work.id, cells.id)
        assert await shown(room.elif_, work) == ["Notes", "Film"]
        with pytest.raises(NotFound):
            await do(room.teacher, attaching.move, work.id, cells.id, 1)

    async def test_has_an_end(self, room, work, monkeypatch):
        monkeypatch.setattr(attaching, "MOST", 1)
        pages = [await add_page(room, title) for title in ("Cells", "Film")]
        with pytest.raises(Invalid, match="1 materials"):
            await do(room.teacher, attaching.add, work.id, [each.id for each in pages])

    async def test_comes_back_with_what_was_deleted(self, room, work):
        cells, film = [await add_page(room, title) for title in ("Cells", "Film")]
        await do(room.teacher, attaching.add, work.id, [cells.id, film.id])
        await do(room.teacher, materials.delete, cells.id)
        await do(room.teacher, attaching.move, work.id, film.id, -1)
        assert await shown(room.teacher, work) == ["Film"]
        await do(room.teacher, materials.restore, cells.id)
        assert set(await shown(room.elif_, work)) == {"Cells", "Film"}


class TestAttachedTo:
    async def test_is_nothing_before_the_assignment_is_open(self, room, group):
        early = await make_assignment(room, group, "Poster", available_from=now() + DAY)
        page = await add_page(room)
        await do(room.teacher, attaching.add, early.id, [page.id])
        assert [await shown(who, early) for who in (room.teacher, room.elif_, room.nadir)] == [["Cells"], [], []]

    async def test_is_not_found_with_a_draft(self, room, group):
        draft = await make_assignment(room, group, "Poster", status="draft")
        with pytest.raises(NotFound):
            await shown(room.elif_, draft)


class TestCopy:
    async def test_beside_it_is_given_the_same(self, room, work):
        page = await add_page(room)
        await do(room.teacher, attaching.add, work.id, [page.id])
        copy = await do(room.teacher, assignments.duplicate, work.id)
        assert await shown(room.teacher, copy) == ["Cells"]

    async def test_into_another_class_is_given_what_lies_there(self, cast, room, group, work):
        """By name or by content; what is not there is left out."""
        here = [
            await add_page(room, "Cells", "Old words."),
            await add_file(room, "lab.txt", b"Wear goggles."),
            await add_link(room, "Film", "https://example.org/1"),
            await add_page(room, "Only here"),
        ]
        await do(room.teacher, attaching.add, work.id, [each.id for each in here])
        other = await last_terms(room)
        async with transaction(room.teacher) as session:
            draft = materials.Draft
            add = (session, room.teacher, other.id, None)
            await materials.add_page(*add, draft("CELLS"), "New words.")
            await materials.add_file(*add, draft("Safety in the lab"), "safety.txt", b"Wear goggles.")
            await materials.add_link(*add, draft("A film"), "https://example.org/1")
            await materials.add_page(*add, draft("Something else"), "Words.")
        (copy,) = await do(room.teacher, copying.copy, other.id, room.id, [work.id])
        assert await shown(room.teacher, copy) == ["CELLS", "Safety in the lab", "A film"]


class TestPage:
    async def test_has_the_teacher_choose_order_and_take_away(self, room, work):
        await add_page(room, "Cells")
        later = await add_page(room, "Answers", visible_from=now() + DAY)
        page = await page_of(room.teacher, work)
        dialog = await page.get_state(AttachState)
        await AttachState.begin.fn(dialog)
        assert [row.title for row in dialog.found] == ["Answers", "Cells"]
        await AttachState.set_search.fn(dialog, "cells")
        await AttachState.toggle.fn(dialog, dialog.found[0].id)
        await AttachState.toggle.fn(dialog, str(later.id))
        await AttachState.attach.fn(dialog)
        assert [row.title for row in page.rows] == ["Cells", "Answers"]
        assert [row.state[:5] for row in page.rows] == ["", "From "]
        await AttachState.begin.fn(dialog)
        assert (dialog.found, dialog.nothing) == ([], "The library has nothing else yet.")
        await AttachedState.move.fn(page, page.rows[1].id, -1)
        await AttachedState.take_away.fn(page, page.rows[1].id)
        assert [row.title for row in page.rows] == ["Answers"]

    async def test_shows_a_student_what_is_shown_to_them_and_opens_it(self, room, work):
        cells, hidden = await add_page(room, "Cells"), await add_page(room, "Answers", visible_from=now() + DAY)
        await do(room.teacher, attaching.add, work.id, [hidden.id, cells.id])
        page = await page_of(room.elif_, work)
        assert [(row.title, row.state) for row in page.rows] == [("Cells", "")]
        preview = await page.get_state(MaterialState)
        await MaterialState.show.fn(preview, page.rows[0].id)
        assert (preview.title, preview.shown) == ("Cells", "page")
        with pytest.raises(NotFound):
            await MaterialState.show.fn(preview, str(hidden.id))

    async def test_of_work_that_is_not_theirs_shows_nothing(self, cast, work):
        assert (await page_of(cast.colleague, work)).rows == []
