"""Grades from a spreadsheet, in the dialog of the gradebook; the answers are the API's own."""

import json
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from faraday_app.gradebook.api.transfer import import_grades
from faraday_app.gradebook.state.importing import ImportState
from tests.factories.classes import make_assignment, make_classroom, make_group
from tests.factories.grades import enter, mark_of
from tests.factories.tabs import open_tab, sent

FILE = b"Student,Cell quiz,Poem\nElif Kaya,18,1\nEmre Kaya,much,\nNobody,3,\nAmina Haddad,12,\n"


class Sent:
    """A request, as far as the API reads it."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    async def body(self) -> bytes:
        return self.content


@pytest.fixture
async def room(cast):
    return await make_classroom(cast)


async def answered(room, asked, content=FILE):
    """What the browser brings back of what it was asked to send."""
    act, _, path = json.loads(sent(asked)["javascript_code"])
    assert act == "file_answer"
    query = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
    assert urlsplit(path).path == f"/api/v1/gradebook/classes/{room.id}/import"
    since = UUID(query["since"]) if "since" in query else None
    found = await import_grades(room.teacher, room.id, Sent(content), "apply" in query, since, query.get("reason", ""))
    return found.model_dump(mode="json")


async def looked(room, content=FILE):
    tab = await open_tab(room.teacher, ImportState)
    await ImportState.begin.fn(tab, str(room.id))
    await ImportState.looked_at.fn(tab, await answered(room, await ImportState.look.fn(tab), content))
    return tab


class TestLook:
    async def test_says_what_would_change_and_what_cannot_be_taken(self, room):
        quiz = await make_assignment(room, await make_group(room))
        await enter(room, (quiz, room.elif_, "17"))
        tab = await looked(room)
        assert (tab.step, tab.busy, tab.problem, tab.needs_reason) == ("look", False, "", True)
        assert [(row.student, row.assignment, row.now, row.then, row.posted) for row in tab.rows] == [
            ("Elif Kaya", "Cell quiz", "17", "18", True),
            ("Amina Haddad", "Cell quiz", "—", "12", False),
        ]
        assert [wrong.where for wrong in tab.rejected] == ["Head", "Row 4", "Row 3, “Cell quiz”"]
        assert tab.summary == "2 grades would change. 3 things in the file cannot be taken."
        assert (await mark_of(room, quiz, room.elif_)).score == 17

    async def test_says_that_there_is_nothing_to_do(self, room):
        quiz = await make_assignment(room, await make_group(room))
        await enter(room, (quiz, room.elif_, "17"))
        tab = await looked(room, b"Student,Cell quiz\nElif Kaya,17\n")
        assert (tab.count, tab.summary) == (0, "Nothing to change: every grade in this file is as it stands here.")

    @pytest.mark.parametrize("answer", [{"problem": "Choose a file first."}, None, [], {"changes": "all"}])
    async def test_shows_why_a_file_was_refused(self, room, answer):
        tab = await open_tab(room.teacher, ImportState)
        await ImportState.begin.fn(tab, str(room.id))
        await ImportState.looked_at.fn(tab, answer)
        assert (tab.step, bool(tab.problem)) == ("choose", True)


class TestApply:
    async def test_enters_what_was_shown_as_one_change_that_can_be_taken_back(self, room):
        quiz = await make_assignment(room, await make_group(room))
        await enter(room, (quiz, room.elif_, "17"))
        tab = await looked(room)
        assert await ImportState.apply.fn(tab, {"reason": " "}) is None
        assert tab.problem.startswith("Some of these grades are posted")
        asked = await ImportState.apply.fn(tab, {"reason": "Second marker"})
        await ImportState.applied.fn(tab, await answered(room, asked))
        assert (tab.step, tab.summary, tab.rejected) == ("done", "2 grades entered, as one change.", [])
        assert [(await mark_of(room, quiz, each)).score for each in (room.elif_, room.amina)] == [18, 12]
        await ImportState.take_back.fn(tab)
        assert [(await mark_of(room, quiz, each)).score for each in (room.elif_, room.amina)] == [17, None]
        assert (tab.open, tab.batch) == (False, "")

    async def test_leaves_what_a_colleague_changed_since_the_look(self, room):
        quiz = await make_assignment(room, await make_group(room))
        content = b"Student,Cell quiz\nElif Kaya,18\nEmre Kaya,12\n"
        tab = await looked(room, content)
        await enter(room, (quiz, room.elif_, "3"))
        asked = await ImportState.apply.fn(tab, {})
        await ImportState.applied.fn(tab, await answered(room, asked, content))
        assert tab.summary == "1 grade entered, as one change."
        assert [wrong.why for wrong in tab.rejected] == ["Somebody else changed this: it is 3 now."]

    async def test_does_nothing_before_a_look(self, room):
        tab = await open_tab(room.teacher, ImportState)
        await ImportState.begin.fn(tab, str(room.id))
        assert await ImportState.apply.fn(tab, {"reason": "x"}) is None

    async def test_takes_nothing_back_for_the_aide(self, room):
        quiz = await make_assignment(room, await make_group(room))
        entered = await enter(room, (quiz, room.elif_, "17"))
        tab = await open_tab(room.cast.aide, ImportState)
        await ImportState.begin.fn(tab, str(room.id))
        tab.batch = str(entered.batch_id)
        await ImportState.take_back.fn(tab)
        assert tab.problem
        assert (await mark_of(room, quiz, room.elif_)).score == 17
