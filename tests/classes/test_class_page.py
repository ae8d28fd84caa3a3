"""The page of one class."""

import pytest

from faraday_app.classes.service import classes, sections
from faraday_app.classes.service.classes import ClassDraft
from faraday_app.classes.state.adding import AddingState
from faraday_app.classes.state.roster import RosterState
from faraday_app.classes.state.school_class import ClassState
from faraday_app.classes.state.settings import SettingsState
from faraday_app.core.database import transaction
from faraday_app.core.errors import NotPermitted
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Role
from faraday_app.ui.live import live
from tests.factories.classes import Classroom, make_classroom
from tests.factories.people import make_person
from tests.factories.tabs import open_at


@pytest.fixture
async def classroom(cast) -> Classroom:
    return await make_classroom(cast)


async def _open(actor, state, classroom: Classroom):
    return await open_at(actor, state, "/class", id=str(classroom.id))


async def _beside(page, state):
    """Another state of the same tab."""
    return await page.get_state(state)


class TestClassPage:
    async def test_shows_each_what_is_theirs(self, cast, classroom):
        """Role × relationship × field."""
        everybody = ["Amina Haddad", "Elif Kaya", "Emre Kaya"]
        expected = {
            "teacher": (cast.teacher, everybody, True, True, True),
            "aide": (cast.aide, everybody, True, True, False),
            "head of its department": (cast.head, everybody, True, True, True),
            "administrator": (cast.administrator, everybody, True, True, True),
            "student": (classroom.elif_, ["Elif Kaya"], False, False, False),
            "parent of two": (classroom.nadir, ["Elif Kaya", "Emre Kaya"], False, False, False),
            "parent of one": (classroom.karim, ["Amina Haddad"], False, False, False),
        }
        for who, (actor, names, emails, guardians, changing) in expected.items():
            page = await _open(actor, RosterState, classroom)
            assert [row.name for row in page.rows] == names, who
            assert all(bool(row.email) == emails for row in page.rows), who
            assert all(bool(row.guardians) == guardians for row in page.rows), who
            top = await _open(actor, ClassState, classroom)
            assert top.changing == changing, who
            assert [member.name for member in top.staff] == ["Maya Okafor", "Sara Byrne"], who
            assert all(bool(member.email) == emails for member in top.staff), who
            assert top.people == ("3 active" if emails else ""), who

    async def test_is_nothing_for_whoever_is_nothing_to_the_class(self, cast, classroom):
        for actor in (cast.colleague, cast.stranger):
            page = await _open(actor, ClassState, classroom)
            assert (page.head.name, page.staff, bool(page.error)) == ("", [], True)
            assert (await _open(actor, RosterState, classroom)).rows == []

    async def test_keeps_nothing_of_a_class_when_another_is_opened(self, cast, classroom):
        page = await _open(cast.teacher, ClassState, classroom)
        page.router_data = {**page._get_root_state().router_data}
        root = page._get_root_state()
        root.router_data = {**root.router_data, "query": {"id": "nowhere"}, "asPath": "/class?id=nowhere"}
        root.router = type(root.router).from_router_data(root.router_data)
        await ClassState.enter.fn(page)
        assert page.head.name == ""


class TestRosterState:
    async def test_changes_one_student_and_several(self, cast, classroom):
        page = await _open(cast.teacher, RosterState, classroom)
        await RosterState.change_status.fn(page, str(classroom.amina.user), "withdrawn")
        await RosterState.refresh.fn(page)
        assert [row.status for row in page.rows] == ["withdrawn", "active", "active"]
        for student in (classroom.elif_, classroom.emre):
            await RosterState.choose.fn(page, str(student.user), True)
        assert [row.chosen for row in page.rows] == [False, True, True]
        await RosterState.change_chosen.fn(page, "completed")
        await RosterState.refresh.fn(page)
        assert [(row.status, row.chosen) for row in page.rows] == [
            ("withdrawn", False), ("completed", False), ("completed", False)
        ]  # fmt: skip

    async def test_takes_back_what_was_done_with_several(self, cast, classroom):
        async with transaction(cast.teacher) as session:
            lab = await sections.add(session, cast.teacher, classroom.id, "Monday lab")
        page = await _open(cast.teacher, RosterState, classroom)
        before = [(row.status, row.section) for row in page.rows]
        for student in classroom.students:
            await RosterState.choose.fn(page, str(student.user), True)
        await RosterState.move.fn(page, {"move_section": str(lab.id)})
        assert page.done == "3 students moved."
        await RosterState.undo.fn(page)
        for student in classroom.students:
            await RosterState.choose.fn(page, str(student.user), True)
        await RosterState.change_chosen.fn(page, "withdrawn")
        assert page.done == "3 students marked as withdrawn."
        await RosterState.undo.fn(page)
        await RosterState.refresh.fn(page)
        assert [(row.status, row.section) for row in page.rows] == before
        assert page.done == ""

    async def test_hears_of_every_change_in_its_class(self, cast, classroom):
        await _open(cast.teacher, RosterState, classroom)
        assert live.watched(topic("class", classroom.id))

    async def test_moves_students_to_a_section(self, cast, classroom):
        async with transaction(cast.teacher) as session:
            lab = await sections.add(session, cast.teacher, classroom.id, "Monday lab")
        page = await _open(cast.teacher, RosterState, classroom)
        await RosterState.ask_move.fn(page, str(classroom.emre.user))
        await RosterState.move.fn(page, {"move_section": str(lab.id)})
        await RosterState.set_section.fn(page, str(lab.id))
        assert [row.name for row in page.rows] == ["Emre Kaya"]

    async def test_lets_an_aide_change_nothing(self, cast, classroom):
        page = await _open(cast.aide, RosterState, classroom)
        with pytest.raises(NotPermitted):
            await RosterState.change_status.fn(page, str(classroom.amina.user), "withdrawn")


class TestAddingState:
    async def test_adds_several_students_at_once(self, cast, classroom):
        for name in ("Ben Carter", "Chloe Martin"):
            await make_person(cast.organization_id, Role.student, name)
        page = await _open(cast.teacher, RosterState, classroom)
        adding = await _beside(page, AddingState)
        await AddingState.ask.fn(adding, "student")
        assert [each.name for each in adding.found] == ["Ben Carter", "Chloe Martin"]
        for each in list(adding.found):
            await AddingState.toggle.fn(adding, each.id)
        await AddingState.search.fn(adding, "chloe")
        assert [(each.name, each.chosen) for each in adding.found] == [("Chloe Martin", True)]
        await AddingState.save.fn(adding, {})
        assert not adding.open
        await RosterState.refresh.fn(page)
        assert [row.name for row in page.rows] == [
            "Amina Haddad", "Ben Carter", "Chloe Martin", "Elif Kaya", "Emre Kaya"
        ]  # fmt: skip

    async def test_finds_no_parent_to_teach(self, cast, classroom):
        adding = await _beside(await _open(cast.teacher, RosterState, classroom), AddingState)
        await AddingState.ask.fn(adding, "teacher")
        assert [each.name for each in adding.found] == ["Ana Ruiz", "Jonas Prie", "Tom Lindqvist"]


class TestSettingsState:
    async def test_tells_the_slower_one_what_it_is_now(self, cast, classroom):
        page = await _beside(await _open(cast.teacher, ClassState, classroom), SettingsState)
        await SettingsState.edit.fn(page)
        async with transaction(cast.administrator) as session:
            draft = ClassDraft(classroom.term_id, "Biology 9C")
            await classes.change(session, cast.administrator, classroom.id, 1, draft)
        form = {"class_name": "Biology 9D", "class_term": page.term}
        await SettingsState.save.fn(page, form)
        assert "Biology 9C" in page.error
        await SettingsState.save.fn(page, form)
        top = await _open(cast.teacher, ClassState, classroom)
        assert top.head.name == "Biology 9D"
