"""Making classes, and who is in them."""

import asyncio

import pytest
from sqlalchemy import select
from sqlmodel import col

from faraday_app.classes.models import Enrolled, StaffRole
from faraday_app.classes.service import classes, copying, enrolments, roster, sections, staff
from faraday_app.classes.service.access import standing
from faraday_app.classes.service.classes import ClassDraft
from faraday_app.classes.service.enrolments import EnrolmentDraft
from faraday_app.classes.service.roster import RosterFilter
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, FaradayError, Invalid, NotFound, NotPermitted
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Role
from faraday_app.security.models import AuditEvent
from tests.factories.classes import Classroom, make_classroom
from tests.factories.people import make_person


@pytest.fixture
async def classroom(cast) -> Classroom:
    return await make_classroom(cast)


async def _do(actor, act, *values, **more):
    async with transaction(actor) as session:
        return await act(session, actor, *values, **more)


async def _students(classroom: Classroom) -> dict[str, tuple[str, str]]:
    found = await _do(classroom.teacher, roster.listed, classroom.id, RosterFilter())
    return {each.name: (each.status.value, each.section) for each in found}


class TestMake:
    async def test_makes_the_teacher_its_teacher_and_the_administrator_none(self, cast, classroom):
        draft = ClassDraft(classroom.term_id, "Botany 9")
        made = await _do(cast.teacher, classes.make, draft)
        assert (await _do(cast.teacher, standing, made.id)).teaches
        theirs = await _do(cast.administrator, classes.make, draft, [cast.colleague.user])
        assert (await _do(cast.colleague, standing, theirs.id)).teaches
        assert not (await _do(cast.administrator, standing, theirs.id)).teaches

    async def test_refuses_who_may_not(self, cast, classroom):
        draft = ClassDraft(classroom.term_id, "Botany 9")
        for actor in (cast.aide, cast.student, cast.parent):
            with pytest.raises(NotPermitted):
                await _do(actor, classes.make, draft)
        with pytest.raises(NotFound):
            await _do(cast.stranger, classes.make, draft)
        with pytest.raises(Invalid, match="Only teachers"):
            await _do(cast.administrator, classes.make, draft, [cast.aide.user])
        with pytest.raises(Invalid):
            await _do(cast.teacher, classes.make, ClassDraft(classroom.term_id, "Botany", department_id=new_id()))


class TestChanges:
    async def test_are_for_teachers_and_overseers_of_this_class(self, cast, classroom):
        """Role × relationship × act."""
        acts = {
            "change": (classes.change, classroom.id, 99, ClassDraft(classroom.term_id, "X")),
            "archive": (classes.archive, classroom.id),
            "section": (sections.add, classroom.id, "Lab"),
            "staff": (staff.add, classroom.id, [], StaffRole.aide),
            "enrol": (enrolments.enrol, classroom.id, []),
            "status": (enrolments.set_status, classroom.id, [], Enrolled.active),
            "move": (enrolments.move, classroom.id, [], None),
        }
        may = {cast.teacher, cast.head, cast.administrator}
        outside = {cast.colleague, cast.stranger}
        inside = {cast.aide, cast.student, cast.parent}
        for actor in may | outside | inside:
            for name, (act, *values) in acts.items():
                error = await _refusal(actor, act, *values)
                if actor in may:
                    assert (name == "change" and isinstance(error, Conflict)) or error is None, (actor.name, name)
                else:
                    expected = NotFound if actor in outside else NotPermitted
                    assert isinstance(error, expected), (actor.name, name, error)

    async def test_end_with_the_archive(self, cast, classroom):
        await _do(cast.teacher, classes.archive, classroom.id)
        for act, *values in ((sections.add, "Lab"), (enrolments.enrol, []), (staff.add, [], StaffRole.aide)):
            with pytest.raises(Conflict, match="archived"):
                await _do(cast.teacher, act, classroom.id, *values)
        assert len(await _students(classroom)) == 3
        await _do(cast.teacher, classes.unarchive, classroom.id)
        await _do(cast.teacher, sections.add, classroom.id, "Lab")


async def _refusal(actor, act, *values) -> FaradayError | None:
    """What it was refused with; undone where it was not."""
    try:
        async with transaction(actor) as session:
            await act(session, actor, *values)
            await session.rollback()
            session.info.clear()
    except FaradayError as error:
        return error
    return None


class TestStaff:
    async def test_keeps_the_last_teacher(self, cast, classroom):
        for act in (staff.remove, lambda *more: staff.change_role(*more, StaffRole.aide)):
            with pytest.raises(Conflict, match="without a teacher"):
                await _do(cast.teacher, act, classroom.id, cast.teacher.user)

    async def test_keeps_one_of_two_who_leave_at_once(self, cast, classroom):
        await _do(cast.teacher, staff.add, classroom.id, [cast.colleague.user], StaffRole.teacher)
        both = [cast.teacher, cast.colleague]
        left = await asyncio.gather(
            *(_do(each, staff.remove, classroom.id, each.user) for each in both), return_exceptions=True
        )
        assert sorted(type(each).__name__ for each in left) == ["Conflict", "NoneType"]

    async def test_brings_several_and_lets_them_come_back(self, cast, classroom):
        people = [cast.colleague.user, cast.head.user]
        assert await _do(cast.teacher, staff.add, classroom.id, people, StaffRole.teacher) == 2
        assert await _do(cast.teacher, staff.add, classroom.id, people, StaffRole.teacher) == 0
        await _do(cast.teacher, staff.remove, classroom.id, cast.colleague.user)
        with pytest.raises(NotFound):
            await _do(cast.colleague, standing, classroom.id)
        assert await _do(cast.teacher, staff.add, classroom.id, people, StaffRole.aide) == 1
        assert (await _do(cast.colleague, standing, classroom.id)).helps


class TestEnrol:
    async def test_adds_several_once_and_brings_the_withdrawn_back(self, cast, classroom):
        ben = await make_person(cast.organization_id, Role.student, "Ben Carter")
        lab = await _do(cast.teacher, sections.add, classroom.id, "Monday lab")
        await _do(cast.teacher, enrolments.set_status, classroom.id, [classroom.amina.user], Enrolled.withdrawn)
        wanted = [ben.user, ben.user, classroom.amina.user, classroom.elif_.user]
        assert await _do(cast.teacher, enrolments.enrol, classroom.id, wanted, lab.id) == 2
        assert await _students(classroom) == {
            "Amina Haddad": ("active", "Monday lab"),
            "Ben Carter": ("active", "Monday lab"),
            "Elif Kaya": ("active", ""),
            "Emre Kaya": ("active", ""),
        }

    async def test_refuses_whoever_is_no_student_here(self, cast, classroom):
        for user_id, error in ((cast.parent.user, Invalid), (cast.stranger.user, NotFound)):
            with pytest.raises(error):
                await _do(cast.teacher, enrolments.enrol, classroom.id, [user_id])
        other = await _do(cast.teacher, classes.make, ClassDraft(classroom.term_id, "Botany 9"))
        theirs = await _do(cast.teacher, sections.add, other.id, "Lab")
        with pytest.raises(Invalid, match="does not belong"):
            await _do(cast.teacher, enrolments.enrol, classroom.id, [classroom.elif_.user], theirs.id)


class TestChangeEnrolment:
    async def test_refuses_an_old_version_and_tells_the_trail_what_became_of_the_student(self, cast, classroom):
        found = await _do(cast.teacher, roster.listed, classroom.id, RosterFilter("amina"))
        lab = await _do(cast.teacher, sections.add, classroom.id, "Monday lab")
        change = EnrolmentDraft(Enrolled.active, lab.id)
        await _do(cast.teacher, enrolments.change, found[0].id, 1, change)
        with pytest.raises(Conflict, match="Amina Haddad"):
            await _do(cast.teacher, enrolments.change, found[0].id, 1, EnrolmentDraft(Enrolled.withdrawn))
        await _do(cast.teacher, enrolments.change, found[0].id, 2, EnrolmentDraft(Enrolled.completed, lab.id))
        async with transaction(cast.administrator) as session:
            query = select(col(AuditEvent.details)).where(col(AuditEvent.target_id) == found[0].id)
            told = [
                (each["before"], each["after"]) for each in await session.scalars(query.order_by(col(AuditEvent.id)))
            ]
        nowhere, in_lab = {"status": "active", "section": ""}, {"status": "active", "section": "Monday lab"}
        assert told == [(nowhere, in_lab), (in_lab, {"status": "completed", "section": "Monday lab"})]


class TestSections:
    async def test_keep_their_students_when_they_go(self, cast, classroom):
        lab = await _do(cast.teacher, sections.add, classroom.id, "Monday lab")
        with pytest.raises(Conflict):
            await _do(cast.teacher, sections.add, classroom.id, "monday LAB")
        await _do(cast.teacher, enrolments.move, classroom.id, [classroom.elif_.user], lab.id)
        await _do(cast.teacher, sections.rename, lab.id, "Monday lab", "Tuesday lab")
        with pytest.raises(Conflict, match="Tuesday lab"):
            await _do(cast.teacher, sections.rename, lab.id, "Monday lab", "Friday lab")
        await _do(cast.teacher, sections.remove, lab.id)
        assert (await _students(classroom))["Elif Kaya"] == ("active", "")


class TestCopyPeople:
    async def test_brings_those_who_stayed_with_their_sections(self, cast, classroom):
        lab = await _do(cast.teacher, sections.add, classroom.id, "Monday lab")
        await _do(cast.teacher, enrolments.move, classroom.id, [classroom.elif_.user], lab.id)
        await _do(cast.teacher, enrolments.set_status, classroom.id, [classroom.amina.user], Enrolled.withdrawn)
        await _do(cast.teacher, classes.archive, classroom.id)
        later = await _do(cast.teacher, classes.make, ClassDraft(classroom.term_id, "Biology 10B"))
        done = await _do(cast.teacher, copying.copy_people, later.id, classroom.id, with_staff=True)
        assert done == copying.Copied(students=2, staff=1)
        found = await _do(cast.aide, roster.listed, later.id, RosterFilter())
        assert [(each.name, each.section) for each in found] == [("Elif Kaya", "Monday lab"), ("Emre Kaya", "")]

    async def test_needs_both_classes_to_be_theirs(self, cast, classroom):
        theirs = await _do(cast.colleague, classes.make, ClassDraft(classroom.term_id, "Biology 9C"))
        with pytest.raises(NotFound):
            await _do(cast.colleague, copying.copy_people, theirs.id, classroom.id)
