"""The page of a class's gradebook."""

import json

import pytest

from faraday_app.core.database import transaction
from faraday_app.gradebook.service import posting
from faraday_app.gradebook.state.gradebook import GradebookState
from faraday_app.gradebook.state.receipt import ReceiptState
from faraday_app.gradebook.state.reports import ClassTotalsState, OwnState
from tests.factories.classes import make_assignment, make_classroom, make_group
from tests.factories.grades import enter, make_policy
from tests.factories.tabs import open_at, open_tab


@pytest.fixture
async def room(cast):
    return await make_classroom(cast)


async def lab_and_poster(room):
    group = await make_group(room, "Labs")
    return await make_assignment(room, group, "Root tip lab", 50), await make_assignment(room, group, "Poster", 40)


class TestGradebook:
    async def test_opens_for_the_staff_and_shows_the_receipt_of_the_chosen_cell(self, room):
        lab, _ = await lab_and_poster(room)
        await enter(room, (lab, room.elif_, "40"))
        await enter(room, (lab, room.elif_, "41.5"), reason="Second marker")
        page = await open_at(room.teacher, GradebookState, "/class/gradebook", id=str(room.id))
        assert (page.head.is_staff, page.can_grade) == (True, True)
        told = json.dumps({"student": str(room.elif_.user), "work": str(lab.id)})
        assert await GradebookState.hear.fn(page, told)
        receipt = await page.get_state(ReceiptState)
        await ReceiptState.choose.fn(receipt, str(room.id), str(room.elif_.user), str(lab.id))
        assert (receipt.receipt.name, receipt.receipt.question) == (room.elif_.name, "Why 83.00 %?")
        assert receipt.receipt.lines[0].note == "41.5 of 50 in 1"
        assert receipt.receipt.goal == "To reach B (84 %)"
        assert receipt.receipt.goal_words == "needs 34.1 of 40 on “Poster”"
        assert receipt.last.endswith("40 → 41.5, “Second marker”")

    @pytest.mark.parametrize("words", ["", "[]", "{}", '{"student": "x", "work": 1}', "null"])
    async def test_does_not_mind_what_is_no_choice(self, room, words):
        page = await open_at(room.teacher, GradebookState, "/class/gradebook", id=str(room.id))
        assert await GradebookState.hear.fn(page, words) is None

    async def test_does_not_exist_for_strangers(self, room):
        page = await open_at(room.cast.stranger, GradebookState, "/class/gradebook", id=str(room.id))
        assert page.missing
        assert page.head.name == ""

    async def test_shows_no_receipt_of_another_child(self, room):
        lab, _ = await lab_and_poster(room)
        await enter(room, (lab, room.elif_, "40"))
        receipt = await open_tab(room.karim, ReceiptState)
        await ReceiptState.choose.fn(receipt, str(room.id), str(room.elif_.user), str(lab.id))
        assert receipt.receipt.lines == []


class TestOwn:
    async def test_shows_parents_exactly_what_is_posted_of_their_children(self, room):
        await make_policy(room, posting="manual")
        lab, poster = await lab_and_poster(room)
        await enter(room, (lab, room.elif_, "40"), (lab, room.emre, "30"), (poster, room.emre, "40"))
        async with transaction(room.teacher) as session:
            await posting.post(session, room.teacher, room.id, [lab.id])
        page = await open_at(room.nadir, GradebookState, "/class/gradebook", id=str(room.id))
        own = await page.get_state(OwnState)
        await OwnState.enter_class.fn(own)
        await OwnState.refresh.fn(own)
        assert [child.name for child in own.children] == [room.elif_.name, "Emre Kaya"]
        emre = own.children[1]
        assert (emre.receipt.current, [work.score for work in emre.work]) == ("60.00", ["30", "—"])

    async def test_what_if_is_kept_nowhere(self, room):
        lab, poster = await lab_and_poster(room)
        await enter(room, (lab, room.elif_, "40"))
        own = await open_at(room.elif_, GradebookState, "/class/gradebook", id=str(room.id))
        own = await own.get_state(OwnState)
        await OwnState.enter_class.fn(own)
        await OwnState.suppose.fn(own, str(room.elif_.user), str(poster.id), "40")
        await OwnState.refresh.fn(own)
        assert own.children[0].guessed.startswith("With these scores: 88.89 % B+ now")
        await OwnState.suppose_nothing.fn(own)
        await OwnState.refresh.fn(own)
        assert (own.children[0].guessed, own.children[0].receipt.current) == ("", "80.00")

    async def test_lists_ones_classes(self, room):
        lab, _ = await lab_and_poster(room)
        await enter(room, (lab, room.elif_, "40"), (lab, room.emre, "30"))
        seen = {}
        for who in (room.teacher, room.elif_, room.nadir):
            page = await open_at(who, ClassTotalsState, "/gradebook")
            seen[who.user] = [(row.percent, row.letter) for row in page.rows]
        assert seen[room.teacher.user] == [("70.00 %", "mean")]
        assert seen[room.elif_.user] == [("80.00 %", "B−")]
        assert seen[room.nadir.user] == [("80.00 %", "B−"), ("60.00 %", "F")]
