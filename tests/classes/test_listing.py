"""The list of classes, as each sees it."""

import pytest

from faraday_app.classes.models import Enrolled
from faraday_app.classes.service import classes, enrolments, listing
from faraday_app.classes.service.classes import ClassDraft
from faraday_app.classes.service.listing import ClassFilter
from faraday_app.classes.state import ClassesState, NewClassState
from faraday_app.core.database import transaction
from tests.factories.classes import Classroom, make_classroom
from tests.factories.tabs import open_at, open_tab, sent

NOBODY = ClassFilter()


@pytest.fixture
async def classroom(cast) -> Classroom:
    return await make_classroom(cast)


async def _listed(actor, wanted=NOBODY, limit=25):
    async with transaction(actor) as session:
        return await listing.listed(session, actor, wanted, limit)


async def _make(classroom: Classroom, name: str, actor=None):
    actor = actor or classroom.teacher
    async with transaction(actor) as session:
        return await classes.make(session, actor, ClassDraft(classroom.term_id, name))


class TestListed:
    async def test_is_to_each_what_they_may_know_of_it(self, cast, classroom):
        """Role × relationship × field."""
        teachers = ("Maya Okafor",)
        expected = {
            "teacher": (cast.teacher, [("Teacher", 3, teachers, ())]),
            "aide": (cast.aide, [("Aide", 3, teachers, ())]),
            "administrator": (cast.administrator, [("Overseer", 3, teachers, ())]),
            "head of its department": (cast.head, [("Overseer", 3, teachers, ())]),
            "student": (classroom.elif_, [("Student", None, teachers, ())]),
            "parent of two": (classroom.nadir, [("Parent", None, teachers, ("Elif Kaya", "Emre Kaya"))]),
            "parent of one": (classroom.karim, [("Parent", None, teachers, ("Amina Haddad",))]),
            "teacher of another": (cast.colleague, []),
            "administrator of another school": (cast.stranger, []),
        }
        found = {
            who: (
                actor,
                [(each.standing, each.students, each.teachers, each.children) for each in await _listed(actor)],
            )
            for who, (actor, _) in expected.items()
        }
        assert found == expected

    async def test_leaves_the_withdrawn_and_their_parents_out(self, cast, classroom):
        async with transaction(cast.teacher) as session:
            students = [classroom.amina.user]
            await enrolments.set_status(session, cast.teacher, classroom.id, students, Enrolled.withdrawn)
        assert await _listed(classroom.amina) == []
        assert await _listed(classroom.karim) == []
        assert [each.students for each in await _listed(cast.teacher)] == [2]

    async def test_is_narrowed_and_paged(self, cast, classroom):
        for name in ("Art 9", "Chemistry 9", "Dance 9"):
            await _make(classroom, name)
        first = await _listed(cast.teacher, limit=2)
        rest = await _listed(cast.teacher, ClassFilter(after=first[-1].id))
        names = ["Art 9", "Biology 9B", "Chemistry 9", "Dance 9"]
        assert [each.school_class.name for each in first + rest] == names
        found = await _listed(cast.teacher, ClassFilter("chem"))
        assert [each.school_class.name for each in found] == ["Chemistry 9"]

    async def test_has_the_archived_in_a_place_of_their_own(self, cast, classroom):
        async with transaction(cast.teacher) as session:
            await classes.archive(session, cast.teacher, classroom.id)
        assert await _listed(cast.teacher) == []
        assert [each.id for each in await _listed(classroom.elif_, ClassFilter(archived=True))] == [classroom.id]


class TestClassesPage:
    async def test_shows_a_parent_both_siblings(self, classroom):
        page = await open_at(classroom.nadir, ClassesState, "/classes")
        assert [(row.name, row.you, row.students) for row in page.rows] == [
            ("Biology 9B", "Parent of Elif Kaya and Emre Kaya", "")
        ]

    async def test_says_to_each_what_to_do_where_there_is_nothing(self, cast):
        parent = await open_at(cast.parent, ClassesState, "/classes")
        teacher = await open_at(cast.teacher, ClassesState, "/classes")
        assert (parent.rows, teacher.rows) == ([], [])
        assert "whose parent you are" in parent.nothing
        assert "Make the first one" in teacher.nothing

    async def test_lets_a_teacher_make_a_class_and_opens_it(self, cast, classroom):
        page = await open_tab(cast.teacher, NewClassState)
        await NewClassState.set_open.fn(page, True)
        assert page.term == str(classroom.term_id)
        assert page.department == str(cast.teacher.department_id)
        form = {"class_name": "  Botany  9 ", "class_term": page.term, "class_department": ""}
        await NewClassState.save.fn(page, {**form, "class_name": " "})
        assert page.error == "Enter a name of up to 120 characters."
        opened = await NewClassState.save.fn(page, form)
        [made] = [each for each in await _listed(cast.teacher) if each.school_class.name == "Botany 9"]
        assert f"/class?id={made.id}" in str(sent(opened))
        assert made.standing == "Teacher"
