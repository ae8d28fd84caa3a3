from datetime import timedelta
from decimal import Decimal

import pytest

from faraday_app.classes.models import Enrolment
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import NotFound
from faraday_app.core.permissions import Actor, Role
from faraday_app.gradebook.service import analytics, ledger
from faraday_app.gradebook.service.ledger import Change
from faraday_app.gradebook.state.analytics import AnalyticsState
from tests.factories.classes import make_assignment, make_classroom, make_group, make_submission
from tests.factories.people import make_person
from tests.factories.tabs import open_at


@pytest.fixture
async def room(cast):
    return await make_classroom(cast)


async def enter(room, *cells) -> None:
    async with transaction(room.teacher) as session:
        changes = [Change(work.id, student.user, typed) for work, student, typed in cells]
        assert (await ledger.enter(session, room.teacher, room.id, changes)).refused == []


async def figures(actor, room) -> analytics.Analytics:
    async with transaction(actor) as session:
        return await analytics.analytics(session, actor, room.id)


class TestAnalytics:
    async def test_tell_the_teacher_how_work_and_class_did(self, room):
        group = await make_group(room)
        quiz = await make_assignment(room, group, "Cell quiz", 20, submission_types=["paper"])
        await enter(room, (quiz, room.elif_, "18"), (quiz, room.emre, "10"), (quiz, room.amina, "14"))
        found = await figures(room.teacher, room)
        assert (found.students, found.summary.count, found.summary.mean, found.summary.median) == (3, 3, 70, 70)
        assert {band.name: band.count for band in found.bands if band.count} == {"A−": 1, "C−": 1, "F": 1}
        (work,) = found.work
        assert (work.graded, work.missing, work.difficulty) == (3, 0, pytest.approx(0.3))
        assert work.discrimination is None

    async def test_name_whom_to_look_after_and_why(self, room):
        group = await make_group(room)
        before = now() - timedelta(days=10)
        works = [
            await make_assignment(room, group, f"Lab {place}", 10, due_at=before + timedelta(days=place))
            for place in range(1, 5)
        ]
        for work in works:
            await make_submission(work, room.elif_, submitted_at=before)
            await make_submission(work, room.amina, submitted_at=before)
        for work in works[:3]:
            await make_submission(work, room.emre, submitted_at=now(), receipt="1" * 64)
        await enter(
            room,
            *((work, room.elif_, "9") for work in works),
            *((work, room.amina, typed) for work, typed in zip(works, ("10", "9", "8", "7"), strict=True)),
            *((work, room.emre, "5") for work in works[:3]),
        )
        found = {each.student_id: each for each in (await figures(room.teacher, room)).concerns}
        assert found.keys() == {room.emre.user, room.amina.user}
        assert found[room.emre.user].reasons == ("50 % now, below 61 %", "Missing: “Lab 4”", "Late with 3 of 3")
        assert found[room.amina.user].reasons == ("Falling: 10 points from one piece of work to the next",)

    async def test_of_few_are_nothing_to_whoever_does_not_teach_them(self, cast, room):
        quiz = await make_assignment(room, await make_group(room), "Cell quiz", 20, submission_types=["paper"])
        await enter(room, (quiz, room.elif_, "8"))
        for overseeing in (cast.administrator, cast.head):
            found = await figures(overseeing, room)
            assert (found.suppressed, found.summary, found.work, found.concerns) == (True, None, (), ())
        async with transaction(Actor.system(cast.organization_id)) as session:
            for name in ("Ben Carter", "Chloe Martin"):
                student = await make_person(cast.organization_id, Role.student, name)
                session.add(Enrolment(organization_id=cast.organization_id, class_id=room.id, student_id=student.user))
        found = await figures(cast.head, room)
        assert (found.suppressed, found.students, found.work[0].summary) == (False, 5, None)
        assert (await figures(room.teacher, room)).work[0].summary.mean == 40

    async def test_are_for_the_staff(self, cast, room):
        assert (await figures(cast.aide, room)).students == 3
        for other in (*room.students, room.nadir, cast.colleague, cast.stranger):
            with pytest.raises(NotFound):
                await figures(other, room)

    async def test_tell_whether_work_knows_the_strong_from_the_weak(self, room):
        """Whoever does well elsewhere does well in the one, and badly in the other."""
        group = await make_group(room)
        titles = ("Homework", "Like it", "Unlike it")
        homework, like, unlike = [
            await make_assignment(room, group, title, 100, submission_types=["paper"]) for title in titles
        ]
        students = room.students
        async with transaction(Actor.system(room.cast.organization_id)) as session:
            for place in range(9):
                student = await make_person(room.cast.organization_id, Role.student, f"Student {place}")
                students.append(student)
                session.add(Enrolment(organization_id=student.organization, class_id=room.id, student_id=student.user))
        for place, student in enumerate(students):
            grade = str(10 + 7 * place)
            await enter(
                room, (homework, student, grade), (like, student, grade), (unlike, student, str(50 - 2 * place))
            )
        found = {each.work.title: each.discrimination for each in (await figures(room.teacher, room)).work}
        assert found["Like it"] == pytest.approx(1)
        assert found["Unlike it"] == pytest.approx(-1)

    async def test_leave_excused_work_out(self, room):
        quiz = await make_assignment(room, await make_group(room), "Cell quiz", Decimal(20), submission_types=["paper"])
        await enter(room, (quiz, room.elif_, "ex"), (quiz, room.emre, "16"))
        (work,) = (await figures(room.teacher, room)).work
        assert (work.graded, work.summary.mean) == (1, 80)


class TestPage:
    async def test_shows_figures_to_the_teacher_and_nothing_to_a_student(self, room):
        quiz = await make_assignment(room, await make_group(room), "Cell quiz", 20, submission_types=["paper"])
        await enter(room, (quiz, room.elif_, "18"), (quiz, room.emre, "10"))
        page = await open_at(room.teacher, AnalyticsState, "/class/figures", id=str(room.id))
        await page.enter()
        await page.refresh()
        assert (page.figures.students, page.figures.mean, page.head.name) == ("3 students", "70.0 %", "Biology 9B")
        assert [(row.title, row.graded, row.difficulty) for row in page.work] == [("Cell quiz", "2", "0.30")]
        assert [(row.name, row.reasons) for row in page.concerns] == [("Emre Kaya", ["50 % now, below 61 %"])]
        for other in (room.elif_, room.nadir, room.cast.colleague):
            page = await open_at(other, AnalyticsState, "/class/figures", id=str(room.id))
            await page.enter()
            await page.refresh()
            assert (page.missing, page.work, page.concerns) == (True, [], [])
